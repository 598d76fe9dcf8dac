"""The body cut into sentences, each with its words; a quote in quotation marks is never cut."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from sorot.data.text.sentences import split_sentences
from sorot.serving.quotes.lists.words import HONORIFICS, REPORT, ROLES
from sorot.serving.quotes.quotation_marks import Marked

# What a lost paragraph break leaves behind: 'selesai.,Kemudian', 'selesai.",Kemudian'.
_GLUE = re.compile(r"(?<=[.!?])([\"”’']*)((?:\s*,)+)(?=\s*[\"“‘'A-Z])")
# Words may hold full stops ('Tempo.co') and hyphens with spaces around them, as in tokenised text ('al - Assad').
_WORD = re.compile(r"\w+(?:[-'’./@]\w+)*|[,;:()]|[-–—]")

_LOST_SPACE = re.compile(r"(?<=[a-z]{3})\.(?=[A-Z](?!om\b|o\b|d\b|et\b|rg\b)\w)")
# Two words without a space: a verb or a capital letter begins the second.
_JOINED = re.compile(r"(\w{3,}?)((?:me|ber)[a-z]{4,}|[A-Z][a-z]+)")


class Word(NamedTuple):
    """A word or a mark of punctuation outside quotation marks."""

    start: int
    end: int
    text: str
    lower: str

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, its words outside quotation marks, and the quotations in it."""

    start: int
    end: int
    words: tuple[Word, ...]
    marked: tuple[Marked, ...]

    def first_marked(self, start: int) -> Marked | None:
        """The first quotation that opens at an offset or after it."""
        at = bisect_left(self.marked, start, key=attrgetter("open"))
        return self.marked[at] if at < len(self.marked) else None


def _words(match: re.Match[str]) -> Iterator[Word]:
    """A word, or the two that it is made of where a space was lost: 'Al Jazeeramelaporkan', 'JenderalEyal', 'MAArman'."""
    text, start = match[0], match.start()
    if (lost := _LOST_SPACE.search(text)) is not None:
        # 'dagang.Pihak': a sentence ends in between.
        for first, stop in ((0, lost.start()), (lost.start(), lost.end()), (lost.end(), len(text))):
            yield Word(start + first, start + stop, text[first:stop], text[first:stop].lower())
        return
    parts = text.split("/")
    if len(parts) > 1 and all(part.isalpha() and part[0].isupper() and len(part) > 2 for part in parts):
        # 'Rinov Rivaldy/Pitha Mentari'
        for part in re.finditer(r"\w+|/", text):
            yield Word(start + part.start(), start + part.end(), part[0], part[0].lower())
        return
    cut = _cut(text) if len(text) > 6 and text[0].isupper() else 0
    if cut:
        yield Word(start, start + cut, text[:cut], text[:cut].lower())
        start, text = start + cut, text[cut:]
    yield Word(start, match.end(), text, text.lower())


def _cut(text: str) -> int:
    """Where a second word begins in one; 0 if nowhere."""
    if (joined := _JOINED.fullmatch(text)) is not None:
        if joined[2].lower() in REPORT:
            return joined.end(1)
        if joined[2][0].isupper() and (joined[1].lower() in ROLES or joined[1].lower() in HONORIFICS):
            return joined.end(1)
    return 0


def find_sentences(text: str, marked: Sequence[Marked]) -> list[Sentence]:
    """The sentences of a text whose quotations are known; time is linear in the length of the text."""
    flat = _GLUE.sub(lambda m: m[1] + " " * len(m[2]), text.replace("\xa0", " "))
    pieces, at = [], 0
    for quotation in marked:
        inside = flat[quotation.start : quotation.end]
        first = "X" if inside[0].isupper() else "x"
        pieces += [flat[at : quotation.start], (first + "x" * (len(inside) - 2) + inside[-1])[: len(inside)]]
        at = quotation.end
    hidden = "".join([*pieces, flat[at:]])
    found, number = [], 0
    for start, end in split_sentences(hidden):
        inside_sentence = []
        while number < len(marked) and marked[number].open < end:
            if marked[number].close > start:
                inside_sentence.append(marked[number])
            number += 1
        words: list[Word] = []
        at = start
        for stop, following in [(m.open, m.close) for m in inside_sentence] + [(end, end)]:
            for match in _WORD.finditer(flat, at, max(at, stop)):
                text_here = match[0]
                if "." in text_here or "/" in text_here or (len(text_here) > 6 and text_here[0].isupper()):
                    words += _words(match)
                else:
                    words.append(Word(match.start(), match.end(), text_here, text_here.lower()))
            at = following
        found.append(Sentence(start, end, tuple(words), tuple(inside_sentence)))
    return found
