"""Finds and parses dates as Indonesian outlets write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal

_ZONES = {
    "wib": timezone(timedelta(hours=7)),
    "wita": timezone(timedelta(hours=8)),
    "wit": timezone(timedelta(hours=9)),
    "gmt": UTC,
    "utc": UTC,
}
# Whole names, each followed by abbreviations that are no beginning of a name.
_MONTH_NAMES = (
    "januari january", "februari february pebruari", "maret march mrt mart", "april", "mei may", "juni june", "juli july",
    "agustus august agt ags agst", "september", "oktober october", "november nopember", "desember december",
)  # fmt: skip
SHORTEST_MONTH = 3
# A month is also written as any beginning of its name: 'Agu', 'Agust', 'Septem'.
MONTHS = {
    name[:length]: number
    for number, names in enumerate(_MONTH_NAMES, 1)
    for name in names.split()
    for length in range(SHORTEST_MONTH, len(name) + 1)
}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_CLOCK = r"(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?:[:.](?P<second>[0-5]\d)(?:[.,]\d+)?)?"
_ZONE = r"\(?(?P<zone>WIB|WITA|WIT|(?:GMT|UTC)?[+-]\d{2}:?\d{2}|(?:GMT|UTC)[+-]\d{1,2}|\+\d{2}(?![\d:.])|GMT|UTC|Z\b)"
_HALF = r"(?P<half>[ap]\.?m\b\.?|pagi\b|siang\b|sore\b|malam\b)"
# The end of a time span, not a zone: '09.10-11.30 WITA', '09:10-11:30 WIB'.
_UNTIL = r"(?:\s*[-–—]\s*\d{1,2}[:.]\d{2}(?=\s*WI))"
# No two neighbouring parts match white space, so a long run of it is scanned only once.
_TIME = rf"(?:[\s,|T/(·•–—-]*(?:(?:pukul|jam|at)\s*)?(?::\s*)?{_CLOCK}(?:\s*{_HALF})?{_UNTIL}?(?:\s*{_ZONE})?(?!\d))?"
# The most certain first: a named month makes a date; a two-digit year may be a time or a version number.
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b(?P<day>\d{{1,2}})[\s/.-]*(?P<month>{_MONTH})\.?[\s,/.-]*(?P<year>(?:19|20)\d{{2}})\b" + _TIME,
        rf"\b(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d{{2}})\b" + _TIME,
        # 'Mon Jul 17 14:24:00 +0000 2017', as some APIs write it
        rf"\b(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})\s+{_CLOCK}\s+(?:(?P<half>[ap]m)\s+)?(?:{_ZONE}\s*)?(?P<year>(?:19|20)\d{{2}})\b",
        r"\b(?P<year>(?:19|20)\d{2})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?!\d)" + _TIME,
        r"\b(?P<day>\d{1,2})(?P<sign>[-/.])(?P<month>\d{1,2})[-/.](?P<year>(?:19|20)\d{2})\b" + _TIME,
        # Inside other text, eight or more digits are a number.
        r"\A\s*(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})[T_ -]?(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)"
        rf"(?P<second>[0-5]\d)?(?:\.\d+)?(?:\s*{_ZONE})?\s*\Z",
        rf"\A\s*(?P<year>(?:19|20)\d{{2}})(?P<month>\d{{2}})(?P<day>\d{{2}}){_TIME}\s*\Z",
        rf"\b(?P<day>\d{{1,2}})(?P<sign>[-/])(?P<month>{_MONTH})(?P=sign)(?P<year>\d{{2}})\b(?![.:]\d)" + _TIME,
        r"\b(?P<day>\d{1,2})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<year>\d{2})\b" + _TIME,
    )
)
_EPOCH = re.compile(r"(?P<seconds>[12]\d{9})(?:\d{3}){0,3}(?:\.\d+)?")
_RELATIVE = re.compile(r"\b(?:lalu|ago|yang lalu|kemarin|hari ini)\b", re.IGNORECASE)
_TIME_OF_DAY = re.compile(r"\d[:.]\d{2}|\d\s*[ap]\.?m\b", re.IGNORECASE)
MAX_DATE_CHARACTERS = 80
# Longer cells are not dates; only this many characters are searched.
MAX_SEARCHED = 300
# Whether the day or the month comes first in a date such as 02/11/2025.
Order = Literal["day", "month"]
# Moments that programs write for 'unknown': zero of Unix time, of Excel and of C.
_ZEROS = (date(1900, 1, 1), date(1904, 1, 1), date(1970, 1, 1))


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date found in a text: the moment, or the day if no time is given, and the span `start` to `end` in characters.

    `order` is the order that the date shows: 02/13/2025 can only be month first, 02/11/2025 may be either; None if its form
    leaves no doubt.
    """

    moment: datetime | date
    start: int
    end: int
    order: Order | Literal["either"] | None = None


