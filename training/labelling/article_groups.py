"""Groups of labelled articles that are the same, or nearly the same."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from sorot.data.labels.duplicates import group_duplicates
from sorot.data.labels.records import LabelledArticle
from sorot.training.input.sources import words_of
from sorot.training.measure.metrics import IntArray


def near_groups(rows: Sequence[LabelledArticle]) -> IntArray:
    """A number for each row, (n,), shared by near-duplicates of one another (data.labels.duplicates), whatever their ids."""
    # Two files may use one id for different articles, and a group is named by the id of its first article.
    named = group_duplicates([replace(row.article, id=str(i)) for i, row in enumerate(rows)])
    return np.array([int(name) for name in named], dtype=np.int64)


def fold_groups(rows: Sequence[LabelledArticle], near: IntArray) -> IntArray:
    """A number for each row, (n,), shared by near-duplicates and by rows with the same group in their file."""
    keys: list[list[Hashable]] = [[("near", int(number))] for number in near]
    for own, row in zip(keys, rows, strict=True):
        if row.group is not None:
            own.append(("given", row.group))
    return _join(keys)


def article_units(rows: Sequence[LabelledArticle], near: IntArray) -> IntArray:
    """A number for each row, (n,), shared by rows about one article: the same words, or the same id and nearly the same words.

    An id alone is not enough, because files that number their rows use the same ids.
    """
    return _join([(("words", words_of(row.article)), ("id", row.article.id, int(n))) for row, n in zip(rows, near, strict=True)])


def _join(keys: Sequence[Sequence[Hashable]]) -> IntArray:
    """Numbers of the connected components of rows that share a key, (n,)."""
    first: dict[Hashable, int] = {}
    edges = [(first.setdefault(key, row), row) for row, own in enumerate(keys) for key in own]
    start, end = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    graph = csr_matrix((np.ones(len(edges), dtype=np.int8), (start, end)), shape=(len(keys), len(keys)))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
