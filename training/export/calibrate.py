"""Join the deep and the wide part, and make probabilities and thresholds of their logits, on development articles.

For each task the joint logit is deep + ratio * wide + bias, divided by the temperature; ratio, bias and temperature
minimise the development log-loss (temperature scaling as in Guo et al. 2017, with the linear part's weight beside it).
Where exactly one class holds, articles of rare classes weigh more in it: plain probabilities would seldom let a rare class
win, and users count on all classes alike. So these probabilities lean to rare classes a little, which ECE and Brier show.
Thresholds are those of greatest F1 for each topic, bagged over resamples. All of it is a handful of numbers a task.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, log_expit, log_softmax, softmax

from sorot.data.taxonomy import TASKS, Task, Taxonomy
from sorot.training.input.batches import Targets
from sorot.training.measure.metrics import bagged_threshold

FloatArray = NDArray[np.float64]
# How strongly biases are pulled to zero: development sets are small.
BIAS_PENALTY = 0.01
# Articles of a class weigh (mean count / count) ** CLASS_BALANCE; found by cross-fitting, see docs/ladder.md.
CLASS_BALANCE = 0.3


@dataclass(frozen=True, slots=True)
class Calibration:
    """By task: the wide part's `ratio`, the `temperature`, the `bias` of each label; by topic: its `threshold`."""

    ratios: dict[Task, float]
    temperatures: dict[Task, float]
    biases: dict[Task, tuple[float, ...]]
    thresholds: dict[str, float]

    def logits(self, deep: NDArray[np.float32], wide: NDArray[np.float32], taxonomy: Taxonomy) -> dict[Task, FloatArray]:
        """Joint logits by task, not yet divided by the temperature, each of shape (n, labels of the task)."""
        columns = taxonomy.columns()
        return {
            task: deep[:, columns[task]].astype(np.float64) + self.ratios[task] * wide[:, columns[task]] + self.biases[task]
            for task in TASKS
        }

    def probabilities(self, deep: NDArray[np.float32], wide: NDArray[np.float32], taxonomy: Taxonomy) -> dict[Task, FloatArray]:
        """Probabilities by task: a sigmoid for each topic, a softmax over stances and over sentiments."""
        scaled = {task: v / self.temperatures[task] for task, v in self.logits(deep, wide, taxonomy).items()}
        return {task: expit(v) if task == "topics" else softmax(v, axis=1) for task, v in scaled.items()}


def fit_calibration(
    deep: NDArray[np.float32], wide: NDArray[np.float32], targets: Sequence[Targets], taxonomy: Taxonomy
) -> Calibration:
    """Fit on development articles; `deep` and `wide` have shape (n, n_labels) and carry no bias of their own."""
    ratios: dict[Task, float] = {}
    temperatures: dict[Task, float] = {}
    biases: dict[Task, tuple[float, ...]] = {}
    for task, columns in taxonomy.columns().items():
        truth = np.array([t.topics if task == "topics" else getattr(t, task) for t in targets])
        known = np.flatnonzero((truth[:, 0] if truth.ndim == 2 else truth) >= 0)
        ratios[task], temperatures[task], biases[task] = _fit_task(
            deep[known, columns].astype(np.float64),
            wide[known, columns].astype(np.float64),
            truth[known],
            np.array([t.weight for t in targets])[known],
            topics=task == "topics",
        )
    joint = Calibration(ratios, temperatures, biases, {})
    probability = joint.probabilities(deep, wide, taxonomy)["topics"]
    truth = np.array([t.topics for t in targets])
    known = np.flatnonzero(truth[:, 0] >= 0)
    thresholds = {
        topic: round(bagged_threshold(probability[known, k], truth[known, k] == 1), 4)
        for k, topic in enumerate(taxonomy.labels("topics"))
    }
    return Calibration(ratios, temperatures, biases, thresholds)


def _fit_task(
    deep: FloatArray, wide: FloatArray, truth: NDArray[np.int64], weight: FloatArray, *, topics: bool
) -> tuple[float, float, tuple[float, ...]]:
    """(ratio, temperature, bias) of one task."""
    n_labels = deep.shape[1]
    if len(truth) == 0:
        return 1.0, 1.0, (0.0,) * n_labels

    importance = weight
    if not topics:
        counts = np.bincount(truth, weights=weight, minlength=n_labels)
        importance = weight * (counts.mean() / counts[truth]) ** CLASS_BALANCE

    def loss(x: FloatArray) -> float:
        scaled = x[0] * deep + x[1] * wide + x[2:]
        if topics:
            fit = (
                -(importance[:, None] * (truth * log_expit(scaled) + (1 - truth) * log_expit(-scaled))).mean() / importance.mean()
            )
        else:
            fit = -(importance * log_softmax(scaled, axis=1)[np.arange(len(truth)), truth]).sum() / importance.sum()
        return float(fit + BIAS_PENALTY * (x[2:] ** 2).mean())

    start = np.concatenate([[1.0, 1.0], np.zeros(n_labels)])
    bounds = [(0.05, 10.0), (0.0, 10.0)] + [(-10.0, 10.0)] * n_labels
    best = minimize(loss, start, method="L-BFGS-B", bounds=bounds).x
    ratio = float(best[1] / best[0])
    return ratio, float(1 / best[0]), tuple(float(b / best[0]) for b in best[2:])
