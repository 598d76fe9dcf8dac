"""Write a run's rows to JSONL, CSV or Parquet, and its rejects beside them.

Everything is streamed into a folder for unfinished things and takes its own place when the run ends well: the output is there
whole or not at all, and a run that read nothing leaves an earlier output as it was.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import SorotError
from data.files import RECORD
from serving.rows import Row, flatten_for_csv

SUFFIXES = (".jsonl", ".csv", ".parquet")


class OutputError(SorotError):
    """The output cannot be written; the message names it and the cure."""


def check_output(path: Path) -> None:
    """Raise OutputError for an output that could not be written later."""
    if path.suffix.lower() not in SUFFIXES:
        raise OutputError(f"{path}: cannot tell the format; end the output's name in {', '.join(SUFFIXES)}")
    if path.is_dir():
        raise OutputError(f"{path}: is a folder; name a file in it")
    if not path.parent.is_dir():
        raise OutputError(f"{path}: the folder {path.parent} does not exist; make it first")


def rejects_path(output: Path) -> Path:
    """The file beside an output that says what could not be read, and why."""
    return output.with_name(output.name + ".rejects.jsonl")


def record_path(output: Path) -> Path:
    """The file beside an output that says what made it."""
    return output.with_name(output.name + RECORD)


class Output:
    """Rows and rejects of one run, still in the folder `place`; `open_output` makes and ends it."""

    def __init__(self, path: Path, schema: pa.Schema, place: Path) -> None:
        self.path = path
        self.begun = _begun(path, place)
        self.rejects_begun = _begun(rejects_path(path), place)
        self.rejects_path = rejects_path(path)
        self.n_rows = self.n_rejects = 0
        with explained(path):
            self._writer = _FORMATS[path.suffix.lower()](self.begun, schema)
            self._rejects = _open_text(self.rejects_begun)

    def write(self, rows: Sequence[Row]) -> None:
        """Add rows, in order, as a part holds them: what no file can hold is out of them already."""
        with explained(self.path):
            self._writer.write(rows)
        self.n_rows += len(rows)

    def reject(self, row: Row) -> None:
        """Add what could not be read or scored, as a part holds it."""
        with explained(self.rejects_path):
            self._rejects.write(json.dumps(row, ensure_ascii=False) + "\n")
        self.n_rejects += 1

    def close(self) -> None:
        """Write out what is buffered."""
        with explained(self.path):
            self._writer.close()
            self._rejects.close()

    def publish(self) -> None:
        """Give the files their names. Without any row an earlier output stays; without any reject there is no such file."""
        with explained(self.path):
            for begun in (self.begun, self.rejects_begun):
                sync(begun)
            if self.n_rows:
                # What made the earlier output is not what made this one.
                record_path(self.path).unlink(missing_ok=True)
            if self.n_rejects:
                self.rejects_begun.replace(self.rejects_path)
            elif self.n_rows:
                self.rejects_path.unlink(missing_ok=True)
            if self.n_rows:
                self.begun.replace(self.path)


@contextmanager
def open_output(path: Path, schema: pa.Schema, place: Path) -> Iterator[Output]:
    """An output in the format that `path` ends in; its files leave `place` when the block ends without an error.

    `place` is a folder on the same file system in which nobody else writes.
    """
    check_output(path)
    try:
        output = Output(path, schema, place)
        try:
            yield output
        finally:
            output.close()
        output.publish()
    finally:
        for begun in (_begun(path, place), _begun(rejects_path(path), place)):
            begun.unlink(missing_ok=True)


def write_whole(path: Path, text: str, place: Path) -> None:
    """Write a file so that it is there whole or not at all, by way of `place`, as `open_output` does."""
    begun = _begun(path, place)
    with explained(path):
        try:
            begun.write_text(text, encoding="utf-8", newline="")
            sync(begun)
            begun.replace(path)
        finally:
            begun.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Have a file's bytes on the disk, so that after a power cut it is not there without them."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


class _Format(Protocol):
    def __init__(self, path: Path, schema: pa.Schema) -> None: ...
    def write(self, rows: Sequence[Row]) -> None: ...
    def close(self) -> None: ...


class _JsonLines:
    def __init__(self, path: Path, schema: pa.Schema) -> None:  # noqa: ARG002 - the formats are made alike
        self.file = _open_text(path)

    def write(self, rows: Sequence[Row]) -> None:
        self.file.writelines(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in rows)

    def close(self) -> None:
        self.file.close()


class _Csv:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.file = _open_text(path)
        self.writer = csv.DictWriter(self.file, schema.names)
        self.writer.writeheader()

    def write(self, rows: Sequence[Row]) -> None:
        self.writer.writerows(flatten_for_csv(row) for row in rows)

    def close(self) -> None:
        self.file.close()


class _Parquet:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.schema = schema
        self.writer = pq.ParquetWriter(path, schema, compression="zstd")

    def write(self, rows: Sequence[Row]) -> None:
        if rows:
            self.writer.write_table(pa.Table.from_pylist(list(rows), schema=self.schema))

    def close(self) -> None:
        self.writer.close()


_FORMATS: dict[str, type[_Format]] = {".jsonl": _JsonLines, ".csv": _Csv, ".parquet": _Parquet}


def _begun(path: Path, place: Path) -> Path:
    return place / f"{path.name}.begun"


def _open_text(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", newline="")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns an OSError into an OutputError that names `path`."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written ({error.strerror or error}); free space or choose another folder"
        ) from error
