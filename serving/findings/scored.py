"""Reads what `sorot score` wrote, in any of its formats, into arrays; nothing of the texts but the titles.

DuckDB reads all formats. Labels become one boolean column for each label of the taxonomy, so no task is known by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sorot.data.errors import install_extra
from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.findings.errors import FindingsError
from sorot.serving.output.database import ARTICLES
from sorot.serving.output.target import PART_NAME, Format

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BoolArray = NDArray[np.bool_]
# Why an article has no labels although the model knows enough of it: it has none of the gate's task.
GATED = "gate"
STORY = "story"
TEXT_COLUMNS = ("id", "title", "outlet", "published", "language", "withheld", "model")
OPTIONAL_COLUMNS = ("title", "outlet", "published", "language", STORY, "body", "url", "source")


@dataclass(frozen=True, slots=True)
class ScoredCorpus:
    """The rows of a scored output, in its order; arrays have one entry per row.

    `labels` by task has shape (n, labels of the task); `labelled` by task says which rows have labels at all. `days` holds the
    day of publication, NaT if unknown; `outlets` None if unknown; `stories` a number for each story, None without a column
    `story`. `texts` has further columns by their name: title, language, url and, where the output has it, body.
    """

    name: str
    taxonomy: Taxonomy
    model: str
    ids: NDArray[np.object_]
    outlets: NDArray[np.object_]
    days: NDArray[np.datetime64]
    stories: NDArray[np.int64] | None
    withheld: NDArray[np.object_]
    labels: Mapping[str, BoolArray]
    labelled: Mapping[str, BoolArray]
    probabilities: Mapping[str, NDArray[np.float64]]
    n_tokens: NDArray[np.float64]
    texts: Mapping[str, NDArray[np.object_]]

    def __len__(self) -> int:
        return len(self.ids)

    def text(self, name: str, row: int) -> str | None:
        """The value of one of `texts`, None if it is empty or there is no such column."""
        return self.texts[name][row] if name in self.texts else None

    @property
    def unlabelled(self) -> dict[str, int]:
        """How many rows have no labels, by the reason; the gate is none, as it says that nothing holds."""
        counts = Counter(str(why) for why in self.withheld if why is not None and why != GATED)
        return dict(counts.most_common())


def read_scored(path: Path | str, taxonomy: Taxonomy) -> ScoredCorpus:
    """The scored output at `path`: a Parquet, CSV, JSONL or DuckDB file, or a folder of parts.

    Raises FindingsError if it cannot be read, was not scored by this taxonomy or by two models, or has no labelled article.
    """
    path = Path(path)
    with _reading(path) as connection:
        source = _source(path, connection, taxonomy)
        found = {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
        _check_columns(path, found, taxonomy)
        wanted = ", ".join(f"{value} AS {_quoted(name)}" for name, value in _selected(found, taxonomy).items())
        table = connection.sql(f"SELECT {wanted} FROM {source}").to_arrow_table()
    return _corpus(path, table, taxonomy)


def _corpus(path: Path, table: pa.Table, taxonomy: Taxonomy) -> ScoredCorpus:
    if not table.num_rows:
        raise FindingsError(f"{path}: holds no scored article; score some into it with sorot score")

    def column(name: str) -> NDArray[Any]:
        return np.asarray(table[name].to_numpy(zero_copy_only=False))

    def texts(name: str) -> NDArray[np.object_]:
        if name not in table.column_names:
            return np.full(table.num_rows, None, dtype=object)
        return np.array(table[name].to_pylist(), dtype=object)

    withheld = texts("withheld")
    models = Counter(model for model in texts("model") if model is not None)
    if len(models) > 1:
        parts = ", ".join(f"{model}: {n} articles" for model, n in models.most_common())
        raise FindingsError(f"{path}: was scored by more than one model ({parts}), whose errors differ; score all with one")
    gated = withheld == GATED
    known = np.array([why is None for why in withheld], dtype=bool)
    if not (known | gated).any():
        reasons = ", ".join(f"{why} {n}" for why, n in Counter(map(str, withheld)).most_common())
        raise FindingsError(
            f"{path}: none of its {len(withheld)} articles has labels (withheld: {reasons}); score Indonesian news"
        )
    labels = {
        task.key: np.stack([column(f"{task.key}.{key}").astype(bool) for key in task.keys], axis=1) for task in taxonomy.tasks
    }
    labelled = {}
    for task in taxonomy.tasks:
        # The gate says that nothing holds; what follows from that is known, other labels are not.
        settled = task.many or task.default is not None
        if settled and task.default is not None:
            labels[task.key][gated, task.keys.index(task.default)] = True
        labelled[task.key] = known | gated if settled else known
    story = texts(STORY)
    has_stories = STORY in table.column_names and any(value is not None for value in story)
    return ScoredCorpus(
        name=str(path),
        taxonomy=taxonomy,
        model=next(iter(models), ""),
        ids=_unique_ids(texts("id")),
        outlets=texts("outlet"),
        days=column("day").astype("datetime64[D]"),
        stories=_numbered(story) if has_stories else None,
        withheld=withheld,
        labels=labels,
        labelled=labelled,
        probabilities={
            task.key: np.stack([column(task.column_of(key)).astype(np.float64) for key in task.keys], axis=1)
            for task in taxonomy.tasks
        },
        n_tokens=column("n_tokens").astype(np.float64),
        texts={name: texts(name) for name in ("title", "language", "url", "source", "body") if name in table.column_names},
    )


def _selected(found: Mapping[str, str], taxonomy: Taxonomy) -> dict[str, str]:
    """By output name, the SQL of every value that is needed."""
    selected = {name: f"CAST({_quoted(name)} AS VARCHAR)" for name in ("id", "withheld", "model")}
    # CSV has empty fields for null.
    selected["withheld"] = f"nullif({selected['withheld']}, '')"
    selected |= {name: f"nullif(CAST({_quoted(name)} AS VARCHAR), '')" for name in OPTIONAL_COLUMNS if name in found}
    selected["day"] = (
        "TRY_CAST(substr(CAST(published AS VARCHAR), 1, 10) AS DATE)" if "published" in found else "CAST(NULL AS DATE)"
    )
    selected.pop("published", None)
    selected["n_tokens"] = "TRY_CAST(n_tokens AS DOUBLE)"
    for task in taxonomy.tasks:
        for key in task.keys:
            selected[f"{task.key}.{key}"] = _holds(task, key, found[task.key])
            selected[task.column_of(key)] = f"TRY_CAST({_quoted(task.column_of(key))} AS DOUBLE)"
    return selected


def _holds(task: Task, key: str, kind: str) -> str:
    """SQL that says whether a label holds; a `many` task has a list, in CSV keys joined by ';'."""
    name = _quoted(task.key)
    if not task.many:
        return f"coalesce(CAST({name} AS VARCHAR) = '{key}', false)"
    keys = f"string_split(CAST({name} AS VARCHAR), ';')" if not kind.endswith("[]") else f"CAST({name} AS VARCHAR[])"
    return f"coalesce(list_contains({keys}, '{key}'), false)"


def _check_columns(path: Path, found: Mapping[str, str], taxonomy: Taxonomy) -> None:
    columns = [task.column_of(key) for task in taxonomy.tasks for key in task.keys]
    missing = [name for name in ("id", "withheld", "model", "n_tokens", *taxonomy.keys, *columns) if name not in found]
    if not missing:
        return
    if {"source", "row", "reason"} == set(found):
        raise FindingsError(f"{path}: is a list of rejects, not scored articles; name the output of sorot score")
    raise FindingsError(
        f"{path}: has no column {missing[0]!r}, so it is not what sorot score wrote with this model; "
        "name such an output, and the model's folder with --bundle"
    )


def _source(path: Path, connection: DuckDBPyConnection, taxonomy: Taxonomy) -> str:
    """The SQL of the rows of an output."""
    if path.is_dir():
        parts = sorted(file for file in path.iterdir() if PART_NAME.fullmatch(file.name))
        forms = {file.suffix for file in parts}
        if len(forms) != 1:
            found = "parts of several formats" if forms else "no parts of a scored output"
            raise FindingsError(f"{path}: holds {found}; name a folder that sorot score wrote")
        return _reader(Format(forms.pop()[1:]), parts, connection, taxonomy)
    if not path.is_file():
        raise FindingsError(f"{path}: no such file or folder; name the output of sorot score")
    try:
        form = Format(path.suffix.lower()[1:])
    except ValueError as error:
        known = ", ".join(f".{one}" for one in Format)
        raise FindingsError(f"{path}: cannot tell its format; name an output of sorot score ending in {known}") from error
    return f"scored.{ARTICLES}" if form is Format.DUCKDB else _reader(form, [path], connection, taxonomy)


def _reader(form: Format, files: list[Path], connection: DuckDBPyConnection, taxonomy: Taxonomy) -> str:
    names = "[" + ", ".join(_text(str(file)) for file in files) + "]"
    if form is Format.PARQUET:
        return f"read_parquet({names})"
    if form is Format.CSV:
        return f"read_csv({names}, header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')"
    # Types are given, not guessed: a column may be empty in every row that a guess would look at.
    keys = connection.execute(f"SELECT json_keys(json) FROM read_ndjson_objects({names}) LIMIT 1").fetchone()
    lists = {task.key for task in taxonomy.many_tasks}
    types = [f"{_text(key)}: '{'VARCHAR[]' if key in lists else 'VARCHAR'}'" for key in (keys[0] if keys else ["id"])]
    return f"read_json({names}, format = 'newline_delimited', columns = {{{', '.join(types)}}}, maximum_object_size = 200000000)"


@contextmanager
def _reading(path: Path) -> Iterator[DuckDBPyConnection]:
    """A database in memory, with `path` attached as `scored` if it is one; errors of DuckDB become a FindingsError."""
    try:
        import duckdb
    except ModuleNotFoundError as error:
        raise FindingsError(f"{path}: reading scored articles needs DuckDB; run: {install_extra('findings')}") from error
    settings: dict[str, str | bool | int | float | list[str]] = {"autoinstall_known_extensions": False, "threads": 1}
    try:
        with closing(duckdb.connect(":memory:", config=settings)) as connection:
            if path.suffix.lower() == f".{Format.DUCKDB}" and path.is_file():
                connection.execute(f"ATTACH {_text(str(path.absolute()))} AS scored (READ_ONLY)")
            yield connection
    except duckdb.Error as error:
        reason = str(error).splitlines()[0][:200]
        raise FindingsError(f"{path}: cannot be read as scored articles ({reason}); name the output of sorot score") from error


def _unique_ids(ids: NDArray[np.object_]) -> NDArray[np.object_]:
    """The ids; a repeated one gets ' #2', ' #3' and so on, in the order of the rows."""
    seen: Counter[str] = Counter()
    unique = []
    for value in ids:
        name = str(value)
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name} #{seen[name]}")
    return np.array(unique, dtype=object)


def _numbered(stories: NDArray[np.object_]) -> NDArray[np.int64]:
    """A number for each story; an article without one is a story of its own."""
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(n if s is None else s, len(numbers)) for n, s in enumerate(stories)], dtype=np.int64)


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _text(value: str) -> str:
    escaped = value.replace("'", "''")
    return f"'{escaped}'"
