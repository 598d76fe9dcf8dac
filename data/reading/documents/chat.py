"""Reads WhatsApp exports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from itertools import pairwise

from sorot.data.article import Article, Reject, Source
from sorot.data.reading.columns import Columns
from sorot.data.reading.origin import Inner, Origin
from sorot.data.reading.streams import MAX_WHOLE_BYTES, Stream
from sorot.data.text.encodings import decode

# Shorter messages are greetings, not articles.
MIN_WORDS = 5
# Phones write the local time without its zone.
_ZONE = timezone(timedelta(hours=7))
# Marks of writing direction, around names and service messages.
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_MOMENT = (
    r"(?P<a>\d{1,4})(?P<sign>[./-])(?P<b>\d{1,2})(?P=sign)(?P<c>\d{2,4}),?\s+(?:pukul\s+|at\s+)?"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?:\s*(?P<half>[AaPp])\.?\s?[Mm]\.?)?"
)
# Android: '27/10/24 21.05 - Name: text'; iPhone: '[27/10/24 21.05.33] Name: text'.
_HEAD = re.compile(rf"(?:\[{_MOMENT}\]\s?|{_MOMENT.replace('(?P<', '(?P<x').replace('(?P=', '(?P=x')}\s+[-–]\s)(?P<rest>.*)")
_SENDER = re.compile(r"(?P<name>[^:\"“”]{1,80}): ?")
_MEDIA = re.compile(
    r"<[^<>]{1,120}>|(?:\S+ ){0,2}(?:tidak disertakan|omitted|dihilangkan)|(?:POLL|JAJAK PENDAPAT|POLLING):|null"
    r"|.{0,120}\((?:file terlampir|file attached|berkas terlampir)\)|(?:lokasi|location)(?: langsung.*|: \S+)|\S+\.vcf.*",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"(?:pesan ini (?:telah )?dihapus|anda (?:telah )?menghapus pesan ini|this message was deleted|you deleted this message"
    r"|pesan dan panggilan .*terenkripsi|pesan dan panggilan dienkripsi|messages and calls are end-to-end"
    r"|menunggu pesan ini|waiting for this message|panggilan (?:suara|video|grup) .*tak terjawab"
    r"|missed (?:group )?(?:voice|video) call"
    r"|panggilan (?:suara|video)(?: tak terjawab|,.*)?$).*",
    re.IGNORECASE,
)
_EDITED = re.compile(r"\s*<(?:pesan ini (?:telah )?diedit|this message was edited)>\s*$", re.IGNORECASE)
_MENTION = re.compile(r"@(?:\d{8,16}\b|~?\s?\+\d[\d\s-]{7,17})")


def looks_like_chat(start: str) -> bool:
    """Whether a text begins like a chat: a message's date and time on the first line, and another one further down."""
    lines = [_MARKS.sub("", line).strip() for line in start.split("\n")[:400]]
    heads = [line for line in lines if _HEAD.fullmatch(line)]
    if not heads or heads[0] != next(filter(None, lines)):
        return False
    return len(heads) > 1 or _SERVICE.match(_rest(heads[0])) is not None


def read_chat(stream: Stream, origin: Origin, columns: Columns, inner: Inner) -> Iterator[Article | Reject]:
    """An article per message of at least MIN_WORDS words, with its date and without its sender's name or number.

    Service messages and media are rejects. The whole chat shows whether the day or the month comes first.
    """
    del columns, inner
    data = stream.read_whole()
    if data is None:
        yield origin.reject(f"is a chat larger than {MAX_WHOLE_BYTES // 1_000_000} MB; split it")
        return
    messages = list(_messages(decode(data)))
    order = _find_order(messages)
    for message in messages:
        text = _text_of(message)
        if not text:
            yield Reject(origin.file, message.row, "no text in this message of the chat (a service message or media)")
        elif (words := len(text.split())) < MIN_WORDS:
            yield Reject(
                origin.file, message.row, f"this message of the chat has {words} of the {MIN_WORDS} words that an article needs"
            )
        else:
            moment = _date(message, order)
            yield Article(f"{origin.stem}-{message.row}", text, published=moment, source=Source(origin.file, message.row))


@dataclass(frozen=True, slots=True)
class _Message:
    """A message: its first line's number, the three numbers of its date as written, the time, and its lines."""

    row: int
    date: tuple[str, str, str]
    time: tuple[int, int, int]
    capital_half: bool
    lines: list[str] = field(default_factory=list)


def _messages(text: str) -> Iterator[_Message]:
    message: _Message | None = None
    for row, raw in enumerate(text.split("\n"), 1):
        line = _MARKS.sub("", raw).rstrip()
        head = _HEAD.fullmatch(line.lstrip())
        if head is None:
            if message is not None:
                message.lines.append(line)
            continue
        if message is not None:
            yield message
        part = {name.removeprefix("x"): value for name, value in head.groupdict().items() if value is not None}
        half = part.get("half", "")
        hour = int(part["hour"])
        if half:
            hour = hour % 12 + (12 if half in "Pp" else 0)
        time = (hour, int(part["minute"]), int(part.get("second", 0)))
        message = _Message(row, (part["a"], part["b"], part["c"]), time, half.isupper(), [part.get("rest", "")])
    if message is not None:
        yield message


def _rest(line: str) -> str:
    head = _HEAD.fullmatch(line)
    return head["rest"] if head else ""


def _text_of(message: _Message) -> str:
    """What the message says; empty for service messages and media."""
    sender = _SENDER.match(message.lines[0])
    if sender is None or _SERVICE.match(message.lines[0]):
        return ""
    lines = [message.lines[0][sender.end() :], *message.lines[1:]]
    lines[-1] = _EDITED.sub("", lines[-1])
    if _MEDIA.fullmatch(lines[0].strip()):
        # What follows is the caption.
        lines = lines[1:] if not re.match(r"poll|jajak", lines[0], re.IGNORECASE) else []
    text = _MENTION.sub("", "\n".join(lines)).strip()
    return "" if _SERVICE.fullmatch(text) else text


def _find_order(messages: Sequence[_Message]) -> str:
    """'dmy', 'mdy' or 'ymd': the order that makes the most dates valid and the fewest go back in time."""
    if messages and len(messages[0].date[0]) == 4:
        return "ymd"
    faults = {}
    for order in ("dmy", "mdy"):
        dates = [_date(message, order) for message in messages]
        known = [date for date in dates if date is not None]
        back = sum(later < earlier for earlier, later in pairwise(known))
        faults[order] = (len(dates) - len(known), back)
    if faults["dmy"] != faults["mdy"]:
        return min(faults, key=lambda order: faults[order])
    # American phones write 1/2/24, 9:05 PM; all others write zeros, four digits of the year, or small letters.
    american = all(m.capital_half and len(m.date[2]) == 2 and not m.date[0].startswith("0") for m in messages)
    return "mdy" if american else "dmy"


def _date(message: _Message, order: str) -> datetime | None:
    parts = dict(zip(order, map(int, message.date), strict=True))
    year = parts["y"] + (2000 if parts["y"] < 100 else 0)
    try:
        return datetime(year, parts["m"], parts["d"], *message.time, tzinfo=_ZONE)
    except ValueError:
        return None
