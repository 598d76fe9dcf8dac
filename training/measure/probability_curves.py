"""Precision and recall over thresholds, and calibration: ECE, Brier score and reliability bins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score, precision_recall_curve

from sorot.data.taxonomy import Task
from sorot.training.measure.metrics import BINS, BoolArray, FloatArray, brier, expected_calibration_error, label_score


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Decisions with a confidence in [low, high): their number, mean confidence and accuracy."""

    low: float
    high: float
    decisions: int
    confidence: float
    accuracy: float


def calibration(probability: FloatArray, truth: BoolArray, task: Task) -> dict[str, Any]:
    """ECE, Brier score and reliability bins of probabilities (n, n_labels); JSON-ready.

    In a `many` task each yes-or-no decision counts, with the probability of yes; in a `one` task the most probable label.
    """
    if task.many or len(truth) == 0:
        confidence, right = probability.ravel(), truth.ravel()
    else:
        confidence = probability.max(axis=1)
        right = truth[np.arange(len(truth)), probability.argmax(axis=1)]
    return {
        "ece": expected_calibration_error(confidence, right),
        "brier": brier(probability, truth) if len(truth) else 0.0,
        "reliability": [asdict(b) for b in reliability_bins(confidence, right)],
    }


def reliability_bins(confidence: FloatArray, right: BoolArray) -> list[ReliabilityBin]:
    """The bins of `metrics.expected_calibration_error` that hold decisions, least confident first."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [
        ReliabilityBin(
            low=int(b) / BINS,
            high=(int(b) + 1) / BINS,
            decisions=int((bins == b).sum()),
            confidence=float(confidence[bins == b].mean()),
            accuracy=float(right[bins == b].mean()),
        )
        for b in np.unique(bins)
    ]


def label_curves(
    probability: FloatArray, truth: BoolArray, thresholds: Mapping[str, float], task: Task
) -> dict[str, dict[str, Any]]:
    """By label of a `many` task its precision-recall curve, average precision, and the bundle's threshold; JSON-ready.

    `probability` and `truth` have shape (n, labels). A label that no article truly has gets an empty curve, and None as
    average precision.
    """
    curves: dict[str, dict[str, Any]] = {}
    for k, label in enumerate(task.keys):
        own, found = truth[:, k], probability[:, k] >= thresholds[label]
        score = label_score(own, found)
        precision, recall = _curve(own, probability[:, k])
        curves[label] = {
            "average_precision": float(average_precision_score(own, probability[:, k])) if own.any() else None,
            "threshold": {"value": thresholds[label], "precision": score.precision, "recall": score.recall},
            "precision": precision,
            "recall": recall,
        }
    return curves


def _curve(truth: BoolArray, probability: FloatArray) -> tuple[Sequence[float], Sequence[float]]:
    """Precision and recall from the lowest threshold to the highest, without the points that lie on a straight line."""
    if not truth.any():
        return [], []
    precision, recall, _ = precision_recall_curve(truth, probability, drop_intermediate=True)
    return [float(p) for p in precision], [float(r) for r in recall]
