"""Reads title, outlet and date from the short lines above an article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sorot.data.article import Removed
from sorot.data.cleaning.datelines import find_dateline
from sorot.data.cleaning.structure import Line
from sorot.data.cleaning.title_lines import MAX_TITLE, SHORT_TITLE_WORDS, is_capitalised, without_affix
from sorot.data.text.dates import find_date

HEAD_LINES = 40
MAX_DATE_LINE = 100
# Words beside the date in a line that ends like a sentence and is none.
MAX_BESIDE = 3
TITLE_WORDS = 4
MAX_OUTLET = 40
_TIME = re.compile(r"\d{1,2}[:.]\d{2}(?!\d|[./-])")
_SITE = re.compile(r"[\w-]+\.(?:com|co\.id|id|co|net)", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s+[-–—]\s*|\s*[|,·•]\s*|\s*/\s+")
# 'Rina Kusuma - kabarNews', 'Wisnu Putra Kabar.Com': a reporter, then the outlet.
_BYLINE = re.compile(
    r"[A-Z][\w.' ]{2,40}(?:\s[-–|]\s(?P<outlet>[\w.]+(?: [\w.]+){0,2})|\s(?P<site>[\w-]+\.(?:com|co\.id|id|co|net)))", re.I
)
_DAYS = frozenset(
    """
    senin selasa rabu kamis jumat jum'at jum’at sabtu minggu ahad monday tuesday wednesday thursday friday saturday
    sunday mon tue wed thu fri sat sun sen sel rab kam jum sab min ming
    """.split()
)
# Words next to a date that are not part of an outlet's name.
_DATE_WORDS = frozenset(
    """
    oleh by diterbitkan diperbarui dipublikasikan dipublikasi terbit tayang diunggah diposting published posted updated
    update last terakhir on at pada tanggal pukul jam wib wita wit kemarin calendar_month calendar schedule date tgl waktu baca
    menit
    """.split()
)
_ROLES = frozenset("jurnalis wartawan reporter editor kontributor penulis koresponden redaktur admin penyunting".split())
# Words in the names of outlets, and hardly ever in a person's.
_OUTLET_WORDS = frozenset(
    """
    harian kabar berita warta media suara pos post news tribun tv radio koran tempo kompas lentera nusantara online info portal
    tabloid majalah jurnal lintas fajar sinar pikiran rakyat times daily indonesia republika antara viva merdeka detik bisnis
    ekonomi sindo jawa bali raya pagi petang sore siang kota global nasional terkini today network digital channel voice metro
    press pers gatra mimbar cakrawala waspada serambi analisa bola liputan aktual redaksi tim
    """.split()
)


@dataclass(frozen=True, slots=True)
class Head:
    """The fields above an article; `date` is the whole date line, `removed` all lines of the head with their kinds."""

    title: str | None
    outlet: str | None
    date: str | None
    removed: tuple[Removed, ...]


def is_dated(lines: Sequence[Line]) -> bool:
    """Whether one of the lines is a date line."""
    return any(is_date_line(line.text) for line in lines)


def find_lead(lines: Sequence[Line], first: int) -> int:
    """Index of the first body line: the short sentences right above the first paragraph, if any, are the lead."""
    # A page's first line is never a lead, since no title precedes it.
    while first > 1:
        line = lines[first - 1]
        if line.kind is not None or not line.statement or is_date_line(line.text):
            return first
        first -= 1
        if find_dateline(line.text) is not None:
            return first
    return first


def read_head(lines: Sequence[Line]) -> Head:
    """Title, outlet and date from the lines above the first paragraph.

    Only the last HEAD_LINES lines are searched; lines further up are menus.
    """
    removed = [Removed(line.kind or "head", line.text) for line in lines[:-HEAD_LINES]]
    lines = lines[-HEAD_LINES:]
    texts, kinds = [line.text for line in lines], [line.kind for line in lines]
    dated = [i for i, text in enumerate(texts) if kinds[i] is None and is_date_line(text)]
    # If some lines are certainly dates, the others may be titles: 'Kronologi Bom Sarinah 14 Januari 2016'.
    certain = [i for i in dated if _TIME.search(texts[i]) or not _beside_date(texts[i])]
    dated = certain or dated
    for i in dated:
        kinds[i] = "date"
    # The article's date has a time; the page's own calendar does not.
    date_index = next((i for i in dated if _TIME.search(texts[i])), dated[0] if dated else None)
    date = None if date_index is None else texts[date_index]
    candidates = [i for i, kind in enumerate(kinds) if kind is None]
    outlet = _outlet_in(date) if date else None
    if outlet and not (
        _has_author(date or "", outlet)
        or _is_outlet(outlet)
        or any(_names_outlet(text, outlet) for text in texts if text != date)
    ):
        # 'Sinta Dewi, Minggu, 31 Juli 2022': the author.
        outlet = None
    title = _pick_title([lines[i] for i in candidates if date_index is None or i < date_index], date_index is not None, outlet)
    title = title or _pick_title([lines[i] for i in candidates], False, outlet)
    if outlet is None:
        site = next((texts[i] for i in candidates if _SITE.fullmatch(texts[i])), None)
        byline = _BYLINE.fullmatch(texts[date_index - 1]) if date_index and texts[date_index - 1] != title else None
        outlet = (byline and byline["outlet"]) or site or (byline and byline["site"])
    removed += [Removed(kind or "head", text) for kind, text in zip(kinds, texts, strict=True)]
    return Head(title and without_affix(title), outlet, date, tuple(removed))


def is_date_line(line: str) -> bool:
    """Whether a line is a date and little else; a headline that contains a date is not."""
    if len(line) > MAX_DATE_LINE or find_date(line) is None:
        return False
    beside = _beside_date(line)
    if line.rstrip().endswith((".", "!", "?")) and len(beside) > MAX_BESIDE:
        # A sentence that tells what happened on a day.
        return False
    if _TIME.search(line) or not beside:
        return True
    before = line[: _date_start(line)].rstrip()
    parts = [part for part in _SEPARATOR.split(before) if not _is_day(part)]
    # 'Kabar Petang - 17 Juli 2017': a separator sets the date apart from the words before it.
    return len(parts) > 1 or bool(parts and not parts[0])


def _date_start(line: str) -> int:
    found = find_date(line)
    return found.start if found else len(line)


def _beside_date(line: str) -> list[str]:
    """The words of a line other than the date, weekdays, and words that introduce a date."""
    found = find_date(line)
    rest = line[: found.start] + " " + line[found.end :] if found else line
    return [word for word in re.findall(r"[^\W\d_][\w'’.]*", rest) if word.lower() not in _DAYS | _DATE_WORDS]


def _outlet_in(line: str) -> str | None:
    """The outlet in a date line: 'Kabar Petang' in 'Kabar Petang - Senin, 17 Juli 2017 10:00'. None if there is none."""
    parts = [part.strip() for part in _SEPARATOR.split(line[: _date_start(line)])]
    # The last part is the weekday or empty; the outlet, if any, comes before it, set apart by a separator.
    named = [part for part in parts[:-1] if part and not _is_day(part)]
    if not named:
        return None
    outlet = named[-1]
    introduces_date = any(word.strip(":").lower() in _DATE_WORDS | _ROLES for word in outlet.split())
    fits = 2 <= len(outlet) <= MAX_OUTLET and outlet[0].isupper() and not introduces_date and re.fullmatch(r"[\w .&'-]+", outlet)
    return outlet if fits and find_date(outlet) is None else None


def _has_author(line: str, outlet: str) -> bool:
    """Whether a name of several words stands before the outlet, as in 'Rini Hapsari, Kabar Kita · Minggu 28 Maret 2021'."""
    before = line[: line.find(outlet)].rstrip(" ,|·•-–—/")
    return len(before.split()) >= 2 and find_date(before) is None and ":" not in before


def _is_outlet(name: str) -> bool:
    """Whether a name before a date is an outlet's: one word, an address, a word such as 'Harian', or capitals within."""
    words = name.split()
    return len(words) == 1 or any("." in w[1:-1] or w.lower() in _OUTLET_WORDS or re.search(r".[A-Z]", w) for w in words)


