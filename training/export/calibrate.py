"""Join deep and wide logits and calibrate them into probabilities and thresholds, on development articles.

Per task, the joint logit is (deep + ratio * wide + bias) / temperature. Ratio, bias and temperature minimise the development
log-loss: temperature scaling as in Guo et al. 2017 ("On calibration of modern neural networks"), plus a weight for the
linear part. In `one` tasks, articles of rare classes weigh more; otherwise a rare class would seldom win, and users need all
classes alike. These probabilities therefore lean slightly to rare classes, which shows in ECE and Brier score. The threshold
of each label of a `many` task maximises F1, bagged over resamples.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, log_expit, log_softmax, softmax

from sorot.data.taxonomy import Task, Taxonomy
from sorot.training.input.batches import Targets, labelled_rows, truth_of
from sorot.training.measure.metrics import bagged_threshold, one_hot

FloatArray = NDArray[np.float64]
# L2 penalty on the biases, because development sets are small.
BIAS_PENALTY = 0.01
# Articles of a class weigh (mean count / count) ** CLASS_BALANCE; chosen by cross-fitting, see docs/ladder.md.
CLASS_BALANCE = 0.3
# Parts of a cross-fit.
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Calibration:
    """Per task: the wide part's `ratio`, the temperature, the bias of each label, and for `many` tasks a threshold per label."""

    ratios: dict[str, float]
    temperatures: dict[str, float]
    biases: dict[str, tuple[float, ...]]
    thresholds: dict[str, dict[str, float]]

    def logits(self, deep: NDArray[np.float32], wide: NDArray[np.float32], taxonomy: Taxonomy) -> dict[str, FloatArray]:
        """Joint logits by task before division by the temperature, each of shape (n, labels of the task).

        `deep` and `wide` have shape (n, n_labels).
        """
        columns = taxonomy.columns()
        return {
            task: deep[:, columns[task]].astype(np.float64) + self.ratios[task] * wide[:, columns[task]] + self.biases[task]
            for task in taxonomy.keys
        }

    def probabilities(self, deep: NDArray[np.float32], wide: NDArray[np.float32], taxonomy: Taxonomy) -> dict[str, FloatArray]:
        """Probabilities by task, shape (n, labels of the task): sigmoids for a `many` task, a softmax for a `one` task."""
        scaled = {task: v / self.temperatures[task] for task, v in self.logits(deep, wide, taxonomy).items()}
        return {task.key: expit(scaled[task.key]) if task.many else softmax(scaled[task.key], axis=1) for task in taxonomy.tasks}

    def labels(self, deep: NDArray[np.float32], wide: NDArray[np.float32], taxonomy: Taxonomy) -> dict[str, NDArray[np.bool_]]:
        """Predicted labels by task, shape (n, labels of the task), as in service: those that reach their threshold, or the most
        probable one; the default of a task where the task that it depends on has no label.
        """
        probabilities = self.probabilities(deep, wide, taxonomy)
        found: dict[str, NDArray[np.bool_]] = {
            task.key: probabilities[task.key] >= np.array([self.thresholds[task.key][label] for label in task.keys])
            for task in taxonomy.many_tasks
        }
        for task in taxonomy.one_tasks:
            best = probabilities[task.key].argmax(axis=1)
            if task.default is not None and task.without is not None:
                best = np.where(found[task.without].any(axis=1), best, task.keys.index(task.default))
            found[task.key] = one_hot(best, len(task.keys))
        return found


def fit_calibration(
    deep: NDArray[np.float32], wide: NDArray[np.float32], targets: Sequence[Targets], taxonomy: Taxonomy
) -> Calibration:
    """Fit on development articles. `deep` and `wide` are logits of shape (n, n_labels)."""
    ratios: dict[str, float] = {}
    temperatures: dict[str, float] = {}
    biases: dict[str, tuple[float, ...]] = {}
    weights = np.array([t.weight for t in targets])
    for task, columns in zip(taxonomy.tasks, taxonomy.columns().values(), strict=True):
        truth = truth_of(targets, task)
        known = labelled_rows(truth)
        ratios[task.key], temperatures[task.key], biases[task.key] = _fit_task(
            deep[known, columns].astype(np.float64),
            wide[known, columns].astype(np.float64),
            truth[known],
            weights[known],
            many=task.many,
        )
    joint = Calibration(ratios, temperatures, biases, {})
    probabilities = joint.probabilities(deep, wide, taxonomy)
    thresholds: dict[str, dict[str, float]] = {}
    for task in taxonomy.many_tasks:
        truth = truth_of(targets, task)
        known = labelled_rows(truth)
        thresholds[task.key] = {
            label: round(bagged_threshold(probabilities[task.key][known, k], truth[known, k] == 1), 4)
            for k, label in enumerate(task.keys)
        }
    return Calibration(ratios, temperatures, biases, thresholds)


def cross_fit(
    deep: NDArray[np.float32],
    wide: NDArray[np.float32],
    targets: Sequence[Targets],
    taxonomy: Taxonomy,
    rows: NDArray[np.int64],
) -> Iterator[tuple[NDArray[np.int64], Calibration]]:
    """Parts of `rows`, each with a calibration that was fitted without the part. The other inputs are as in `fit_calibration`."""
    fold_of = np.arange(len(targets)) % FOLDS
    for fold in range(FOLDS):
        rest = np.flatnonzero(fold_of != fold)
        yield (
            rows[fold_of[rows] == fold],
            fit_calibration(deep[rest], wide[rest], [targets[int(i)] for i in rest], taxonomy),
        )


def cross_fitted_labels(
    deep: NDArray[np.float32],
    wide: NDArray[np.float32],
    targets: Sequence[Targets],
    taxonomy: Taxonomy,
    rows: NDArray[np.int64],
) -> dict[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """True and predicted labels by task, each (n, labels of the task), of those of `rows` that are labelled for the task.

    No row has a part in the calibration that its labels come from. Inputs are as in `cross_fit`.
    """
    parts = [
        (part, fitted.labels(deep[part], wide[part], taxonomy)) for part, fitted in cross_fit(deep, wide, targets, taxonomy, rows)
    ]
    order = [targets[int(i)] for part, _ in parts for i in part]
    found = {task: np.concatenate([labels[task] for _, labels in parts]) for task in taxonomy.keys}
    return {task.key: labelled_pair(order, found[task.key], task) for task in taxonomy.tasks}


def labelled_pair(
    targets: Sequence[Targets], predicted: NDArray[np.bool_], task: Task
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """True and predicted labels, each (n, labels of the task), of the rows that are labelled for the task."""
    truth = truth_of(targets, task)
    known = labelled_rows(truth)
    return truth[known] == 1 if task.many else one_hot(truth[known], len(task.keys)), predicted[known]


def _fit_task(
    deep: FloatArray, wide: FloatArray, truth: NDArray[np.int64], weight: FloatArray, *, many: bool
) -> tuple[float, float, tuple[float, ...]]:
    """Fit (ratio, temperature, bias) of one task by L-BFGS-B."""
    n_labels = deep.shape[1]
    if len(truth) == 0:
        return 1.0, 1.0, (0.0,) * n_labels

    importance = weight
    if not many:
        counts = np.bincount(truth, weights=weight, minlength=n_labels)
        importance = weight * (counts.mean() / counts[truth]) ** CLASS_BALANCE

    def loss(x: FloatArray) -> float:
        scaled = x[0] * deep + x[1] * wide + x[2:]
        if many:
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
