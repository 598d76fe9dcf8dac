"""Reads the sheets of workbooks (.xlsx, .xls, .ods), and tells the kinds of old Office files apart."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from sorot.data.article import Article, Reject
from sorot.data.errors import InputError
from sorot.data.reading.columns import Columns, candidates, names_columns, resolve
from sorot.data.reading.documents.unpacking import seekable
from sorot.data.reading.notes import ReadingNotes
from sorot.data.reading.origin import Inner, Origin
from sorot.data.reading.reader_process import read_in_process
from sorot.data.reading.streams import Stream
from sorot.data.reading.tables.json_rows import NO_ROWS
from sorot.data.reading.tables.table_rows import TableRow, articles_of

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

Result = TypeVar("Result")
# Rows that may stand above the header: the table's caption, its source, its date.
HEADER_ROWS = 20
MAX_OLD_OFFICE = 200_000_000
MOST_DIGITS = 10**15
PROTECTED = "is an Office file protected by a password; save it without one"
# Streams of an old Office file (OLE) that name its kind.
_OLD_KINDS = {
    "EncryptedPackage": PROTECTED,
    "WordDocument": "is an old Word document (.doc); save it as .docx or plain text",
    "PowerPoint Document": "is an old PowerPoint presentation (.ppt); save its text as .docx or plain text",
    "__properties_version1.0": "is an Outlook message (.msg); save it as .eml or plain text",
    "Workbook": "",
    "Book": "",
}


@dataclass(frozen=True, slots=True)
class _Table:
    """Where a sheet's table is: the header's row, counted from 1, its names, and the columns that hold article fields."""

    sheet: str
    row: int
    names: Sequence[str]
    columns: Columns
    candidates: Mapping[str, Sequence[str]]


class _UnreadableError(Exception):
    """The library cannot read the workbook; the message says why."""


def workbook_in_process(file: BinaryIO, origin: Origin, columns: Columns) -> Iterator[Article | Reject]:
    """`read_workbook` in a process of its own: a library in Rust reads all of a sheet at once, however large it becomes."""
    with TemporaryDirectory() as folder:
        copy = Path(folder, "workbook")
        with copy.open("wb") as out:
            shutil.copyfileobj(file, out)
        for item in read_in_process(_read_and_note, origin.file, copy, replace(origin, notes=None, met=None), columns):
            if not isinstance(item, ReadingNotes):
                yield item
            elif origin.notes:
                origin.notes.merge(item)


def _read_and_note(file: Path, origin: Origin, columns: Columns) -> Iterator[Article | Reject | ReadingNotes]:
    """`read_workbook` with its notes at the end: what another process adds to an object is lost."""
    notes = ReadingNotes()
    yield from read_workbook(file, replace(origin, notes=notes), columns)
    yield notes


def read_workbook(file: Path, origin: Origin, columns: Columns) -> Iterator[Article | Reject]:
    """Articles and rejects of every sheet that holds a table, or of the one that `columns.sheet` names.

    `row` is the sheet's row. If several sheets hold a table, sources are named 'a.xlsx#sheet'. Sheets without a text column
    are rejected only if none has one. Raises InputError if there is no such sheet, if the only sheet lacks a column, and if
    the extra `files` is not installed.
    """
    try:
        import python_calamine
    except ModuleNotFoundError as error:
        raise InputError(
            f"{origin.file}: reading workbooks needs python-calamine; add it with: pip install 'sorot[files]'"
        ) from error
    try:
        workbook = _call(lambda: python_calamine.load_workbook(str(file)))
        names = _chosen_sheets(workbook, columns, origin)
        sheet = _load(workbook, names[0]) if len(names) == 1 else None
        tables, faults = _find_tables(workbook, names, sheet, columns, origin.file)
        if not tables and len(faults) == 1:
            raise InputError(f"{origin.file}: {faults[0][1]}")
        if not tables:
            yield from (Reject(f"{origin.file}#{name}", None, fault) for name, fault in faults)
            if not faults:
                yield Reject(origin.file, None, NO_ROWS)
        for table in tables:
            part = f"#{table.sheet}" if len(tables) > 1 else ""
            at = replace(origin, file=f"{origin.file}{part}", stem=f"{origin.stem}{part}")
            yield from _read_table(sheet or _load(workbook, table.sheet), table, at)
    except _UnreadableError as error:
        yield origin.reject(str(error))


def read_old_office(stream: Stream, origin: Origin, columns: Columns, inner: Inner) -> Iterator[Article | Reject]:
    """Articles and rejects of an .xls workbook; a reject with the cure for other old Office files and protected ones."""
    del inner
    with seekable(stream.file, MAX_OLD_OFFICE) as file:
        if file is None:
            yield origin.reject(f"is an Office file larger than {MAX_OLD_OFFICE // 1_000_000} MB; save its table as CSV")
            return
        refusal = _OLD_KINDS.get(
            _old_kind(file.read()), "is an old Office file of an unknown kind; save it as .docx, .xlsx or CSV"
        )
        if refusal:
            yield origin.reject(refusal)
        else:
            file.seek(0)
            yield from workbook_in_process(file, origin, columns)


def _old_kind(data: bytes) -> str:
    """The first stream name of _OLD_KINDS in the file's directory, or an empty string."""
    names = b"|".join(re.escape(name.encode("utf-16-le")) for name in _OLD_KINDS)
    for match in re.finditer(rb"(?:" + names + rb")\x00\x00", data):
        entry = data[match.start() : match.start() + 128]
        # An entry of the directory has its name's length after the name, its type after that, and a whole place in the file.
        if match.start() % 128 == 0 and entry[64:66] == len(match[0]).to_bytes(2, "little") and entry[66:67] == b"\x02":
            return match[0].decode("utf-16-le").rstrip("\x00")
    return ""