def _names_outlet(line: str, outlet: str) -> bool:
    """Whether another line of the head is the outlet's name, or its address."""
    return re.sub(r"\W", "", line).lower() == re.sub(r"\W", "", outlet).lower() or line.startswith(f"{outlet} - ")


def _is_day(word: str) -> bool:
    return word.strip(" ,").lower() in _DAYS


def _pick_title(candidates: Sequence[Line], above_date: bool, outlet: str | None) -> str | None:
    """The title: a line that occurs twice, else above a date the first line of TITLE_WORDS words, else the longest line.

    Every title has at least SHORT_TITLE_WORDS words.
    """
    fits = [c for c in candidates if len(c.text.split()) >= SHORT_TITLE_WORDS and c.text != outlet and len(c.text) <= MAX_TITLE]
    # A short sentence is more likely a caption or a lead than a title.
    usable = [c.text for c in fits if not c.statement] or [c.text for c in fits]
    twice = [text for text in usable if usable.count(text) > 1]
    if twice:
        return twice[0]
    first = next((text for text in usable if above_date and len(text.split()) >= TITLE_WORDS), None)
    # Without a date, a page's first capitalised line is its title, also where a longer caption follows.
    first = first or next((text for text in usable if len(text.split()) >= TITLE_WORDS and is_capitalised(text)), None)
    return first or max(usable, key=lambda text: len(text.split()), default=None)
