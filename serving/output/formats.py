"""Writers of rows: JSONL, CSV, Parquet, or a folder of parts in one of these. Each holds only a few rows in memory."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from sorot.serving.output.columns import Column, make_schema
from sorot.serving.output.rows import Row, flatten_for_csv
from sorot.serving.output.target import MARK, Format, part_name

# Rows in one part of a folder.
PART_ROWS = 10_000
# Small row groups make a Parquet file slow to read. Long articles end a group earlier, so that it fits in memory.
GROUP_ROWS = 8_192
GROUP_BYTES = 32_000_000


class Writer(Protocol):
    """Writes one output. It is closed exactly once, after errors too."""

    def write(self, rows: Sequence[Row]) -> None:
        """Add rows, in order."""

    def reject(self, row: Row) -> None:  # noqa: ARG002 - only some formats hold rejects
        """Add a reject if the format has a place for it; all rejects also go to a separate file."""
        return

    def close(self) -> None:
        """Write what is buffered."""


class JsonLinesWriter(Writer):
    """One object per line."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:  # noqa: ARG002 - all formats are opened alike
        self._file = open_text(path)

    def write(self, rows: Sequence[Row]) -> None:
        self._file.writelines(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in rows)

    def close(self) -> None:
        self._file.close()


class CsvWriter(Writer):
    """A header, then one line per row."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._file = open_text(path)
        self._writer = csv.DictWriter(self._file, [column.name for column in columns])
        self._writer.writeheader()

    def write(self, rows: Sequence[Row]) -> None:
        self._writer.writerows(flatten_for_csv(row, self._columns) for row in rows)

    def close(self) -> None:
        self._file.close()


class ParquetWriter(Writer):
    """Row groups of GROUP_ROWS."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        schema = make_schema(columns)
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._groups = RowGroups(schema, self._writer.write_table)

    def write(self, rows: Sequence[Row]) -> None:
        self._groups.add(rows)

    def close(self) -> None:
        try:
            self._groups.flush()
        finally:
            self._writer.close()


class RowGroups:
    """Collects rows into tables of GROUP_ROWS rows, or about GROUP_BYTES if that is fewer, and passes each to `write`."""

    def __init__(self, schema: pa.Schema, write: Callable[[pa.Table], None]) -> None:
        self._schema = schema
        self._write = write
        self._kept: list[pa.Table] = []
        self._rows = self._bytes = 0

    def add(self, rows: Sequence[Row]) -> None:
        """Add rows, in order."""
        # Arrow tables take a fraction of the memory of Python objects.
        rest = pa.Table.from_pylist(list(rows), schema=self._schema)
        while rest.num_rows:
            taken = rest.slice(0, GROUP_ROWS - self._rows)
            rest = rest.slice(taken.num_rows)
            # Joined once, when the group is full: rejects arrive one by one, and joining at each would be quadratic.
            self._kept.append(taken)
            self._rows += taken.num_rows
            self._bytes += taken.nbytes
            if self._rows == GROUP_ROWS or self._bytes >= GROUP_BYTES:
                self.flush()

    def flush(self) -> None:
        """Write the rows collected so far."""
        kept, self._kept = self._kept, []
        self._rows = self._bytes = 0
        if kept:
            self._write(pa.concat_tables(kept).combine_chunks())


class FolderWriter(Writer):
    """A new folder of parts with PART_ROWS rows each, fewer in the last. A hidden file marks the folder as ours."""

    def __init__(self, folder: Path, columns: Sequence[Column], form: Format) -> None:
        self._folder, self._columns, self._format = folder, columns, form
        self._number = self._rows = 0
        self._part: Writer | None = None
        folder.mkdir()
        (folder / MARK).write_text("Sorot made this folder; a later run with this output replaces it.\n", encoding="utf-8")

    def write(self, rows: Sequence[Row]) -> None:
        start = 0
        while start < len(rows):
            if self._part is None:
                self._part = FILE_WRITERS[self._format](self._folder / part_name(self._number, self._format), self._columns)
                self._number, self._rows = self._number + 1, 0
            taken = rows[start : start + PART_ROWS - self._rows]
            self._part.write(taken)
            self._rows += len(taken)
            start += len(taken)
            if self._rows == PART_ROWS:
                self.close()

    def close(self) -> None:
        part, self._part = self._part, None
        if part is not None:
            part.close()


FILE_WRITERS: dict[Format, Callable[[Path, Sequence[Column]], Writer]] = {
    Format.JSONL: JsonLinesWriter,
    Format.CSV: CsvWriter,
    Format.PARQUET: ParquetWriter,
}


def open_text(path: Path) -> TextIO:
    """A new text file; line ends are written unchanged."""
    return path.open("w", encoding="utf-8", newline="")
