"""The report as a workbook: the findings on the first sheet, then a sheet for each table."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sorot.serving.findings.report.document.parts import Cell, Decimal, Document, Percent, Table
from sorot.serving.findings.report.document.voice import Voice
from sorot.serving.findings.report.findings import Band

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

# What Excel allows.
NAME_LENGTH, CELL_LENGTH = 31, 32_767
# The same input gives the same bytes, so the file bears no clock.
_CREATED = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_WIDEST = 60
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def workbook_report(document: Document, voice: Voice) -> bytes:
    """The bytes of an .xlsx file. No text is taken for a formula or a link; shares are numbers with a percent format."""
    import xlsxwriter

    opened = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(opened, options) as book:
        book.set_properties({"title": document.title, "created": _CREATED})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        formats = {Percent: book.add_format({"num_format": "0.0%"}), str: book.add_format({"text_wrap": True, "valign": "top"})}
        _write_sentences(book.add_worksheet(_sheet_name(voice("findings"), [])), document, bold, formats[str])
        names = [voice("findings")]
        for section in document.sections:
            tables = [*section.tables]
            if section.cards:
                tables.append(_card_table(section.key, section.heading, section.cards, voice))
            for table in tables:
                names.append(_sheet_name(table.caption, names))
                _write_table(book.add_worksheet(names[-1]), table, voice, bold, formats)
    return opened.getvalue()


def _write_sentences(sheet: Worksheet, document: Document, bold: Format, wrapped: Format) -> None:
    sheet.set_column(0, 0, 110)
    lines = [(document.title, bold), (document.subtitle, wrapped)]
    for section in document.sections:
        texts = (*section.paragraphs, *section.points, *section.notes)
        lines += [(section.heading, bold), *((text, wrapped) for text in texts)] if texts else []
    for row, (text, form) in enumerate(lines):
        sheet.write_string(row, 0, text[:CELL_LENGTH], form)


def _write_table(sheet: Worksheet, table: Table, voice: Voice, bold: Format, formats: dict[type, Format]) -> None:
    # A band fills three columns, so that each number can be counted with.
    wide = [any(isinstance(row[at], Band) for row in table.rows) for at in range(len(table.columns))]
    names: list[str] = []
    for name, is_band in zip(table.columns, wide, strict=True):
        names += [name, voice("low", name=name), voice("high", name=name)] if is_band else [name]
    widths = [len(name) for name in names]
    for at, name in enumerate(names):
        sheet.write_string(0, at, name, bold)
    for number, row in enumerate(table.rows, 1):
        for at, value in enumerate(_spread(row, wide)):
            widths[at] = max(widths[at], len(str(value)) if isinstance(value, str) else 8)
            _write_cell(sheet, number, at, value, formats)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, min(width + 2, _WIDEST))
    sheet.freeze_panes(1, 1)


def _spread(row: tuple[Cell, ...], wide: list[bool]) -> Iterator[Cell]:
    for cell, is_band in zip(row, wide, strict=True):
        if not is_band:
            yield cell
        elif isinstance(cell, Band):
            yield from (Percent(cell.share), Percent(cell.low), Percent(cell.high))
        else:
            yield from (cell, None, None)


def _write_cell(sheet: Worksheet, row: int, column: int, cell: Cell, formats: dict[type, Any]) -> None:
    match cell:
        case None:
            return
        case str():
            sheet.write_string(row, column, cell[:CELL_LENGTH], formats[str])
        case Percent(share):
            sheet.write_number(row, column, share, formats[Percent])
        case Decimal(value, _):
            sheet.write_number(row, column, value)
        case int():
            sheet.write_number(row, column, cell)


def _card_table(key: str, caption: str, cards: tuple[Any, ...], voice: Voice) -> Table:
    heads = ("label_column", "certainty_column", "title_column", "outlet", "address", "sentence")
    rows = tuple((c.label, c.certainty, c.title, c.origin, c.url or None, "\n".join(c.sentences)) for c in cards)
    return Table(key, caption, tuple(voice(head) for head in heads), rows)


def _sheet_name(caption: str, taken: list[str]) -> str:
    """A name that Excel allows and that no other sheet has, letters' case aside."""
    base = " ".join(caption.translate(_NOT_IN_NAMES).split())[:NAME_LENGTH] or "-"
    lower, name, number = {one.lower() for one in taken}, base, 2
    while name.lower() in lower:
        tail = f" {number}"
        name, number = base[: NAME_LENGTH - len(tail)] + tail, number + 1
    return name
