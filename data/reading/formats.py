"""The table of formats: how each is recognised by its content, and what reads it or why it is not read.

The first entry whose `matches` accepts the beginning of the file decides; the suffix decides only between formats that their
content leaves open. A new format is one entry here, one reader, and one line in docs/inputs.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sorot.data.article import Article, Reject, Source
from sorot.data.reading.columns import Columns
from sorot.data.reading.documents.archive import read_zip
from sorot.data.reading.documents.chat import looks_like_chat, read_chat
from sorot.data.reading.documents.excel import read_old_office
from sorot.data.reading.documents.feed import read_feed
from sorot.data.reading.documents.mail import looks_like_mail, read_mail
from sorot.data.reading.documents.markdown import looks_like_markdown, read_markdown
from sorot.data.reading.documents.pdf import read_pdf
from sorot.data.reading.documents.several_articles import part_articles
from sorot.data.reading.documents.subtitles import looks_like_subtitles, read_subtitles
from sorot.data.reading.documents.telegram import looks_like_telegram, read_telegram
from sorot.data.reading.documents.web_archive import read_warc
from sorot.data.reading.fields.markup import plain_text
from sorot.data.reading.files import CSV_SUFFIXES, HTML_SUFFIXES, JSON_SUFFIXES, MARKDOWN_SUFFIXES, TEXT_SUFFIXES
from sorot.data.reading.html import read_html
from sorot.data.reading.origin import Inner, Origin, Reader
from sorot.data.reading.prose import looks_like_prose, looks_like_sql, unread_kind
from sorot.data.reading.streams import MAX_WHOLE_BYTES, Stream
from sorot.data.reading.tables.csv_rows import HEADER_CELL, HEADER_LINES, looks_like_table, read_csv
from sorot.data.reading.tables.drawn_tables import read_html_table
from sorot.data.reading.tables.json_rows import PROBE_LINES, read_json
from sorot.data.reading.tables.parquet_rows import MAGIC, read_parquet_stream
from sorot.data.text.encodings import decode, looks_binary

# How many characters to search for tags, and how many tags make a page of a text that begins without one.
HTML_PROBE, HTML_TAGS = 20_000, 2
# A longer header is none; csv stops with an error at a cell of 131,072 characters.
TABLE_PROBE = 100_000
# XML at least this long may end beyond the sample.
XML_PROBE = 100_000
_HTML_BEGIN = (
    r"<!doctype html|<!--|<(?:html|head|body|meta|title|p|div|span|article|section|main|header|h[1-6]|br|hr|ul|ol|table|a|img|b"
    r"|strong|i|em|blockquote|figure|font|center|script|style|link|nav|time)(?:\s[^<>]*)?/?>"
)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a format is recognised by: the first bytes, the first characters without leading white space, and the suffix."""

    head: bytes
    start: str
    suffix: str
    columns: Columns


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, how its beginning looks, and its reader; without one, `cure` says what to give instead."""

    name: str
    matches: Callable[[Beginning], bool]
    read: Reader | None = None
    cure: str = ""


def read_stream(stream: Stream, origin: Origin, columns: Columns) -> Iterator[Article | Reject]:
    """Articles and rejects of a stream in any format; one that is not read is a reject that says what it is and what to do."""
    if not stream.head:
        # Raises the error if reading failed before the first byte.
        stream.file.read(1)
        yield origin.reject("is empty")
        return
    found = find_format(Beginning(stream.head, stream.start, origin.suffix, columns))
    if origin.unsure and found.read is _read_text:
        # Any file is text if it is nothing else: a name that no text has decides.
        kind = unread_kind(stream.start)
        yield origin.reject(f"is {kind.name}; {kind.cure}") if kind else Reject(origin.file, None, origin.unsure)
    elif found.read is None:
        yield origin.reject(f"is {found.name}; {found.cure}")
    else:
        yield from found.read(stream, origin, columns, read_stream)


def find_format(beginning: Beginning) -> Format:
    """The first format of FORMATS that fits; plain text fits everything."""
    return next(each for each in FORMATS if each.matches(beginning))


def _starts(*magics: bytes) -> Callable[[Beginning], bool]:
    return lambda b: b.head.startswith(magics)


def _text(pattern: str) -> Callable[[Beginning], bool]:
    compiled = re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    return lambda b: compiled.match(b.start) is not None


def _is_json(b: Beginning) -> bool:
    start = b.start
    if b.suffix in JSON_SUFFIXES:
        return not start.startswith("<")
    if not b.suffix and _holds_objects(start):
        return True
    # Prose may begin with '[FOTO]' or '{sponsor}'; in JSON another bracket or a quoted key follows.
    follows = start[1:].lstrip()[:1]
    return start[:1] in ("[", "{") and follows in ("{" if start[0] == "[" else '"', "]" if start[0] == "[" else "}")


def _holds_objects(start: str) -> bool:
    """Whether the lines after the first, which may be broken, are JSON objects; the last one may be cut off."""
    lines = [line for line in start.split("\n", PROBE_LINES)[1:PROBE_LINES] if line.strip()]
    if not lines or not all(line.lstrip().startswith('{"') for line in lines):
        return False
    try:
        return isinstance(json.loads(lines[0]), dict)
    except (ValueError, RecursionError):
        return False


def _is_html(b: Beginning) -> bool:
    if b.suffix in HTML_SUFFIXES:
        return True
    start = b.start[:HTML_PROBE]
    if b.suffix in TEXT_SUFFIXES and not re.search(r"<(?:!doctype|html|head|body)\b", start, re.IGNORECASE):
        # A fragment of a page is all article; only whole pages have menus.
        return False
    if start.startswith("<?xml"):
        return re.search(r"<!doctype html|<html\b", start, re.IGNORECASE) is not None
    if re.match(_HTML_BEGIN, start, re.IGNORECASE):
        return True
    # Scrapers save the inside of an element, so that text may come before the first tag.
    if b.suffix in JSON_SUFFIXES + CSV_SUFFIXES + MARKDOWN_SUFFIXES:
        return False
    closed = len(re.findall(r"</(?:p|div|li|h[1-6]|td|span|strong|article)>|<br ?/?>", start, re.IGNORECASE))
    return closed >= HTML_TAGS and looks_like_prose(b.start) and not _begins_table(b)


def _is_xml(b: Beginning) -> bool:
    if b.start.startswith("<?xml"):
        return True
    root = re.match(r"<([A-Za-z][\w:.-]*)[\s>/]", b.start)
    if re.match(_HTML_BEGIN, b.start, re.IGNORECASE):
        return False
    return root is not None and (len(b.head) >= XML_PROBE or f"</{root[1]}>" in b.start)


def _is_table(b: Beginning) -> bool:
    return b.suffix in CSV_SUFFIXES or _begins_table(b)


def _begins_table(b: Beginning) -> bool:
    start = b.start[:TABLE_PROBE]
    return looks_like_table(start, b.columns) or _has_tabs(start)


def _has_tabs(start: str) -> bool:
    """Whether the first lines have three or more cells each, as many in every line, separated by tabs, under short names."""
    lines = [line for line in start.split("\n", HEADER_LINES)[:HEADER_LINES] if line.strip()]
    names = lines[0].split("\t") if lines else []
    return (
        len(lines) > 1
        and len({line.count("\t") for line in lines}) == 1
        and len(names) == len({name.strip() for name in names if name.strip()}) > 2
        and all(len(name) <= HEADER_CELL for name in names)
    )


def _read_binary(stream: Stream, origin: Origin, columns: Columns, inner: Inner) -> Iterator[Article | Reject]:
    del stream, columns, inner
    expected = "JSON" if origin.suffix in JSON_SUFFIXES else "CSV" if origin.suffix in CSV_SUFFIXES else "text"
    yield origin.reject(f"is binary, not {expected}")


def _read_rows(stream: Stream, origin: Origin, columns: Columns, inner: Inner) -> Iterator[Article | Reject]:
    del inner
    yield from read_csv(stream, origin.suffix, origin.file, origin.stem, columns, origin.notes)


def _read_json(stream: Stream, origin: Origin, columns: Columns, inner: Inner) -> Iterator[Article | Reject]:
    del inner
    yield from read_json(stream, origin.file, origin.stem, columns, origin.notes)


def _read_parquet(stream: Stream, origin: Origin, columns: Columns, inner: Inner) -> Iterator[Article | Reject]:
    del inner
    yield from read_parquet_stream(stream.file, origin.file, origin.stem, columns, origin.notes)


def _read_page(stream: Stream, origin: Origin, columns: Columns, inner: Inner) -> Iterator[Article | Reject]:
    del inner
    data = stream.read_whole()
    if data is None:
        yield origin.reject(TOO_LARGE)
    elif looks_like_telegram(page := decode(data)):
        yield from read_telegram(page, origin)
    elif (rows := read_html_table(page, origin, columns)) is not None:
        yield from rows
    else:
        yield read_html(data, origin.file, origin.stem, origin.met)


def _read_text(stream: Stream, origin: Origin, columns: Columns, inner: Inner) -> Iterator[Article | Reject]:
    del columns, inner
    data = stream.read_whole()
    if data is None:
        yield origin.reject(TOO_LARGE)
        return
    text = plain_text(decode(data).strip("\ufeff \t\n\r"))
    # A file never becomes an article because nothing else fits it.
    if (kind := unread_kind(text)) is not None:
        yield origin.reject(f"is {kind.name}; {kind.cure}")
    elif all(c == "\ufffd" or c.isspace() for c in text):
        yield origin.reject("holds no text", 1)
    elif pieces := part_articles(text):
        for number, piece in enumerate(pieces, 1):
            yield Article(id=f"{origin.stem}-{number}", body=piece, source=Source(origin.file, number))
    else:
        yield Article(id=origin.stem, body=text, source=Source(origin.file, 1))


TOO_LARGE = f"is larger than {MAX_WHOLE_BYTES // 1_000_000} MB, too large for one article"
# The declaration, style sheets, comments and document type above the root.
_XML_HEAD = r"(?:<\?[^>]*>\s*|<!--[^>]*-->\s*|<!DOCTYPE[^>]*>\s*)*"
_AS_TABLE = "export its table as CSV"
_UNPACK = "unpack it and give the folder"

FORMATS: tuple[Format, ...] = (
    Format("a Parquet file", _starts(MAGIC), _read_parquet),
    Format("a zip archive", _starts(b"PK\x03\x04", b"PK\x05\x06"), read_zip),
    Format("an old Office file", _starts(b"\xd0\xcf\x11\xe0"), read_old_office),
    Format("a PDF", lambda b: b"%PDF-" in b.head[:1024], read_pdf),
    Format("an SQLite database", _starts(b"SQLite format 3\x00"), cure=_AS_TABLE),
    Format("a DuckDB database", lambda b: b.head[8:12] == b"DUCK", cure=_AS_TABLE),
    Format("an Arrow file", _starts(b"ARROW1"), cure="save it as Parquet"),
    Format("a RAR archive", _starts(b"Rar!"), cure=_UNPACK),
    Format("a 7-Zip archive", _starts(b"7z\xbc\xaf\x27\x1c"), cure=_UNPACK),
    Format("a tar archive", lambda b: b.head[257:262] == b"ustar", cure=_UNPACK),
    Format(
        "a picture",
        lambda b: b.head.startswith((b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\x00", b"MM\x00*")) or b.head[8:12] == b"WEBP",
        cure="give the article as text; pictures are not read",
    ),
    Format(
        "a sound or video file",
        lambda b: b.head.startswith((b"ID3", b"OggS", b"RIFF", b"\x1aE\xdf\xa3")) or b.head[4:8] == b"ftyp",
        cure="give a transcript as text",
    ),
    Format("a Python pickle", _starts(b"\x80\x03", b"\x80\x04", b"\x80\x05"), cure="save it as JSON lines or Parquet"),
    Format("binary", lambda b: looks_binary(b.head), _read_binary),
    Format("an RTF document", _text(r"\{\\rtf"), cure="save it as plain text or .docx"),
    Format("a web archive", _text(r"WARC/\d"), read_warc),
    Format("a mail or a page saved as one file", lambda b: looks_like_mail(b.start), read_mail),
    Format("a sitemap", _text(_XML_HEAD + r"<(?:urlset|sitemapindex)\b"), cure="give the pages that it lists"),
    Format("a feed", _text(_XML_HEAD + r"<(?:rss|feed|rdf:RDF)\b"), read_feed),
    Format("a list of feeds (OPML)", _text(_XML_HEAD + r"<opml\b"), cure="give the feeds that it lists"),
    Format("a vector picture", _text(_XML_HEAD + r"<svg\b"), cure="give the article as text; pictures are not read"),
    Format("an SQL dump", lambda b: b.suffix not in MARKDOWN_SUFFIXES and looks_like_sql(b.start), cure=_AS_TABLE),
    Format("subtitles", lambda b: looks_like_subtitles(b.start), read_subtitles),
    Format("a chat", lambda b: looks_like_chat(b.start), read_chat),
    Format("JSON", _is_json, _read_json),
    Format("a folder listing", _text(r"\s*<[^>]*>[\s\S]{0,500}?<title>Index of /"), cure="give the files that it lists"),
    Format("a web page", _is_html, _read_page),
    Format("XML", _is_xml, cure="give its articles as CSV or JSON lines"),
    Format("Markdown", lambda b: b.suffix in MARKDOWN_SUFFIXES or looks_like_markdown(b.start), read_markdown),
    Format("a table", _is_table, _read_rows),
    Format("text", lambda _: True, _read_text),
)
