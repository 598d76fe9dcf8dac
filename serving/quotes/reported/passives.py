"""Judgements in the passive, and sentences that the next one attributes."""

from __future__ import annotations

import re

from sorot.serving.quotes.lists.words import (
    JUDGED,
    OPENERS,
)
from sorot.serving.quotes.phrases import is_speaker, speaker_after
from sorot.serving.quotes.reported.content import Clause, bounded
from sorot.serving.quotes.sentences import Sentence, Word

_THAT_WAS_SAID = re.compile(r"(?:Hal|Pernyataan|Demikian|Penegasan|Penjelasan|Imbauan|Informasi)\b")
_SAID = re.compile(
    r"di(?:sampaikan|katakan|ungkapkan|kemukakan|tegaskan|jelaskan|utarakan|nyatakan|lontarkan)|kata|ujar|ungkap|tutur"
)


def judged(text: str, sentence: Sentence) -> Clause | None:
    """A passive judgement as a whole, 'Aturan itu dinilai ...': somebody's, though the sentence says not whose."""
    words = sentence.words
    for i, word in enumerate(words[1:], 1):
        if word.lower not in JUDGED or any(w.lower == "yang" for w in words[max(0, i - 8) : i]):
            continue
        first = 0
        while first < i and (words[first].lower in OPENERS or words[first].text == ","):
            first += 1
        bounds = bounded(text, sentence, words[min(first, i)].start, sentence.end)
        if bounds is None:
            return None
        phrase: tuple[Word, ...] = ()
        if i + 2 < len(words) and words[i + 1].lower == "oleh":
            stop, _ = speaker_after(words, i + 2)
            phrase = tuple(words[i + 2 : stop])
        return Clause(*bounds, word.start, word.text, phrase, nobody=not phrase)
    return None


def referred(text: str, sentence: Sentence) -> tuple[str, int, tuple[Word, ...]] | None:
    """The verb, its offset and the speaker of 'Hal itu disampaikan Budi', which attributes the sentence before it."""
    words = sentence.words
    if not words or _THAT_WAS_SAID.match(text, sentence.start) is None:
        return None
    for i in range(1, min(len(words), 6)):
        if _SAID.fullmatch(words[i].lower):
            begin = i + 1
            while begin < len(words) and words[begin].lower in ("oleh", "langsung", "juga", "sendiri"):
                begin += 1
            stop, _ = speaker_after(words, begin)
            if stop > begin and is_speaker(words[begin]):
                return words[i].text, words[i].start, tuple(words[begin:stop])
    return None
