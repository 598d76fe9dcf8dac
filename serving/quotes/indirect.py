"""Reported speech without quotation marks: the content of what somebody said, asked or judged, clause by clause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sorot.serving.quotes.phrases import is_speaker, speaker_after, speaker_before
from sorot.serving.quotes.sentences import Sentence, Word
from sorot.serving.quotes.words import (
    ACCORDING,
    ADVERBS,
    CITING,
    CONNECTIVES,
    DEMAND,
    OPENERS,
    PRONOUNS,
    REPORT,
    SAY_INSIDE,
    SAYING,
    STOPS,
)

SHORTEST = 3
_RIM = " ,;:-–—\t\xa0"
_END = _RIM + ".!?…"
_SAME_SUBJECT = frozenset("dan serta sambil sembari seraya dengan sekaligus tetapi tapi namun".split())
_NEGATIONS = frozenset("tidak tak belum enggan ogah bukan jangan".split())
_NOT_SOURCES = frozenset("uu undang-undang pasal rencana jadwal hemat ayat kuhp perpres peraturan kamus".split())
_TO = frozenset("kepada pada terhadap ke".split())


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


def clauses_of(text: str, sentence: Sentence) -> Iterator[Clause]:
    """The reported clauses of a sentence, in order and apart from each other."""
    words = sentence.words
    quoted = sentence.marked
    # 'Baca juga: Orangtua Khawatir ...' is the headline of another article.
    headline = (
        len(words) > 1 and words[0].text in ("Baca", "Simak", "Lihat", "BACA") and words[1].text in ("juga", ":", "Juga", "JUGA")
    )
    i = 0
    low = 0
    spoken = False
    while i < len(words):
        found = None
        word = words[i]
        if headline and word.capital:
            i += 1
            continue
        if word.lower in ACCORDING:
            found = _according(text, sentence, i, low)
        elif word.lower in SAY_INSIDE or (word.lower.endswith("nya") and word.lower[:-3] in SAY_INSIDE):
            if _after_quotation(text, sentence, i):
                spoken = True
                # The attribution of a quotation is not a subject of what follows.
                low = max(low, i)
            else:
                found = _inside(text, sentence, i, low)
        elif word.lower in REPORT or word.lower in DEMAND:
            found = _reported(text, sentence, i, low, spoken)
        elif word.lower in SAYING and i + 1 < len(words):
            found = _noun(text, sentence, i)
        elif word.lower in CITING and i <= low + 2 and not quoted[:1]:
            found = _cited(text, sentence, i)
        if found is not None:
            yield found
            spoken = True
            i = next((k for k in range(i + 1, len(words)) if words[k].start >= found.end), len(words))
            low = i
            continue
        i += 1


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


def _content(text: str, sentence: Sentence, begin: int) -> tuple[int, int] | None:
    """The content from word `begin` to the end of its sentence, or None if it is too short or begins with a quotation."""
    if begin >= len(sentence.words):
        return None
    start = sentence.words[begin].start
    return _bounded(text, sentence, start, sentence.end)


def _bounded(text: str, sentence: Sentence, start: int, end: int) -> tuple[int, int] | None:
    previous = [w for w in sentence.words if w.start < start]
    # A quotation right before the words that remain is what was said.
    edge = previous[-1].end if previous else sentence.start
    if any(edge <= m.open < start for m in sentence.marked):
        lead = [m for m in sentence.marked if edge <= m.open < start]
        if len(text[lead[0].start : lead[0].end].split()) >= SHORTEST:
            return None
        start = lead[0].open
    start, end = trimmed(text, start, end)
    if len(text[start:end].split()) < SHORTEST:
        return None
    return start, end


def _after_quotation(text: str, sentence: Sentence, i: int) -> bool:
    """Whether a verb attributes a quotation: it stands right after one."""
    at = sentence.words[i].start
    return any(m.close <= at and not text[m.close : at].strip(" ,\xa0\n-–—") for m in sentence.marked)


def _skip_to(words: Sequence[Word], i: int) -> int:
    """Past 'kepada wartawan di Jakarta, Senin (3/4),' and the like, if a connective or a comma ends it."""
    if i < len(words) and (
        words[i].lower in _TO or words[i].lower in ("dalam", "di", "saat", "melalui", "lewat", "seusai", "usai", "ketika")
    ):
        for k in range(i + 1, min(i + 25, len(words))):
            if words[k].lower in CONNECTIVES:
                return k
            if words[k].text == "," and not (
                k + 1 < len(words) and (words[k + 1].capital and words[k + 1].lower in STOPS or words[k + 1].text == "(")
            ):
                return k + 1
    return i


def _skip_lead(words: Sequence[Word], i: int) -> tuple[int, bool]:
    """Past what stands between a verb and its content; and whether a connective or punctuation introduced it."""
    linked = False
    while i < len(words) and (
        words[i].lower in ("juga", "pula", "kembali", "pun", "lagi", "jelas", "tegas") or words[i].text in ",:"
    ):
        linked = linked or words[i].text in ",:"
        i += 1
    j = _skip_to(words, i)
    if j != i:
        i, linked = j, True
    while i < len(words) and (words[i].lower in CONNECTIVES or words[i].text in ",:"):
        linked = True
        i += 1
    return i, linked


def _reported(text: str, sentence: Sentence, verb: int, low: int, spoken: bool) -> Clause | None:
    words = sentence.words
    word = words[verb]
    before = words[verb - 1].lower if verb > low else ""
    if before in _NEGATIONS and word.lower not in ("menampik", "membantah", "menyangkal"):
        return None
    if (
        before in ("untuk", "yang", "bisa", "dapat", "harus", "akan", "mau", "untuk")
        and words[min(verb + 1, len(words) - 1)].lower not in CONNECTIVES
    ):
        return None
    begin, linked = _skip_lead(words, verb + 1)
    bounds = _content(text, sentence, begin)
    if bounds is None:
        return None
    del linked
    first, last = speaker_before(words, low, verb)
    phrase = tuple(words[first:last])
    same = not phrase and spoken
    if before in _SAME_SUBJECT or (spoken and before == ""):
        same, phrase = spoken, () if spoken else _first_subject(words, low, verb)
    if not phrase and not same and verb > low:
        phrase = _first_subject(words, low, verb)
    return Clause(*bounds, word.start, word.text, phrase, same)


def _first_subject(words: Sequence[Word], low: int, verb: int) -> tuple[Word, ...]:
    i = low
    while i < verb and (words[i].lower in OPENERS or words[i].lower in ADVERBS or words[i].text == ","):
        i += 1
    if i < verb and is_speaker(words[i]):
        stop, _ = speaker_after(words, i)
        return tuple(words[i : min(stop, verb)])
    return ()


def _according(text: str, sentence: Sentence, i: int, low: int) -> Clause | None:
    words = sentence.words
    begin = i + 1
    if words[i].lower == "menurutnya":
        stop = goes = begin
    else:
        if begin < len(words) and words[begin].lower == "kata":
            begin += 1
        if begin >= len(words) or words[begin].lower in _NOT_SOURCES:
            return None
        stop, goes = speaker_after(words, begin)
        if stop == begin:
            return None
    return _around(text, sentence, i, goes, low, tuple(words[begin:stop]))


def _inside(text: str, sentence: Sentence, i: int, low: int) -> Clause | None:
    """Content around ', kata Budi,' or after 'Kata dia, '."""
    words = sentence.words
    word = words[i]
    if word.lower.endswith("nya") and word.lower not in SAY_INSIDE:
        if not (i == low or words[i - 1].text == ",") and not (i + 1 < len(words) and words[i + 1].text == ","):
            return None
        return _around(text, sentence, i, i + 1, low, ())
    begin = i + 1
    if begin >= len(words) or not (words[begin].capital or words[begin].lower in PRONOUNS or is_speaker(words[begin])):
        return None
    stop, goes = speaker_after(words, begin)
    if stop == begin:
        return None
    at_rim = goes >= len(words) or words[goes].text == "," or words[begin].lower in PRONOUNS
    before = i == low or words[i - 1].text == "," or words[begin].lower in PRONOUNS
    if not (at_rim or before) or (words[i].lower == "kata" and not at_rim and not before):
        return None
    return _around(text, sentence, i, goes, low, tuple(words[begin:stop]))


def _around(text: str, sentence: Sentence, i: int, goes: int, low: int, phrase: tuple[Word, ...]) -> Clause | None:
    """The longer of the pieces before and after an attribution from word `i` to word `goes`."""
    words = sentence.words
    if goes < len(words) and words[goes].lower in (
        "pada",
        "di",
        "saat",
        "dalam",
        "usai",
        "kepada",
        "seperti",
        "sebagaimana",
        "melalui",
        "lewat",
    ):
        goes = next(
            (
                k + 1
                for k in range(goes, min(goes + 25, len(words)))
                if words[k].text == "," and not (k + 1 < len(words) and words[k + 1].lower in STOPS and words[k + 1].capital)
            ),
            len(words) if i > low + 3 else goes,
        )
    while goes < len(words) and (words[goes].lower in CONNECTIVES or words[goes].text in ",:"):
        goes += 1
    first = low
    while first < i and (words[first].lower in OPENERS or words[first].text == ","):
        first += 1
    after = _content(text, sentence, goes)
    before = _bounded(text, sentence, words[first].start, words[i].start) if first < i else None
    if before is not None and any(m.open >= before[0] and m.close <= before[1] for m in sentence.marked) and after:
        before = None
    best = max((p for p in (after, before) if p is not None), key=lambda p: p[1] - p[0], default=None)
    if best is None:
        return None
    return Clause(*best, words[i].start, words[i].text, phrase)


def _noun(text: str, sentence: Sentence, i: int) -> Clause | None:
    """'kabar bahwa ...', 'tudingan sejumlah aktivis bahwa ...'."""
    words = sentence.words
    for k in range(i + 1, min(i + 10, len(words))):
        if words[k].text in ",;:" or words[k].lower in REPORT:
            return None
        if words[k].lower in ("bahwa", "bahwasanya"):
            bounds = _content(text, sentence, k + 1)
            if bounds is None:
                return None
            phrase = tuple(words[i + 1 : k])
            named = bool(phrase) and is_speaker(phrase[0])
            return Clause(*bounds, words[i].start, words[i].text, phrase if named else (), nobody=not named)
    return None


def _cited(text: str, sentence: Sentence, i: int) -> Clause | None:
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
    bounds = _content(text, sentence, comma + 1)
    if bounds is None:
        return None
    return Clause(*bounds, words[i].start, words[i].text, tuple(words[begin:stop]))
