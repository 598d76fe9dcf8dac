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
    """Every pair with a cosine of SIMILAR or more that lies within WINDOW_DAYS days, or of which one has no known day.

    Time grows with the articles of a window; articles without a day are compared with all. `advance` gets numbers of articles.
    """
    days = np.array([digest.day or 0 for digest in digests], dtype=np.int64)
    # Articles without a day come first, as each of them is compared with everything after it.
    order = np.lexsort((np.arange(len(days)), days))
    days, rows = days[order], weights[order]
    for start in range(0, len(order), ROWS_AT_ONCE):
        stop = min(start + ROWS_AT_ONCE, len(order))
        end = len(order) if days[start] == 0 else int(np.searchsorted(days, days[stop - 1] + WINDOW_DAYS, side="right"))
        found = (rows[start:stop] @ rows[start:end].T).tocoo()
        one, other = found.coords
        gap = days[start + other] - days[start + one]
        near = (other > one) & (found.data >= SIMILAR) & ((days[start + one] == 0) | (gap <= WINDOW_DAYS))
        for a, b, cosine in zip(order[start + one[near]], order[start + other[near]], found.data[near], strict=True):
            yield Candidate(int(min(a, b)), int(max(a, b)), float(cosine))
        advance(stop - start)


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
