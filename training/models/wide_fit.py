"""Fit the wide (linear) part with scikit-learn: logistic regressions over TF-IDF features of character and word n-grams."""

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
    """The linear part and its `intercept`, shape (n_labels,)."""

    wide: Wide
    intercept: NDArray[np.float32]

    def predict(self, examples: Sequence[Example]) -> NDArray[np.float32]:
        """Wide logits including intercepts, shape (n, n_labels)."""
        features = _matrix(_counts(examples), self.wide.keys, self.wide.idf)
        return np.asarray(features @ self.wide.weight + self.intercept, dtype=np.float32)


def fit_wide(examples: Sequence[Example], taxonomy: Taxonomy, section: WideSection) -> FittedWide:
    """Fit each task on the examples labelled for it, with balanced classes: one binary regression per label of a `many` task,
    one multinomial regression for a `one` task.
    """
    counts = _counts(examples)
    keys, n_articles = np.unique(np.concatenate([k for k, _ in counts]), return_counts=True)
    # Keep the most frequent features. Ties go to the lower key, so that runs are reproducible.
    order = np.lexsort((keys, -n_articles))[: section.max_features]
    order = np.sort(order[n_articles[order] >= section.min_articles])
    keys, n_articles = keys[order], n_articles[order]
    idf = (np.log((1 + len(examples)) / (1 + n_articles)) + 1).astype(np.float32)
    features = _matrix(counts, keys, idf)
    weight = np.zeros((len(keys), taxonomy.n_labels), dtype=np.float32)
    intercept = np.zeros(taxonomy.n_labels, dtype=np.float32)
    columns = taxonomy.columns()
    importance = np.array([e.targets.weight for e in examples])
    for task in taxonomy.tasks:
        truth, task_columns = truth_of([e.targets for e in examples], task), columns[task.key]
        if not task.many:
            _fit_one(features, truth, importance, section.c, weight[:, task_columns], intercept[task_columns])
            continue
        for k in range(len(task.keys)):
            column = slice(task_columns.start + k, task_columns.start + k + 1)
            _fit_one(features, truth[:, k], importance, section.c, weight[:, column], intercept[column])
    # Round to fp16 like the bundle, so that calibration sees the served weights.
    return FittedWide(Wide(keys, idf, weight.astype(np.float16).astype(np.float32)), intercept)


def _fit_one(
    features: csr_matrix,
    target: NDArray[np.int64],
    importance: NDArray[np.float64],
    c: float,
    weight: NDArray[np.float32],
    intercept: NDArray[np.float32],
) -> None:
    """Fill `weight` (n_features, n_classes or 1) and `intercept` in place; classes that never occur keep 0."""
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


def _matrix(articles: Sequence[tuple[KeyArray, NDArray[np.int64]]], known: KeyArray, idf: NDArray[np.float32]) -> csr_matrix:
    """TF-IDF features, shape (n, n_features), from each article's feature keys with their counts."""
    columns, values, ends = [], [], [0]
    for keys, counts in articles:
        positions, is_known = locate(keys, known)
        columns.append(positions[is_known])
        values.append(feature_values(known[positions[is_known]], counts[is_known], idf[positions[is_known]]))
        ends.append(ends[-1] + len(columns[-1]))
    return csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=(len(articles), len(known)))
