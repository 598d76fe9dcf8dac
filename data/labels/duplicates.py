"""Near-duplicate groups of articles, by MinHash over word shingles (Broder 1997), with datasketch."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sorot.data.article import Article

if TYPE_CHECKING:
    from datasketch import MinHash, MinHashLSH

SHINGLE = 5
PERMUTATIONS = 128
# An odd 64-bit number: products modulo 2^64 mix all lower bits into the upper ones.
FACTOR = np.uint64(0x9E3779B97F4A7C15)
# At this similarity, half of the shingles shared, one short text is an edited copy of the other.
EDITED = 0.5


def group_duplicates(articles: Sequence[Article], *, threshold: float = 0.6) -> list[str]:
    """One group name per article, the id of the group's first; `threshold` is the Jaccard similarity of 5-word shingles.

    Two articles that share a band of their sketches (locality-sensitive hashing) are in one group, and so are articles
    linked by a chain of such pairs. Time and memory grow in proportion to the number of articles.
    """
    index = _make_index(threshold)
    if not articles:
        return []
    sketches = np.stack([sketch.hashvalues for sketch in _sketches(articles)])
    parents = list(range(len(articles)))
    for start in range(0, index.b * index.r, index.r):
        # Joining each article to the first of its bucket links the whole bucket, without a look at every pair.
        first: dict[bytes, int] = {}
        band = np.ascontiguousarray(sketches[:, start : start + index.r])
        for number, values in enumerate(band):
            _join(parents, first.setdefault(values.tobytes(), number), number)
    return [articles[_root(parents, number)].id for number in range(len(articles))]


def near_any(articles: Sequence[Article], others: Sequence[Article], *, threshold: float = 0.6) -> list[bool]:
    """Whether each of `articles` is a near-duplicate of one of `others`; `threshold` as in `group_duplicates`."""
    index = _make_index(threshold)
    for number, sketch in enumerate(_sketches(others)):
        index.insert(str(number), sketch)
    return [bool(index.query(sketch)) for sketch in _sketches(articles)]


def _root(parents: list[int], number: int) -> int:
    """The first article of the group; halves the path to it on the way."""
    while parents[number] != number:
        parents[number] = parents[parents[number]]
        number = parents[number]
    return number


def _join(parents: list[int], one: int, other: int) -> None:
    """Union of two groups; the smaller number becomes the root, so that a group is named after its first article."""
    low, high = sorted((_root(parents, one), _root(parents, other)))
    parents[high] = low


def _make_index(threshold: float) -> MinHashLSH:
    from datasketch import MinHashLSH

    return MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)


def _sketches(articles: Sequence[Article]) -> Iterator[MinHash]:
    from datasketch import MinHash

    # The generator draws the permutations once, not once per article.
    shingles = (_shingles(article.body).tolist() for article in articles)
    yield from MinHash.generator(shingles, num_perm=PERMUTATIONS, hashfunc=int)


def _shingles(text: str) -> NDArray[np.uint64]:
    """32-bit hashes of an article's 5-word shingles; a shorter text is one shingle.

    A shingle's hash is a polynomial of its words' CRCs, so that each word is hashed once and not once per shingle.
    """
    words = re.findall(r"\w+", text.lower())
    crcs = np.array([zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in words], dtype=np.uint64)
    width = min(SHINGLE, len(words))
    hashes = np.zeros(max(1, len(words) - SHINGLE + 1), dtype=np.uint64)
    for offset in range(width):
        hashes = hashes * FACTOR + crcs[offset : len(crcs) - width + 1 + offset]
    # The upper half depends on every bit of every word.
    return hashes * FACTOR >> np.uint64(32)
