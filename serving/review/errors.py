"""Errors of the review folder, each a sentence with its cure."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sorot.data.errors import SorotError

_NO_PERMISSION = "cannot be opened; give this account the right to read and write the file and its folder"
_BUSY = "is in use by another program; wait for it to end and try again"
# (key, message) by SQLite's primary result code, the lower byte of an extended one.
_CURES = {
    sqlite3.SQLITE_FULL: ("disk_full", "the disk is full; free space and try again"),
    sqlite3.SQLITE_READONLY: (
        "no_right",
        "cannot be written; give this account the right to write the file and its folder",
    ),
    sqlite3.SQLITE_PERM: ("no_right", _NO_PERMISSION),
    sqlite3.SQLITE_CANTOPEN: ("no_right", _NO_PERMISSION),
    sqlite3.SQLITE_BUSY: ("busy", _BUSY),
    sqlite3.SQLITE_LOCKED: ("busy", _BUSY),
    sqlite3.SQLITE_NOTADB: (None, "is not a database; name another folder, or move that file away"),
    sqlite3.SQLITE_CORRUPT: (None, "is damaged; restore it from a copy, or name another folder"),
    sqlite3.SQLITE_IOERR: (None, "the disk does not respond; check it and its free space, and try again"),
}


class ReviewError(SorotError):
    """A review folder cannot do what was asked; the message says why and what to do.

    `key` identifies the error for the page, which has its own words for it; None if only the folder's owner can correct it.
    `task` is the key of the task whose labels are wrong, if the error is about one.
    """

    def __init__(self, message: str, key: str | None = None, task: str | None = None) -> None:
        super().__init__(message)
        self.key, self.task = key, task


@contextmanager
def review_errors(path: Path) -> Iterator[None]:
    """Turns errors of SQLite and the file system into a ReviewError that names `path`."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        unknown = None, f"cannot be used ({error}); restore it from a copy"
        key, cure = _CURES.get(code & 0xFF, unknown) if isinstance(code, int) else unknown
        raise ReviewError(f"{path}: {cure}", key) from error
    except OSError as error:
        where = error.filename or path
        raise ReviewError(
            f"{where}: cannot be used ({error.strerror or error}); check the path, its permissions and free space"
        ) from error
