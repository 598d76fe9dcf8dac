"""Balanced logistic regressions, one for a `one` task and one for each label of a `many` task.

They are quick enough for cross-fitting and for simulations.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from sorot.data.taxonomy import Taxonomy
from sorot.training.measure.baselines import Indicators
from sorot.training.measure.metrics import BoolArray, FloatArray, IntArray

# Inverse penalty and limit of iterations, as in the baseline with the same features.
C = 10
MAX_ITERATIONS = 1000

# By task key, (articles, labels of the task).
Probabilities = dict[str, FloatArray]
Matrix: TypeAlias = csr_matrix | NDArray[np.float64]


def fit_predict(
    taxonomy: Taxonomy, train: Matrix, truth: Indicators, known: dict[str, BoolArray], tests: Sequence[Matrix]
) -> list[Probabilities]:
    """Probabilities of each matrix of `tests` (m, n_features) by task, (m, labels of the task).

    `train` is (n, n_features), `truth` its labels by task, (n, labels), and `known`, (n,), the rows labelled for the task.
    A label that no row, or every row, of `train` has gets probability 0, or 1.
    """
    out: list[Probabilities] = [{} for _ in tests]
    for task in taxonomy.tasks:
        rows = np.flatnonzero(known[task.key])
        columns = truth[task.key][rows]
        if task.many:
            found = [_fit_one(train[rows], column.astype(np.int64), tests, 2) for column in columns.T]
            for probabilities, values in zip(out, zip(*found, strict=True), strict=True):
                probabilities[task.key] = np.stack([v[:, 1] for v in values], axis=1)
        else:
            classes = columns.argmax(axis=1)
            for probabilities, value in zip(out, _fit_one(train[rows], classes, tests, columns.shape[1]), strict=True):
                probabilities[task.key] = value
    return out


def _fit_one(train: Matrix, classes: IntArray, tests: Sequence[Matrix], n_classes: int) -> list[FloatArray]:
    """Probabilities (m, n_classes) for each of `tests`."""
    out = [np.zeros((test.shape[0], n_classes)) for test in tests]
    present = np.unique(classes)
    if len(present) > 1:
        model = LogisticRegression(C=C, class_weight="balanced", max_iter=MAX_ITERATIONS).fit(train, classes)
        for probability, test in zip(out, tests, strict=True):
            probability[:, present] = model.predict_proba(test)
    else:
        for probability in out:
            probability[:, present] = 1.0
    return out
