"""Pairs of articles that may be copies or one story: similar within a few days of each other, or nearly the same at any time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from sorot.serving.findings.stories.digest import BAND_ROWS, BANDS, Digest

# Days between two reports of one event.
WINDOW_DAYS = 3
# Cosine similarity below which a pair is not looked at.
SIMILAR = 0.33
# An article without a day meets the articles of any day that share terms of at most RARE articles, by this much of their cosine.
RARE = 100
SHARED_RARE = 0.1
# Rows multiplied at once.
ROWS_AT_ONCE = 256
# A band that many articles share is boilerplate: an article is paired with so many of its first ones.
BUCKET = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two articles by number, the lower first, with their cosine similarity; None where only their sketches met."""

    one: int
    other: int
    cosine: float | None


def similar_pairs(
    digests: Sequence[Digest], weights: csr_array, advance: Callable[[int], None] = lambda _: None
) -> Iterator[Candidate]:
    """Pairs with a cosine of SIMILAR or more: all that lie within WINDOW_DAYS days, and those of an article without a day.

    Time grows with the articles of a window. An article without a day meets those of any day, but only where they share terms of
    at most RARE articles, so its work does not grow with the corpus. `advance` gets numbers of articles.
    """
    days = np.array([digest.day or 0 for digest in digests], dtype=np.int64)
    yield from _undated_pairs(np.flatnonzero(days == 0), weights, advance)
    order = np.argsort(days, kind="stable")[np.count_nonzero(days == 0) :]
    days, rows = days[order], weights[order]
    for start in range(0, len(order), ROWS_AT_ONCE):
        stop = min(start + ROWS_AT_ONCE, len(order))
        end = int(np.searchsorted(days, days[stop - 1] + WINDOW_DAYS, side="right"))
        found = (rows[start:stop] @ rows[start:end].T).tocoo()
        one, other = found.coords
        near = (other > one) & (found.data >= SIMILAR) & (days[start + other] - days[start + one] <= WINDOW_DAYS)
        yield from _candidates(order[start + one[near]], order[start + other[near]], found.data[near])
        advance(stop - start)


def _undated_pairs(undated: NDArray[np.int64], weights: csr_array, advance: Callable[[int], None]) -> Iterator[Candidate]:
    """Similar pairs with at least one article of `undated`, each once."""
    if not len(undated):
        return
    rare = weights.copy()
    rare.data[np.bincount(rare.indices, minlength=rare.shape[1])[rare.indices] > RARE] = 0
    rare.eliminate_zeros()
    across = rare.T.tocsr()
    without = np.zeros(weights.shape[0], dtype=bool)
    without[undated] = True
    for start in range(0, len(undated), ROWS_AT_ONCE):
        numbers = undated[start : start + ROWS_AT_ONCE]
        found = (rare[numbers] @ across).tocoo()
        one, other = numbers[found.coords[0]], found.coords[1]
        met = (found.data >= SHARED_RARE) & ((other > one) | ~without[other])
        one, other = one[met], other[met]
        cosines = weights[one].multiply(weights[other]).sum(axis=1)
        near = cosines >= SIMILAR
        yield from _candidates(one[near], other[near], cosines[near])
        advance(len(numbers))


def _candidates(one: NDArray[np.int64], other: NDArray[np.int64], cosines: NDArray[np.float32]) -> Iterator[Candidate]:
    for a, b, cosine in zip(one.tolist(), other.tolist(), cosines.tolist(), strict=True):
        yield Candidate(min(a, b), max(a, b), cosine)


def sketched_pairs(digests: Sequence[Digest]) -> Iterator[Candidate]:
    """Pairs that share a band of their sketches (locality-sensitive hashing), whenever they were published; some come twice."""
    numbers = [number for number, digest in enumerate(digests) if len(digest.runs)]
    if not numbers:
        return
    sketches = np.stack([digests[number].sketch for number in numbers])
    for band in range(BANDS):
        yield from _pairs_of_band(sketches[:, band * BAND_ROWS : (band + 1) * BAND_ROWS], numbers)


def _pairs_of_band(values: NDArray[np.uint32], numbers: Sequence[int]) -> Iterator[Candidate]:
    buckets: dict[bytes, list[int]] = {}
    for number, row in zip(numbers, np.ascontiguousarray(values), strict=True):
        bucket = buckets.setdefault(row.tobytes(), [])
        for earlier in bucket:
            yield Candidate(earlier, number, None)
        if len(bucket) < BUCKET:
            bucket.append(number)
