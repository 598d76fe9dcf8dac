"""Classes of capitalised words that stand in like contexts, from unlabelled articles.

A word's counts of neighbours are weighted by positive pointwise mutual information, reduced by a truncated singular value
decomposition and clustered by k-means: what Brown classes do for named entities (Turian et al. 2010), at two sizes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD

from sorot.data.text.names.features import is_capitalised, name_runs, split_words, word_key

CONTEXTS = 2500
LEAST_COUNT = 4
DIMENSIONS = 60
# 255 stands for an unknown word.
SIZES = (48, 255)
# Characters of an article that are read: names come early.
CHARACTERS = 6000
_PLACES = 9


def word_classes(texts: Iterable[str]) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """Keys of words, shape (n,), and their classes, shape (n, 2), from the texts of many articles."""
    articles = [[word.text for word in split_words(text[:CHARACTERS])] for text in texts]
    lower = Counter(word.lower() for words in articles for word in words)
    capitalised = Counter(word for words in articles for word in words if is_capitalised(word))
    contexts = {word: place for place, (word, _) in enumerate(lower.most_common(CONTEXTS))}
    vocabulary = {word: place for place, word in enumerate(w for w, count in capitalised.items() if count >= LEAST_COUNT)}
    vectors = _vectors(_pair_counts(articles, contexts, vocabulary))
    weight = np.log1p([capitalised[word] for word in vocabulary])
    classes = np.stack([_clusters(vectors, weight, size) for size in SIZES], axis=1).astype(np.uint8)
    keys = np.array([word_key(word) for word in vocabulary], dtype=np.uint32)
    order = np.argsort(keys, kind="stable")
    return keys[order], classes[order]


def _pair_counts(articles: Sequence[Sequence[str]], contexts: dict[str, int], vocabulary: dict[str, int]) -> sp.csr_matrix:
    """Counts of each word with the words around its run, those beside it, and its place in the run."""
    # One more for all other words, and one for the edge of a text.
    size = len(contexts) + 2
    counts: Counter[tuple[int, int]] = Counter()

    def context(words: Sequence[str], at: int) -> int:
        return contexts.get(words[at].lower(), size - 2) if 0 <= at < len(words) else size - 1

    for words in articles:
        for start, stop in name_runs(words):
            left, right = context(words, start - 1), size + context(words, stop)
            for at in range(start, stop):
                row = vocabulary.get(words[at])
                if row is None:
                    continue
                counts[row, left] += 1
                counts[row, right] += 1
                counts[row, 2 * size + min(at - start, 2) * 3 + min(stop - 1 - at, 2)] += 1
                if at > start:
                    counts[row, 2 * size + _PLACES + context(words, at - 1)] += 1
                if at + 1 < stop:
                    counts[row, 3 * size + _PLACES + context(words, at + 1)] += 1
    pairs = np.array(list(counts), dtype=np.int64)
    values = np.array(list(counts.values()), dtype=np.float64)
    return sp.csr_matrix((values, (pairs[:, 0], pairs[:, 1])), shape=(len(vocabulary), 4 * size + _PLACES))


def _vectors(counts: sp.csr_matrix) -> NDArray[np.float64]:
    rows, columns = np.asarray(counts.sum(axis=1)).ravel(), np.asarray(counts.sum(axis=0)).ravel()
    total, pairs = rows.sum(), counts.tocoo()
    # The power smooths rare contexts (Levy et al. 2015).
    expected = rows[pairs.row] * columns[pairs.col] ** 0.75 * total**0.25
    information = np.maximum(np.log(pairs.data * total / expected), 0)
    vectors = TruncatedSVD(DIMENSIONS, random_state=0).fit_transform(
        sp.csr_matrix((information, (pairs.row, pairs.col)), shape=counts.shape)
    )
    unit: NDArray[np.float64] = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)
    return unit


def _clusters(vectors: NDArray[np.float64], weight: NDArray[np.float64], size: int) -> NDArray[np.intp]:
    clusters = MiniBatchKMeans(min(size, len(vectors)), random_state=0, batch_size=4096, n_init=2)
    found: NDArray[np.intp] = clusters.fit(vectors, sample_weight=weight).predict(vectors)
    return found
