"""The output as a DuckDB database: a table of articles, typed as the rows are, and one of rejects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from sorot.data.errors import install_extra
from sorot.serving.output.formats import Groups, Writer
from sorot.serving.output.rows import Row
from sorot.serving.output.target import OutputError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ARTICLES, REJECTS = "articles", "rejects"
REJECTS_SCHEMA = pa.schema([("source", pa.string()), ("row", pa.int64()), ("reason", pa.string())])
MEMORY_LIMIT = "256MB"


class DatabaseWriter(Writer):
    """A new database; what DuckDB has no room for in its MEMORY_LIMIT goes to a folder beside it, until it is closed."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        import duckdb

        self._failed = False
        with self._as_os_error():
            self._connection = duckdb.connect(
                str(path.absolute()),
                config={
                    "memory_limit": MEMORY_LIMIT,
                    "temp_directory": str(path.with_name(f"{path.name}.tmp").absolute()),
                    # Rows come one group at a time; more threads would only hold more of them.
                    "threads": 1,
                    # Nothing is fetched from anywhere.
                    "autoinstall_known_extensions": False,
                },
            )
            for table, columns in ((ARTICLES, schema), (REJECTS, REJECTS_SCHEMA)):
                _run_with(self._connection, f"CREATE TABLE {table} AS SELECT * FROM given LIMIT 0", columns.empty_table())
        self._articles = Groups(schema, partial(_run_with, self._connection, f"INSERT INTO {ARTICLES} SELECT * FROM given"))
        self._rejects = Groups(REJECTS_SCHEMA, partial(_run_with, self._connection, f"INSERT INTO {REJECTS} SELECT * FROM given"))

    def write(self, rows: Sequence[Row]) -> None:
        with self._as_os_error():
            self._articles.add(rows)

    def reject(self, row: Row) -> None:
        with self._as_os_error():
            self._rejects.add([row])

    def close(self) -> None:
        with self._as_os_error(), closing(self._connection):
            # A database that failed once only says that it did; the first error is the one to tell.
            if not self._failed:
                self._articles.flush()
                self._rejects.flush()
                # Leaves all in the one file that is renamed, and no log beside it.
                self._connection.execute("CHECKPOINT")

    @contextmanager
    def _as_os_error(self) -> Iterator[None]:
        """What the machine denies DuckDB (room on the disk, memory), as it is told of other files."""
        import duckdb

        try:
            yield
        except (duckdb.OperationalError, duckdb.FatalException) as error:
            self._failed = True
            raise OSError(str(error).splitlines()[0]) from error


def check_database(path: Path) -> None:
    """Raise OutputError where DuckDB is not installed, or `path` is a database that holds more than a run wrote."""
    try:
        import duckdb
    except ModuleNotFoundError as error:
        raise OutputError(f"{path}: DuckDB is not installed; choose another format, or run: {install_extra('duckdb')}") from error
    log = path.with_name(f"{path.name}.wal")
    if log.exists():
        # It would be taken for that of the new one.
        raise OutputError(f"{path}: {log.name} beside it says that a program has it open; close it there, or name another output")
    if not path.exists():
        return
    try:
        with closing(duckdb.connect(str(path.absolute()), read_only=True)) as connection:
            found = connection.execute("SELECT table_name FROM information_schema.tables ORDER BY table_name").fetchall()
    except duckdb.Error as error:
        why = str(error).splitlines()[0]
        raise OutputError(f"{path}: is there and cannot be opened ({why}); close it elsewhere, or name another output") from error
    if others := [name for (name,) in found if name not in (ARTICLES, REJECTS)]:
        raise OutputError(f"{path}: holds the table {others[0]}, which sorot did not write and would remove; name another output")


def _run_with(connection: DuckDBPyConnection, query: str, given: pa.Table) -> None:
    """Run a query that reads the table `given`."""
    connection.register("given", given)
    connection.execute(query)
    # Not after an error, which a database that failed would hide behind another.
    connection.unregister("given")
