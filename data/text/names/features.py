"""Features of capitalised words, by which a linear model tells the names of people from other names.

Words in lower case are never tagged, except particles inside a name ('bin', 'van'), so only a fifth of a text costs time.
Features are hashed (Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask Learning").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

BUCKETS = 2**16
# A coarse and a fine class of a word, by its key.
WordClasses = Mapping[int, tuple[int, int]]
_UNKNOWN = (255, 255)
# Punctuation marks are words of their own; a full stop belongs to an initial or an abbreviated title.
_WORD = re.compile(r"(?:[A-Z]|[Mm]uh|Moh|Abd|Dr|Ir|Hj|Drs|Prof|St)\.(?=[\s\w])|\w+(?:['’`-]\w+)*|[^\w\s]")
PARTICLES = frozenset("bin binti van von der den de da dos del di la le al el ibn bint abu".split())


@dataclass(frozen=True, slots=True)
class Word:
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
    own = [_classes_of(words[at], classes) for at in range(*run)]
    return [[crc32(name.encode()) % BUCKETS for name in _names(words, run, at, own)] for at in range(*run)]


def _classes_of(word: str, classes: WordClasses) -> tuple[int, int]:
    found = classes.get(word_key(word))
    if found is None and word.isupper():
        found = classes.get(word_key(word.title()))
    return _UNKNOWN if found is None else found


def _names(words: Sequence[str], run: tuple[int, int], at: int, classes: Sequence[tuple[int, int]]) -> Iterator[str]:
    start, stop = run

    def word(place: int) -> str:
        return words[place] if 0 <= place < len(words) else "_"

    own, lower = words[at], words[at].lower()
    before, after = word(at - 1).lower(), word(at + 1).lower()
    shape, shape_before, shape_after = _shape(own), _shape(word(at - 1)), _shape(word(at + 1))
    # The words around the whole run: a role before it, or a verb of speech around it.
    left, right = word(start - 1).lower(), word(stop).lower()
    yield f"w={lower}"
    yield f"s={lower[-3:]}"
    yield f"e={lower[-2:]}"
    yield f"p={lower[:3]}"
    yield f"shape={shape}"
    yield f"b={before}"
    yield f"a={after}"
    yield f"b2={word(at - 2).lower()} {before}"
    yield f"a2={after} {word(at + 2).lower()}"
    yield f"bw={before} {lower}"
    yield f"wa={lower} {after}"
    yield f"bs={shape_before} {shape} {shape_after}"
    yield f"l={left}"
    yield f"r={right}"
    yield f"l2={word(start - 2).lower()} {left}"
    yield f"r2={right} {word(stop + 1).lower()}"
    yield f"lr={left} {right}"
    yield f"at={min(at - start, 4)} of {min(stop - start, 6)}"
    yield f"first={words[start].lower()} {min(at - start, 3)}"
    yield f"last={words[stop - 1].lower()} {min(stop - 1 - at, 3)}"
    if start == 0:
        yield f"opens {min(at - start, 2)}"
    if at == 0:
        yield f"opens={lower}"
    here = at - start
    for kind in range(2):
        mine = classes[here][kind]
        one_before = classes[here - 1][kind] if here else -1
        one_after = classes[here + 1][kind] if here + 1 < len(classes) else -1
        yield f"c{kind}={mine}"
        yield f"cb{kind}={one_before}"
        yield f"ca{kind}={one_after}"
        yield f"cbc{kind}={one_before} {mine}"
        yield f"cca{kind}={mine} {one_after}"
        yield f"cf{kind}={classes[0][kind]} {min(here, 2)}"
        yield f"cl{kind}={classes[-1][kind]} {min(stop - 1 - at, 2)}"
        yield f"lc{kind}={left} {mine}"
        yield f"cr{kind}={mine} {right}"


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
