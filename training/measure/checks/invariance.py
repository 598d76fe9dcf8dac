"""Behavioural checks: which labels change though they should not, and which probabilities move the wrong way.

After Ribeiro et al. 2020, "Beyond Accuracy: Behavioral Testing of NLP Models with CheckList". Articles need no labels: each
is compared with its own unchanged form.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Any, Literal

import numpy as np
from scipy.stats import binomtest

from sorot.data.article import Article
from sorot.data.taxonomy import Taxonomy, held
from sorot.serving.model.analysis import Analysis
from sorot.training.measure.checks.check_tables import CheckTables, Expectation, load_tables
from sorot.training.measure.checks.perturbations import (
    Change,
    add_boilerplate,
    add_paragraph,
    add_typos,
    paraphrase,
    swap_names,
    upper_case,
)
from sorot.training.measure.evaluate import BatchScorer, analyse_articles

Say = Callable[[str], None]
# Gives an interval of at most 7 points each way; more articles take longer and narrow it little.
MAX_ARTICLES = 200
SEED = 0


@dataclass(frozen=True, slots=True)
class Check:
    """A named change of articles: labels of all tasks stay ('invariance'), or `expect` says what must not move ('directional').

    `needs` names a task: only articles to which the model gives one of its labels before the change are used.
    """

    name: str
    kind: Literal["invariance", "directional"]
    change: Change
    expect: tuple[Expectation, ...] = ()
    needs: str | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a check for one task.

    Of the `articles` that the change applied to, `failed` got another label (invariance), or a probability that moved the
    wrong way by more than the tolerance (directional); `interval` is the 95 % Wilson interval of that share. `change` is the
    mean absolute change of the task's probabilities, or for directional checks the mean change of the label's own. `skipped`
    says why there are no figures.
    """

    check: str
    kind: str
    task: str
    label: str | None
    articles: int
    failed: int
    share: float
    interval: tuple[float, float]
    change: float
    skipped: str | None = None


def make_checks(tables: CheckTables, seed: int = SEED) -> list[Check]:
    """The checks that the tables describe."""
    changes: list[tuple[str, Change]] = [(f"swap {kind}", swap_names(names, seed)) for kind, names in tables.swaps.items()]
    changes += [
        ("typos", add_typos(tables.typo_share, seed)),
        ("upper case", upper_case),
        ("boilerplate", add_boilerplate(tables.boilerplate)),
        ("paraphrase", paraphrase(tables.paraphrase.pairs)),
    ]
    checks = [Check(name, "invariance", change) for name, change in changes]
    for entry in tables.directional:
        change = add_paragraph(entry.paragraphs, seed)
        checks.append(Check(entry.name, "directional", change, entry.expect, entry.needs))
    return checks


def check_articles(scorer: BatchScorer, articles: Sequence[Article], say: Say) -> list[dict[str, Any]]:
    """The shipped checks on articles, as rows of a report; JSON-ready. `say` gets the progress."""
    tables = load_tables()
    return [asdict(r) for r in run_checks(scorer, articles, make_checks(tables), tables.tolerance, say)]


def run_checks(
    scorer: BatchScorer, articles: Sequence[Article], checks: Sequence[Check], tolerance: float, say: Say
) -> list[CheckResult]:
    """Score cleaned articles unchanged and changed, at most `MAX_ARTICLES` a check, drawn from those that it applies to.

    Articles whose labels are withheld when unchanged take no part. An article whose labels are withheld after the change of an
    invariance check fails it.
    """
    say(f"checks: scoring {len(articles)} unchanged articles")
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
            article = check.change(articles[i]) if _has_needed(before[i], check.needs) else None
            if article is not None:
                chosen.append(i)
                changed.append(article)
        say(f"check {number} of {len(checks)}, {check.name}: {len(changed)} articles")
        pairs = list(zip([before[i] for i in chosen], analyse_articles(scorer, changed), strict=True))
        if check.kind == "invariance":
            results += [_invariance(check, task, pairs) for task in scorer.taxonomy.keys]
        else:
            results += [_directional(check, e, pairs, scorer.taxonomy, tolerance) for e in check.expect]
    return results


def wilson(failed: int, n: int) -> tuple[float, float]:
    """95 % interval of the share `failed` / `n` (Wilson 1927); 0 to 1 if n is 0."""
    if n == 0:
        return 0.0, 1.0
    found = binomtest(failed, n).proportion_ci(0.95, method="wilson")
    return float(found.low), float(found.high)


def _invariance(check: Check, task: str, pairs: Sequence[tuple[Analysis, Analysis]]) -> CheckResult:
    failed = sum(_labels(a, task) != _labels(b, task) for a, b in pairs)
    moves = [abs(b.probabilities[task][k] - p) for a, b in pairs if b.withheld is None for k, p in a.probabilities[task].items()]
    return _result(check, task, None, failed, len(pairs), moves)


def _directional(
    check: Check, expectation: Expectation, pairs: Sequence[tuple[Analysis, Analysis]], taxonomy: Taxonomy, tolerance: float
) -> CheckResult:
    task, label = expectation.task, expectation.label
    reason = _missing(taxonomy, check.needs, expectation)
    if reason:
        return CheckResult(check.name, check.kind, task, label, 0, 0, 0.0, wilson(0, 0), 0.0, reason)
    moves = [b.probabilities[task][label] - a.probabilities[task][label] for a, b in pairs if b.withheld is None]
    sign = 1 if expectation.direction == "not_up" else -1
    return _result(check, task, label, sum(sign * move > tolerance for move in moves), len(moves), moves)


def _result(check: Check, task: str, label: str | None, failed: int, n: int, moves: Sequence[float]) -> CheckResult:
    if n == 0:
        reason = "it applies to no article"
        return CheckResult(check.name, check.kind, task, label, 0, 0, 0.0, wilson(0, 0), 0.0, reason)
    change = float(np.mean(moves)) if moves else 0.0
    return CheckResult(check.name, check.kind, task, label, n, failed, failed / n, wilson(failed, n), change)


def _labels(analysis: Analysis, task: str) -> frozenset[str] | None:
    """The labels given; None if they are withheld, which differs from having no label."""
    return None if analysis.withheld is not None else frozenset(held(analysis.labels[task]))


def _has_needed(analysis: Analysis, task: str | None) -> bool:
    return task is None or bool(held(analysis.labels.get(task)))


def _missing(taxonomy: Taxonomy, needs: str | None, expectation: Expectation) -> str | None:
    """Why a check does not fit the taxonomy; None if it does."""
    for key in (needs, expectation.task):
        if key is not None and key not in taxonomy.keys:
            return f"the taxonomy has no task '{key}'"
    if expectation.label not in taxonomy.task(expectation.task).keys:
        return f"the taxonomy has no {expectation.task} '{expectation.label}'"
    return None
