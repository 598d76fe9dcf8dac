"""How rows become files: JSONL, CSV, Parquet, or a folder of parts in one of them. None of them keeps more than a few rows."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from sorot.serving.output.rows import Row, flatten_for_csv
from sorot.serving.output.target import MARK, Format, part_name

# A part of a folder ends with so many rows.
PART_ROWS = 10_000
# Small groups of rows make a table slow to read. Long articles end one earlier, so that it fits in the memory.
GROUP_ROWS = 8_192
GROUP_BYTES = 32_000_000


class Writer(Protocol):
    """What writes one output; it is closed once, whatever happened."""

    def write(self, rows: Sequence[Row]) -> None:
        """Add rows, in order."""

    def reject(self, row: Row) -> None:  # noqa: ARG002 - for the formats that have such a place
        """Add what was not scored, where the format has a place for it: all rejects stand in a file of their own as well."""
        return

    def close(self) -> None:
        """Write out what is buffered."""


class JsonLinesWriter(Writer):
    """One object a line."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:  # noqa: ARG002 - the formats are made alike
        self._file = open_text(path)

    def write(self, rows: Sequence[Row]) -> None:
        self._file.writelines(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in rows)

    def close(self) -> None:
        self._file.close()


class CsvWriter(Writer):
    """A header, then one line a row."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._file = open_text(path)
        self._writer = csv.DictWriter(self._file, schema.names)
        self._writer.writeheader()

    def write(self, rows: Sequence[Row]) -> None:
        self._writer.writerows(flatten_for_csv(row) for row in rows)

    def close(self) -> None:
        self._file.close()


class ParquetWriter(Writer):
    """Row groups of GROUP_ROWS."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._groups = Groups(schema, self._writer.write_table)

    def write(self, rows: Sequence[Row]) -> None:
        self._groups.add(rows)

    def close(self) -> None:
        try:
            self._groups.flush()
        finally:
            self._writer.close()


class Groups:
    """Rows gathered to tables of GROUP_ROWS, or of about GROUP_BYTES where that is fewer; `take` is given each."""

    def __init__(self, schema: pa.Schema, take: Callable[[pa.Table], None]) -> None:
        self._schema = schema
        self._take = take
        self._kept: list[pa.Table] = []
        self._rows = self._bytes = 0

    def add(self, rows: Sequence[Row]) -> None:
        """Add rows, in order."""
        # As Arrow has them they are a fraction of what they are as objects.
        left = pa.Table.from_pylist(list(rows), schema=self._schema)
        while left.num_rows:
            taken = left.slice(0, GROUP_ROWS - self._rows)
            left = left.slice(taken.num_rows)
            # Joined once, when the group is full: rejects come one by one, and each would join all before it anew.
            self._kept.append(taken)
            self._rows += taken.num_rows
            self._bytes += taken.nbytes
            if self._rows == GROUP_ROWS or self._bytes >= GROUP_BYTES:
                self.flush()

    def flush(self) -> None:
        """Give away what is left."""
        kept, self._kept = self._kept, []
        self._rows = self._bytes = 0
        if kept:
            self._take(pa.concat_tables(kept).combine_chunks())


class FolderWriter(Writer):
    """A new folder of parts of PART_ROWS rows each, the last of fewer; a hidden file in it says that it is ours."""

    def __init__(self, folder: Path, schema: pa.Schema, form: Format) -> None:
        self._folder, self._schema, self._format = folder, schema, form
        self._number = self._rows = 0
        self._part: Writer | None = None
        folder.mkdir()
        (folder / MARK).write_text("Sorot made this folder, and a later run into it takes its place.\n", encoding="utf-8")

    def write(self, rows: Sequence[Row]) -> None:
        begin = 0
        while begin < len(rows):
            if self._part is None:
                self._part = FILE_WRITERS[self._format](self._folder / part_name(self._number, self._format), self._schema)
                self._number, self._rows = self._number + 1, 0
            taken = rows[begin : begin + PART_ROWS - self._rows]
            self._part.write(taken)
            self._rows += len(taken)
            begin += len(taken)
            if self._rows == PART_ROWS:
                self.close()

    def close(self) -> None:
        part, self._part = self._part, None
        if part is not None:
            part.close()


FILE_WRITERS: dict[Format, Callable[[Path, pa.Schema], Writer]] = {
    Format.JSONL: JsonLinesWriter,
    Format.CSV: CsvWriter,
    Format.PARQUET: ParquetWriter,
}


def open_text(path: Path) -> TextIO:
    """A new file of text, with line ends as they are written."""
    return path.open("w", encoding="utf-8", newline="")
