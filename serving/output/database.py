"""The output as a DuckDB database: a table of articles, typed by the column table, and a table of rejects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from sorot.data.errors import install_extra
from sorot.serving.output.columns import Column, make_schema
from sorot.serving.output.formats import RowGroups, Writer
from sorot.serving.output.rows import Row
from sorot.serving.output.target import OutputError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ARTICLES, REJECTS = "articles", "rejects"
REJECTS_SCHEMA = pa.schema([("source", pa.string()), ("row", pa.int64()), ("reason", pa.string())])
MEMORY_LIMIT = "256MB"


class DatabaseWriter(Writer):
    """A new database. Beyond MEMORY_LIMIT DuckDB spills to a folder beside it, which goes when the database is closed."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        import duckdb

        schema = make_schema(columns)
        self._failed = False
        with self._as_os_error():
            self._connection = duckdb.connect(
                str(path.absolute()),
                config={
                    "memory_limit": MEMORY_LIMIT,
                    "temp_directory": str(path.with_name(f"{path.name}.tmp").absolute()),
                    # Rows arrive one group at a time; more threads would only hold more of them in memory.
                    "threads": 1,
                    # Downloads nothing.
                    "autoinstall_known_extensions": False,
                },
            )
            for table, types in ((ARTICLES, schema), (REJECTS, REJECTS_SCHEMA)):
                _run_query(self._connection, f"CREATE TABLE {table} AS SELECT * FROM given LIMIT 0", types.empty_table())
        self._articles = RowGroups(schema, partial(_run_query, self._connection, f"INSERT INTO {ARTICLES} SELECT * FROM given"))
        self._rejects = RowGroups(
            REJECTS_SCHEMA, partial(_run_query, self._connection, f"INSERT INTO {REJECTS} SELECT * FROM given")
        )

    def write(self, rows: Sequence[Row]) -> None:
        with self._as_os_error():
            self._articles.add(rows)

    def reject(self, row: Row) -> None:
        with self._as_os_error():
            self._rejects.add([row])

    def close(self) -> None:
        with self._as_os_error(), closing(self._connection):
            # After a failure DuckDB reports only that it failed; the first error is the one worth showing.
            if not self._failed:
                self._articles.flush()
                self._rejects.flush()
                # Moves everything into the one file that is renamed, and leaves no log beside it.
                self._connection.execute("CHECKPOINT")

    @contextmanager
    def _as_os_error(self) -> Iterator[None]:
        """Turns DuckDB errors about disk space or memory into an OSError, as other files raise it."""
        import duckdb

        try:
            yield
        except (duckdb.OperationalError, duckdb.FatalException) as error:
            self._failed = True
            raise OSError(str(error).splitlines()[0]) from error


def check_database(path: Path) -> None:
    """Raise OutputError if DuckDB is not installed, or `path` is a database with tables that no run wrote."""
    try:
        import duckdb
    except ModuleNotFoundError as error:
        raise OutputError(f"{path}: DuckDB is not installed; choose another format, or run: {install_extra('duckdb')}") from error
    log = path.with_name(f"{path.name}.wal")
    if log.exists():
        # DuckDB would take it for the log of the new database.
        raise OutputError(
            f"{path}: {log.name} beside it shows that a program has it open; close it there, or name another output"
        )
    if not path.exists():
        return
    try:
        with closing(duckdb.connect(str(path.absolute()), read_only=True)) as connection:
            tables = connection.execute("SELECT table_name FROM information_schema.tables ORDER BY table_name").fetchall()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise OutputError(
            f"{path}: exists and cannot be opened ({reason}); close it elsewhere, or name another output"
        ) from error
    if others := [name for (name,) in tables if name not in (ARTICLES, REJECTS)]:
        raise OutputError(f"{path}: holds the table {others[0]}, which sorot did not write and would remove; name another output")


def _run_query(connection: DuckDBPyConnection, query: str, given: pa.Table) -> None:
    """Run a query that reads the table `given`."""
    connection.register("given", given)
    connection.execute(query)
    # Not after an error: a failed database would hide it behind another.
    connection.unregister("given")
