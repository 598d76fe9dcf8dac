"""Two baselines fitted in the run that reports them: TF-IDF with logistic regression, and the majority class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import Taxonomy, held
from sorot.training.measure.metrics import BoolArray, one_hot

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import FeatureUnion

# By task key, (articles, labels of the task).
Indicators = dict[str, BoolArray]


def article_text(row: LabelledArticle) -> str:
    """Title and body, as the model reads them."""
    return f"{row.article.title or ''}\n{row.article.body}".strip()


def indicators(rows: Sequence[LabelledArticle], taxonomy: Taxonomy) -> Indicators:
    """True labels by task, (n, labels of the task); rows without a label have only False."""
    out: Indicators = {}
    for task in taxonomy.tasks:
        given = [held(row.labels.get(task.key)) for row in rows]
        out[task.key] = np.array([[key in g for key in task.keys] for g in given], dtype=bool).reshape(len(rows), len(task.keys))
    return out


def is_labelled(rows: Sequence[LabelledArticle], task: str) -> BoolArray:
    """Which rows are labelled for a task, given by its key, (n,)."""
    return np.array([row.labels.get(task) is not None for row in rows], dtype=bool)


def majority(train: Sequence[LabelledArticle], test: Sequence[LabelledArticle], taxonomy: Taxonomy) -> Indicators:
    """For a `many` task each label that most training articles have; for a `one` task the most frequent label."""
    truth = indicators(train, taxonomy)
    out: Indicators = {}
    for task in taxonomy.tasks:
        known = truth[task.key][is_labelled(train, task.key)]
        share = known.mean(axis=0) if len(known) else np.zeros(len(task.keys))
        row = share > 0.5 if task.many else one_hot(np.array([int(share.argmax())]), len(share))[0]
        out[task.key] = np.tile(row, (len(test), 1))
    return out


def text_features() -> FeatureUnion:
    """Unfitted TF-IDF of words 1-2 and characters 3-5."""
    # Imported here, as this module also serves commands without the extra `train`.
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import FeatureUnion

    return FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)),
            (
                "characters",
                TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=3, sublinear_tf=True, max_features=200_000),
            ),
        ]
    )


def tfidf(train: Sequence[LabelledArticle], test: Sequence[LabelledArticle], taxonomy: Taxonomy) -> Indicators:
    """TF-IDF of words 1-2 and characters 3-5 with balanced logistic regression."""
    features = text_features()
    train_matrix = features.fit_transform([article_text(r) for r in train])
    test_matrix = features.transform([article_text(r) for r in test])
    truth = indicators(train, taxonomy)
    out: Indicators = {}
    for task in taxonomy.tasks:
        known = np.flatnonzero(is_labelled(train, task.key))
        columns = truth[task.key][known]
        if task.many:
            fitted = [
                _fit(train_matrix[known], column).predict(test_matrix)
                if 0 < column.sum() < len(column)
                else np.zeros(len(test), bool)
                for column in columns.T
            ]
            out[task.key] = np.stack(fitted, axis=1).astype(bool)
        else:
            classes = _fit(train_matrix[known], columns.argmax(axis=1)).predict(test_matrix)
            out[task.key] = one_hot(classes, columns.shape[1])
    return out


def _fit(matrix: object, target: object) -> LogisticRegression:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=10, class_weight="balanced", max_iter=1000).fit(matrix, target)
