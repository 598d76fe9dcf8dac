"""Runs a user's SQL over a scored corpus: it reads the corpus and nothing else, and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sorot.data.errors import SorotError
from sorot.data.taxonomy import Taxonomy
from sorot.serving.findings.tables.scored_tables import TABLES, open_scored

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_BATCH = 1_000


class QueryError(SorotError):
    """A query cannot be run; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The names of a query's columns, the tables that it can ask and that are empty here, and its rows, read once."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


@contextmanager
def run_query(path: Path, sql: str, taxonomy: Taxonomy) -> Iterator[Answer]:
    """The answer of one SELECT over the tables articles, evidence, quotes and stories, valid within the block.

    Raises QueryError for any other statement and for errors in it, FindingsError if the corpus cannot be read.
    """
    with open_scored(path, taxonomy, locked=True) as scored:
        import duckdb

        try:
            _check_statement(sql)
            cursor = scored.connection.execute(sql)
            columns = tuple(name for name, *_ in cursor.description or ())
            yield Answer(columns, _rows(cursor))
        except duckdb.Error as error:
            message = " ".join(str(error).split("LINE ")[0].split()) or type(error).__name__
            raise QueryError(f"{message[:400]}; the tables are {', '.join(TABLES)}, DESCRIBE shows their columns") from error


def _check_statement(sql: str) -> None:
    import duckdb

    statements = duckdb.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise QueryError("a query is one SELECT (or DESCRIBE, or SUMMARIZE); it can change nothing and read no other file")


def _rows(cursor: DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(_BATCH):
        yield from rows
