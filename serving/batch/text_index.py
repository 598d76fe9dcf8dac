"""On-disk index of texts already seen and where each came first, so that memory does not grow with the input."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

FILE = "texts.sqlite"
CACHE_KILOBYTES = 16_384


class TextIndex:
    """Maps each text, by its hash in hexadecimal digits, to the place where it came first; `open_text_index` makes one."""

    def __init__(self, table: sqlite3.Connection) -> None:
        self._table = table

    def first(self, text: str, place: int) -> int:
        """The place where this text came first: `place` itself if it is new."""
        key = bytes.fromhex(text)
        added = self._table.execute("INSERT OR IGNORE INTO texts VALUES (?, ?)", (key, place))
        if added.rowcount:
            return place
        [found] = self._table.execute("SELECT place FROM texts WHERE text = ?", (key,)).fetchone()
        return int(found)


@contextmanager
def open_text_index(folder: Path | None) -> Iterator[TextIndex]:
    """An empty index in `folder`, or in memory if that is None; a leftover of an earlier call is deleted.

    It does not outlive the call, so writes need not be durable. Raises OSError for errors of the database.
    """
    path = folder / FILE if folder else None
    if path:
        path.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(path or ":memory:", isolation_level=None)) as table:
            for setting in (
                "journal_mode = OFF",
                "synchronous = OFF",
                "locking_mode = EXCLUSIVE",
                f"cache_size = -{CACHE_KILOBYTES}",
            ):
                table.execute(f"PRAGMA {setting}")
            table.execute("CREATE TABLE texts (text BLOB PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID")
            yield TextIndex(table)
    except sqlite3.OperationalError as error:
        # Such as a full disk.
        raise OSError(f"{path or 'memory'}: {error}") from error
    finally:
        if path:
            path.unlink(missing_ok=True)
