"""F1, precision, recall and calibration of given labels, with bootstrap intervals, and thresholds of greatest F1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 15
THRESHOLD_RESAMPLES = 200
RESAMPLES = 1000

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LabelScore:
    """Precision, recall and F1 of one label, each in 0..1, 0 if undefined; `support` counts the articles that have it."""

    precision: float
    recall: float
    f1: float
    support: int


def label_score(truth: BoolArray, found: BoolArray) -> LabelScore:
    """Scores of a yes-or-no label over articles."""
    hits = int((truth & found).sum())
    precision = hits / int(found.sum()) if found.any() else 0.0
    recall = hits / int(truth.sum()) if truth.any() else 0.0
    f1 = 2 * hits / int(truth.sum() + found.sum()) if hits else 0.0
    return LabelScore(precision, recall, f1, int(truth.sum()))


def macro_f1(truth: BoolArray, found: BoolArray) -> float:
    """Mean F1 over the columns of (n, n_labels) indicators, without labels that neither array has."""
    hits = (truth & found).sum(axis=0)
    total = truth.sum(axis=0) + found.sum(axis=0)
    used = total > 0
    return float((2 * hits[used] / total[used]).mean()) if used.any() else 0.0


def macro_f1_with_interval(truth: BoolArray, found: BoolArray) -> dict[str, float | list[float]]:
    """Macro-F1 and its 95 % bootstrap interval over articles, in the form of a report."""
    low, high = interval(lambda i: macro_f1(truth[i], found[i]), len(truth))
    return {"macro_f1": macro_f1(truth, found), "macro_f1_interval": [low, high]}


def one_hot(classes: IntArray, n: int) -> BoolArray:
    """Class indices (n_articles,) as indicators (n_articles, n)."""
    return np.eye(n, dtype=bool)[classes]


def interval(measure: Callable[[IntArray], float], n: int, *, seed: int = 0, resamples: int = RESAMPLES) -> tuple[float, float]:
    """95 % percentile bootstrap interval of `measure`, a function of the indices (n,) of a resample of n articles."""
    rng = np.random.default_rng(seed)
    values = [measure(rng.integers(0, n, n)) for _ in range(resamples)]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def expected_calibration_error(probability: FloatArray, right: BoolArray) -> float:
    """ECE over 15 bins of equal width (Guo et al. 2017): mean gap of confidence and accuracy, weighted by size."""
    if len(probability) == 0:
        return 0.0
    bins = np.minimum((probability * BINS).astype(int), BINS - 1)
    gaps = [
        abs(float(right[bins == b].mean()) - float(probability[bins == b].mean())) * float((bins == b).mean())
        for b in np.unique(bins)
    ]
    return float(sum(gaps))


def brier(probabilities: FloatArray, truth: BoolArray) -> float:
    """Mean squared distance of probabilities (n, n_labels) from indicators, summed over labels (Brier 1950)."""
    return float(((probabilities - truth) ** 2).sum(axis=1).mean())


def bagged_threshold(probability: Sequence[float] | FloatArray, truth: BoolArray, *, seed: int = 0) -> float:
    """Mean of the best thresholds over bootstrap resamples (bagging, Breiman 1996): varies less than the best of one sample.

    0.5 if no article has the label.
    """
    if not truth.any():
        return 0.5
    values = np.asarray(probability, dtype=np.float64)
    rng = np.random.default_rng(seed)
    resamples = (rng.integers(0, len(values), len(values)) for _ in range(THRESHOLD_RESAMPLES))
    return float(np.mean([best_threshold(values[i], truth[i]) for i in resamples]))


def best_threshold(probability: Sequence[float] | FloatArray, truth: BoolArray) -> float:
    """The threshold of greatest F1, halfway between the two probabilities around it; 0.5 if no article has the label."""
    values = np.asarray(probability, dtype=np.float64)
    if not truth.any():
        return 0.5
    order = np.argsort(-values, kind="stable")
    hits = np.cumsum(truth[order])
    f1 = 2 * hits / (np.arange(1, len(values) + 1) + truth.sum())
    best = int(np.argmax(f1))
    upper = values[order[best]]
    lower = values[order[best + 1]] if best + 1 < len(values) else 0.0
    return float((upper + lower) / 2)
