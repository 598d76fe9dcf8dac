"""How far annotators agree: Cohen's kappa of each pair, Krippendorff's alpha over all, with bootstrap intervals over units.

A unit is one article, however often it is labelled. Kappa is Cohen's (1960), alpha Krippendorff's
(2004) for nominal values, by the package krippendorff. Neither is defined where all answers are the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import krippendorff
import numpy as np

from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import TASKS, Taxonomy
from sorot.training.measure.metrics import RESAMPLES, IntArray

# A pair of annotators who share fewer units than this is left out: nothing can be said of it.
FEWEST_UNITS = 10
UNANSWERED = -1

By = Literal["file", "annotator"]


@dataclass(frozen=True, slots=True)
class AgreementValue:
    """A measure over `units`, with its 95 % percentile bootstrap interval; None where it is not defined."""

    value: float | None
    interval: tuple[float, float] | None
    units: int


@dataclass(frozen=True, slots=True)
class AnnotatorPair:
    """Two files, or two annotators, that label the same units; `equal` is the share of units with equal answers."""

    by: By
    first: str
    second: str
    equal: float
    kappa: AgreementValue


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement on one question: a topic ('topics: KEY'), stance, stance where every answer names a topic, or sentiment."""

    question: str
    alpha: AgreementValue
    pairs: tuple[AnnotatorPair, ...]


def measure_agreement(rows: Sequence[LabelledArticle], unit: IntArray, taxonomy: Taxonomy) -> list[Agreement]:
    """Agreement on each question that two answers or more were given to; empty where every article is labelled once.

    `unit` (n,) numbers the article of each row. An annotator's answers in one file count once a unit; a row that does not
    say its annotator is taken to be by one that is called by its file.
    """
    by_unit: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    for row, number in enumerate(unit):
        by_unit[int(number)].setdefault((_file(rows[row]), _annotator(rows[row])), row)
    shared = [raters for raters in by_unit.values() if len(raters) > 1]
    pairs = _pairs(shared)
    found = []
    for question, answers in _questions(rows, [list(raters.values()) for raters in shared], taxonomy).items():
        counts = _value_counts(answers, [list(raters.values()) for raters in shared])
        if len(counts) == 0:
            continue
        measured = _measure(lambda i, counts=counts: alpha(counts[i]), len(counts))  # type: ignore[misc]
        found.append(Agreement(question, measured, tuple(p for p in (_compare(*pair, answers) for pair in pairs) if p)))
    return found


def kappa(first: IntArray, second: IntArray) -> float:
    """Cohen's kappa of two annotators' classes, each (n,) from 0; nan where both always give one and the same.

    As scikit-learn's cohen_kappa_score, but without its checks, which take most of the time of a thousand resamples.
    """
    size = int(max(first.max(), second.max())) + 1
    table = np.bincount(first * size + second, minlength=size * size).reshape(size, size) / len(first)
    chance = float(table.sum(axis=1) @ table.sum(axis=0))
    return (float(table.trace()) - chance) / (1 - chance) if chance < 1 else float("nan")


def alpha(counts: IntArray) -> float:
    """Krippendorff's nominal alpha of how often each value was given to each unit, (units, values); nan where only one was."""
    if np.count_nonzero(counts.sum(axis=0)) < 2:
        return float("nan")
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))


def _measure(measure: Callable[[IntArray], float], n: int) -> AgreementValue:
    """`measure`, a function of the indices of units, with its interval over resamples in which it is defined."""
    value = measure(np.arange(n))
    rng = np.random.default_rng(0)
    resamples = np.array([measure(rng.integers(0, n, n)) for _ in range(RESAMPLES)]) if np.isfinite(value) else np.empty(0)
    defined = resamples[np.isfinite(resamples)]
    if len(defined) == 0:
        return AgreementValue(None, None, n)
    low, high = np.percentile(defined, [2.5, 97.5])
    return AgreementValue(value, (float(low), float(high)), n)


def _questions(rows: Sequence[LabelledArticle], shared: Sequence[Sequence[int]], taxonomy: Taxonomy) -> dict[str, IntArray]:
    """For each question the class that each row answers, (n,), or UNANSWERED."""
    answers: dict[str, list[int]] = {}
    for topic in taxonomy.labels("topics"):
        answers[f"topics: {topic}"] = [UNANSWERED if row.topics is None else int(topic in row.topics) for row in rows]
    for task in TASKS[1:]:
        number = {label: k for k, label in enumerate(taxonomy.labels(task))}
        answers[task] = [number.get(getattr(row, task), UNANSWERED) for row in rows]
        if task == "stance":
            # Where one annotator sees no topic, stances differ for that reason alone.
            on_topic = {row for raters in shared if all(rows[r].topics for r in raters) for row in raters}
            answers["stance, on topic"] = [a if row in on_topic else UNANSWERED for row, a in enumerate(answers[task])]
    return {question: np.array(given, dtype=np.int64) for question, given in answers.items()}


def _value_counts(answers: IntArray, shared: Sequence[Sequence[int]]) -> IntArray:
    """How often each value was given to each unit that has two answers or more, (units, values)."""
    size = int(answers.max(initial=0)) + 1
    given = [answers[raters] for raters in shared]
    counts = [np.bincount(g[g != UNANSWERED], minlength=size) for g in given]
    return np.array([c for c in counts if c.sum() > 1], dtype=np.int64).reshape(-1, size)


def _pairs(shared: Sequence[dict[tuple[str, str], int]]) -> list[tuple[By, str, str, tuple[tuple[int, int], ...]]]:
    """Who shares units with whom, with the two rows of each unit; pairs of the same rows are named once, by annotator."""
    kinds: tuple[tuple[By, int], ...] = (("annotator", 1), ("file", 0))
    found: dict[tuple[tuple[int, int], ...], tuple[By, str, str]] = {}
    for by, part in kinds:
        together: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for raters in shared:
            first: dict[str, int] = {}
            for rater, row in raters.items():
                first.setdefault(rater[part], row)
            for one, other in combinations(sorted(first), 2):
                together[one, other].append((first[one], first[other]))
        for (one, other), both in sorted(together.items()):
            found.setdefault(tuple(both), (by, one, other))
    return [(by, one, other, both) for both, (by, one, other) in found.items()]


def _compare(by: By, one: str, other: str, both: tuple[tuple[int, int], ...], answers: IntArray) -> AnnotatorPair | None:
    given = answers[np.array(both)]
    first, second = given[(given != UNANSWERED).all(axis=1)].T
    if len(first) < FEWEST_UNITS:
        return None
    return AnnotatorPair(
        by, one, other, float((first == second).mean()), _measure(lambda i: kappa(first[i], second[i]), len(first))
    )


def _file(row: LabelledArticle) -> str:
    return row.article.source.file if row.article.source else ""


def _annotator(row: LabelledArticle) -> str:
    return row.annotator or _file(row)
