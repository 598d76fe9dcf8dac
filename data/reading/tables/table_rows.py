"""Makes articles of the rows of any table; what a whole column decides waits until its cells show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sorot.data.article import Article, Reject
from sorot.data.reading.columns import USUAL, Columns, cell_text, make_article, plain_name
from sorot.data.reading.fields.date_order import ColumnDates, read_date
from sorot.data.reading.notes import ReadingNotes

# A row's number, and its cells by column, or why it cannot be read; None if it is blank.
TableRow = tuple[int, Mapping[str, Any] | Reject | str | None]
# A row below a blank one with fewer words of text, and no date where the table has dates, belongs to another table.
ANOTHER_TABLE_WORDS = 4
ANOTHER_TABLE = "the row stands below a blank line and holds no article; if it belongs to another table, save that one apart"
# At most so many rows and characters wait for a cell that decides.
MAX_WAITING_ROWS = 1_000
MAX_WAITING_CHARACTERS = 8_000_000


def articles_of(
    rows: Iterable[TableRow],
    columns: Columns | Callable[[int, Mapping[str, Any]], Columns | Reject],
    file: str,
    stem: str,
    *,
    candidates: Mapping[str, Sequence[str]] | None = None,
    notes: ReadingNotes | None = None,
) -> Iterator[Article | Reject]:
    """Articles and rejects of a table's rows, in order.

    Rows wait while it is open whether the day or the month comes first in the date column, whether its midnights are days
    without a time, and whether a column that is empty so far gives way to the next of its `candidates` (field: columns, best
    first). Otherwise no row is read before it is asked for. `columns` come from `resolve`, or are a function of a row's number
    and cells where rows differ.
    """
    table = _Table(columns, file, stem, candidates or {}, notes)
    waiting: list[TableRow] = []
    size = 0
    below_gap = False
    for row in rows:
        if row[1] is None:
            below_gap = True
            continue
        if below_gap and isinstance(row[1], Mapping) and table.is_foreign(row[0], row[1]):
            row = (row[0], ANOTHER_TABLE)
        waiting.append(row)
        if not table.settled and isinstance(row[1], Mapping):
            table.see(*row)
            size += sum(len(value) for value in row[1].values() if isinstance(value, (str, bytes)))
            if table.is_open:
                if len(waiting) < MAX_WAITING_ROWS and size < MAX_WAITING_CHARACTERS:
                    continue
                table.settle(waiting)
        elif table.is_open and not table.settled:
            if len(waiting) < MAX_WAITING_ROWS:
                continue
            table.settle(waiting)
        yield from map(table.article, waiting)
        waiting, size = [], 0
    table.settle(waiting)
    yield from map(table.article, waiting)
    table.finish()


class _Table:
    """What is known of a table's columns."""

    def __init__(
        self,
        columns: Columns | Callable[[int, Mapping[str, Any]], Columns | Reject],
        file: str,
        stem: str,
        candidates: Mapping[str, Sequence[str]],
        notes: ReadingNotes | None,
    ) -> None:
        self._columns = columns
        self._file = file
        self._stem = stem
        self._dates = ColumnDates()
        self._notes = notes.table(file) if notes else None
        # Fields whose column has shown no value yet, and that have another column to give way to.
        self._empty = {field: names for field, names in candidates.items() if len(names) > 1}
        self.settled = False

    @property
    def is_open(self) -> bool:
        """Whether later rows may change how the earlier ones are read."""
        return bool(self._empty) or self._dates.undecided

    def see(self, number: int, row: Mapping[str, Any] | Reject | str | None) -> None:
        """Takes a row into account."""
        if not isinstance(row, Mapping) or not isinstance(columns := self._columns_of(number, row), Columns):
            return
        if text := cell_text(row, columns.date):
            self._dates.see(text)
        if self._empty:
            filled = [field for field in self._empty if _holds(row, getattr(columns, field))]
            for field in filled:
                del self._empty[field]

    def is_foreign(self, number: int, row: Mapping[str, Any]) -> bool:
        """Whether a row cannot be one of this table: it has next to no text, and no date where the table has a date column."""
        columns = self._columns_of(number, row)
        if not isinstance(columns, Columns):
            return False
        text, when = cell_text(row, columns.text), cell_text(row, columns.date)
        short = text is not None and len(text.split()) < ANOTHER_TABLE_WORDS
        return short and columns.date is not None and (when is None or read_date(when) is None)

    def settle(self, waiting: Sequence[TableRow]) -> None:
        """Ends all doubt: empty columns give way to the next with a value in `waiting`."""
        self.settled = True
        if not isinstance(self._columns, Columns):
            return
        cells = [row for _, row in waiting if isinstance(row, Mapping)]
        for field, names in self._empty.items():
            if found := next((name for name in names if any(_holds(row, name) for row in cells)), None):
                changed: dict[str, Any] = {field: found}
                self._columns = replace(self._columns, **changed)
                if field == "date":
                    for row in cells:
                        self._dates.see(cell_text(row, found) or "")
        self._empty = {}

    def article(self, item: TableRow) -> Article | Reject:
        """The article of a row."""
        number, row = item
        if isinstance(row, str) or row is None:
            return Reject(self._file, number, row or ANOTHER_TABLE)
        if isinstance(row, Reject):
            return row
        columns = self._columns_of(number, row)
        if isinstance(columns, Reject):
            return columns
        if self._notes:
            self._notes.count_row({field for field in USUAL if not _holds(row, getattr(columns, field))}, columns)
        return make_article(
            row, columns, self._file, number, self._stem, dates=self._dates.style(utc=_in_utc(columns)), notes=self._notes
        )

    def finish(self) -> None:
        """Notes which columns were read of a table without rows."""
        if self._notes and isinstance(self._columns, Columns):
            self._notes.take(self._columns)
        if self._notes:
            self._notes.doubt = self._dates.doubt()

    def _columns_of(self, number: int, row: Mapping[str, Any]) -> Columns | Reject:
        return self._columns if isinstance(self._columns, Columns) else self._columns(number, row)


def _in_utc(columns: Columns) -> bool:
    """Whether the table's times without a zone are UTC's: its date column says so, or its columns are GDELT's."""
    named = {plain_name(name) for name in (columns.date, columns.url, columns.outlet) if name}
    return bool(named & {"documentidentifier", "sourcecommonname"}) or plain_name(columns.date or "").endswith("utc")


def _holds(row: Mapping[str, Any], name: str | None) -> bool:
    """Whether a row has a value in a column; lists and objects count as values."""
    return bool(name) and (
        cell_text(row, name) is not None or (isinstance(row.get(name or ""), (list, tuple, dict)) and bool(row[name or ""]))
    )
