"""Quotes in quotation marks: which stretches are utterances, and the words that attribute them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from sorot.serving.quotes.lists.words import ACCORDING, DEMAND, PRONOUNS, REPORT, SAY, SAYING, WRITTEN
from sorot.serving.quotes.phrases import is_speaker, speaker_after, speaker_before
from sorot.serving.quotes.quotation_marks import Marked
from sorot.serving.quotes.sentences import Sentence, Word

PIECE_WORDS = 4
_ENDING = re.compile(r"[,.!?…][\"'’”)\]]*$")
_PASSIVE = re.compile(r"(?:di\w+kan|disebut|ditulis|demikian|begitu)$")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Words that attribute a quote: the offset, the verb, and the phrase of the speaker, empty for '-nya'."""

    at: int
    cue: str
    phrase: tuple[Word, ...]
    end: int


def is_utterance(text: str, quotation: Marked) -> bool:
    """Whether a stretch in quotation marks could be said: it is no title and no single term."""
    inside = text[quotation.start : quotation.end]
    return len(re.findall(r"\w+", inside)) >= 2 and _ENDING.search(inside) is not None


def count_words(text: str, quotation: Marked) -> int:
    """The number of words in a quotation."""
    return len(re.findall(r"\w[\w'’-]*", text[quotation.start : quotation.end]))


def attribution_after(words: Sequence[Word], content: str) -> Attribution | None:
    """The attribution that follows a quotation; `words` are those after it up to the next quotation."""
    i = 0
    while i < len(words) and words[i].text in ",-–—":
        i += 1
    lead = i
    while i < len(words) and words[i].lower in ("demikian", "begitu", "begitulah", "seperti") and i + 1 < len(words):
        i += 1
    if i >= len(words):
        return None
    word = words[i]
    if word.lower.endswith("nya") and word.lower[:-3] in SAY:
        return Attribution(word.start, word.text, (), word.end)
    passive = _PASSIVE.fullmatch(word.lower) is not None
    if word.lower in SAY or word.lower in ACCORDING or passive:
        begin = i + 1 + (i + 1 < len(words) and words[i + 1].lower == "oleh")
        stop, _ = speaker_after(words, begin)
        if word.lower in SAY or (begin < len(words) and is_speaker(words[begin])) or word.lower == "menurutnya":
            return Attribution(word.start, word.text, tuple(words[begin:stop]), words[stop - 1].end if stop > begin else word.end)
    if word.capital or word.lower in PRONOUNS or is_speaker(word):
        for k in range(i + 1, min(i + 20, len(words))):
            if words[k].lower in REPORT or words[k].lower in DEMAND or (words[k].lower in SAY and not words[k].capital):
                first, last = speaker_before(words, i, k)
                return Attribution(words[k].start, words[k].text, tuple(words[first:last]), words[k].end)
            if words[k].lower.startswith("meng") and k <= i + 4:
                first, last = speaker_before(words, i, k)
                return Attribution(words[k].start, words[k].text, tuple(words[first:last]), words[k].end)
    if lead < i and words[lead].lower in ("demikian", "begitu"):
        stop, _ = speaker_after(words, i)
        return Attribution(words[lead].start, words[lead].text, tuple(words[i:stop]), words[lead].end)
    if content.endswith(",") and not word.capital and i + 1 < len(words) and is_speaker(words[i + 1]):
        # A misspelt verb: 'pungjas Askolani'.
        stop, _ = speaker_after(words, i + 1)
        return Attribution(word.start, word.text, tuple(words[i + 1 : stop]), words[stop - 1].end)
    return None


def attribution_before(words: Sequence[Word]) -> Attribution | None:
    """The attribution that leads to a quotation; `words` are those before it, back to the quotation before."""
    for i in range(len(words) - 1, max(-1, len(words) - 30), -1):
        word = words[i]
        base = word.lower[:-3] if word.lower.endswith("nya") else word.lower
        if word.lower.endswith("nya") and base in SAY:
            return Attribution(word.start, word.text, (), words[-1].end)
        if word.lower in SAY or word.lower == "menurut":
            stop, _ = speaker_after(words, i + 1)
            if stop > i + 1 and is_speaker(words[i + 1]):
                return Attribution(word.start, word.text, tuple(words[i + 1 : stop]), words[-1].end)
            if i > 0 and word.lower in SAY and is_speaker(words[i - 1]):
                first, last = speaker_before(words, 0, i)
                return Attribution(word.start, word.text, tuple(words[first:last]), words[-1].end)
        if word.lower in REPORT or word.lower in DEMAND or word.lower in WRITTEN:
            first, last = speaker_before(words, 0, i)
            return Attribution(word.start, word.text, tuple(words[first:last]), words[-1].end)
        if (
            i >= len(words) - 3
            and word.lower.startswith(("men", "mem", "ber"))
            and words[-1].text in ",:"
            and word.end <= words[-1].start
        ):
            first, last = speaker_before(words, 0, i)
            if first < last and is_speaker(words[first]):
                return Attribution(word.start, word.text, tuple(words[first:last]), words[-1].end)
        if word.lower in SAYING and i + 1 < len(words) and words[-1].text == ":":
            return Attribution(word.start, word.text, tuple(words[i + 1 : -1]), words[-1].end)
    return None


def words_between(sentence: Sentence, start: int, end: int) -> list[Word]:
    """The words of a sentence from one offset to another."""
    first = bisect_left(sentence.words, start, key=attrgetter("start"))
    return list(sentence.words[first : bisect_right(sentence.words, end, first, key=attrgetter("end"))])
