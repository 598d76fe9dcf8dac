"""Reads the rows of a table as articles; what a whole column decides, such as the order of 02/11/2025, waits for its cells."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sorot.data.article import JAKARTA
from sorot.data.text.dates import MAX_DATE_CHARACTERS, MONTHS, Order, find_date, parse_date

# Day 0 of a spreadsheet, and the numbers that are taken for its days: 1954 to 2119.
_DAY_ZERO = date(1899, 12, 30)
_SERIAL = re.compile(r"(?P<day>[2-7]\d{4})(?P<fraction>[.,]\d{1,17})?")
_REPR = re.compile(r"\b(?P<kind>datetime|date|struct_time|Date)\((?P<arguments>[^()]*)(?P<zone>[^)]*)")
_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{4,12}(?![^\W\d_])")
# A zone at the end of a moment; epoch seconds have one by themselves.
_NAMES_ZONE = re.compile(
    r"(?:(?:Z|UTC|GMT|WIB|WITA|WIT)\)?|[+-]\d{2}(?::?\d{2})?|^\d{10}(?:\d{3}){0,3}(?:\.\d+)?)$", re.IGNORECASE
)
_LIKE_A_MONTH = 0.72
_WHOLE_MONTHS = tuple(name for name in MONTHS if len(name) > 3)


@dataclass(frozen=True, slots=True)
class DateStyle:
    """How a column writes its dates: the order of 02/11/2025, whether midnight stands for a day without a time, and whether
    times without a zone are UTC's."""

    order: Order | None = None
    midnight_is_day: bool = True
    utc: bool = False


def read_date(text: str, style: DateStyle | None = None) -> datetime | date | None:
    """The date in one cell, by `parse_date`; also a spreadsheet's day number, what Python writes, and misspelt months."""
    style = style or DateStyle()
    text = " ".join(text[: 2 * MAX_DATE_CHARACTERS].split())
    found = _serial(text) or _from_repr(text) or parse_date(text, style.order)
    if found is None and len(text) <= MAX_DATE_CHARACTERS and (spelt := _spell_months(text)) != text:
        found = parse_date(spelt, style.order)
    if not isinstance(found, datetime):
        return found
    if style.utc and not _NAMES_ZONE.search(text):
        found = found.replace(tzinfo=UTC)
    return _day_of(found) if style.midnight_is_day and _is_any_midnight(found) else found


@dataclass(slots=True)
class ColumnDates:
    """What the cells of a date column have shown so far."""

    order: Order | None = None
    # The first cell that may be in either order, and the first in another order than the column's.
    doubtful_order: str = ""
    other_order: str = ""
    midnights: bool = False
    times: bool = False

    def see(self, text: str) -> None:
        """Takes one cell into account."""
        text = " ".join(text[: 2 * MAX_DATE_CHARACTERS].split())
        found = find_date(text)
        shown = found.order if found else None
        if shown == "either":
            self.doubtful_order = self.doubtful_order or text
        elif shown:
            self.other_order = self.other_order or (text if self.order and self.order != shown else "")
            self.order = self.order or shown
        if not self.times and isinstance(moment := read_date(text, DateStyle(self.order, midnight_is_day=False)), datetime):
            self.midnights |= _is_any_midnight(moment)
            self.times = not _is_any_midnight(moment)

    @property
    def undecided(self) -> bool:
        """Whether more cells may change how the ones so far are read."""
        return (bool(self.doubtful_order) and self.order is None) or (self.midnights and not self.times)

    def style(self, *, utc: bool = False) -> DateStyle:
        """How to read the column; one that stays in doubt has the day first, and midnights that are days."""
        return DateStyle(self.order, not self.times, utc)

    def doubt(self) -> str:
        """What the user should know of how the column was read, or an empty string."""
        if self.order is None and self.doubtful_order:
            return f"dates such as {self.doubtful_order!r} were read with the day first; write the year first if that is wrong"
        if self.other_order:
            return f"some dates have the day first, others the month, such as {self.other_order!r}; write the year first"
        return ""


def is_midnight(moment: datetime | date | None) -> bool:
    """Whether a moment is 00:00:00 in its own zone."""
    return isinstance(moment, datetime) and moment.time() == time()


def _is_any_midnight(moment: datetime) -> bool:
    """Whether a moment is midnight in its own zone, or in Jakarta if it is stated in UTC."""
    return is_midnight(moment) or (not moment.utcoffset() and is_midnight(moment.astimezone(JAKARTA)))


def _day_of(moment: datetime) -> date:
    return moment.date() if is_midnight(moment) else moment.astimezone(JAKARTA).date()


def _serial(text: str) -> datetime | date | None:
    if not (match := _SERIAL.fullmatch(text)):
        return None
    day = _DAY_ZERO + timedelta(int(match["day"]))
    if day.year > datetime.now(UTC).year + 1:
        return None
    fraction = float(f"0.{match['fraction'][1:]}") if match["fraction"] else 0.0
    if not fraction:
        return day
    return datetime.combine(day, time(), JAKARTA) + timedelta(seconds=round(fraction * 86_400))


def _from_repr(text: str) -> datetime | date | None:
    """The date of 'datetime.datetime(2024, 8, 17, 10, 0)' and its kind."""
    match = _REPR.search(text)
    numbers = (
        [int(n) for n in re.findall(r"(?<![\w'\"])\d{1,4}(?![\w'\"])", match["arguments"].split("tzinfo")[0])] if match else []
    )
    if match is None or len(numbers) < 3:
        return None
    zone = "UTC" if match["kind"] == "struct_time" or "utc" in text.lower() else ""
    clock = [*numbers[3:6], 0, 0, 0][:3]
    written = "{:04}-{:02}-{:02}".format(*numbers[:3])
    return parse_date(written if len(numbers) < 5 else written + " {:02}:{:02}:{:02}".format(*clock) + zone)


def _spell_months(text: str) -> str:
    """The text with words that are nearly a month's name replaced by it: 'Febuari', 'Agusuts', 'Septemer'."""

    def spell(found: re.Match[str]) -> str:
        near = difflib.get_close_matches(found[0].lower(), _WHOLE_MONTHS, n=1, cutoff=_LIKE_A_MONTH)
        return near[0] if near else found[0]

    return _WORD.sub(spell, text)
