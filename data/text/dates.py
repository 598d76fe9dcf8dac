"""Finds and parses dates as Indonesian outlets write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

_ZONES = {
    "wib": timezone(timedelta(hours=7)),
    "wita": timezone(timedelta(hours=8)),
    "wit": timezone(timedelta(hours=9)),
    "gmt": UTC,
    "utc": UTC,
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan", "februari february pebruari feb peb", "maret march mar mrt", "april apr", "mei may",
            "juni june jun", "juli july jul", "agustus august agu agt ags agus agst aug", "september sep sept",
            "oktober october okt oct", "november nopember nov nop", "desember december des dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_CLOCK = r"(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?:[:.](?P<second>[0-5]\d)(?:\.\d+)?)?"
_ZONE = r"(?P<zone>WIB|WITA|WIT|GMT|UTC|Z|[+-]\d{2}:?\d{2})"
_HALF = r"(?P<half>[ap]\.?m\b\.?|pagi\b|siang\b|sore\b|malam\b)"
# The end of a time span, not a zone: '09.10-11.30 WITA', '09:10-11:30 WIB'.
_UNTIL = r"(?:\s*[-–—]\s*\d{1,2}[:.]\d{2}(?=\s*WI))"
# No two neighbouring parts match white space, so a long run of it is scanned only once.
_TIME = rf"(?:[\s,|T/(·•–—-]*(?:(?:pukul|jam|at)\s*)?(?::\s*)?{_CLOCK}(?:\s*{_HALF})?{_UNTIL}?(?:\s*{_ZONE})?(?!\d))?"
# The most certain first: a named month makes a date; a two-digit year may be a time or a version number.
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b(?P<day>\d{{1,2}})[\s-]+(?P<month>{_MONTH})\.?[\s,-]+(?P<year>(?:19|20)\d{{2}})\b" + _TIME,
        rf"\b(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d{{2}})\b" + _TIME,
        # 'Mon Jul 17 14:24:00 +0000 2017', as some APIs write it
        rf"\b(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})\s+{_CLOCK}\s+(?:(?P<half>[ap]m)\s+)?(?:{_ZONE}\s*)?(?P<year>(?:19|20)\d{{2}})\b",
        r"\b(?P<year>(?:19|20)\d{2})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})" + _TIME,
        r"\b(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>(?:19|20)\d{2})\b" + _TIME,
        # Inside other text, eight digits are a number.
        rf"\A\s*(?P<year>(?:19|20)\d{{2}})(?P<month>\d{{2}})(?P<day>\d{{2}}){_TIME}\s*\Z",
        rf"\b(?P<day>\d{{1,2}})-(?P<month>{_MONTH})-(?P<year>\d{{2}})\b(?![.:]\d)" + _TIME,
        r"\b(?P<day>\d{1,2})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<year>\d{2})\b" + _TIME,
    )
)
_EPOCH = re.compile(r"(?P<seconds>[12]\d{9})(?:\d{3}){0,3}(?:\.\d+)?")
_RELATIVE = re.compile(r"\b(?:lalu|ago|yang lalu|kemarin|hari ini)\b", re.IGNORECASE)
MAX_DATE_CHARACTERS = 80
# Longer cells are not dates; only this many characters are searched.
MAX_SEARCHED = 300


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date found in a text: the moment, and the span `start` to `end` in characters."""

    moment: datetime
    start: int
    end: int


def parse_date(text: str) -> datetime | None:
    """The most certain date in `text`, timezone-aware, or None; without a zone Asia/Jakarta, without a time midnight.

    Dates with a named month come first, then numeric dates, then dates with a two-digit year; the first of its form wins.
    Numeric dates are read day first unless they begin with a year. Eight digits alone are year, month and day; ten are
    seconds since 1970, and three, six or nine more digits make them milli-, micro- or nanoseconds. Relative dates
    ('2 jam lalu') give None. In short texts, dateparser tries the forms that this module does not know. White space is
    collapsed, then the first 300 characters are read.
    """
    date = find_date(" ".join(text.split())[:MAX_SEARCHED])
    return date.moment if date else None


def find_date(text: str) -> FoundDate | None:
    """As `parse_date`, with the span of the date and its time; the span is the whole text if dateparser read it."""
    if not any(c.isdigit() for c in text):
        return None
    for form in _FORMS:
        match = form.search(text)
        if match and (moment := _moment(match)):
            return FoundDate(moment, match.start(), match.end())
    bare = text.strip()
    if epoch := _EPOCH.fullmatch(bare):
        return FoundDate(datetime.fromtimestamp(int(epoch["seconds"]), UTC), 0, len(text))
    # Checked after the forms: 'lalu lintas 17 Juli 2017' holds a date, '3 hari lalu' does not.
    if _RELATIVE.search(bare[:MAX_DATE_CHARACTERS]):
        return None
    parsed = _parse_with_dateparser(bare) if len(bare) <= MAX_DATE_CHARACTERS and re.search(r"(?:19|20)\d{2}", bare) else None
    return FoundDate(parsed, 0, len(text)) if parsed else None


def _moment(match: re.Match[str]) -> datetime | None:
    part = match.groupdict()
    month = part["month"].lower()
    year = int(part["year"])
    try:
        return datetime(
            year + (2000 if year < 100 else 0),
            _MONTHS[month] if month in _MONTHS else int(month),
            int(part["day"]),
            _hour(int(part["hour"] or 0), (part["half"] or "").lower()),
            int(part["minute"] or 0),
            int(part["second"] or 0),
            tzinfo=_zone(part["zone"]),
        )
    except ValueError:
        return None


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
    sign = -1 if name[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(name[1:3]), minutes=int(name[-2:])))


def _parse_with_dateparser(text: str) -> datetime | None:
    import dateparser

    settings = {"TIMEZONE": "Asia/Jakarta", "RETURN_AS_TIMEZONE_AWARE": True, "STRICT_PARSING": True}
    parsed = dateparser.parse(text, languages=["id", "en"], settings=settings)
    return parsed if isinstance(parsed, datetime) else None
