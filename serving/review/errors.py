"""What can go wrong with a review store, each as one sentence with its cure."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sorot.data.errors import SorotError

_NO_RIGHT = "cannot be opened; give this account the right to read and write the file and its folder"
_BUSY = "is in use by another program; wait for it to end and try again"
# (key, cure) by SQLite's primary result codes: the lower byte of an extended one.
_CURES = {
    sqlite3.SQLITE_FULL: ("disk_full", "the disk is full; free space and try again"),
    sqlite3.SQLITE_READONLY: (
        "no_right",
        "cannot be written; give this account the right to write the file and its folder",
    ),
    sqlite3.SQLITE_PERM: ("no_right", _NO_RIGHT),
    sqlite3.SQLITE_CANTOPEN: ("no_right", _NO_RIGHT),
    sqlite3.SQLITE_BUSY: ("busy", _BUSY),
    sqlite3.SQLITE_LOCKED: ("busy", _BUSY),
    sqlite3.SQLITE_NOTADB: (None, "is no database; name another folder, or move that file away"),
    sqlite3.SQLITE_CORRUPT: (None, "is damaged; bring it back from a copy, or name another folder"),
    sqlite3.SQLITE_IOERR: (None, "the disk does not answer; check it and its free space, and try again"),
}


class ReviewError(SorotError):
    """What was asked of a review store cannot be done; the message says why and what to do.

    `key` names it for a page that says it in words of its own; None for what only the folder's keeper can mend.
    """

    def __init__(self, message: str, key: str | None = None) -> None:
        super().__init__(message)
        self.key = key


@contextmanager
def review_errors(path: Path) -> Iterator[None]:
    """Turns what SQLite and the file system say into a ReviewError that names `path`."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        unknown = None, f"cannot be used ({error}); bring it back from a copy"
        key, cure = _CURES.get(code & 0xFF, unknown) if isinstance(code, int) else unknown
        raise ReviewError(f"{path}: {cure}", key) from error
    except OSError as error:
        told = f"{error.filename or path}: cannot be used ({error.strerror or error})"
        raise ReviewError(f"{told}; check the path, its permissions and free space") from error
