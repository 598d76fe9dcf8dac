"""The wide part: a linear model over the character and word n-grams of an article, as a sum over its sentences.

Two families of features, in lower case: character n-grams that cross no word boundary but may hold its edge, and words
with pairs of neighbouring words. A feature's value is (1 + ln tf) * idf, divided by the norm over the article's known
features of its family; each of its tf occurrences carries 1/tf of it, so the wide logits are sums over sentences too.

A feature's key is a 63-bit polynomial hash (Karp and Rabin 1987) and one bit for the family: the bundle needs no table
of strings, and all n-grams of an article are hashed at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from sorot.data.text.windows import Segment

CHARACTER_LENGTHS = (3, 4, 5)
CHARACTERS, WORDS = 0, 1
_WORD = re.compile(r"\w\w+")
# Any odd multipliers do; the inverse undoes a shift along the text.
_BASE = 0x9E3779B97F4A7C15
_BASE_INVERSE = pow(_BASE, -1, 1 << 64)
_PAIR = np.uint64(0xD1B54A32D192ED03)
_SPACE, _NEWLINE, _TAB, _NO_BREAK = (ord(c) for c in " \n\t\u00a0")

KeyArray = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Wide:
    """`keys` (F,) sorted feature keys, `idf` (F,), `weight` (F, n_labels)."""

    keys: KeyArray
    idf: NDArray[np.float32]
    weight: NDArray[np.float32]

    @classmethod
    def load(cls, path: Path) -> Wide:
        """Read the tensors of a bundle's linear part."""
        tensors = load_file(path)
        return cls(tensors["keys"], tensors["idf"], tensors["weight"].astype(np.float32))

    def segment_logits(self, segments: tuple[Segment, ...]) -> NDArray[np.float32]:
        """Each sentence's share of the wide logits, shape (n_segments, n_labels)."""
        keys, where = occurrences(segments)
        distinct, which, counts = np.unique(keys, return_inverse=True, return_counts=True)
        at, known = locate(distinct, self.keys)
        shares = np.zeros((self.weight.shape[1], len(distinct)))
        found = at[known]
        values = feature_values(distinct[known], counts[known], self.idf[found])
        shares[:, known] = (self.weight[found] * (values / counts[known])[:, None]).T
        # Two thirds of an article's n-grams are unknown and add nothing.
        in_model = known[which]
        which, where = which[in_model], where[in_model]
        columns = [np.bincount(where, weights=share[which], minlength=len(segments)) for share in shares]
        return np.stack(columns, axis=1).astype(np.float32)

    def article_logits(self, segments: tuple[Segment, ...], columns: slice) -> NDArray[np.float64]:
        """The whole article's wide logits for the labels of `columns`: the rounded sum of the shares, computed faster."""
        distinct, counts = np.unique(occurrence_keys(segments)[0], return_counts=True)
        at, known = locate(distinct, self.keys)
        found = at[known]
        values = feature_values(distinct[known], counts[known], self.idf[found])
        return np.asarray(values.astype(np.float64) @ self.weight[found][:, columns])


def unknown_words(text: str, known: KeyArray) -> tuple[list[str], int]:
    """The words of a text that the linear part does not know, in lower case and in order, and the number of all its words.

    `known` are its sorted keys.
    """
    words = _WORD.findall(text.lower())
    if not words:
        return [], 0
    keys = occurrence_keys((Segment(text, None, None),))[0]
    # Single words stand before the pairs of neighbours, which are last.
    _, found = locate(keys[len(keys) - 2 * len(words) + 1 : len(keys) - len(words) + 1], known)
    return [word for word, one in zip(words, found, strict=True) if not one], len(words)


def occurrences(segments: tuple[Segment, ...]) -> tuple[KeyArray, NDArray[np.int64]]:
    """Keys of all n-grams of an article, and the number of the sentence that holds each."""
    keys, positions, ends = occurrence_keys(segments)
    return keys, np.searchsorted(ends, positions, side="right") - 1


def occurrence_keys(segments: tuple[Segment, ...]) -> tuple[KeyArray, NDArray[np.int64], NDArray[np.int64]]:
    """Keys of all n-grams of an article, the position of each in its text, and the positions where sentences begin."""
    texts = [s.text.lower() for s in segments]
    text = " " + "".join(t + "\n" for t in texts)
    # surrogatepass: a reader may let a lone surrogate through; here it is a character like any other.
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    # Cleaning leaves only these spaces; any other would make n-grams that no model knows.
    space = (codes == _SPACE) | (codes == _NEWLINE) | (codes == _NO_BREAK) | (codes == _TAB)
    codes[space] = _SPACE
    ends = np.cumsum([0] + [len(t) + 1 for t in texts]) + 1
    powers = np.cumprod(np.full(len(codes), _BASE, dtype=np.uint64))
    inverses = np.cumprod(np.full(len(codes), _BASE_INVERSE, dtype=np.uint64))
    sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(codes * powers)])

    def keyed(start: NDArray[np.int64], stop: NDArray[np.int64]) -> KeyArray:
        return np.asarray((sums[stop] - sums[start]) * inverses[start], dtype=np.uint64)

    spaces = np.concatenate([[0], np.cumsum(space)])
    keys, where = [], []
    for n in CHARACTER_LENGTHS:
        start = np.arange(max(len(codes) - n + 1, 0))
        start = start[spaces[start + n - 1] == spaces[start + 1]]
        keys.append(_of_family(keyed(start, start + n), CHARACTERS))
        # The first character may be the space before a sentence; the second never is.
        where.append(start + 1)
    found = [m.span() for m in _WORD.finditer(text)]
    start, stop = (np.array(side, dtype=np.int64) for side in (zip(*found, strict=True) if found else ((), ())))
    words = keyed(start, stop)
    home = np.searchsorted(ends, start, side="right")
    neighbours = np.flatnonzero(home[1:] == home[:-1])
    keys += [_of_family(words, WORDS), _of_family(words[neighbours] * _PAIR + words[neighbours + 1], WORDS)]
    where += [start, start[neighbours]]
    return np.concatenate(keys), np.concatenate(where), ends


def _of_family(keys: KeyArray, family: int) -> KeyArray:
    # Drop the top bit, not the lowest, which alone may distinguish 'b.1' from 'a.1'.
    return (keys << np.uint64(1)) | np.uint64(family)


def locate(keys: KeyArray, known: KeyArray) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Positions of `keys` in the sorted `known`, and a mask of the keys found."""
    if len(known) == 0:
        return np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=bool)
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return at, known[at] == keys


def feature_values(keys: KeyArray, counts: NDArray[np.int64], idf: NDArray[np.float32]) -> NDArray[np.float32]:
    """TF-IDF values of an article's features with sublinear term frequency, each family at norm 1."""
    values = ((1 + np.log(counts)) * idf).astype(np.float32)
    words = (keys & np.uint64(1)).astype(bool)
    for family in (words, ~words):
        values[family] /= max(float(np.linalg.norm(values[family])), 1e-12)
    return values
