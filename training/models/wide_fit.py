"""Fit the wide part with scikit-learn: logistic regressions over TF-IDF of character and word n-grams, one a task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from sorot.data.taxonomy import Taxonomy
from sorot.serving.model.wide import KeyArray, Wide, feature_values, locate, occurrences
from sorot.training.input.batches import Example, truth_of
from sorot.training.recipe import WideSection

MAX_ITERATIONS = 1000


@dataclass(frozen=True, slots=True)
class FittedWide:
    """The linear part and its intercepts, shape (n_labels,)."""

    wide: Wide
    intercept: NDArray[np.float32]

    def predict(self, examples: Sequence[Example]) -> NDArray[np.float32]:
        """Wide logits with intercepts, shape (n, n_labels)."""
        features = _matrix(_counts(examples), self.wide.keys, self.wide.idf)
        return np.asarray(features @ self.wide.weight + self.intercept, dtype=np.float32)


def fit_wide(examples: Sequence[Example], taxonomy: Taxonomy, section: WideSection) -> FittedWide:
    """Fit on all examples that are labelled for a task; classes are balanced, softmax weights centred over labels."""
    counted = _counts(examples)
    keys, found = np.unique(np.concatenate([k for k, _ in counted]), return_counts=True)
    # The most frequent features stay; among equally frequent ones the lower key, so that a run can be repeated.
    order = np.lexsort((keys, -found))[: section.max_features]
    order = np.sort(order[found[order] >= section.min_articles])
    keys, found = keys[order], found[order]
    idf = (np.log((1 + len(examples)) / (1 + found)) + 1).astype(np.float32)
    features = _matrix(counted, keys, idf)
    weight = np.zeros((len(keys), taxonomy.n_labels), dtype=np.float32)
    intercept = np.zeros(taxonomy.n_labels, dtype=np.float32)
    columns = taxonomy.columns()
    importance = np.array([e.targets.weight for e in examples])
    for task in taxonomy.tasks:
        truth, own = truth_of([e.targets for e in examples], task), columns[task.key]
        if not task.many:
            _fit_one(features, truth, importance, section.c, weight[:, own], intercept[own])
            continue
        for k in range(len(task.keys)):
            column = slice(own.start + k, own.start + k + 1)
            _fit_one(features, truth[:, k], importance, section.c, weight[:, column], intercept[column])
    # Rounded as the bundle stores them, so that what is calibrated is what is served.
    return FittedWide(Wide(keys, idf, weight.astype(np.float16).astype(np.float32)), intercept)


def _fit_one(
    features: csr_matrix,
    target: NDArray[np.int64],
    importance: NDArray[np.float64],
    c: float,
    weight: NDArray[np.float32],
    intercept: NDArray[np.float32],
) -> None:
    """Fill `weight` (F, n_classes or 1) and `intercept` in place; classes that never occur keep zero."""
    known = np.flatnonzero(target >= 0)
    classes = np.unique(target[known])
    if len(classes) < 2:
        return
    model = LogisticRegression(C=c, class_weight="balanced", max_iter=MAX_ITERATIONS)
    model.fit(features[known], target[known], sample_weight=importance[known])
    if weight.shape[1] == 1:
        weight[:, 0], intercept[0] = model.coef_[0], model.intercept_[0]
    elif len(classes) == 2:
        weight[:, classes] = np.stack([-model.coef_[0], model.coef_[0]], axis=1) / 2
        intercept[classes] = np.array([-1, 1]) * model.intercept_[0] / 2
    else:
        weight[:, classes], intercept[classes] = model.coef_.T, model.intercept_


def _counts(examples: Sequence[Example]) -> list[tuple[KeyArray, NDArray[np.int64]]]:
    return [np.unique(occurrences(e.encoded.segments)[0], return_counts=True) for e in examples]


def _matrix(counted: Sequence[tuple[KeyArray, NDArray[np.int64]]], known: KeyArray, idf: NDArray[np.float32]) -> csr_matrix:
    columns, values, ends = [], [], [0]
    for keys, counts in counted:
        at, there = locate(keys, known)
        columns.append(at[there])
        values.append(feature_values(known[at[there]], counts[there], idf[at[there]]))
        ends.append(ends[-1] + len(columns[-1]))
    return csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=(len(counted), len(known)))