def _chosen_sheets(workbook: CalamineWorkbook, columns: Columns, origin: Origin) -> list[str]:
    import python_calamine

    kinds = python_calamine.SheetTypeEnum
    names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == kinds.WorkSheet]
    if columns.sheet is None:
        return names
    if columns.sheet not in names:
        raise InputError(f"{origin.file}: there is no sheet {columns.sheet!r}; the sheets are {', '.join(map(repr, names[:30]))}")
    return [columns.sheet]


def _find_tables(
    workbook: CalamineWorkbook, names: Sequence[str], only: CalamineSheet | None, columns: Columns, file: str
) -> tuple[list[_Table], list[tuple[str, str]]]:
    """The tables, and name and fault of each other sheet that is not blank."""
    tables: list[_Table] = []
    faults: list[tuple[str, str]] = []
    for name in names:
        try:
            sheet = only or _load(workbook, name)
            if (table := _find_table(sheet, name, columns, file)) is not None:
                tables.append(table)
        except _UnreadableError as error:
            faults.append((name, f"the sheet {error}"))
        except InputError as error:
            faults.append((name, str(error).removeprefix(f"{file}: ")))
    return tables, faults


def _find_table(sheet: CalamineSheet, name: str, columns: Columns, file: str) -> _Table | None:
    """The table under the row that has most names of columns; None if the sheet is blank. Raises InputError as `resolve`."""
    rows = ((number, _names(row)) for number, row in enumerate(sheet.iter_rows(), 1) if not _is_blank(row))
    heads = list(islice(rows, HEADER_ROWS))
    if not heads:
        return None
    found: list[_Table] = []
    for number, names in heads:
        try:
            used = [each for each in names if each]
            found.append(_Table(name, number, names, resolve(columns, used, file), candidates(columns, used)))
        except InputError:
            continue
    if not found:
        resolve(columns, filter(None, heads[0][1]), file)
    return max(found, key=lambda table: names_columns(columns, table.names), default=None)


def _read_table(sheet: CalamineSheet, table: _Table, origin: Origin) -> Iterator[Article | Reject]:
    empty = True
    rows = _rows(sheet, table)
    for item in articles_of(rows, table.columns, origin.file, origin.stem, candidates=table.candidates, notes=origin.notes):
        empty = False
        yield item
    if empty:
        yield Reject(origin.file, None, NO_ROWS)


def _rows(sheet: CalamineSheet, table: _Table) -> Iterator[TableRow]:
    """The cells of each row below the header by column; None for a blank row."""
    positions = {name: position for position, name in reversed(list(enumerate(table.names))) if name}
    order = sorted(positions, key=positions.__getitem__)
    for number, row in enumerate(sheet.iter_rows(), 1):
        if number > table.row:
            yield number, None if _is_blank(row) else {name: _cell(row[positions[name]]) for name in order}


def _names(row: Sequence[Any]) -> list[str]:
    return [str(_cell(cell)).strip("\ufeff \t\r\n") for cell in row]


def _cell(value: Any) -> Any:
    # A workbook keeps every number as a float, and Excel no more than fifteen digits of it.
    if isinstance(value, float) and abs(value) >= MOST_DIGITS:
        return f"{value:.14E}"
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_blank(row: Sequence[Any]) -> bool:
    return all(isinstance(cell, str) and not cell.strip() for cell in row)


def _load(workbook: CalamineWorkbook, name: str) -> CalamineSheet:
    return _call(lambda: workbook.get_sheet_by_name(name))


def _call(action: Callable[[], Result]) -> Result:
    """What `action` returns. Raises _UnreadableError if the library fails."""
    import python_calamine

    try:
        return action()
    except python_calamine.PasswordError as error:
        raise _UnreadableError(PROTECTED) from error
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        # A panic of the library's Rust code is no Exception.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise _UnreadableError("cannot be read as a workbook; save it again, or save its table as CSV") from error
