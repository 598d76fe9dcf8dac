"""The digest of an article: what comparing it with others needs, as small arrays instead of text."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from datasketch import MinHash
from numpy.typing import NDArray

from sorot.data.article import Article

# Words of a run: two articles share text where they share a run of this many words.
RUN = 4
SKETCH_WIDTH = 3
# Sketches of 21 bands of 3 values find half of the pairs with a Jaccard similarity of 0.32, and 94 % of those with 0.5.
BANDS, BAND_ROWS = 21, 3
# Bits of `Digest.marks`.
SMALL, QUOTED = 1, 2
# An odd 64-bit number: products modulo 2^64 mix all lower bits into the upper ones.
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
_WORD = re.compile(r"\w+")
_NAME = re.compile(r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)+")
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
_YEAR = re.compile(r"(?:19|20)\d\d")
_QUOTE = re.compile(r'["“”][^"“”]{1,1500}["“”]')
# The text of a law is quoted by whoever reports on it, with or without marks.
_LAW = re.compile(r"\b(?:dipidana|pidana penjara paling|denda paling banyak|sebagaimana dimaksud)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.\n]|$")
_MONTHS = "januari februari maret april mei juni juli agustus september oktober november desember".split()
_WEEKDAYS = "senin|selasa|rabu|kamis|jumat|jum'at|sabtu|minggu|ahad"
_DATE = re.compile(
    rf"(?:\b({_WEEKDAYS}),? ?\(?)?\b(\d{{1,2}})(?:[/-](\d{{1,2}})[/-]| ({'|'.join(_MONTHS)}) )((?:19|20)\d\d)\b", re.IGNORECASE
)
# An article names its own day near the beginning, mostly with the weekday: 'Selasa (6/5/2031)'.
_DATE_WITHIN = 1500


@dataclass(frozen=True, slots=True)
class Digest:
    """One article for comparison. Words and numbers are 32-bit hashes.

    `day` is the day of publication as an ordinal; where that is unknown, the latest day that the text names near its beginning,
    those with a weekday first, or None. `terms` are the distinct words and names of title and body with their `counts`, those
    of the title counted twice. `runs` are the hashes of every RUN consecutive words of the body and `marks` the bits SMALL
    (begins in lower case) and QUOTED of each word. `numbers` are the distinct numbers with their digits as `digits`; `sketch`
    is the MinHash of the body's 3-word shingles (Broder 1997).
    """

    id: str
    published: datetime | date | None
    day: int | None
    terms: NDArray[np.uint32]
    counts: NDArray[np.float32]
    runs: NDArray[np.uint32]
    marks: NDArray[np.uint8]
    numbers: NDArray[np.uint32]
    digits: NDArray[np.float32]
    sketch: NDArray[np.uint32]


def make_digests(articles: Sequence[Article]) -> list[Digest]:
    """The digests of prepared articles, in order."""
    words = [_WORD.findall(article.body) for article in articles]
    codes = [_hash_all(word.lower() for word in found) for found in words]
    shingles = (_join_hashes(own, min(SKETCH_WIDTH, max(1, len(own)))).tolist() for own in codes)
    # The generator draws the permutations once, not once per article.
    sketches = MinHash.generator(shingles, num_perm=BANDS * BAND_ROWS, hashfunc=int)
    return [
        _digest(article, found, own, sketch) for article, found, own, sketch in zip(articles, words, codes, sketches, strict=True)
    ]


def count_terms(article: Article) -> Counter[int]:
    """The hashes of an article's words and names with their counts, as in `Digest.terms`."""
    text = f"{article.title or ''}\n{article.title or ''}\n{article.body}"
    counts: Counter[int] = Counter()
    for word, count in Counter(_WORD.findall(text.lower())).items():
        counts[_hash(word)] += count
    # A name of several words is one more term, so that two articles on the same people are closer than their words say.
    for name, count in Counter(_NAME.findall(text)).items():
        counts[_hash(name.lower())] += count
    return counts


def _digest(article: Article, words: list[str], codes: NDArray[np.uint64], sketch: MinHash) -> Digest:
    counts = count_terms(article)
    numbers = {_hash(text): _weight(text) for text in _NUMBER.findall(f"{article.title or ''}\n{article.body}")}
    terms = sorted(counts)
    return Digest(
        id=article.id,
        published=article.published,
        day=_day(article),
        terms=np.array(terms, np.uint32),
        counts=np.array([counts[term] for term in terms], np.float32),
        runs=_join_hashes(codes, RUN).astype(np.uint32),
        marks=_marks(article.body, words),
        numbers=np.array(list(numbers), np.uint32),
        digits=np.array(list(numbers.values()), np.float32),
        sketch=np.asarray(sketch.hashvalues, np.uint64).astype(np.uint32),
    )


def _hash(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def _hash_all(words: Iterable[str]) -> NDArray[np.uint64]:
    return np.array([_hash(word) for word in words], dtype=np.uint64)


def _join_hashes(codes: NDArray[np.uint64], width: int) -> NDArray[np.uint64]:
    """32-bit hashes of every `width` consecutive words, a polynomial of the words' hashes; none where there are fewer words."""
    number = max(0, len(codes) - width + 1)
    hashes = np.zeros(number, dtype=np.uint64)
    for offset in range(width):
        hashes = hashes * _FACTOR + codes[offset : offset + number]
    # The upper half depends on every bit of every word.
    return hashes * _FACTOR >> _HALF


def _marks(body: str, words: list[str]) -> NDArray[np.uint8]:
    """The bits of each word: SMALL, and QUOTED inside quotation marks or the text of a law."""
    starts = np.fromiter((match.start() for match in _WORD.finditer(body)), np.int64, len(words))
    marks = np.fromiter((SMALL if word[0].islower() else 0 for word in words), np.uint8, len(words))
    quotes = [match.span() for match in _QUOTE.finditer(body)]
    for low, high in (*quotes, *_laws(body)):
        marks[slice(*np.searchsorted(starts, (low, high)))] |= QUOTED
    return marks


def _laws(body: str) -> Iterator[tuple[int, int]]:
    """The spans of sentences in the words of a law, in time linear in the text."""
    end = 0
    for match in _LAW.finditer(body):
        if match.start() >= end:
            start = max(end, body.rfind(".", end, match.start()) + 1, body.rfind("\n", end, match.start()) + 1)
            ending = _SENTENCE_END.search(body, match.end())
            end = ending.start() if ending else len(body)
            yield start, end


def _weight(number: str) -> float:
    """The digits of a number, as longer numbers agree by chance less often; a year says hardly anything."""
    return 1.0 if _YEAR.fullmatch(number) else float(sum(letter.isdigit() for letter in number))


def _day(article: Article) -> int | None:
    if article.published is not None:
        return article.published.toordinal()
    days: list[tuple[bool, int]] = []
    for weekday, day, month, name, year in _DATE.findall(article.body[:_DATE_WITHIN]):
        number = _MONTHS.index(name.lower()) + 1 if name else int(month)
        try:
            days.append((bool(weekday), date(int(year), number, int(day)).toordinal()))
        except ValueError:
            # '31/02/2020' is no day.
            continue
    return max(days)[1] if days else None
