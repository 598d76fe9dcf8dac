"""Count which labels the model gives for which true ones, on development articles of sources that training has not seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sorot.data.taxonomy import Task, Taxonomy, Value
from sorot.serving.model.confusion import Confusion, count_pairs
from sorot.training.export.calibrate import cross_fit
from sorot.training.input.batches import UNLABELLED, Targets


def fit_confusion(
    deep: NDArray[np.float32],
    wide: NDArray[np.float32],
    targets: Sequence[Targets],
    taxonomy: Taxonomy,
    unseen: NDArray[np.bool_],
) -> Confusion | None:
    """The pairs of true and given labels of the rows where `unseen` (at most n,) is true; None without any.

    Each row's labels come from a calibration on the other folds. Inputs are as in
    sorot.training.export.calibrate.fit_calibration.
    """
    truth: list[dict[str, Value]] = []
    found: list[dict[str, Value]] = []
    for rows, calibration in cross_fit(deep, wide, targets, taxonomy, np.flatnonzero(unseen)):
        if not len(rows):
            continue
        labels = calibration.labels(deep[rows], wide[rows], taxonomy)
        for place, row in enumerate(rows):
            truth.append({task.key: _true(task, targets[int(row)]) for task in taxonomy.tasks})
            found.append({task.key: _given(task, labels[task.key][place]) for task in taxonomy.tasks})
    return count_pairs(truth, found)


def _true(task: Task, targets: Targets) -> Value:
    values = targets.by_task[task.key]
    if values[0] == UNLABELLED:
        return None
    return tuple(key for key, holds in zip(task.keys, values, strict=True) if holds) if task.many else task.keys[values[0]]


def _given(task: Task, holds: NDArray[np.bool_]) -> Value:
    keys = tuple(key for key, one in zip(task.keys, holds, strict=True) if one)
    return keys if task.many else keys[0]
