"""What a threshold and a probability are worth: precision and recall over thresholds, and reliability by bins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score, precision_recall_curve

from sorot.data.taxonomy import Task, Taxonomy
from sorot.training.measure.metrics import BINS, BoolArray, FloatArray, brier, expected_calibration_error, label_score


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The decisions whose confidence is in [low, high): how many, their mean confidence, and the share that is right."""

    low: float
    high: float
    decisions: int
    confidence: float
    accuracy: float


def calibration(probability: FloatArray, truth: BoolArray, task: Task) -> dict[str, Any]:
    """ECE, Brier score and reliability bins of probabilities (n, n_labels); JSON-ready.

    Of topics each yes-or-no decision counts with the probability of yes, of the other tasks the likeliest label with its own.
    """
    if task == "topics" or len(truth) == 0:
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
    """The bins of `metrics.expected_calibration_error` that hold decisions, from the least confident on."""
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


def topic_curves(
    probability: FloatArray, truth: BoolArray, thresholds: Mapping[str, float], taxonomy: Taxonomy
) -> dict[str, dict[str, Any]]:
    """By topic the precision-recall curve, its average precision, and the point of the bundle's threshold; JSON-ready.

    `probability` and `truth` have shape (n, topics). Average precision is None, and the curve empty, where no article is
    truly on the topic.
    """
    curves: dict[str, dict[str, Any]] = {}
    for k, topic in enumerate(taxonomy.labels("topics")):
        own, found = truth[:, k], probability[:, k] >= thresholds[topic]
        score = label_score(own, found)
        precision, recall = _curve(own, probability[:, k])
        curves[topic] = {
            "average_precision": float(average_precision_score(own, probability[:, k])) if own.any() else None,
            "threshold": {"value": thresholds[topic], "precision": score.precision, "recall": score.recall},
            "precision": precision,
            "recall": recall,
        }
    return curves


def _curve(truth: BoolArray, probability: FloatArray) -> tuple[Sequence[float], Sequence[float]]:
    """Precision and recall from the lowest threshold to the highest, without points on a straight line between others."""
    if not truth.any():
        return [], []
    precision, recall, _ = precision_recall_curve(truth, probability, drop_intermediate=True)
    return [float(p) for p in precision], [float(r) for r in recall]
