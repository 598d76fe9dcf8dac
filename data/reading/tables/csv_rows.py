"""Reads messy CSV and TSV: any delimiter, blank lines above the header, unclosed quotes."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from sorot.data.article import Article, Reject
from sorot.data.errors import InputError
from sorot.data.reading.columns import Columns, candidates, names_columns, resolve
from sorot.data.reading.notes import ReadingNotes
from sorot.data.reading.streams import Stream
from sorot.data.reading.tables.json_rows import NO_ROWS
from sorot.data.reading.tables.lines import Lines, read_limited_lines
from sorot.data.reading.tables.table_rows import TableRow, articles_of

DELIMITERS = ",;\t|"
# Longest field and longest line, in characters.
MAX_FIELD = 50_000_000
# In a record longer than this, if more than one line in LINES_PER_ROW looks like a row, a quote was never closed.
MAX_RECORD_LINES = 200
MAX_RECORD_CHARACTERS = 10_000_000
LINES_PER_ROW = 4
HEADER_LINES = 20
HEADER_CELL = 40
HEADER_CHARACTERS = 1_000_000
_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
UNCLOSED = "a quotation mark opens here and is never closed; close it, or double it if it belongs to the text"

LONG_LINE = "the line is longer than {:,} characters; fix the line endings or remove the line"


def read_csv(
    stream: Stream, suffix: str, file: str, stem: str, columns: Columns, notes: ReadingNotes | None = None
) -> Iterator[Article | Reject]:
    """Articles and rejects of a table, one record at a time. If columns share a name, the first is used.

    A record with an unclosed quote becomes one reject; reading resumes at the next line that looks like a row. Where a file
    has so many that most of it would be read again and again, a quote has to be closed on its line.
    Raises InputError if the header cannot be read, or lacks a given column or one for the text.
    """
    csv.field_size_limit(MAX_FIELD)
    lines = _lines_of(stream)
    delimiter = _find_header(lines, suffix, columns, file)
    if delimiter is None:
        yield Reject(file, None, NO_ROWS)
        return
    header = _read_header(lines, delimiter, file)
    names = [_name(cell) for cell in header]
    chosen = resolve(columns, names, file)
    empty = True
    rows = _cells(_records(lines, delimiter, header), names)
    for item in articles_of(rows, chosen, file, stem, candidates=candidates(columns, names), notes=notes):
        empty = False
        yield item
    if empty:
        yield Reject(file, None, NO_ROWS)


def _cells(records: Iterable[tuple[int, list[str], str]], names: Sequence[str]) -> Iterator[TableRow]:
    """The cells of each record by column, or its fault; None for a blank record."""
    positions = {name: names.index(name) for name in names}
    for number, row, fault in records:
        if fault:
            yield number, fault
        elif not any(cell.strip() for cell in row):
            yield number, None
        elif len(row) != len(names):
            yield number, f"{len(row)} fields where the header has {len(names)}; quote the text or fix the row"
        else:
            yield number, {name: row[position] for name, position in positions.items()}


def read_names(stream: Stream, suffix: str, columns: Columns) -> list[str]:
    """Column names of a table, in order; empty if the file is. Raises InputError if the header cannot be read."""
    csv.field_size_limit(MAX_FIELD)
    lines = _lines_of(stream)
    delimiter = _find_header(lines, suffix, columns, "the file")
    if delimiter is None:
        return []
    return [_name(cell) for cell in _read_header(lines, delimiter, "the file")]


def looks_like_table(start: str, columns: Columns) -> bool:
    """Whether the text begins with a table header: short cells that include a given column or a usual text column."""
    lines = Lines(start.replace("\x00", "").splitlines(keepends=True)[:HEADER_LINES])
    if _skip_to_header(lines):
        return True
    header = lines.peek() or ""
    delimiter = _choose_delimiter(header, "", columns)
    names = _split(header, delimiter)
    if any(len(name) > HEADER_CELL or name.endswith(".") for name in names):
        return False
    given, usual = names_columns(columns, names)
    if given or len(names) < 2:
        return given > 0
    try:
        resolve(columns, names, "")
    except InputError:
        return False
    # Prose may look like a header: 'Berita, foto dan video'.
    prose = f"{delimiter} " in header and any(" " in name for name in names)
    return not prose or usual == len(names)


def _lines_of(stream: Stream) -> Lines:
    """The lines without NUL characters. Overlong lines keep theirs, so that they still count as overlong."""
    lines = read_limited_lines(stream.text(""), MAX_FIELD, "\r\n")
    return Lines(line if len(line) > MAX_FIELD else line.replace("\x00", "") for line in lines)


class _TooLongError(Exception):
    pass


class _Record:
    """Feeds the lines of one record to the CSV reader; raises _TooLongError if the record grows too long."""

    def __init__(self, lines: Lines, delimiter: str, header: Sequence[str]) -> None:
        self._source = lines
        self._delimiter = delimiter
        self._width = len(header)
        self._spaced = any(cell.startswith(" ") for cell in header[1:])
        self.begin()

    def begin(self) -> None:
        self.lines: list[str] = []
        self.rows_within: list[int] = []
        self.characters = 0
        self.cut_off = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self._check_length()
        # Nothing may be read again, so what the quote holds is not followed: it ends at its line.
        if self.lines and self._source.again <= 0:
            raise _TooLongError
        line = next(self._source, None)
        if line is None:
            self.cut_off = bool(self.lines)
            raise StopIteration
        self.lines.append(line)
        if len(line) > MAX_FIELD:
            raise _TooLongError
        if len(self.lines) > 1 and self._is_row(line):
            self.rows_within.append(len(self.lines) - 1)
        self.characters += len(line)
        return line

    def _check_length(self) -> None:
        # In a short record, a table inside a quoted text looks like rows too.
        n_lines = len(self.lines)
        holds_rows = n_lines > MAX_RECORD_LINES and LINES_PER_ROW * len(self.rows_within) > n_lines
        if holds_rows or self.characters > MAX_RECORD_CHARACTERS:
            raise _TooLongError

    def _is_row(self, line: str) -> bool:
        """Whether a line inside a quoted field could be a row: as many cells as the header, and spaced like it.

        A row that ends inside a quote may have fewer cells.
        """
        if self._width < 2 or line.count(self._delimiter) < 1:
            return False
        reader = csv.reader([line, ""], delimiter=self._delimiter)
        cells = next(reader)
        unfinished = reader.line_num > 1
        if not self._spaced and any(cell.startswith(" ") for cell in cells[1:]):
            return False
        return 2 <= len(cells) <= self._width if unfinished else len(cells) == self._width

    def next_row(self) -> int | None:
        """After an unclosed quote: the index of the line where the next record begins, or None."""
        if self._width == 1:
            return 1
        return self.rows_within[0] if self.rows_within else None


def _records(lines: Lines, delimiter: str, header: Sequence[str]) -> Iterator[tuple[int, list[str], str]]:
    """For each record: the number of its first line, its cells, and its fault (empty if it has none)."""
    record = _Record(lines, delimiter, header)
    reader = csv.reader(record, delimiter=delimiter)
    while True:
        record.begin()
        number = lines.n_read + 1
        fault = ""
        row: list[str] | None = []
        try:
            row = next(reader, None)
        except _TooLongError:
            fault = LONG_LINE.format(MAX_FIELD) if len(record.lines[0]) > MAX_FIELD else UNCLOSED
        except csv.Error as error:
            fault = f"not valid CSV: {error}"
        if not record.lines:
            return
        if not fault and _is_unclosed(record, row or [], len(header), delimiter):
            fault = UNCLOSED
        if fault == UNCLOSED:
            resume = record.next_row()
            lines.give_back(record.lines[resume:] if resume is not None else [])
        yield number, row or [], fault


def _is_unclosed(record: _Record, row: Sequence[str], width: int, delimiter: str) -> bool:
    if record.cut_off:
        return True
    if len(record.lines) == 1:
        return False
    if record.rows_within and len(row) != width:
        return True
    # The next record's opening quote may have closed this one; strict parsing then rejects the text right after it.
    return (bool(record.rows_within) or len(record.lines) > MAX_RECORD_LINES) and not _is_strict(record.lines, delimiter)


def _is_strict(lines: Sequence[str], delimiter: str) -> bool:
    try:
        next(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return True


def _find_header(lines: Lines, suffix: str, columns: Columns, file: str) -> str | None:
    """Skip to the header and return its delimiter; None if all lines are blank."""
    delimiter = _skip_to_header(lines)
    if delimiter is None:
        _skip_caption(lines, suffix, columns)
    header = lines.peek()
    if header is None:
        return None
    if len(header) > HEADER_CHARACTERS:
        limit = f"longer than {HEADER_CHARACTERS:,} characters"
        raise InputError(f"{file}: the header line is {limit}; give a table whose first line names the columns")
    return delimiter or _choose_delimiter(header, suffix, columns)


def _skip_to_header(lines: Lines) -> str | None:
    """Skip blank lines and a spreadsheet's 'sep=;' line; return the delimiter that line names, if any."""
    delimiter = None
    while (line := lines.peek()) is not None:
        separator = _SEPARATOR.fullmatch(line.lstrip("\ufeff"))
        if separator:
            delimiter = separator[1]
        elif line.strip("\ufeff \t\r\n"):
            break
        next(lines)
    return delimiter


