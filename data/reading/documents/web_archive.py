"""Reads WARC files."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import replace
from typing import Any

from sorot.data.article import Article, Reject
from sorot.data.errors import InputError
from sorot.data.reading.columns import Columns
from sorot.data.reading.documents.parts import charset_of, in_utf8, read_part
from sorot.data.reading.origin import Inner, Origin
from sorot.data.reading.streams import READ_ERRORS, Stream

MAX_PAGE_BYTES = 50_000_000
_PAGES = ("text/html", "application/xhtml+xml")


class _DamagedError(Exception):
    """A record cannot be read, so that those after it are not found."""


def read_warc(stream: Stream, origin: Origin, columns: Columns, inner: Inner) -> Iterator[Article | Reject]:
    """An article per HTML page that a web archive holds, one record at a time; `row` counts the pages.

    Pages that the site answered with an error, and repeats without content, are rejects; pictures, scripts, redirects and
    other records are skipped. Raises InputError if warcio is not installed.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
    except ModuleNotFoundError as error:
        raise InputError(f"{origin.file}: reading web archives needs warcio; add it with: pip install 'sorot[files]'") from error
    number = 0
    try:
        for record in _each(ArchiveIterator(stream.file)):
            kind = _page_type(record)
            if kind is None:
                continue
            number += 1
            url = record.rec_headers.get_header("WARC-Target-URI") or None
            url = url.strip("<>") if url else None
            if fault := _fault(record):
                yield Reject(origin.file, number, f"the page {url} {fault}")
                continue
            try:
                data = record.content_stream().read(MAX_PAGE_BYTES + 1)
            except READ_ERRORS:
                raise
            except Exception as error:
                yield Reject(origin.file, number, f"the page {url} cannot be unpacked ({type(error).__name__}); fetch it again")
                continue
            if len(data) > MAX_PAGE_BYTES:
                yield Reject(origin.file, number, f"the page {url} is larger than {MAX_PAGE_BYTES // 1_000_000} MB")
                continue
            suffix = ".txt" if kind == "text/plain" else ".html"
            page = replace(origin, stem=f"{origin.stem}-{number}", suffix=suffix, description=f"the page {url}", notes=None)
            data = in_utf8(data, charset_of(_content_type(record)))
            yield from read_part(data, page, number, url, columns, inner)
    except _DamagedError:
        yield origin.reject("is a web archive that is damaged after its last page read; fetch it again")
        return
    if not number:
        yield origin.reject("is a web archive without a page of HTML; give one that holds the articles' pages")


def _each(records: Iterator[Any]) -> Iterator[Any]:
    """The records. Raises _DamagedError where the library meets one that it cannot read, with errors of any type."""
    while True:
        try:
            # It prints what it copes with, and quotes the page.
            with redirect_stderr(io.StringIO()):
                record = next(records)
        except StopIteration:
            return
        except (*READ_ERRORS, MemoryError):
            raise
        except Exception as error:
            raise _DamagedError from error
        yield record


def _page_type(record: Any) -> str | None:
    """'text/html' for a page, 'text/plain' for a page's text that a crawler extracted, None for all other records."""
    content = _content_type(record).partition(";")[0].strip().lower()
    if record.rec_type == "conversion":
        return content if content == "text/plain" else None
    if record.rec_type not in ("response", "resource", "revisit") or content not in _PAGES:
        return None
    return None if _status(record).startswith("3") and record.rec_type != "revisit" else "text/html"


def _fault(record: Any) -> str:
    """Why a page is no article, or an empty string."""
    if record.rec_type == "revisit":
        return "is a repeat without content (revisit); its content is in an earlier record"
    status = _status(record)
    return f"was answered with error {status}; fetch it again" if status[:1] in ("4", "5") else ""


def _status(record: Any) -> str:
    return (record.http_headers.get_statuscode() or "") if record.http_headers else ""


def _content_type(record: Any) -> str:
    headers = record.http_headers or record.rec_headers
    return headers.get_header("Content-Type") or ""
