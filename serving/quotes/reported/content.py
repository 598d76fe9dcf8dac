"""Reported content: its clause, and where it begins and ends."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from operator import attrgetter

from sorot.serving.quotes.sentences import Sentence, Word

SHORTEST = 3
_RIM = " ,;:-–—\t\xa0"
_END = _RIM + ".!?…"
_DATE = re.compile(r"[\s,]*,[\s,]*(?:Senin|Selasa|Rabu|Kamis|Jum['’]?at|Sabtu|Minggu|Ahad)\b[^,.]{0,40}$")


@dataclass(frozen=True, slots=True)
class Clause:
    """Reported content `start` to `end`, where and by which word it is attributed, and the words that name the speaker.

    `same` is set where the clause has the speaker of the one before it in its sentence.
    """

    start: int
    end: int
    at: int
    cue: str
    phrase: tuple[Word, ...]
    same: bool = False
    nobody: bool = False


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without spaces and punctuation at its rims."""
    while start < end and text[start] in _RIM + "\n":
        start += 1
    while start < end and text[end - 1] in _END + "\n":
        end -= 1
    # A bracket or mark that is closed inside stays; one that is not opened inside goes.
    while start < end and text[end - 1] in '"”' and text.count('"', start, end) % 2 and "“" not in text[start:end]:
        end -= 1
    return start, end


def content_from(text: str, sentence: Sentence, begin: int, until: int | None = None) -> tuple[int, int] | None:
    """The content from word `begin` to the end of its sentence, or None if it is too short or begins with a quotation."""
    if begin >= len(sentence.words):
        return None
    start = sentence.words[begin].start
    return bounded(text, sentence, start, until or sentence.end)


def bounded(text: str, sentence: Sentence, start: int, end: int) -> tuple[int, int] | None:
    n_before = bisect_left(sentence.words, start, key=attrgetter("start"))
    # A quotation right before the words that remain is what was said.
    edge = sentence.words[n_before - 1].end if n_before else sentence.start
    lead = sentence.first_marked(edge)
    if lead is not None and lead.open < start:
        if len(text[lead.start : lead.end].split()) >= SHORTEST:
            return None
        start = lead.open
    start, end = trimmed(text, start, end)
    if date := _DATE.search(text, max(start, end - 60), end):
        start, end = trimmed(text, start, date.start())
    if len(text[start:end].split()) < SHORTEST:
        return None
    return start, end
