"""What can go wrong with a review store, each as one sentence with its cure."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.errors import SorotError

# By SQLite's primary result codes: the lower byte of an extended one.
_CURES = {
    sqlite3.SQLITE_FULL: "the disk is full; free space and try again",
    sqlite3.SQLITE_READONLY: "cannot be written; give this account the right to write the file and its folder",
    sqlite3.SQLITE_PERM: "cannot be opened; give this account the right to read and write the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; give this account the right to read and write the file and its folder",
    sqlite3.SQLITE_BUSY: "is in use by another program; wait for it to end and try again",
    sqlite3.SQLITE_LOCKED: "is in use by another program; wait for it to end and try again",
    sqlite3.SQLITE_NOTADB: "is no database; name another folder, or move that file away",
    sqlite3.SQLITE_CORRUPT: "is damaged; bring it back from a copy, or name another folder",
    sqlite3.SQLITE_IOERR: "the disk does not answer; check it and its free space, and try again",
}


class ReviewError(SorotError):
    """What was asked of a review store cannot be done; the message says why and what to do.

    `key` names it for a page that says it in words of its own; None for what is the folder's fault.
    """

    def __init__(self, message: str, key: str | None = None) -> None:
        super().__init__(message)
        self.key = key


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns what SQLite and the file system say into a ReviewError that names `path`."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        cure = _CURES.get(code & 0xFF) if isinstance(code, int) else None
        raise ReviewError(f"{path}: {cure or f'cannot be used ({error}); bring it back from a copy'}") from error
    except OSError as error:
        told = f"{error.filename or path}: cannot be used ({error.strerror or error})"
        raise ReviewError(f"{told}; check the path, its permissions and free space") from error
