"""Fields of an article that stand in its text: dates as Indonesian outlets write them, datelines, outlets."""

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
            "juni june jun", "juli july jul", "agustus august agu agt ags agus aug", "september sep sept",
            "oktober october okt oct", "november nopember nov nop", "desember december des dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_TIME = r"(?:[\s,|T-]*(?:pukul|jam|at)?\s*(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?:[:.](?P<second>[0-5]\d)(?:\.\d+)?)?\s*(?P<half>[ap]\.?m\b\.?)?\s*(?P<zone>WIB|WITA|WIT|GMT|UTC|Z|[+-]\d{2}:?\d{2})?(?!\d))?"
_FORMS = tuple(
    re.compile(form + _TIME, re.IGNORECASE)
    for form in (
        r"\b(?P<year>(?:19|20)\d{2})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})",
        r"\b(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>(?:19|20)\d{2}|\d{2})\b",
        rf"\b(?P<day>\d{{1,2}})[\s-]+(?P<month>{_MONTH})\.?[\s,-]+(?P<year>(?:19|20)\d{{2}})\b",
        rf"\b(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d{{2}})\b",
    )
)
_RELATIVE = re.compile(r"\b(?:lalu|ago|yang lalu|kemarin|hari ini)\b", re.IGNORECASE)
MAX_DATE_CHARACTERS = 80


def parse_date(text: str) -> datetime | None:
    """The first date in `text`, aware; Asia/Jakarta where no zone stands, midnight where no time stands.

    Numeric dates are day first unless they begin with a year. Relative dates ('2 jam lalu') and what is no date give
    None. Forms not known here are left to dateparser, for short texts alone.
    """
    text = text.strip()
    if not text or not any(c.isdigit() for c in text) or _RELATIVE.search(text[:MAX_DATE_CHARACTERS]):
        return None
    for form in _FORMS:
        found = form.search(text)
        if found and (moment := _moment(found)):
            return moment
    return _by_dateparser(text) if len(text) <= MAX_DATE_CHARACTERS and re.search(r"(?:19|20)\d{2}", text) else None


def _moment(found: re.Match[str]) -> datetime | None:
    part = found.groupdict()
    month = part["month"].lower()
    year = int(part["year"])
    hour = int(part["hour"] or 0)
    half = (part["half"] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    try:
        return datetime(
            year + (2000 if year < 100 else 0),
            _MONTHS[month] if month in _MONTHS else int(month),
            int(part["day"]),
            hour,
            int(part["minute"] or 0),
            int(part["second"] or 0),
            tzinfo=_zone(part["zone"]),
        )
    except ValueError:
        return None


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


def _by_dateparser(text: str) -> datetime | None:
    import dateparser

    settings = {"TIMEZONE": "Asia/Jakarta", "RETURN_AS_TIMEZONE_AWARE": True, "STRICT_PARSING": True}
    found = dateparser.parse(text, languages=["id", "en"], settings=settings)
    return found if isinstance(found, datetime) else None


@dataclass(frozen=True, slots=True)
class Dateline:
    """The head of a first paragraph, 'REPUBLIKA.CO.ID, JAKARTA - ': its place, its outlet, and where it ends."""

    place: str | None
    outlet: str | None
    end: int


_DASH = r"\s*(?:[-–—]\s*){1,3}(?=[\w\"'“‘(])"
_PLACE = r"(?P<place>[A-Z][A-Za-z'.]+(?:[ -][A-Z][A-Za-z'.]+){0,3})"
_SITE = r"(?P<outlet>[A-Za-z0-9-]+(?:\s?[A-Za-z0-9-]+)?\.(?:com|co\.id|co|id|net|org|tv|news|or\.id|go\.id)(?:/[A-Za-z]+)?)"
_DATELINES = tuple(
    re.compile(form)
    for form in (
        rf"(?i:{_SITE})\s*,\s*{_PLACE}\s*(?:\([^)]{{1,40}}\))?{_DASH}",
        rf"{_PLACE}\s*,\s*(?i:{_SITE}){_DASH}",
        rf"{_PLACE}\s*,\s*(?P<outlet>[A-Z][\w.]*(?: [A-Z][\w.]*){{0,2}}){_DASH}",
        rf"{_PLACE}\s*\((?P<outlet>[A-Z][A-Za-z. ]{{2,20}})\){_DASH}",
        rf"(?i:{_SITE})\s*,\s*(?P<place>Jakarta|Bandung|Surabaya|Semarang|Yogyakarta|Medan|Makassar|Denpasar|Palembang|Bogor|Depok|Bekasi|Tangerang|Solo|Malang|Banda Aceh|Padang|Pekanbaru|Batam|Lampung|Pontianak|Banjarmasin|Manado|Kupang|Mataram|Jayapura|Ambon|Washington|London|Kuala Lumpur|Singapura|Beijing|Moskow|Paris|New York)\s+(?=[A-Z\"“])",
        rf"(?i:{_SITE}){_DASH}",
        rf"(?P<place>[A-Z]{{4,}}(?: [A-Z]{{3,}}){{0,2}}){_DASH}",
    )
)


def find_dateline(text: str) -> Dateline | None:
    """The dateline that `text` begins with, or None."""
    head = text[:160]
    for form in _DATELINES:
        found = form.match(head)
        if found:
            part = found.groupdict()
            return Dateline(part.get("place"), part.get("outlet"), found.end())
    return None
