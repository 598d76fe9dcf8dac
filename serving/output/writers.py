"""Write a run's rows, and its rejects beside them.

Everything is streamed into a staging folder and renamed when the run succeeds: the output appears complete or not at all. A run
that read nothing leaves an earlier output and the files beside it unchanged.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sorot.data.atomic_files import flush_to_disk, write_atomically
from sorot.serving.output.check import check_target
from sorot.serving.output.columns import Column
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
    """Collects a run's rows and rejects in the folder `staging`; `open_output` opens, publishes and closes it."""

    def __init__(self, target: Target, columns: Sequence[Column], staging: Path) -> None:
        self.path = path = target.path
        self.staged = _staged(path, staging)
        self.staged_rejects = _staged(rejects_path(path), staging)
        self.rejects_path = rejects_path(path)
        self.n_rows = self.n_rejects = 0
        # Set once the rejects file is published.
        self.rejects_file: Path | None = None
        self._target = target
        with output_errors(path):
            _recover(path)
            self._writer = open_writer(target, self.staged, columns)
            self._rejects = open_text(self.staged_rejects)

    def write(self, rows: Sequence[Row]) -> None:
        """Add rows, in order. They come from parts, so they are already `writable`."""
        with output_errors(self.path):
            self._writer.write(rows)
        self.n_rows += len(rows)

    def reject(self, row: Row) -> None:
        """Add the record of a row or file that could not be read or scored."""
        with output_errors(self.rejects_path):
            self._rejects.write(json.dumps(row, ensure_ascii=False) + "\n")
        with output_errors(self.path):
            self._writer.reject(row)
        self.n_rejects += 1

    def close(self) -> None:
        """Write what is buffered."""
        with output_errors(self.path):
            self._writer.close()
            self._rejects.close()

    def publish(self) -> None:
        """Rename the files into place. Without rows an earlier output stays, with its rejects and record;
        without rejects there is no rejects file."""
        with output_errors(self.path):
            if not self.n_rows and any(written_files(self._target)):
                return
            for file in (*(self.staged.iterdir() if self.staged.is_dir() else [self.staged]), self.staged_rejects):
                flush_to_disk(file)
            if self.n_rows:
                # The record of the earlier output does not describe this one.
                record_path(self.path).unlink(missing_ok=True)
            if self.n_rejects:
                self.staged_rejects.replace(self.rejects_path)
                self.rejects_file = self.rejects_path
            elif self.n_rows:
                self.rejects_path.unlink(missing_ok=True)
            if self.n_rows:
                _move_into_place(self.staged, self.path)


@contextmanager
def open_output(path: Path | Target, columns: Sequence[Column], staging: Path) -> Iterator[Output]:
    """An output with these columns, in the format of the path's suffix or the Target, published if the block succeeds.

    `staging` is a folder on the same file system that no other process writes to. Raises OutputError.
    """
    target = as_target(path)
    check_target(target)
    staged = (_staged(target.path, staging), _staged(rejects_path(target.path), staging))
    try:
        # A killed process may have left files, and a database left there would be continued.
        _clear(staged)
        output = Output(target, columns, staging)
        try:
            yield output
        finally:
            output.close()
        output.publish()
    finally:
        _clear(staged)


def _clear(staged: Sequence[Path]) -> None:
    for path in staged:
        # A database has a log and a spill folder beside it.
        for leftover in (path, path.with_name(f"{path.name}.wal"), path.with_name(f"{path.name}.tmp")):
            discard(leftover)


def _move_into_place(staged: Path, path: Path) -> None:
    """Rename the finished output; an earlier folder, which cannot be renamed over, is set aside first."""
    if staged.is_dir() and path.is_dir():
        path.replace(_aside(path))
        try:
            staged.replace(path)
        except OSError:
            _aside(path).replace(path)
            raise
        discard(_aside(path))
    else:
        staged.replace(path)


def _recover(path: Path) -> None:
    """Restore an earlier folder that a killed process set aside, or delete it if the new one is in place."""
    if is_ours(aside := _aside(path)):
        if path.exists():
            discard(aside)
        else:
            aside.replace(path)


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.earlier")


def discard(path: Path) -> None:
    """Delete a file or folder, if it exists; of a link, only the link."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def write_whole(path: Path, text: str, staging: Path) -> None:
    """Write a file so that it appears complete or not at all, through the folder `staging` on the same file system."""
    with output_errors(path):
        write_atomically(path, text, staging=staging)


def _staged(path: Path, staging: Path) -> Path:
    return staging / f"{path.name}.unfinished"


@contextmanager
def output_errors(path: Path) -> Iterator[None]:
    """Turns an OSError into an OutputError that names `path`."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written ({error.strerror or error}); free space or choose another folder"
        ) from error


def open_writer(target: Target, path: Path, columns: Sequence[Column]) -> Writer:
    """A writer of the target's format that writes to `path`."""
    if target.is_folder:
        return FolderWriter(path, columns, target.format)
    if target.format is Format.DUCKDB:
        # Imported here, as the package is an extra.
        from sorot.serving.output.database import DatabaseWriter

        return DatabaseWriter(path, columns)
    return FILE_WRITERS[target.format](path, columns)
