"""A model quick enough to cross-fit and to simulate with: balanced logistic regressions, one a task or topic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from sorot.data.taxonomy import TASKS
from sorot.training.measure.baselines import Indicators
from sorot.training.measure.metrics import BoolArray, FloatArray, IntArray

# scikit-learn's inverse penalty and limit of iterations, as in the baseline of the same features.
C = 10
MAX_ITERATIONS = 1000

Probabilities = dict[str, FloatArray]
Matrix: TypeAlias = csr_matrix | NDArray[np.float64]


def fit_predict(train: Matrix, truth: Indicators, known: dict[str, BoolArray], tests: Sequence[Matrix]) -> list[Probabilities]:
    """Probabilities of each matrix of `tests` (m, n_features) by task, (m, labels of the task).

    `train` is (n, n_features), `truth` its labels by task, (n, labels), and `known`, (n,), which of them count for a task.
    A label of which `train` has no example, or nothing but examples, has probability 0, or 1.
    """
    out: list[Probabilities] = [{} for _ in tests]
    for task in TASKS:
        rows = np.flatnonzero(known[task])
        columns = truth[task][rows]
        if task == "topics":
            found = [_fit_one(train[rows], column.astype(np.int64), tests, 2) for column in columns.T]
            for probabilities, values in zip(out, zip(*found, strict=True), strict=True):
                probabilities[task] = np.stack([v[:, 1] for v in values], axis=1)
        else:
            given = columns.argmax(axis=1)
            for probabilities, value in zip(out, _fit_one(train[rows], given, tests, columns.shape[1]), strict=True):
                probabilities[task] = value
    return out


def _fit_one(train: Matrix, classes: IntArray, tests: Sequence[Matrix], n_classes: int) -> list[FloatArray]:
    """Probabilities (m, n_classes) of each of `tests`."""
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
