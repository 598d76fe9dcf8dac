"""Agreement of annotators: Cohen's kappa for each pair, Krippendorff's alpha over all, with bootstrap intervals over units.

A unit is one article, however often it is labelled. Kappa is Cohen's (1960), alpha Krippendorff's (2004) for nominal
values, by the package krippendorff. Neither is defined if all answers are the same.
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
from sorot.data.taxonomy import Taxonomy, held
from sorot.training.measure.metrics import RESAMPLES, IntArray

# A pair of annotators who share fewer units is left out: its kappa would be too uncertain.
FEWEST_UNITS = 10
UNANSWERED = -1

By = Literal["file", "annotator"]


@dataclass(frozen=True, slots=True)
class AgreementValue:
    """Kappa or alpha over `units`, with its 95 % percentile bootstrap interval; None if it is not defined."""

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
    """Agreement on one question: a label of a `many` task ('TASK: LABEL'), or a `one` task ('TASK').

    For a task that depends on another there is also 'TASK, with OTHER', over the units on which every annotator gives a label
    of the other task.
    """

    question: str
    alpha: AgreementValue
    pairs: tuple[AnnotatorPair, ...]


def measure_agreement(rows: Sequence[LabelledArticle], unit: IntArray, taxonomy: Taxonomy) -> list[Agreement]:
    """Agreement on each question with at least two answers; empty if every article is labelled once.

    `unit` (n,) numbers the article of each row. An annotator's answers in one file count once per unit; a row without an
    annotator counts as labelled by one named after its file.
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
    """Cohen's kappa of two annotators' classes, each (n,) from 0; nan if both always give the same one.

    The same as scikit-learn's cohen_kappa_score without its checks, which take most of the time of a thousand resamples.
    """
    size = int(max(first.max(), second.max())) + 1
    table = np.bincount(first * size + second, minlength=size * size).reshape(size, size) / len(first)
    chance = float(table.sum(axis=1) @ table.sum(axis=0))
    return (float(table.trace()) - chance) / (1 - chance) if chance < 1 else float("nan")


def alpha(counts: IntArray) -> float:
    """Krippendorff's nominal alpha of counts (units, values) of given values; nan if only one value was given."""
    if np.count_nonzero(counts.sum(axis=0)) < 2:
        return float("nan")
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))


def _measure(measure: Callable[[IntArray], float], n: int) -> AgreementValue:
    """`measure`, a function of the indices of units, with its interval over the resamples in which it is defined."""
    value = measure(np.arange(n))
    rng = np.random.default_rng(0)
    resamples = np.array([measure(rng.integers(0, n, n)) for _ in range(RESAMPLES)]) if np.isfinite(value) else np.empty(0)
    defined = resamples[np.isfinite(resamples)]
    if len(defined) == 0:
        return AgreementValue(None, None, n)
    low, high = np.percentile(defined, [2.5, 97.5])
    return AgreementValue(value, (float(low), float(high)), n)


def _questions(rows: Sequence[LabelledArticle], shared: Sequence[Sequence[int]], taxonomy: Taxonomy) -> dict[str, IntArray]:
    """By question the class that each row answers, (n,), or UNANSWERED."""
    answers: dict[str, list[int]] = {}
    for task in taxonomy.tasks:
        values = [row.labels.get(task.key) for row in rows]
        if task.many:
            for label in task.keys:
                answers[f"{task.key}: {label}"] = [UNANSWERED if v is None else int(label in held(v)) for v in values]
            continue
        number = {label: k for k, label in enumerate(task.keys)}
        answers[task.key] = [UNANSWERED if v is None else number[str(v)] for v in values]
        if task.without is not None:
            # If one annotator gives the other task no label, the answers differ for that reason alone.
            labelled = {row for raters in shared if all(rows[r].labels.get(task.without) for r in raters) for row in raters}
            given = [a if row in labelled else UNANSWERED for row, a in enumerate(answers[task.key])]
            answers[f"{task.key}, with {task.without}"] = given
    return {question: np.array(given, dtype=np.int64) for question, given in answers.items()}


def _value_counts(answers: IntArray, shared: Sequence[Sequence[int]]) -> IntArray:
    """Counts of each value given to each unit that has at least two answers, (units, values)."""
    size = int(answers.max(initial=0)) + 1
    given = [answers[raters] for raters in shared]
    counts = [np.bincount(g[g != UNANSWERED], minlength=size) for g in given]
    return np.array([c for c in counts if c.sum() > 1], dtype=np.int64).reshape(-1, size)


def _pairs(shared: Sequence[dict[tuple[str, str], int]]) -> list[tuple[By, str, str, tuple[tuple[int, int], ...]]]:
    """Pairs that share units, with the two rows of each unit; a pair over the same rows appears once, by annotator."""
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
