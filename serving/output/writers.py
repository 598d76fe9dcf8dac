"""Write a run's rows, and its rejects beside them.

Everything is streamed into a folder for unfinished things and takes its own place when the run ends well: the output is there
whole or not at all, and a run that read nothing leaves an earlier output, and what is beside it, as it was.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from sorot.serving.output.check import check_target
from sorot.serving.output.formats import FILE_WRITERS, FolderWriter, Writer, open_text
from sorot.serving.output.rows import Row
from sorot.serving.output.target import (
    Format,
    OutputError,
    Target,
    as_target,
    is_ours,
    record_path,
    rejects_path,
    written_files,
)


class Output:
    """Rows and rejects of one run, still in the folder `place`; `open_output` makes and ends it."""

    def __init__(self, target: Target, schema: pa.Schema, place: Path) -> None:
        self.path = path = target.path
        self.begun = _begun(path, place)
        self.rejects_begun = _begun(rejects_path(path), place)
        self.rejects_path = rejects_path(path)
        self.n_rows = self.n_rejects = 0
        # Where the rejects are, once they have their name.
        self.rejects_file: Path | None = None
        self._target = target
        with output_errors(path):
            _settle(path)
            self._writer = open_writer(target, self.begun, schema)
            self._rejects = open_text(self.rejects_begun)

    def write(self, rows: Sequence[Row]) -> None:
        """Add rows, in order, as a part holds them: what no file can hold is out of them already."""
        with output_errors(self.path):
            self._writer.write(rows)
        self.n_rows += len(rows)

    def reject(self, row: Row) -> None:
        """Add what could not be read or scored, as a part holds it."""
        with output_errors(self.rejects_path):
            self._rejects.write(json.dumps(row, ensure_ascii=False) + "\n")
        with output_errors(self.path):
            self._writer.reject(row)
        self.n_rejects += 1

    def close(self) -> None:
        """Write out what is buffered."""
        with output_errors(self.path):
            self._writer.close()
            self._rejects.close()

    def publish(self) -> None:
        """Give the files their names. Without any row an earlier output stays, with the rejects and the record beside it;
        without any reject there is no such file."""
        with output_errors(self.path):
            if not self.n_rows and any(written_files(self._target)):
                return
            for file in (*(self.begun.iterdir() if self.begun.is_dir() else [self.begun]), self.rejects_begun):
                sync(file)
            if self.n_rows:
                # What made the earlier output is not what made this one.
                record_path(self.path).unlink(missing_ok=True)
            if self.n_rejects:
                self.rejects_begun.replace(self.rejects_path)
                self.rejects_file = self.rejects_path
            elif self.n_rows:
                self.rejects_path.unlink(missing_ok=True)
            if self.n_rows:
                _take_place(self.begun, self.path)


@contextmanager
def open_output(path: Path | Target, schema: pa.Schema, place: Path) -> Iterator[Output]:
    """An output in the format that `path` ends in, or a Target says; it leaves `place` when the block ends without an error.

    `place` is a folder on the same file system in which nobody else writes.
    """
    target = as_target(path)
    check_target(target)
    begun = (_begun(target.path, place), _begun(rejects_path(target.path), place))
    try:
        # A process that was killed may have left some, which a database would be gone on with.
        _clear(begun)
        output = Output(target, schema, place)
        try:
            yield output
        finally:
            output.close()
        output.publish()
    finally:
        _clear(begun)


def _clear(begun: Sequence[Path]) -> None:
    for path in begun:
        # A database has a log and a folder of its own beside it.
        for left in (path, path.with_name(f"{path.name}.wal"), path.with_name(f"{path.name}.tmp")):
            discard(left)


def _take_place(begun: Path, path: Path) -> None:
    """Give what is done its name; an earlier folder, which nothing can be renamed onto, is put aside until then."""
    if begun.is_dir() and path.is_dir():
        path.replace(_aside(path))
        try:
            begun.replace(path)
        except OSError:
            _aside(path).replace(path)
            raise
        discard(_aside(path))
    else:
        begun.replace(path)


def _settle(path: Path) -> None:
    """An earlier folder that a process put aside and was killed over: back again, or away where the new one is there."""
    if is_ours(aside := _aside(path)):
        if path.exists():
            discard(aside)
        else:
            aside.replace(path)


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.earlier")


def discard(path: Path) -> None:
    """Take a file or a folder away, if it is there; of a link, the link."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def write_whole(path: Path, text: str, place: Path) -> None:
    """Write a file so that it is there whole or not at all, by way of `place`, as `open_output` does."""
    begun = _begun(path, place)
    with output_errors(path):
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


def _begun(path: Path, place: Path) -> Path:
    return place / f"{path.name}.begun"


@contextmanager
def output_errors(path: Path) -> Iterator[None]:
    """Turns an OSError into an OutputError that names `path`."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written ({error.strerror or error}); free space or choose another folder"
        ) from error


def open_writer(target: Target, begun: Path, schema: pa.Schema) -> Writer:
    """What writes the output to `begun`, where it is not finished yet."""
    if target.is_folder:
        return FolderWriter(begun, schema, target.format)
    if target.format is Format.DUCKDB:
        # Imported where it is needed: the package is an extra.
        from sorot.serving.output.database import DatabaseWriter

        return DatabaseWriter(begun, schema)
    return FILE_WRITERS[target.format](begun, schema)
