"""Reads mails and pages saved as one file (MHTML)."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

from sorot.data.article import Article, Reject, Source
from sorot.data.reading.columns import Columns
from sorot.data.reading.documents.parts import charset_of, in_utf8, read_part
from sorot.data.reading.fields.markup import plain_text
from sorot.data.reading.origin import Inner, Origin
from sorot.data.reading.streams import MAX_WHOLE_BYTES, Stream
from sorot.data.text.dates import parse_date
from sorot.data.text.encodings import decode

_HEADER = re.compile(r"([A-Za-z][\w-]{1,60}):(?:[ \t]|$)")
# The first line of a mail in an mbox, which holds a year; looked for apart, so that no line is searched twice.
_MBOX = re.compile(rb"^From \S+ [^\n]*\n(?=[\w-]+:)", re.MULTILINE)
_YEAR = re.compile(rb"\d{4}")
# Pages have a few hundred parts. More take the parser quadratic time.
MAX_PARTS = 2000
# Lines as long as mail programs break them.
WRAPPED = range(50, 81)


def looks_like_mail(start: str) -> bool:
    """Whether a text begins with the headers of a mail or of a page saved as one file."""
    lines = start[:20_000].splitlines()
    if lines and lines[0].startswith("From "):
        lines = lines[1:]
    names = set()
    for line in lines:
        if line[:1] in (" ", "\t"):
            continue
        header = _HEADER.match(line)
        if not header:
            break
        names.add(header[1].lower())
    saved = "mime-version" in names and names & {"from", "subject", "content-type", "date"}
    sent = {"from", "date"} <= names and names & {"subject", "to", "message-id", "received"}
    return bool(saved or sent)


def read_mail(stream: Stream, origin: Origin, columns: Columns, inner: Inner) -> Iterator[Article | Reject]:
    """The page of an MHTML file, or an article per mail (several in an mbox): subject, date, and text."""
    data = stream.read_whole()
    if data is None:
        yield origin.reject(f"is a mail larger than {MAX_WHOLE_BYTES // 1_000_000} MB; split it")
        return
    if data.count(b"\n--") > 2 * MAX_PARTS:
        yield origin.reject(f"is a mail of more than {MAX_PARTS} parts; save its text as a file of its own")
        return
    data = data.lstrip(b"\xef\xbb\xbf\r\n\t ")
    starts = [match.start() for match in _MBOX.finditer(data) if _YEAR.search(match[0])] if data.startswith(b"From ") else [0]
    for number, (begin, end) in enumerate(zip(starts or [0], [*starts[1:], len(data)], strict=True), 1):
        one = data[begin:end]
        mail = email.message_from_bytes(one[_line_end(one) :] if one.startswith(b"From ") else one, policy=email.policy.default)
        stem = origin.stem if len(starts) < 2 else f"{origin.stem}-{number}"
        yield from _read_one(mail, replace(origin, stem=stem, suffix=""), number, columns, inner)


def _line_end(data: bytes) -> int:
    return data.find(b"\n") + 1


def _read_one(mail: EmailMessage, origin: Origin, row: int, columns: Columns, inner: Inner) -> Iterator[Article | Reject]:
    subject = _header(mail, "Subject")
    if _is_page(mail):
        yield from _read_page(mail, subject, origin, row, columns, inner)
        return
    published = parse_date(sent) if (sent := _header(mail, "Date")) else None
    plain, page = _find(mail, "text/plain"), _find(mail, "text/html")
    text = _unwrap(decode(_payload(plain))) if plain else ""
    if not text.strip() and page:
        text = plain_text(decode(_payload(page)))
    if not text.strip():
        yield Reject(origin.file, row, f"{origin.description} is a mail without text; give its attachment as a file of its own")
    else:
        yield Article(origin.stem, text.strip(), title=subject, published=published, source=Source(origin.file, row))


def _is_page(mail: EmailMessage) -> bool:
    """Whether this is a page that a browser saved: it was never sent to anyone."""
    if _header(mail, "Snapshot-Content-Location") or "saved by" in (_header(mail, "From") or "").lower():
        return True
    return not any(name in mail for name in ("To", "Message-ID", "Received")) and _find(mail, "text/html") is not None


def _read_page(
    mail: EmailMessage, subject: str | None, origin: Origin, row: int, columns: Columns, inner: Inner
) -> Iterator[Article | Reject]:
    page = _find(mail, "text/html") or _find(mail, "application/xhtml+xml")
    if page is None:
        yield Reject(origin.file, row, f"{origin.description} holds no HTML page; save the page again, or as HTML")
        return
    address = _header(mail, "Snapshot-Content-Location") or _header(page, "Content-Location")
    address = address if address and address.startswith(("http://", "https://")) else None
    for item in read_part(_payload(page), replace(origin, suffix=".html"), row, address, columns, inner):
        yield item if isinstance(item, Reject) else replace(item, title=item.title or subject)


def _find(mail: EmailMessage, kind: str) -> EmailMessage | None:
    """The first part of a type that is not attached."""
    for part in mail.walk():
        if part.get_content_type() == kind and part.get_content_disposition() != "attachment" and isinstance(part, EmailMessage):
            return part
    return None


def _payload(part: EmailMessage) -> bytes:
    """The part's bytes, in UTF-8 if it names its encoding."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return b""
    return in_utf8(data, charset_of(str(part.get("Content-Type", ""))))


def _header(mail: EmailMessage, name: str) -> str | None:
    try:
        value = mail.get(name)
    except Exception:
        # The parser of headers raises various errors at broken ones.
        return None
    return " ".join(str(value).split()) or None if value is not None else None


def _unwrap(text: str) -> str:
    """A mail's text with its paragraphs on one line each, and without the signature."""
    text = re.split(r"^-- $", text, maxsplit=1, flags=re.MULTILINE)[0]
    paragraphs = []
    for paragraph in re.split(r"\n[ \t]*\n", text):
        lines = paragraph.split("\n")
        wrapped = all(len(line.rstrip()) in WRAPPED for line in lines[:-1])
        paragraphs.append((" " if wrapped else "\n").join(line.rstrip() for line in lines))
    return "\n\n".join(paragraphs)