def parse_date(text: str, order: Order | None = None) -> datetime | date | None:
    """The most certain date in `text`, or None: a timezone-aware datetime, or a date if the text gives no time of day.

    Times without a zone are Asia/Jakarta's. Dates with a named month come first, then numeric dates, then dates with a
    two-digit year; the first of its form wins. Numeric dates are read in the given `order`, by default day first unless they
    begin with a year, AM or PM follows, or only the month can come first. Eight digits alone are year, month and day; ten are
    seconds since 1970, and three, six or nine more digits make them milli-, micro- or nanoseconds. Relative dates
    ('2 jam lalu'), days that do not exist, programs' zeros (1900-01-01, 1970-01-01) and years to come give None. In short
    texts, dateparser tries the forms that this module does not know: it takes milliseconds, so this is for fields, not for
    every line of a text. White space is collapsed, then the first 300 characters are read.
    """
    text = " ".join(text.split())[:MAX_SEARCHED]
    found, settled = _search(text, order)
    if found or settled or len(bare := text.strip()) > MAX_DATE_CHARACTERS or not re.search(r"(?:19|20)\d{2}", bare):
        return found.moment if found else None
    parsed = _parse_with_dateparser(bare)
    return parsed if parsed and _is_plausible(parsed) else None


def find_date(text: str, order: Order | None = None) -> FoundDate | None:
    """As `parse_date`, with the span of the date and its time, but without dateparser: microseconds, for any line of a text."""
    return _search(text, order)[0]


def _search(text: str, order: Order | None) -> tuple[FoundDate | None, bool]:
    """The date in a form of this module, and whether that settles it: no other parser may find one where it is None."""
    if not any(c.isdigit() for c in text):
        return None, True
    impossible = False
    for form in _FORMS:
        if match := form.search(text):
            if found := _found(match, order):
                return (found if _is_plausible(found.moment) else None), True
            impossible = True
    bare = text.strip()
    if epoch := _EPOCH.fullmatch(bare):
        moment = datetime.fromtimestamp(int(epoch["seconds"]), UTC)
        return (FoundDate(moment, 0, len(text)) if _is_plausible(moment) else None), True
    # Checked after the forms: 'lalu lintas 17 Juli 2017' holds a date, '3 hari lalu' does not.
    return None, impossible or _RELATIVE.search(bare[:MAX_DATE_CHARACTERS]) is not None


def _found(match: re.Match[str], order: Order | None) -> FoundDate | None:
    part = match.groupdict()
    name = part["month"].lower()
    first, second = int(part["day"]), MONTHS.get(name) or int(name)
    # Only of two numbers before the year either may be the month; with dots, the day comes first everywhere.
    swappable = match.start("day") < match.start("month") and name not in MONTHS and part.get("sign") != "."
    shown: Order | Literal["either"] | None = None
    month_first = False
    if swappable:
        american = part["sign"] == "/" and (part["half"] or "").lower()[:2].replace(".", "") in ("a", "p", "am", "pm")
        shown = "day" if first > 12 else "month" if second > 12 or american else "either" if first != second else None
        month_first = second > 12 >= first or (first <= 12 and (order == "month" if order else american))
    month, day = (first, second) if month_first else (second, first)
    moment = _moment(part, month, day)
    return FoundDate(moment, match.start(), match.end(), shown) if moment else None


def _moment(part: dict[str, str | None], month: int, day: int) -> datetime | date | None:
    year = int(part["year"] or 0)
    year += 2000 if year < 100 else 0
    try:
        if part.get("hour") is None:
            return date(year, month, day)
        hour = _hour(int(part["hour"] or 0), (part.get("half") or "").lower())
        return datetime(year, month, day, hour, int(part["minute"] or 0), int(part["second"] or 0), tzinfo=_zone(part["zone"]))
    except ValueError:
        return None


def _is_plausible(moment: datetime | date) -> bool:
    """Whether an article can be of that time: no program's zero, and no later than next year."""
    day = moment.astimezone(UTC).date() if isinstance(moment, datetime) else moment
    zero = day in _ZEROS and (not isinstance(moment, datetime) or moment.astimezone(UTC).time() == datetime.min.time())
    local_zero = isinstance(moment, datetime) and moment.date() in _ZEROS and moment.time() == datetime.min.time()
    return not zero and not local_zero and moment.year <= datetime.now(UTC).year + 1


def _hour(hour: int, half: str) -> int:
    """The hour of the day: '9.24 malam' and '9.24 PM' are 21, '1.30 siang' is 13, '12.30 malam' is 0."""
    if half == "malam" and hour == 12:
        return 0
    if half in ("siang", "sore", "malam"):
        latest = {"siang": 5, "sore": 7, "malam": 11}[half]
        earliest = 6 if half == "malam" else 1
        return hour + 12 if earliest <= hour <= latest else hour
    if half and half != "pagi" and hour <= 12:
        return hour % 12 + (12 if half.startswith("p") else 0)
    return hour


def _zone(name: str | None) -> timezone:
    if not name:
        return _ZONES["wib"]
    lower = name.lower()
    if lower == "z":
        return UTC
    if lower in _ZONES:
        return _ZONES[lower]
    offset = lower.removeprefix("gmt").removeprefix("utc")
    digits = offset[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    return timezone((-1 if offset[0] == "-" else 1) * timedelta(hours=int(hours), minutes=int(minutes)))


def _parse_with_dateparser(text: str) -> datetime | date | None:
    import dateparser

    settings = {"TIMEZONE": "Asia/Jakarta", "RETURN_AS_TIMEZONE_AWARE": True, "STRICT_PARSING": True}
    parsed = dateparser.parse(text, languages=["id", "en"], settings=settings)
    if not isinstance(parsed, datetime):
        return None
    return parsed if _TIME_OF_DAY.search(text) else parsed.date()
