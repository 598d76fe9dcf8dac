"""A scored corpus as the tables `articles`, `evidence`, `quotes` and `stories` of a DuckDB database in memory.

The tables are views: rows are read from the files when they are asked for, and no query holds the corpus in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sorot.data.taxonomy import Taxonomy
from sorot.serving.findings.errors import FindingsError
from sorot.serving.findings.tables.files import ScoredFiles, check_libraries, find_scored
from sorot.serving.findings.tables.reading import (
    QUOTES,
    added_types,
    identifier,
    literal,
    select_rows_sql,
)
from sorot.serving.output.columns import STORY, Column, output_columns

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TABLES = ("articles", "evidence", "quotes", "stories")
# Beyond it DuckDB spills to a temporary folder.
MEMORY_LIMIT = "1GB"
DAY = "published_day"
# Withheld by the gate: the article is taken to have no label of its task, so it counts among those that were judged.
GATE = "gate"
# Columns that tell where a row of `evidence` or `quotes` comes from.
_ORIGIN = ("id", "source", "row", "outlet", "url")


@dataclass(frozen=True, slots=True)
class ScoredTables:
    """An open scored corpus: its files and taxonomy, a connection that has TABLES, the columns of `articles` with SQL types."""

    files: ScoredFiles
    taxonomy: Taxonomy
    connection: DuckDBPyConnection
    columns: dict[str, str]

    @property
    def path(self) -> Path:
        """The path that the user named."""
        return self.files.path


@contextmanager
def open_scored(path: Path, taxonomy: Taxonomy, *, locked: bool = False) -> Iterator[ScoredTables]:
    """The tables of a scored corpus. `locked`: queries can read no other file, write none, and change no setting.

    Raises FindingsError if the path is no scored corpus of the taxonomy's tasks, SorotError if DuckDB is not installed. Errors of
    DuckDB within the block become FindingsErrors.
    """
    check_libraries("duckdb")
    import duckdb

    files = find_scored(path)
    with TemporaryDirectory(prefix="sorot-") as folder:
        links = _linked(files.files, Path(folder).resolve() / "scored")
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(Path(folder) / "spilled"),
            # No extension is fetched, and no variable of this program is taken for a table.
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        }
        try:
            with closing(duckdb.connect(config=config)) as connection:
                query = select_rows_sql(connection, files.format, links, taxonomy)
                columns = _create_articles(connection, query, path, taxonomy)
                _create_others(connection, columns, taxonomy)
                if locked:
                    _lock(connection, links)
                yield ScoredTables(files, taxonomy, connection, columns)
        except duckdb.Error as error:
            reason = str(error).splitlines()[0].replace(str(links[0].parent), str(path.parent))
            raise FindingsError(f"{path}: cannot be read as a scored corpus ({reason[:300]}); score it again") from error


def single_model(scored: ScoredTables) -> str:
    """The model that scored all articles, empty if none is named; FindingsError if there are two, or no article."""
    run = scored.connection.execute
    models = run("SELECT model, count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1").fetchall()
    if not models:
        raise FindingsError(f"{scored.path}: holds no articles; see the rejects of sorot score for the reasons")
    names = [name for name, _ in models if name]
    if len(names) > 1:
        named = " and ".join(sorted(names)[:3])
        raise FindingsError(f"{scored.path}: holds articles scored by {named}, whose errors differ; score all by one")
    return names[0] if names else ""


def _linked(files: Sequence[Path], folder: Path) -> list[Path]:
    """Links to the files under plain names: DuckDB takes brackets and asterisks in a name for patterns."""
    folder.mkdir()
    links = []
    for number, file in enumerate(files):
        link = folder / f"part-{number:05d}{file.suffix.lower()}"
        link.symlink_to(file.resolve())
        links.append(link)
    return links


def _create_articles(connection: DuckDBPyConnection, query: str, path: Path, taxonomy: Taxonomy) -> dict[str, str]:
    """Create the view `articles`, and return its columns with their types."""
    columns = {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE {query}").fetchall()}
    required: list[Column] = list(output_columns(taxonomy))
    if missing := [c.name for c in required if c.name not in columns and not c.name.endswith("_set")]:
        of_model = {c.name for task in taxonomy.tasks for c in required if c.name.startswith(task.key)}
        cure = (
            "name its model with --bundle, or score it again" if missing[0] in of_model else "name a file that sorot score wrote"
        )
        raise FindingsError(f"{path}: has no column {missing[0]!r}, so it is no output of sorot score with this model; {cure}")
    if DAY in columns:
        connection.execute(f"CREATE VIEW articles AS {query}")
    else:
        connection.execute(f"CREATE VIEW articles AS SELECT *, TRY_CAST(published[1:10] AS DATE) AS {DAY} FROM ({query})")
        columns[DAY] = "DATE"
    return columns


def _create_others(connection: DuckDBPyConnection, columns: dict[str, str], taxonomy: Taxonomy) -> None:
    origin = ", ".join(f"a.{identifier(name)}" for name in (*_ORIGIN, DAY))
    connection.execute(
        f'CREATE VIEW evidence AS SELECT {origin}, e.task, e.label, e.sentence, e.start, e."end", e.contribution '
        "FROM articles AS a, unnest(a.evidence) AS u(e)"
    )
    quotes = f"a.{QUOTES}" if QUOTES in columns else f"[]::{added_types(taxonomy)[QUOTES]}"
    connection.execute(
        f"CREATE VIEW quotes AS SELECT {origin}, unnest(q) FROM (SELECT a.*, unnest({quotes}) AS q FROM articles AS a) AS a"
    )
    group = f'"{STORY}"' if STORY in columns else "NULL::VARCHAR"
    connection.execute(
        "CREATE VIEW stories AS SELECT grouped AS story, count(*) AS articles, count(DISTINCT outlet) AS outlets, "
        f"min({DAY}) AS first_day, max({DAY}) AS last_day, arg_min(title, coalesce(published, '~') || id) AS first_title "
        f"FROM (SELECT *, {group} AS grouped FROM articles) WHERE grouped IS NOT NULL GROUP BY grouped"
    )


def _lock(connection: DuckDBPyConnection, files: Sequence[Path]) -> None:
    allowed = ", ".join(literal(str(file)) for file in files)
    connection.execute(f"SET allowed_paths = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
