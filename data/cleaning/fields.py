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
# '09.10-11.30 WITA', '09:10-11:30 WIB': the end of a span, which is no zone.
_UNTIL = r"(?:\s*[-–—]\s*\d{1,2}[:.]\d{2}(?=\s*WI))"
# White space belongs to what stands before it or behind it and never to both: runs of it are gone over once.
_TIME = rf"(?:[\s,|T/(·•–—-]*(?:(?:pukul|jam|at)\s*)?(?::\s*)?{_CLOCK}(?:\s*{_HALF})?{_UNTIL}?(?:\s*{_ZONE})?(?!\d))?"
# The surest first: what names its month is a date, what has a year of two digits may be a time or a version.
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b(?P<day>\d{{1,2}})[\s-]+(?P<month>{_MONTH})\.?[\s,-]+(?P<year>(?:19|20)\d{{2}})\b" + _TIME,
        rf"\b(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d{{2}})\b" + _TIME,
        # 'Mon Jul 17 14:24:00 +0000 2017', as some programming interfaces write it
        rf"\b(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})\s+{_CLOCK}\s+(?:(?P<half>[ap]m)\s+)?(?:{_ZONE}\s*)?(?P<year>(?:19|20)\d{{2}})\b",
        r"\b(?P<year>(?:19|20)\d{2})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})" + _TIME,
        r"\b(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>(?:19|20)\d{2})\b" + _TIME,
        # Within other text eight digits are a number.
        rf"\A\s*(?P<year>(?:19|20)\d{{2}})(?P<month>\d{{2}})(?P<day>\d{{2}}){_TIME}\s*\Z",
        rf"\b(?P<day>\d{{1,2}})-(?P<month>{_MONTH})-(?P<year>\d{{2}})\b(?![.:]\d)" + _TIME,
        r"\b(?P<day>\d{1,2})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<year>\d{2})\b" + _TIME,
    )
)
_EPOCH = re.compile(r"(?P<seconds>[12]\d{9})(?:\d{3}){0,3}(?:\.\d+)?")
_RELATIVE = re.compile(r"\b(?:lalu|ago|yang lalu|kemarin|hari ini)\b", re.IGNORECASE)
MAX_DATE_CHARACTERS = 80
# A column of dates that holds more is no such column; what stands beyond is not looked at.
MAX_SEARCHED = 300


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A moment and where its date stands in the text."""

    moment: datetime
    start: int
    end: int


def parse_date(text: str) -> datetime | None:
    """The first date of the surest form in `text`, aware; Asia/Jakarta where no zone stands, midnight where no time stands.

    A date that names its month is surer than a numeric one, and that than one whose year has two digits. Numeric dates are
    day first unless they begin with a year. Eight digits alone are year, month and day; ten are seconds since 1970, and with
    three, six or nine more milli-, micro- or nanoseconds. Relative dates ('2 jam lalu') and what is no date give None. Forms
    not known here are left to dateparser, for short texts alone. Of a long text only the first 300 characters are read, white
    space joined.
    """
    found = find_date(" ".join(text.split())[:MAX_SEARCHED])
    return found.moment if found else None


def find_date(text: str) -> FoundDate | None:
    """As `parse_date`, with the place of the date, its time included; the whole text where dateparser read it."""
    if not any(c.isdigit() for c in text):
        return None
    for form in _FORMS:
        found = form.search(text)
        if found and (moment := _moment(found)):
            return FoundDate(moment, found.start(), found.end())
    bare = text.strip()
    if epoch := _EPOCH.fullmatch(bare):
        return FoundDate(datetime.fromtimestamp(int(epoch["seconds"]), UTC), 0, len(text))
    # Only where no date stands: 'lalu lintas 17 Juli 2017' is a date, '3 hari lalu' is none.
    if _RELATIVE.search(bare[:MAX_DATE_CHARACTERS]):
        return None
    other = _by_dateparser(bare) if len(bare) <= MAX_DATE_CHARACTERS and re.search(r"(?:19|20)\d{2}", bare) else None
    return FoundDate(other, 0, len(text)) if other else None


def _moment(found: re.Match[str]) -> datetime | None:
    part = found.groupdict()
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


_ANY_DASH = r"\s*(?:[-–—]\s*){1,3}(?=[\w\"'“‘(])"
# Where the place alone, or a name alone, stands before the dash, the dash must stand free and a sentence must begin:
# 'COVID-19 memukul', 'ISIS-Khorasan' and 'Ahok, Gubernur DKI - saat itu -' are prose.
_DASH = r"(?:\s+(?:[-–—]\s*){1,3}|(?:[-–—]\s*){1,3}(?<=\s)|—)(?=[A-Z0-9\"'“‘(])"
_COLON = r"\s*:\s+(?=[A-Z0-9\"'“‘(])"
_PLACE = r"(?P<place>[A-Z][A-Za-z'.]+(?:[ -][A-Z][A-Za-z'.]+){0,3})"
_SITE = r"(?P<outlet>[A-Za-z0-9-]+(?:\s?[A-Za-z0-9-]+)?\.(?:com|co\.id|co|id|net|org|tv|news|or\.id|go\.id)(?:/[A-Za-z]+)?)"
# Places that begin a text without their outlet; other places need one beside them, or capitals throughout.
_CITY = (
    r"(?=[A-Z])(?i:Jakarta(?: (?:Pusat|Utara|Selatan|Barat|Timur))?|Bandung|Bogor|Depok|Bekasi|Tangerang|Serang|Cilegon|Cirebon|Tasikmalaya|Garut|Sukabumi|Cianjur|Karawang"
    r"|Purwakarta|Subang|Semarang|Solo|Surakarta|Yogyakarta|Yogya|Jogja|Sleman|Bantul|Klaten|Magelang|Tegal|Pekalongan|Kudus|Purwokerto|Cilacap|Wonosobo"
    r"|Surabaya|Sidoarjo|Gresik|Malang|Kediri|Blitar|Madiun|Jember|Banyuwangi|Probolinggo|Pasuruan|Denpasar|Mataram|Kupang"
    r"|Banda Aceh|Lhokseumawe|Medan|Padang|Bukittinggi|Pekanbaru|Batam|Tanjungpinang|Jambi|Palembang|Bengkulu|Pangkalpinang|(?:Bandar )?Lampung"
    r"|Pontianak|Banjarmasin|Banjarbaru|Palangka ?raya|Samarinda|Balikpapan|Tarakan|Makassar|Manado|Gorontalo|Palu|Poso|Kendari|Mamuju"
    r"|Ambon|Ternate|Sorong|Manokwari|Timika|Jayapura"
    r"|Washington(?: DC)?|New York|London|Paris|Jenewa|Moskow|Beijing|Tokyo|Manila|Bangkok|Singapura|Kuala Lumpur|Sydney|Canberra|Riyadh|Makkah)"
)
# Outlets whose name has no dot.
_NAMED = r"(?P<outlet>VIVA|VOA|KBR|RMOL|KOMPAS|REPUBLIKA|TEMPO(?: Interaktif)?|ANTARA|[A-Z]{3,}COM)"
# After a place and a comma: a region, a town or an office is no outlet.
_REGION = r"(?:Jawa|Sumatera|Sumatra|Kalimantan|Sulawesi|Nusa Tenggara|Papua|Maluku|Lampung|Banten|Bali|Aceh|Riau|Jambi|Bengkulu|Gorontalo|Kepulauan|DKI|DIY|NTT|NTB|Indonesia|Malaysia)\b(?: [A-Z][A-Za-z]*){0,2}"
_OFFICE = r"(?:Presiden|Wakil|Gubernur|Menteri|Direktur|Ketua|Kota|Kabupaten|Bupati|Kepala|Jenderal|Kapolri|Kapolda)\b"
# All-caps names that begin a sentence before a dash and are no places.
_NO_PLACE = r"(?!(?:TELEGRAM|WHATSAPP|FACEBOOK|GOOGLE|TIKTOK|POLRI|KOMINFO|NASDEM|GOLKAR|GERINDRA|HANURA|DEMOKRAT|COVID|ISIS|HAMAS|ASEAN)\b)"
_DATELINES = tuple(
    re.compile(form)
    for form in (
        rf"(?i:{_SITE})\s*,\s*{_PLACE}\s*(?:\([^)]{{1,40}}\))?(?:{_ANY_DASH}|{_COLON})",
        rf"{_PLACE}\s*,\s*(?i:{_SITE}){_ANY_DASH}",
        rf"{_NAMED}\s*,\s*(?P<place>{_CITY})(?:{_DASH}|{_COLON})",
        rf"(?P<place>{_CITY})\s*,\s*(?:{_REGION}|{_CITY}|\d{{1,2}} [A-Z][a-z]+ \d{{4}}){_DASH}",
        rf"{_PLACE}\s*,\s*{_REGION}{_DASH}",
        rf"{_PLACE}\s*,\s*(?!{_OFFICE}|{_REGION}|{_CITY})(?P<outlet>[A-Z][\w.]*(?: [A-Z][\w.]*){{0,2}}){_DASH}",
        rf"{_PLACE}\s*,?\s*\((?P<outlet>[A-Z][A-Za-z. ]{{1,20}})\)\.?(?:{_DASH}|{_COLON})",
        rf"(?i:{_SITE})\s*,\s*(?P<place>{_CITY})\s+(?=[A-Z\"“])",
        rf"(?P<place>{_CITY})(?:{_DASH}|{_COLON})",
        rf"{_NAMED}{_DASH}",
        rf"(?i:{_SITE}){_DASH}",
        rf"{_NO_PLACE}(?P<place>[A-Z]{{4,}}(?: [A-Z]{{3,}}){{0,2}}){_DASH}",
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