def _skip_caption(lines: Lines, suffix: str, columns: Columns) -> None:
    """Skip what a report prints above its table, if only a later one of the first lines names the columns."""
    first = list(islice(lines, HEADER_LINES))
    lines.give_back(first)
    for number, line in enumerate(first):
        if len(line) > HEADER_CHARACTERS:
            return
        names = _split(line, _choose_delimiter(line, suffix, columns))
        try:
            resolve(columns, names, "")
        except InputError:
            continue
        # A sentence may name a column; a header names several, and nothing else is as long.
        if number and names_columns(columns, names)[1] >= 2 and all(len(name) <= HEADER_CELL for name in names):
            for _ in range(number):
                next(lines)
        return


def _choose_delimiter(header: str, suffix: str, columns: Columns) -> str:
    """The delimiter that yields the most given columns; ties go to the most usual names, then to the most frequent one."""
    if suffix == ".tsv" and "\t" in header:
        return "\t"
    return max(DELIMITERS, key=lambda d: (*names_columns(columns, _split(header, d)), header.count(d)))


def _split(header: str, delimiter: str) -> list[str]:
    return [_name(cell) for cell in next(csv.reader([header], delimiter=delimiter), [])]


def _read_header(lines: Lines, delimiter: str, file: str) -> list[str]:
    """The header's cells; quoted cells may contain line breaks."""
    reader = csv.reader(islice(lines, HEADER_LINES), delimiter=delimiter)
    cells = next(reader, [])
    if reader.line_num == HEADER_LINES:
        raise InputError(f"{file}: a quotation mark in the header is not closed; close it")
    return cells


def _name(cell: str) -> str:
    return cell.strip("\ufeff \t\r\n")
