"""Reported speech without quotation marks: the content of what somebody said, asked or judged, clause by clause."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter

from sorot.serving.quotes.lists.words import (
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
from sorot.serving.quotes.phrases import is_speaker, speaker_after, speaker_before
from sorot.serving.quotes.reported.cited import from_noun, from_source
from sorot.serving.quotes.reported.content import Clause, bounded, content_from
from sorot.serving.quotes.sentences import Sentence, Word

_SAME_SUBJECT = frozenset("dan serta sambil sembari seraya dengan sekaligus tetapi tapi namun".split())
_NEGATIONS = frozenset("tidak tak belum enggan ogah bukan jangan".split())
_NOT_SOURCES = frozenset("uu undang-undang pasal rencana jadwal hemat ayat kuhp perpres peraturan kamus".split())
# Verbs that report only before a connective or a comma; otherwise they have a thing as their object.
_LINKED = frozenset(
    "melaporkan menyampaikan menulis mengenang khawatir menargetkan menjawab memberitakan mewartakan menyuarakan menolak".split()
)
# Words before a verb in a clause that reports nothing.
_NOT_REPORTED = frozenset(
    """
    untuk yang bisa dapat harus akan mau dalam berusaha aktif seperti tanpa rangka perlu hak kebebasan ingin guna demi agar
    diwajibkan wajib boleh diminta kami kita saya cara
    """.split()
)
_LAWS = frozenset("pasal ayat uu undang-undang permen perpres pergub huruf".split())
_ADVERBIAL = frozenset("dalam di saat seusai usai lewat melalui kepada dengan langsung secara sekaligus yang ketika ke".split())
_BESIDES = frozenset("pada di saat dalam usai kepada seperti sebagaimana melalui lewat".split())
# Words that can begin a reported clause, beside those of SAY_INSIDE with -nya.
_OPENING = ACCORDING | SAY_INSIDE | REPORT | DEMAND | SAYING | CITING
_TO = frozenset("kepada pada terhadap ke".split())


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
        if word.lower not in _OPENING and not word.lower.endswith("nya"):
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
            found = from_noun(text, sentence, i)
        elif word.lower in CITING and i <= low + 2 and not quoted[:1]:
            found = from_source(text, sentence, i)
        if found is not None:
            yield found
            spoken = True
            i = next((k for k in range(i + 1, len(words)) if words[k].start >= found.end), len(words))
            low = i
            continue
        i += 1


def _next_verb(words: Sequence[Word], begin: int) -> int | None:
    """The offset where another report of the same speaker begins: '... dan mengatakan ...'."""
    for k in range(begin + 1, len(words)):
        joined = words[k].lower in REPORT and words[k - 1].lower in ("dan", "serta", "tetapi", "namun") and k + 1 < len(words)
        if joined and (words[k].lower not in _LINKED or words[k + 1].lower in CONNECTIVES):
            return words[k - 1].start
    return None


def _after_quotation(text: str, sentence: Sentence, i: int) -> bool:
    """Whether a verb attributes a quotation: it stands right after one."""
    at = sentence.words[i].start
    n_before = bisect_right(sentence.marked, at, key=attrgetter("close"))
    return n_before > 0 and not text[sentence.marked[n_before - 1].close : at].strip(" ,\xa0\n-–—")


def _skip_to(words: Sequence[Word], i: int) -> int:
    """Past 'kepada wartawan di Jakarta, Senin (3/4),' and the like, if a connective or a comma ends it."""
    if i < len(words) and (
        words[i].lower in _TO or words[i].lower in ("dalam", "di", "saat", "melalui", "lewat", "seusai", "usai", "ketika")
    ):
        for k in range(i + 1, min(i + 25, len(words))):
            if words[k].lower in CONNECTIVES:
                return k
            if words[k].text == "," and not (
                k + 1 < len(words) and ((words[k + 1].capital and words[k + 1].lower in STOPS) or words[k + 1].text == "(")
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
    following = words[verb + 1].lower if verb + 1 < len(words) else ""
    if before in _NOT_REPORTED and (following not in CONNECTIVES or before != "yang"):
        return None
    if any(w.lower in _LAWS for w in words[max(low, verb - 5) : verb]):
        return None
    begin, linked = _skip_lead(words, verb + 1)
    if word.lower in DEMAND:
        begin = next((k + 1 for k in range(begin, min(begin + 12, len(words))) if words[k].lower in ("agar", "supaya")), begin)
    if begin < len(words) and not linked and words[begin].lower in _ADVERBIAL:
        return None
    if word.lower in _LINKED and not linked:
        return None
    bounds = content_from(text, sentence, begin, until=_next_verb(words, begin))
    if bounds is None:
        return None
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
        stop, goes = speaker_after(words, begin, closed=True)
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
    stop, goes = speaker_after(words, begin, closed=True)
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
    if goes < len(words) and words[goes].lower in _BESIDES:
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
    after = content_from(text, sentence, goes)
    before = bounded(text, sentence, words[first].start, words[i].start) if first < i else None
    if (
        after is not None
        and i > low
        and words[i - 1].text != ","
        and (after[1] - after[0]) * 3 > words[i].start - words[low].start
    ):
        before = None
    held = None if before is None else sentence.first_marked(before[0])
    if before is not None and held is not None and held.close <= before[1] and after:
        before = None
    best = max((p for p in (after, before) if p is not None), key=lambda p: p[1] - p[0], default=None)
    if best is None:
        return None
    return Clause(*best, words[i].start, words[i].text, phrase)
