"""Reads Word documents (.docx)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from sorot.data.article import Article, Reject, Source
from sorot.data.errors import InputError
from sorot.data.reading.columns import Columns
from sorot.data.reading.documents.several_articles import part_articles
from sorot.data.reading.documents.titles import property_title
from sorot.data.reading.origin import Origin
from sorot.data.reading.tables.drawn_tables import read_drawn

if TYPE_CHECKING:
    from docx.document import Document

# The largest XML part, in bytes: one article is never that long.
MAX_XML = 50_000_000
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Deleted or moved text, the second copy of a text box, and what is laid out but not read.
_SKIPPED = frozenset({f"{W}del", f"{W}moveFrom", f"{W}rPr", f"{W}pPr", FALLBACK})
_SPACES = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
# A heading below a longer paragraph than this is a subheading.
LONG = 100
# Tables that may hold articles, and how much of the document's words such a table holds.
MAX_TABLES, TABLE_SHARE = 20, 0.8


def read_word(file: BinaryIO, origin: Origin, columns: Columns) -> Iterator[Article | Reject]:
    """The document as one article: its paragraphs and cells in order; the title from its first Title or Heading 1.

    A document that is a table of articles gives one for each row, and a press database's export one for each of its articles.

    Headers, footers, comments, notes, deleted and hidden text are left out. Raises InputError if the extra `files` is not
    installed.
    """
    try:
        import docx
    except ModuleNotFoundError as error:
        raise InputError(
            f"{origin.file}: reading Word documents needs python-docx; add it with: pip install 'sorot[files]'"
        ) from error
    try:
        document = docx.Document(file)
        paragraphs = [(style, text) for style, text in _paragraphs(document) if text]
        given = property_title(document.core_properties.title)
        drawn = _tables(document)
    except MemoryError:
        raise
    except Exception:
        # The libraries raise errors of many types for damaged and unusual files.
        yield origin.reject("is a Word document that cannot be read; save it as .docx again, or as plain text")
        return
    for table in drawn:
        words = sum(len(cell.split()) for row in table for cell in row)
        inside = words >= TABLE_SHARE * sum(len(text.split()) for _, text in paragraphs)
        if inside and (rows := read_drawn(table, origin, columns)) is not None:
            yield from rows
            return
    at = _title_at(paragraphs)
    body = "\n\n".join(text for number, (_, text) in enumerate(paragraphs) if number != at)
    if not paragraphs:
        yield origin.reject("holds no text", 1)
        return
    if not body:
        at, body = None, paragraphs[0][1]
    if pieces := part_articles("\n\n".join(text for _, text in paragraphs)):
        for number, piece in enumerate(pieces, 1):
            yield Article(id=f"{origin.stem}-{number}", body=piece, source=Source(origin.file, number))
        return
    title = given if at is None else " ".join(paragraphs[at][1].split())
    yield Article(id=origin.stem, body=body, title=title, source=Source(origin.file, 1))


def _tables(document: Document) -> list[list[list[str]]]:
    """The cells of each table of the document, row by row."""
    return [[[cell.text.strip() for cell in row.cells] for row in table.rows] for table in document.tables[:MAX_TABLES]]


def _title_at(paragraphs: list[tuple[str, str]]) -> int | None:
    """The number of the paragraph that is the title, or None."""
    for number, (style, _) in enumerate(paragraphs):
        if style == "title":
            return number
    for number, (style, text) in enumerate(paragraphs):
        if style == "heading 1":
            return number
        if len(text) > LONG:
            return None
    return None


def _paragraphs(document: Document) -> Iterator[tuple[str, str]]:
    """Style, in lower case, and text of each paragraph, those in tables, content controls and text boxes included."""
    styles = {style.style_id: (style.name or "").lower() for style in document.styles}
    for paragraph in document.element.body.iter(f"{W}p"):
        if any(parent.tag in _SKIPPED for parent in paragraph.iterancestors()):
            continue
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = styles.get(style.get(f"{W}val"), "") if style is not None else ""
        yield name, "".join(_pieces(paragraph)).strip()


def _pieces(element: Any) -> Iterator[str]:
    """The visible text below an element, without that of paragraphs inside it."""
    for child in element:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in _SPACES:
            yield _SPACES[child.tag]
        elif child.tag in _SKIPPED or child.tag == f"{W}p" or not isinstance(child.tag, str):
            continue
        elif child.tag != f"{W}r" or child.find(f"{W}rPr/{W}vanish") is None:
            yield from _pieces(child)
