"""Features of capitalised words, by which a linear model tells the names of people from other names.

Words in lower case are never tagged, except particles inside a name ('bin', 'van'), so only a fifth of a text costs time.
Features are hashed (Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask Learning").
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from zlib import crc32

BUCKETS = 2**16
# A coarse and a fine class of a word, by its key.
WordClasses = Mapping[int, tuple[int, int]]
_UNKNOWN = (255, 255)
# Punctuation marks are words of their own; a full stop belongs to an initial or an abbreviated title.
_WORD = re.compile(r"(?:[A-Z]|[Mm]uh|Moh|Abd|Dr|Ir|Hj|Drs|Prof|St)\.(?=[\s\w])|\w+(?:['’`-]\w+)*|[^\w\s]")
# A feature is hashed as its name, '=' and its value: the hash of the beginning is the seed of the rest.
_W, _S, _E, _P, _SHAPE, _B, _A, _B2, _A2, _BW, _WA, _BS, _L, _R, _L2, _R2, _LR, _AT, _FIRST, _LAST, _OPENS = (
    crc32(f"{name}=".encode()) for name in "w s e p shape b a b2 a2 bw wa bs l r l2 r2 lr at first last opens".split()
)
# Those of the coarse and of the fine classes.
_KINDS = tuple(tuple(crc32(f"{name}{kind}=".encode()) for name in "c cb ca cbc cca cf cl lc cr".split()) for kind in range(2))
PARTICLES = frozenset("bin binti van von der den de da dos del di la le al el ibn bint abu".split())


class Word(NamedTuple):
    """A word or punctuation mark and its place in the text, in characters."""

    text: str
    start: int
    end: int


def split_words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words and punctuation marks of a text, or of its characters `start` to `end`."""
    return [Word(m[0], m.start(), m.end()) for m in _WORD.finditer(text, start, len(text) if end is None else end)]


def is_capitalised(word: str) -> bool:
    """Whether a word begins with a capital letter."""
    return word[:1].isupper()


def name_runs(words: Sequence[str]) -> list[tuple[int, int]]:
    """Half-open ranges of neighbouring capitalised words, with particles between them."""
    runs: list[tuple[int, int]] = []
    at = 0
    while at < len(words):
        if not is_capitalised(words[at]):
            at += 1
            continue
        stop = at + 1
        while stop < len(words):
            if is_capitalised(words[stop]):
                stop += 1
            elif words[stop] in PARTICLES and stop + 1 < len(words) and is_capitalised(words[stop + 1]):
                stop += 2
            else:
                break
        runs.append((at, stop))
        at = stop
    return runs


def word_key(word: str) -> int:
    """The number by which a word's classes are looked up."""
    return crc32(word.encode())


def hashed_features(words: Sequence[str], run: tuple[int, int], classes: WordClasses) -> list[list[int]]:
    """Buckets below BUCKETS of the features of each word of a run from `name_runs`, in order.

    `classes` has, by `word_key`, a coarse and a fine class of words that stand in like contexts.
    """
    start, stop = run
    # Two words on each side of the run; the place of a word in these lists is its place in the run and two.
    around = [words[at] if 0 <= at < len(words) else "_" for at in range(start - 2, stop + 2)]
    lower = [word.lower() for word in around]
    coded = [word.encode() for word in lower]
    shapes = [_shape(word).encode() for word in around]
    kinds = tuple(zip(*(_classes_of(words[at], classes) for at in range(start, stop)), strict=True))
    left, right = coded[1], coded[-2]
    left2, right2 = coded[0] + b" " + left, right + b" " + coded[-1]
    rows = []
    for here in range(stop - start):
        own, text = coded[here + 2], lower[here + 2]
        before, after = coded[here + 1], coded[here + 3]
        first, last = min(here, 3), min(stop - start - 1 - here, 3)
        row = [
            crc32(own, _W), crc32(text[-3:].encode(), _S), crc32(text[-2:].encode(), _E), crc32(text[:3].encode(), _P),
            crc32(shapes[here + 2], _SHAPE), crc32(before, _B), crc32(after, _A),
            crc32(coded[here] + b" " + before, _B2), crc32(after + b" " + coded[here + 4], _A2),
            crc32(before + b" " + own, _BW), crc32(own + b" " + after, _WA), crc32(b" ".join(shapes[here + 1 : here + 4]), _BS),
            # The words around the whole run: a role before it, or a verb of speech around it.
            crc32(left, _L), crc32(right, _R), crc32(left2, _L2), crc32(right2, _R2), crc32(left + b" " + right, _LR),
            crc32(b"%d of %d" % (min(here, 4), min(stop - start, 6)), _AT),
            crc32(b"%b %d" % (coded[2], first), _FIRST), crc32(b"%b %d" % (coded[-3], last), _LAST),
        ]  # fmt: skip
        if start == 0:
            row.append(crc32(b"opens %d" % min(here, 2)))
        if start + here == 0:
            row.append(crc32(own, _OPENS))
        for seeds, kind in zip(_KINDS, kinds, strict=True):
            mine = b"%d" % kind[here]
            one_before = b"%d" % kind[here - 1] if here else b"-1"
            one_after = b"%d" % kind[here + 1] if here + 1 < len(kind) else b"-1"
            values = (
                mine, one_before, one_after, one_before + b" " + mine, mine + b" " + one_after,
                b"%d %d" % (kind[0], min(here, 2)), b"%d %d" % (kind[-1], min(last, 2)), left + b" " + mine, mine + b" " + right,
            )  # fmt: skip
            row += map(crc32, values, seeds)
        rows.append([key % BUCKETS for key in row])
    return rows


def _classes_of(word: str, classes: WordClasses) -> tuple[int, int]:
    found = classes.get(word_key(word))
    if found is None and word.isupper():
        found = classes.get(word_key(word.title()))
    return _UNKNOWN if found is None else found


def _shape(word: str) -> str:
    if len(word) == 2 and word[1] == ".":
        return "initial"
    if word.isupper():
        return f"upper{min(len(word), 6)}"
    if word[:1].isupper():
        return "mixed" if not word[1:].islower() else "title"
    if word.isdigit():
        return "digits"
    return "lower" if word[:1].isalpha() else word[:1]
