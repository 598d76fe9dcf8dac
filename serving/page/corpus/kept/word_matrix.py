"""The words of a corpus as a sparse matrix: what sets articles apart from the rest, and a map of all articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sorot.serving.findings.distinctive_words import LEAST_COUNT, DistinctiveWord, word_counts

# A word of a single article says nothing of its neighbours; a word of most articles neither.
LEAST_ARTICLES, MOST_PART = 2, 0.5
# Of the projection: dimensions to spare, and rounds of refinement.
SPARE, ROUNDS = 8, 4
SEED = 0
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class WordMatrix:
    """How often each word stands in each article. Entry k says that `words[columns[k]]` stands `counts[k]` times in `rows[k]`."""

    words: tuple[str, ...]
    n_articles: int
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    counts: Numbers

    def distinctive(self, chosen: NDArray[np.bool_], among: NDArray[np.bool_], limit: int) -> list[DistinctiveWord]:
        """The words that set the `chosen` articles apart from the others `among` which they are, strongest first.

        Log-odds ratios with an informative Dirichlet prior over their standard error (Monroe, Colaresi and Quinn 2008,
        "Fightin' Words"); the prior is the words of all articles among which they are.
        """
        here, everything = (
            np.bincount(self.columns, self.counts * flags[self.rows], len(self.words)) for flags in (chosen & among, among)
        )
        n, total = here.sum(), everything.sum()
        if not n or n == total:
            return []
        elsewhere = everything - here
        kept = np.flatnonzero(here >= LEAST_COUNT)
        a, b, prior = here[kept], elsewhere[kept], everything[kept]
        odds = np.log((a + prior) / (n + total - a - prior)) - np.log((b + prior) / (total - n + total - b - prior))
        z = odds / np.sqrt(1 / (a + prior) + 1 / (b + prior))
        best = [place for place in np.argsort(-z, kind="stable")[:limit] if z[place] > 0]
        return [DistinctiveWord(self.words[kept[k]], int(a[k]), int(b[k]), float(z[k])) for k in best]

    @cached_property
    def projection(self) -> Numbers:
        """A place in the plane for each article, shape (n_articles, 2), each axis from 0 to 1; near ones use similar words.

        The first two principal components of TF-IDF vectors of length 1, by a randomized truncated SVD (Halko, Martinsson and
        Tropp 2011). The axes have no meaning of their own, so each is stretched to ranks: no article hides another.
        """
        frequency = np.bincount(self.columns, minlength=len(self.words))
        used = (frequency >= LEAST_ARTICLES) & (frequency <= max(LEAST_ARTICLES, MOST_PART * self.n_articles))
        entry = used[self.columns]
        rows, columns = self.rows[entry], np.cumsum(used)[self.columns[entry]] - 1
        if not len(rows):
            return np.full((self.n_articles, 2), 0.5)
        values = (1 + np.log(self.counts[entry])) * np.log(self.n_articles / frequency[used])[columns]
        length = np.sqrt(np.bincount(rows, values**2, self.n_articles))
        values /= length[rows]
        n_words = int(used.sum())
        mean = np.bincount(columns, values, n_words) / self.n_articles

        def times(right: Numbers) -> Numbers:
            """The centred matrix by `right`, of shape (n_words, k)."""
            product = [np.bincount(rows, values * column[columns], self.n_articles) for column in right.T]
            return np.asarray(np.array(product).T - mean @ right, dtype=float)

        def transposed_times(right: Numbers) -> Numbers:
            """The transposed centred matrix by `right`, of shape (n_articles, k)."""
            product = [np.bincount(columns, values * column[rows], n_words) for column in right.T]
            return np.asarray(np.array(product).T - np.outer(mean, right.sum(axis=0)), dtype=float)

        size = min(2 + SPARE, self.n_articles, n_words)
        basis = np.random.default_rng(SEED).normal(size=(n_words, size))
        for _ in range(ROUNDS):
            basis = transposed_times(np.linalg.qr(times(basis))[0])
        q = np.linalg.qr(times(basis))[0]
        left = np.linalg.svd(transposed_times(q).T, full_matrices=False)[0]
        found = (q @ left)[:, :2]
        plane = np.zeros((self.n_articles, 2))
        plane[:, : found.shape[1]] = found
        ranks = np.argsort(np.argsort(plane, axis=0, kind="stable"), axis=0, kind="stable") / max(1, self.n_articles - 1)
        spread = (plane - plane.min(axis=0)) / np.maximum(np.ptp(plane, axis=0), 1e-12)
        return np.asarray((ranks + spread) / 2)


def count_words(texts: Sequence[str]) -> WordMatrix:
    """The matrix of these texts, without stop words and the shortest words."""
    places: dict[str, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    counts: list[int] = []
    for row, text in enumerate(texts):
        own = word_counts(text)
        rows += [row] * len(own)
        columns += [places.setdefault(word, len(places)) for word in own]
        counts += own.values()
    return WordMatrix(
        tuple(places), len(texts), np.array(rows, dtype=np.intp), np.array(columns, dtype=np.intp), np.array(counts, dtype=float)
    )
