"""Sentences that two texts share, side by side: what the second kept, changed, dropped and added."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from sorot.data.text.sentences import split_sentences

Kind = Literal["same", "changed", "dropped", "added"]
# Least Dice coefficient of the words of two versions of one sentence.
ALIKE = 0.6
# Shorter sentences match only word for word.
MIN_WORDS = 4
_WORD = re.compile(r"\w+")

# Whether a stretch stands in this text alone, and the stretch.
Stretch = tuple[bool, str]


@dataclass(frozen=True, slots=True)
class AlignedSentences:
    """A sentence of the first text and its counterpart in the second, as stretches; an empty side has none."""

    kind: Kind
    first: tuple[Stretch, ...] = ()
    second: tuple[Stretch, ...] = ()


def align_texts(first: str, second: str) -> list[AlignedSentences]:
    """Every sentence of both texts once, in the order of the second; dropped ones stand before what followed them.

    Sentences with the same words are the same; then the most alike of the rest, by the Dice coefficient of their words
    (Dice 1945), are versions of each other.
    """
    ours, theirs = _sentences(first), _sentences(second)
    partner = _partners([_words(s) for s in ours], [_words(s) for s in theirs])
    taken = set(partner.values())
    rows: list[AlignedSentences] = []
    position = 0
    for place, sentence in enumerate(theirs):
        match = partner.get(place)
        if match is None:
            rows.append(AlignedSentences("added", second=((True, sentence),)))
            continue
        rows += _dropped(ours, position, match, taken)
        position = max(position, match)
        rows.append(_pair(ours[match], sentence))
    return rows + _dropped(ours, position, len(ours), taken)


def count_kinds(rows: Sequence[AlignedSentences]) -> Counter[Kind]:
    """How many rows there are of each kind."""
    return Counter(row.kind for row in rows)


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def _words(sentence: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(sentence.casefold()))


def _partners(ours: list[tuple[str, ...]], theirs: list[tuple[str, ...]]) -> dict[int, int]:
    """By the place of a sentence of the second text the place of its counterpart in the first."""
    waiting: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, words in reversed(list(enumerate(ours))):
        waiting[words].append(place)
    partner = {place: waiting[words].pop() for place, words in enumerate(theirs) if words and waiting.get(words)}
    used = set(partner.values())
    # Candidates share a word; common words alone make no candidate that is alike.
    holders: dict[str, set[int]] = defaultdict(set)
    for place, words in enumerate(ours):
        if place not in used and len(words) >= MIN_WORDS:
            for word in words:
                holders[word].add(place)
    found = []
    for place, words in enumerate(theirs):
        if place in partner or len(words) < MIN_WORDS:
            continue
        shared = Counter(other for word in set(words) for other in holders.get(word, ()))
        found += [(-dice, place, other) for other in shared if (dice := _dice(words, ours[other])) >= ALIKE]
    for _, place, other in sorted(found):
        if place not in partner and other not in used:
            partner[place] = other
            used.add(other)
    return partner


def _dice(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    shared = (Counter(one) & Counter(other)).total()
    return 2 * shared / (len(one) + len(other))


def _dropped(ours: list[str], start: int, end: int, taken: set[int]) -> list[AlignedSentences]:
    return [AlignedSentences("dropped", ((True, ours[place]),)) for place in range(start, end) if place not in taken]


def _pair(one: str, other: str) -> AlignedSentences:
    if _words(one) == _words(other):
        return AlignedSentences("same", ((False, one),), ((False, other),))
    left, right = re.findall(r"\S+\s*", one), re.findall(r"\S+\s*", other)
    matcher = SequenceMatcher(None, [_words(w) or w for w in left], [_words(w) or w for w in right], autojunk=False)
    first: list[Stretch] = []
    second: list[Stretch] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        own = kind != "equal"
        first += [(own, "".join(left[a:b]))] if b > a else []
        second += [(own, "".join(right[c:d]))] if d > c else []
    return AlignedSentences("changed", tuple(first), tuple(second))
