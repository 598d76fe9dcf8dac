"""Write rows to JSONL, CSV or Parquet, to a temporary name first: the output is there whole or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import SorotError
from serving.rows import Row, flatten_for_csv

SUFFIXES = (".jsonl", ".csv", ".parquet")


class OutputError(SorotError):
    """The output cannot be written; the message names it and the cure."""


class Writer(Protocol):
    """Takes rows until it is closed."""

    def write(self, rows: Sequence[Row]) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...


def check_output(path: Path) -> None:
    """Raise OutputError for an output that could not be written later."""
    if path.suffix.lower() not in SUFFIXES:
        raise OutputError(f"{path}: cannot tell the format; end the output's name in {', '.join(SUFFIXES)}")
    if path.is_dir():
        raise OutputError(f"{path}: is a folder; name a file in it")
    if not path.parent.is_dir():
        raise OutputError(f"{path}: the folder {path.parent} does not exist; make it first")


@contextmanager
def open_writer(path: Path, schema: pa.Schema) -> Iterator[Writer]:
    """A writer for the format that `path` ends in; the file takes its name when the block ends without an error."""
    check_output(path)
    part = path.with_name(f".{path.name}.part")
    makers: dict[str, type[_JsonLines] | type[_Csv] | type[_Parquet]] = {
        ".jsonl": _JsonLines,
        ".csv": _Csv,
        ".parquet": _Parquet,
    }
    try:
        with makers[path.suffix.lower()](part, schema) as writer:
            yield writer
        part.replace(path)
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written ({error.strerror or error}); free space or choose another folder"
        ) from error
    finally:
        part.unlink(missing_ok=True)


class _Text:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.names: list[str] = schema.names
        self.file: TextIO = path.open("w", encoding="utf-8", newline="")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.file.close()


class _JsonLines(_Text):
    def write(self, rows: Sequence[Row]) -> None:
        self.file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


class _Csv(_Text):
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        super().__init__(path, schema)
        self.writer = csv.DictWriter(self.file, self.names)
        self.writer.writeheader()

    def write(self, rows: Sequence[Row]) -> None:
        self.writer.writerows(flatten_for_csv(row) for row in rows)


class _Parquet:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.schema = schema
        self.writer = pq.ParquetWriter(path, schema, compression="zstd")

    def write(self, rows: Sequence[Row]) -> None:
        if rows:
            self.writer.write_table(pa.Table.from_pylist(list(rows), schema=self.schema))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.writer.close()
