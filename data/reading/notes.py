"""Notes on reading: which column was taken for what, and what looks wrong with the values of a table."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

FIELDS = ("text", "title", "date", "outlet", "url", "id")
# A column counts as mostly empty from this share of at least so many rows.
EMPTY_SHARE, EMPTY_ROWS = 0.8, 20
# Ids beyond this number are not remembered, so that memory stays bounded.
MAX_IDS = 200_000
MAX_LINES = 20
SHOWN = 60
EXCEL_DIGITS = 15
_ROUNDED = re.compile(r"-?\d+(?:[.,]\d+)?[eE]\+\d+")


class ReadingNotes:
    """Collects notes while files are read; `lines` gives them, a sentence each."""

    def __init__(self) -> None:
        self._tables: list[TableNotes] = []
        self._ids: Counter[str] = Counter()

    def table(self, file: str) -> TableNotes:
        """The notes of one more table."""
        table = TableNotes(file, self._ids)
        self._tables.append(table)
        return table

    def merge(self, other: ReadingNotes) -> None:
        """Adds the notes of a reader in another process."""
        self._tables += other._tables
        for key, n in other._ids.items():
            if key in self._ids or len(self._ids) < MAX_IDS:
                self._ids[key] += n

    def lines(self) -> list[str]:
        """Which column holds what, one line for tables alike; then warnings."""
        alike: dict[str, list[str]] = {}
        for table in self._tables:
            if table.taken:
                alike.setdefault(table.taken, []).append(table.file)
        taken = [f"{files[0]}{f' and {len(files) - 1} more' if files[1:] else ''}: {shown}" for shown, files in alike.items()]
        return _first(taken) + _first([line for table in self._tables for line in table.warnings()]) + self._about_ids()

    def _about_ids(self) -> list[str]:
        lines = []
        repeated = {key: n for key, n in self._ids.items() if n > 1}
        if repeated:
            key, most = max(repeated.items(), key=lambda pair: pair[1])
            more = f", and {len(repeated) - 1} more ids occur more than once" if len(repeated) > 1 else ""
            lines.append(
                f"the id {key} occurs {most} times{more}; give each article its own, or leave the column out with --id-column ''"
            )
        long = [key for key in self._ids if len(key) > EXCEL_DIGITS + 1 and key.isdecimal()]
        # Excel keeps fifteen digits; that many ids do not end in zeros by chance.
        cut = long if len(long) > 1 and all(not key[EXCEL_DIGITS:].strip("0") for key in long) else []
        if rounded := next(filter(_ROUNDED.fullmatch, self._ids), next(iter(cut), None)):
            lines.append(
                f"ids such as {rounded} were rounded by a spreadsheet; export them again as text, or their digits are lost"
            )
        return lines


@dataclass(slots=True)
class TableNotes:
    """Counts what the rows of one table hold."""

    file: str
    ids: Counter[str]
    rows: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    empty: Counter[str] = field(default_factory=Counter)
    bad_dates: int = 0
    bad_date: str = ""
    doubt: str = ""

    def take(self, columns: object) -> None:
        """Notes the column of each field: the first that it was read from, as rows of JSON may differ."""
        for each in FIELDS:
            if name := getattr(columns, each):
                self.columns.setdefault(each, name)

    def count_row(self, empty: set[str], columns: object) -> None:
        """Counts a row and the fields that have no value in it."""
        self.take(columns)
        self.rows += 1
        self.empty.update(empty)

    @property
    def taken(self) -> str:
        """Which column holds which field: 'text = isi, title = judul, ...'; empty if nothing was read."""
        if not self.columns:
            return ""
        instead = {"outlet": "site of the url"} if "url" in self.columns else {}
        return ", ".join(f"{each} = {self.columns.get(each) or instead.get(each) or 'not found'}" for each in FIELDS)

    def count_id(self, key: str) -> None:
        key = key[:SHOWN]
        if key in self.ids or len(self.ids) < MAX_IDS:
            self.ids[key] += 1

    def count_bad_date(self, text: str) -> None:
        self.bad_dates += 1
        self.bad_date = self.bad_date or text[:SHOWN]

    def warnings(self) -> list[str]:
        """A sentence for each thing that looks wrong."""
        lines = []
        for each, name in self.columns.items():
            empty = self.empty[each]
            if self.rows >= EMPTY_ROWS and empty >= EMPTY_SHARE * self.rows:
                lines.append(
                    f"{self.file}: column {name!r}, taken for the {each}, is empty in {empty} of {self.rows} rows; "
                    f"name another with --{each}-column if there is one"
                )
        if self.bad_dates:
            rows = "date" if self.bad_dates == 1 else "dates"
            lines.append(
                f"{self.file}: {self.bad_dates} {rows} could not be read, such as {self.bad_date!r}; "
                "write them as 2017-07-17T21:24:00+07:00 to have them"
            )
        if self.doubt:
            lines.append(f"{self.file}: {self.doubt}")
        return lines


def _first(lines: list[str]) -> list[str]:
    more = len(lines) - MAX_LINES
    return lines if more <= 0 else [*lines[:MAX_LINES], f"... and {more} more such notes"]
