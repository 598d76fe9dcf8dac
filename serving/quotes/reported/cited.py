"""Reported content that a noun or a source attributes: 'kabar bahwa ...', 'Mengutip Reuters, ...'."""

from __future__ import annotations

from sorot.serving.quotes.lists.words import DEMAND, REPORT, SAY_INSIDE, STOPS
from sorot.serving.quotes.phrases import is_speaker
from sorot.serving.quotes.reported.content import Clause, content_from
from sorot.serving.quotes.sentences import Sentence


def from_noun(text: str, sentence: Sentence, i: int) -> Clause | None:
    """'kabar bahwa ...', 'tudingan sejumlah aktivis bahwa ...'."""
    words = sentence.words
    for k in range(i + 1, min(i + 10, len(words))):
        if words[k].text in ",;:" or words[k].lower in REPORT:
            return None
        if words[k].lower in ("bahwa", "bahwasanya") or (
            words[k].lower == "agar" and words[i].lower in ("seruan", "imbauan", "permintaan")
        ):
            bounds = content_from(text, sentence, k + 1)
            if bounds is None:
                return None
            phrase = tuple(words[i + 1 : k])
            named = bool(phrase) and is_speaker(phrase[0])
            return Clause(*bounds, words[i].start, words[i].text, phrase if named else (), nobody=not named)
    return None


def from_source(text: str, sentence: Sentence, i: int) -> Clause | None:
    """'Mengutip Reuters, ...', 'Dilansir dari Antara, Senin (3/4), ...'."""
    words = sentence.words
    begin = i + 1
    while begin < len(words) and words[begin].lower in ("dari", "oleh", "laman", "situs", "akun", "kantor", "berita"):
        begin += 1
    if begin >= len(words) or not words[begin].capital:
        return None
    stop = next(
        (
            k
            for k in range(begin, min(begin + 20, len(words)))
            if words[k].text == "," or (words[k].lower in STOPS and not words[k].capital)
        ),
        None,
    )
    if stop is None:
        return None
    comma = (
        stop
        if words[stop].text == ","
        else next((k for k in range(stop, min(stop + 12, len(words))) if words[k].text == ","), None)
    )
    if comma is None:
        return None
    while comma + 1 < len(words) and words[comma + 1].capital and words[comma + 1].lower in STOPS:
        following = next((k for k in range(comma + 1, min(comma + 12, len(words))) if words[k].text == ","), None)
        if following is None:
            return None
        comma = following
    if any(w.lower in REPORT or w.lower in SAY_INSIDE or w.lower in DEMAND for w in words[comma:]):
        return None
    bounds = content_from(text, sentence, comma + 1)
    if bounds is None:
        return None
    return Clause(*bounds, words[i].start, words[i].text, tuple(words[begin:stop]))
