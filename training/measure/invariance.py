"""Run checks in the manner of CheckList on articles: which labels change where none should, and which move the wrong way.

Ribeiro et al. 2020, "Beyond Accuracy: Behavioral Testing of NLP Models with CheckList". No label is needed, as an article is
compared with itself unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Any, Literal

import numpy as np
from scipy.stats import binomtest

from sorot.data.article import Article
from sorot.data.taxonomy import TASKS, Task, Taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.training.measure.check_tables import CheckTables, Expectation, load_tables
from sorot.training.measure.evaluate import ArticleScorer, analyse_articles
from sorot.training.measure.perturbations import (
    Change,
    add_boilerplate,
    add_paragraph,
    add_typos,
    paraphrase,
    swap_names,
    upper_case,
)

Say = Callable[[str], None]
# An interval of at most 7 points each way; more articles cost as much time as they add little.
MAX_ARTICLES = 200
SEED = 0


@dataclass(frozen=True, slots=True)
class Check:
    """A named change of articles: labels of `tasks` stay ('invariance'), or `expect` says what must not move ('directional').

    With `needs_topic` only articles are taken that were found to be on a topic before the change.
    """

    name: str
    kind: Literal["invariance", "directional"]
    tasks: tuple[Task, ...]
    change: Change
    expect: tuple[Expectation, ...] = ()
    needs_topic: bool = False


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What came of a check for one task.

    Of `articles` that the change applied to, `failed` got another label (invariance), or one whose probability moved the wrong
    way by more than the tolerance (directional); `interval` is the 95 % Wilson interval of that share. `change` is the mean
    absolute change of the task's probabilities, or for directional checks the mean change of the label's own. `skipped`
    says why there is no figure.
    """

    check: str
    kind: str
    task: Task
    label: str | None
    articles: int
    failed: int
    share: float
    interval: tuple[float, float]
    change: float
    skipped: str | None = None


def make_checks(tables: CheckTables, seed: int = SEED) -> list[Check]:
    """The checks that the tables give."""
    changes: list[tuple[str, Change]] = [(f"swap {kind}", swap_names(names, seed)) for kind, names in tables.swaps.items()]
    changes += [
        ("typos", add_typos(tables.typo_share, seed)),
        ("upper case", upper_case),
        ("boilerplate", add_boilerplate(tables.boilerplate)),
        ("paraphrase", paraphrase(tables.paraphrase.pairs)),
    ]
    checks = [Check(name, "invariance", TASKS, change) for name, change in changes]
    for entry in tables.directional:
        tasks = tuple(dict.fromkeys(e.task for e in entry.expect))
        change = add_paragraph(entry.paragraphs, seed)
        checks.append(Check(entry.name, "directional", tasks, change, entry.expect, entry.needs_topic))
    return checks


def check_articles(scorer: ArticleScorer, articles: Sequence[Article], say: Say) -> list[dict[str, Any]]:
    """The shipped checks on articles, as rows of a report; JSON-ready. `say` is told of each check."""
    tables = load_tables()
    return [asdict(r) for r in run_checks(scorer, articles, make_checks(tables), tables.tolerance, say)]


def run_checks(
    scorer: ArticleScorer, articles: Sequence[Article], checks: Sequence[Check], tolerance: float, say: Say
) -> list[CheckResult]:
    """Score cleaned articles as they are and changed, at most `MAX_ARTICLES` a check, drawn from those that it applies to.

    Articles whose labels are withheld as they are take no part; one whose labels are withheld after an invariance check's change
    has failed it.
    """
    say(f"checks: scoring {len(articles)} articles as they are")
    before = analyse_articles(scorer, articles)
    order = [i for i, analysis in enumerate(before) if analysis.withheld is None]
    Random(SEED).shuffle(order)
    results: list[CheckResult] = []
    for number, check in enumerate(checks, 1):
        chosen: list[int] = []
        changed: list[Article] = []
        for i in order:
            if len(chosen) == MAX_ARTICLES:
                break
            article = check.change(articles[i]) if before[i].topics or not check.needs_topic else None
            if article is not None:
                chosen.append(i)
                changed.append(article)
        say(f"check {number} of {len(checks)}, {check.name}: {len(changed)} articles")
        pairs = list(zip([before[i] for i in chosen], analyse_articles(scorer, changed), strict=True))
        if check.kind == "invariance":
            results += [_invariance(check, task, pairs) for task in check.tasks]
        else:
            results += [_directional(check, e, pairs, scorer.taxonomy, tolerance) for e in check.expect]
    return results


def wilson(failed: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927); 0 to 1 where there is nothing to count."""
    if n == 0:
        return 0.0, 1.0
    found = binomtest(failed, n).proportion_ci(0.95, method="wilson")
    return float(found.low), float(found.high)


def _invariance(check: Check, task: Task, pairs: Sequence[tuple[Analysis, Analysis]]) -> CheckResult:
    failed = sum(_labels(a, task) != _labels(b, task) for a, b in pairs)
    moves = [abs(b.probabilities[task][k] - p) for a, b in pairs if b.withheld is None for k, p in a.probabilities[task].items()]
    return _result(check, task, None, failed, len(pairs), moves)


def _directional(
    check: Check, expectation: Expectation, pairs: Sequence[tuple[Analysis, Analysis]], taxonomy: Taxonomy, tolerance: float
) -> CheckResult:
    task, label = expectation.task, expectation.label
    if label not in taxonomy.labels(task):
        reason = f"the taxonomy has no {task} '{label}'"
        return CheckResult(check.name, check.kind, task, label, 0, 0, 0.0, wilson(0, 0), 0.0, reason)
    moves = [b.probabilities[task][label] - a.probabilities[task][label] for a, b in pairs if b.withheld is None]
    sign = 1 if expectation.direction == "not_up" else -1
    return _result(check, task, label, sum(sign * move > tolerance for move in moves), len(moves), moves)


def _result(check: Check, task: Task, label: str | None, failed: int, n: int, moves: Sequence[float]) -> CheckResult:
    if n == 0:
        reason = "it applies to none of the articles"
        return CheckResult(check.name, check.kind, task, label, 0, 0, 0.0, wilson(0, 0), 0.0, reason)
    change = float(np.mean(moves)) if moves else 0.0
    return CheckResult(check.name, check.kind, task, label, n, failed, failed / n, wilson(failed, n), change)


def _labels(analysis: Analysis, task: Task) -> frozenset[str] | None:
    """The labels given; None where they are withheld, which is no label's absence."""
    if analysis.withheld is not None:
        return None
    return frozenset(analysis.topics if task == "topics" else (getattr(analysis, task),))
