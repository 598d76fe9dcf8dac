"""Reads tables that are drawn in a document: a page of HTML, as programs save it under the name .xls, or a Word file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice

from sorot.data.article import Article, Reject
from sorot.data.errors import InputError
from sorot.data.reading.columns import Columns, candidates, names_columns, resolve
from sorot.data.reading.origin import Origin
from sorot.data.reading.tables.table_rows import TableRow, articles_of

# Rows that may stand above the header, and how many of them name columns at least.
HEADER_ROWS = 5
MIN_NAMES = 2


def read_drawn(rows: Sequence[Sequence[str]], origin: Origin, columns: Columns) -> Iterator[Article | Reject] | None:
    """Articles and rejects of a table's rows of cells; None if no row at its top names a column of texts and another."""
    for number, names in enumerate(islice(rows, HEADER_ROWS), 1):
        used = [name for name in names if name]
        if names_columns(columns, used)[1] < MIN_NAMES or number == len(rows):
            continue
        try:
            chosen = resolve(columns, used, origin.file)
        except InputError:
            continue
        cells = _cells(rows, names, number)
        return articles_of(cells, chosen, origin.file, origin.stem, candidates=candidates(columns, used), notes=origin.notes)
    return None


def read_html_table(page: str, origin: Origin, columns: Columns) -> Iterator[Article | Reject] | None:
    """As `read_drawn`, of a page of HTML that is a table and next to nothing else; None for any other page."""
    if "<table" not in page[:SAMPLE].lower():
        return None
    from lxml import etree, html

    try:
        tree = html.fromstring(page)
    except (etree.LxmlError, ValueError):
        return None
    tables = [table for table in tree.iter("table") if next(table.iterancestors("table"), None) is None]
    if sum(map(_size, tables)) < TABLE_SHARE * _size(tree):
        return None
    found = [
        read_drawn([[_text(cell) for cell in row.iter("td", "th")] for row in table.iter("tr")], origin, columns)
        for table in tables
    ]
    drawn = [rows for rows in found if rows is not None]
    return chain.from_iterable(drawn) if drawn else None


# Where the first table of such a page begins, in characters, and how much of its text is in tables.
SAMPLE, TABLE_SHARE = 20_000, 0.8


def _cells(rows: Sequence[Sequence[str]], names: Sequence[str], header: int) -> Iterator[TableRow]:
    for number, row in enumerate(rows[header:], header + 1):
        yield number, {name: cell for name, cell in zip(names, row, strict=False) if name} if any(row) else None


def _text(element: object) -> str:
    return " ".join("".join(element.itertext()).split())  # type: ignore[attr-defined]


def _size(element: object) -> int:
    return len(_text(element))
