"""Reads the text layer of PDFs, page by page."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from sorot.data.article import Article, Reject, Source
from sorot.data.errors import InputError
from sorot.data.reading.columns import Columns
from sorot.data.reading.documents.printed_lines import join_lines
from sorot.data.reading.documents.titles import property_title
from sorot.data.reading.documents.unpacking import seekable
from sorot.data.reading.origin import Inner, Origin
from sorot.data.reading.streams import Stream

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_BYTES = 200_000_000
MAX_PAGES = 2_000
MAX_SECONDS = 120
MAX_CHARACTERS = 50_000_000
LOCKED = "is a PDF protected by a password; save it without one"
SCANNED = "is a PDF without readable text, such as a scan; run text recognition (OCR) on it, for example with ocrmypdf"
UNREADABLE = "is a PDF that cannot be read; print it to a new PDF, or give its text"


class _RefusedError(Exception):
    """The PDF is not read; the message says why."""


def read_pdf(stream: Stream, origin: Origin, columns: Columns, inner: Inner) -> Iterator[Article | Reject]:
    """The PDF as one article, or a reject if it has no text, is locked or damaged, or exceeds MAX_PAGES or MAX_SECONDS.

    Lines are joined to paragraphs, running heads and page numbers left out. The title is that of its properties, if it looks
    like one. Raises InputError if the extra `files` is not installed.
    """
    del columns, inner
    with seekable(stream.file, MAX_BYTES) as file:
        if file is None:
            yield origin.reject(f"is a PDF larger than {MAX_BYTES // 1_000_000} MB; split it")
            return
        try:
            title, pages = _read_pages(file, origin.file)
        except _RefusedError as error:
            yield origin.reject(str(error))
            return
    text = join_lines(pages)
    if _is_readable(text):
        yield Article(id=origin.stem, body=text, title=title, source=Source(origin.file, 1))
    else:
        yield origin.reject(SCANNED)


def _read_pages(file: BinaryIO, name: str) -> tuple[str | None, list[list[str]]]:
    """The title in the properties, and the lines of each page. Raises _RefusedError."""
    try:
        import pypdf
        from pypdf.errors import DependencyError
    except ModuleNotFoundError as error:
        raise InputError(f"{name}: reading PDFs needs pypdf; add it with: pip install 'sorot[files]'") from error
    # It reports every flaw that it copes with.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(file)
        # Many PDFs have an empty password, which only forbids printing.
        if reader.is_encrypted and not reader.decrypt(""):
            raise _RefusedError(LOCKED)
        if len(reader.pages) > MAX_PAGES:
            raise _RefusedError(f"is a PDF of more than {MAX_PAGES:,} pages; split it")
        return property_title(_title_of(reader)), list(_lines(reader))
    except (_RefusedError, MemoryError):
        raise
    except DependencyError as error:
        raise _RefusedError(LOCKED) from error
    except Exception as error:
        # A damaged PDF raises errors of any type, in any part of the library.
        raise _RefusedError(UNREADABLE) from error


def _title_of(reader: PdfReader) -> str | None:
    try:
        return reader.metadata.title if reader.metadata else None
    except Exception:
        # Broken properties cost only the title.
        return None


def _lines(reader: PdfReader) -> Iterator[list[str]]:
    end = time.monotonic() + MAX_SECONDS
    characters = 0

    def check_time(*_: object) -> None:
        if time.monotonic() > end:
            raise _RefusedError(
                f"is a PDF that takes longer than {MAX_SECONDS} s to read; print it to a new PDF, or give its text"
            )

    for page in reader.pages:
        check_time()
        text = page.extract_text(visitor_operand_before=check_time)
        characters += len(text)
        if characters > MAX_CHARACTERS:
            raise _RefusedError(f"is a PDF of more than {MAX_CHARACTERS:,} characters; split it")
        yield text.splitlines()


def _is_readable(text: str) -> bool:
    """Whether most characters are letters, digits or spaces: fonts without a map to characters give anything else."""
    sample: Sequence[str] = text[:100_000]
    return 2 * sum(c.isalnum() or c.isspace() for c in sample) > len(sample) and any(c.isalpha() for c in sample)
