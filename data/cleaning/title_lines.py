"""Tells titles from the other short lines above an article, and reads the fields of newsletters and press clippings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sorot.data.article import Removed
from sorot.data.cleaning.datelines import find_dateline
from sorot.data.cleaning.structure import Line
from sorot.data.text.dates import parse_date

MAX_TITLE = 200
SHORT_TITLE_WORDS = 3
# A text this short is a tweet or a note: its first line is no title.
MIN_BODY_WORDS = 30
# Share of longer words that begin with a capital.
CAPITALS = 0.6
MAX_WEAK_WORDS = 20
HEAD_ROWS = 12

_FIELD = re.compile(
    r"\W{0,3}(?P<name>subject|subjek|perihal|media|nama media|tanggal(?: terbit| tayang| berita)?|tgl|date|halaman|hal"
    r"|judul(?: berita)?|title|sumber"
    r"|source|penulis|author|wartawan|reporter|from|dari|to|kepada|rubrik|edisi|link|url|tautan|kategori|nada|tone"
    r"|resume|narasumber)"
    r"\s*:\s*(?P<value>\S.{0,300})",
    re.IGNORECASE,
)
_TITLE_FIELDS = ("judul", "judul berita", "title")
_SUBJECT_FIELDS = ("subject", "subjek", "perihal")
_OUTLET_FIELDS = ("media", "nama media", "sumber", "source")
_DATE_FIELDS = ("tanggal", "tanggal terbit", "tanggal tayang", "tanggal berita", "tgl", "date")
_SUMMARY = re.compile(
    r"\W{0,3}(?:ringkasan|rangkuman|intisari|inti|poin(?:-poin)?|sorotan|highlights?|tl;?\s?dr|key points?"
    r"|hal penting)(?: (?:berita|artikel|utama|penting|penting berita|ini|cepat))*\W{0,3}",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?:[-•*–·●▪]|\d{1,2}[.)])\s")
_PIPED = re.compile(r"\s+\|\s+[\w .&-]{2,40}$")
_DASHED_SITE = re.compile(r"\s+[-–—]\s+[\w-]+(?: [\w-]+)?\.(?:com|co\.id|id|co|net|tv|news)\+?$", re.IGNORECASE)
_PAGE = re.compile(r"\s+(?:[-–|]\s+)?halaman (?:all|\d+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fields:
    """Named lines above an article, as in 'Judul: ...'; `lines` is how many lines from the top they and blank ones take."""

    title: str | None
    outlet: str | None
    date: str | None
    lines: int


def read_fields(lines: Sequence[Line]) -> Fields | None:
    """The fields that stand as 'Name: value' in the first lines, if there are two at least; None otherwise."""
    found: dict[str, str] = {}
    stop = 0
    for i, line in enumerate(lines[:HEAD_ROWS]):
        match = _FIELD.fullmatch(line.text)
        if match is None:
            break
        found.setdefault(match["name"].lower(), match["value"].strip())
        stop = i + 1
    if len(found) < 2:
        return None

    def first(names: Sequence[str]) -> str | None:
        return next((found[name] for name in names if name in found), None)

    subject = re.sub(r"^(?:(?:re|fwd?|\[[^\]]*\])\s*:?\s*)+", "", first(_SUBJECT_FIELDS) or "", flags=re.IGNORECASE)
    outlet = first(_OUTLET_FIELDS)
    if outlet and outlet.startswith(("http", "www.")):
        outlet = None
    date = first(_DATE_FIELDS)
    return Fields(first(_TITLE_FIELDS) or subject or None, outlet, date if date and parse_date(date) else None, stop)


def mark_summaries(lines: Sequence[Line]) -> list[Line]:
    """The lines, with summaries ('Ringkasan berita:' and the items after it) marked as boilerplate."""
    marked = list(lines)
    for i, line in enumerate(lines):
        if i + 1 < len(lines) and _SUMMARY.fullmatch(line.text) and _ITEM.match(lines[i + 1].text):
            stop = i + 1
            while stop < len(lines) and _ITEM.match(lines[stop].text):
                stop += 1
            for j in range(i, stop):
                marked[j] = replace(lines[j], kind="summary", sentence=False, statement=False, paragraph=False)
    return marked


def is_capitalised(text: str) -> bool:
    """Whether most longer words begin with a capital, as in the titles of Indonesian news."""
    words: list[str] = re.findall(r"[^\W\d_]{4,}", text)
    return len(words) >= 2 and sum(word[0].isupper() for word in words) >= CAPITALS * len(words)


def may_be_title(text: str) -> bool:
    """Whether a line has the form of a title: several words, not too long, no full stop, no dateline, no list item."""
    if not len(text.split()) >= SHORT_TITLE_WORDS or len(text) > MAX_TITLE:
        return False
    if re.search(r"[^.]\.[\"'”’)]*$", text) and not is_capitalised(text):
        return False
    if text.endswith((",", ":", ";")) or text.startswith(("#", "@", "http", "RT @")) or re.search(r"https?://", text):
        return False
    return find_dateline(text) is None and _ITEM.match(text) is None


def is_title_line(lines: Sequence[Line], i: int, *, blank_after: bool, dated_after: bool) -> bool:
    """Whether line `i` is the title of the text below it.

    A capitalised line is; any other needs a blank line, a date or a dateline after it.
    """
    text = lines[i].text
    if lines[i].kind is not None or not may_be_title(text) or i + 1 >= len(lines):
        return False
    if sum(len(line.text.split()) for line in lines[i + 1 :][:20]) < MIN_BODY_WORDS:
        return False
    if is_capitalised(text):
        return True
    apart = blank_after or dated_after or find_dateline(lines[i + 1].text) is not None
    return apart and not lines[i].statement and len(text.split()) <= MAX_WEAK_WORDS


def without_affix(title: str) -> str:
    """A title without the outlet that a browser shows after it: 'Judul - Kabar.com', 'Judul | Kabar', 'Judul Halaman all'."""
    previous = None
    while previous != title:
        previous = title
        for affix in (_DASHED_SITE, _PIPED, _PAGE):
            shorter = affix.sub("", title)
            if len(shorter.split()) >= SHORT_TITLE_WORDS:
                title = shorter
    return title


def removed_lines(lines: Sequence[Line], kind: str = "head") -> list[Removed]:
    """The lines as removed passages; those without a kind of their own get `kind`."""
    return [Removed(line.kind or kind, line.text) for line in lines]
