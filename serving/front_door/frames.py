"""Score the rows of a pandas table."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from sorot.data.article import Article, Reject
from sorot.data.errors import InputError
from sorot.data.reading.columns import Columns, resolve, used_columns
from sorot.data.reading.tables.table_rows import TableRow, articles_of
from sorot.data.taxonomy import json_value
from sorot.serving.batch.scoring import score_items
from sorot.serving.batch.units import UNIT_CHARACTERS, UNIT_ROWS, Planned, ScoreOptions, cut_runs, plan_item
from sorot.serving.front_door.checks import WrongTypeError, in_python, kind_of
from sorot.serving.model.labels import labels_at, labels_with_evidence, move_thresholds
from sorot.serving.model.scorer import Scorer
from sorot.serving.output.columns import TEXT, AnalysisColumn, output_columns
from sorot.serving.output.kept_columns import SUFFIX
from sorot.serving.output.rows import Row

if TYPE_CHECKING:
    import pandas as pd

EVIDENCE = "evidence"
REJECT = "reject"
BODY = "body"
_PLACE = "the table"


def score_table(
    scorer: Scorer, frame: object, columns: Columns, *, clean: bool, with_body: bool, keep: bool | Collection[str]
) -> pd.DataFrame:
    """A new table with the index of `frame`, its columns that `keep` names, the scores and the reason of each reject.

    Raises WrongTypeError if `frame` is no DataFrame, and InputError for columns that are not there.
    """
    table = _checked(frame)
    options = ScoreOptions(clean=clean, with_body=with_body)
    # In place of the columns that identify an article in a file, a table has its index and the user's own columns.
    score_columns = {
        column.name: column.type
        for column in output_columns(scorer.taxonomy, with_body=with_body)
        if isinstance(column, AnalysisColumn) or column.name == BODY
    } | {REJECT: TEXT}
    rows = list(_scored_rows(scorer, _articles(table, columns), options))
    kept = _kept(table, keep)
    kept = kept.set_axis(_free_names(kept.columns, set(score_columns)), axis="columns")
    scores = {name: _column(rows, name, kind, table.index) for name, kind in score_columns.items()}
    return kept.assign(**scores)


def move_table(scorer: Scorer, table: object, thresholds: Mapping[str, Any]) -> pd.DataFrame:
    """A copy of a scored table with the labels at other thresholds and the evidence that it holds for them.

    Raises WrongTypeError if `table` is no DataFrame, InputError if it lacks columns of this model's scores, and
    sorot.serving.model.labels.ThresholdError for thresholds that do not fit.
    """
    scored = _checked(table)
    taxonomy = scorer.taxonomy
    moved = move_thresholds(taxonomy, scorer.manifest.thresholds, thresholds)
    columns = {task.key: {key: task.column_of(key) for key in task.keys} for task in taxonomy.tasks}
    needed = [*taxonomy.keys, EVIDENCE, *(name for own in columns.values() for name in own.values())]
    if missing := [name for name in needed if name not in scored.columns]:
        raise InputError(f"{_PLACE} has no column {missing[0]!r}, so it was not scored by this model; score it with score_frame")
    changed: dict[str, list[Any]] = {name: [] for name in (*taxonomy.keys, EVIDENCE)}
    for row in scored[needed].to_dict("records"):
        probabilities = {task: {key: row[name] for key, name in own.items()} for task, own in columns.items()}
        if any(value != value for own in probabilities.values() for value in own.values()):
            # Rejected or withheld: it has no probabilities, so no labels at any threshold.
            for name, values in changed.items():
                values.append(row[name])
            continue
        labels = labels_at(taxonomy, probabilities, moved)
        shown = labels_with_evidence(taxonomy, labels)
        for task, value in labels.items():
            changed[task].append(json_value(value))
        cell = row[EVIDENCE]
        evidence = json.loads(cell) if isinstance(cell, str) else cell
        changed[EVIDENCE].append([e for e in evidence if (e["task"], e["label"]) in shown])
    return scored.assign(**{name: _series(values, scored.index) for name, values in changed.items()})


def _checked(frame: object) -> pd.DataFrame:
    try:
        import pandas as pd
    except ModuleNotFoundError as error:
        raise InputError("score_frame needs pandas; add it with: pip install pandas") from error
    if isinstance(frame, pd.Series):
        raise WrongTypeError("score_frame takes a DataFrame, not a Series; give series.to_frame('text')")
    if not isinstance(frame, pd.DataFrame):
        raise WrongTypeError(f"score_frame takes a pandas DataFrame, not {kind_of(frame)}")
    if not frame.columns.is_unique:
        twice = ", ".join(repr(name) for name in frame.columns[frame.columns.duplicated()].unique())
        raise InputError(f"{_PLACE} has two columns with the name {twice}; rename one of them")
    return frame


def _kept(frame: pd.DataFrame, keep: bool | Collection[str]) -> pd.DataFrame:
    if isinstance(keep, bool):
        return frame if keep else frame[[]]
    wanted = [keep] if isinstance(keep, str) else list(keep)
    if missing := [name for name in wanted if name not in frame.columns]:
        raise InputError(f"{_PLACE} has no column {missing[0]!r}; its columns are {', '.join(map(repr, frame.columns))}")
    return frame[wanted]


def _free_names(names: Iterable[Any], taken: set[Any]) -> list[Any]:
    """The names of the user's columns; one that is taken already gets a suffix."""
    free = []
    for name in names:
        while name in taken:
            name = f"{name}{SUFFIX}"
        taken.add(name)
        free.append(name)
    return free


def _articles(frame: pd.DataFrame, columns: Columns) -> Iterator[Article | Reject]:
    """An article or a reject for each row, in order; rows are numbered from 1."""
    names = [name for name in frame.columns if isinstance(name, str)]
    try:
        resolved = resolve(columns, names, _PLACE)
    except InputError as error:
        raise InputError(in_python(str(error))) from None
    used = used_columns(resolved)
    cells = zip(*(frame[name] for name in used), strict=True)
    rows: Iterator[TableRow] = enumerate(({n: _plain(v) for n, v in zip(used, values, strict=True)} for values in cells), 1)
    yield from articles_of(rows, resolved, _PLACE, "row")


def _plain(value: Any) -> Any:
    """A cell as the readers know it: missing values of all kinds as None, NumPy's values and arrays as Python's."""
    import pandas as pd

    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    return value.tolist() if hasattr(value, "tolist") else value


def _scored_rows(scorer: Scorer, items: Iterator[Article | Reject], options: ScoreOptions) -> Iterator[Row]:
    """The scores of each item, or the reason why it has none."""
    for run in cut_runs(items, UNIT_ROWS, UNIT_CHARACTERS):
        planned: list[Planned] = [plan_item(item, clean=options.clean) for item in run]
        for outcome in score_items(scorer, planned, options).outcomes:
            # No item is a repeat here: every row is scored for itself.
            assert isinstance(outcome, dict)
            yield outcome["row"] if "row" in outcome else {REJECT: in_python(outcome["reject"]["reason"])}


def _column(rows: list[Row], name: str, kind: pa.DataType, index: pd.Index[Any]) -> pd.Series[Any]:
    """One column of the scores; a row without scores has an empty list in a column of lists, else None."""
    values = [row.get(name, [] if pa.types.is_list(kind) else None) for row in rows]
    dtype = "Int64" if pa.types.is_integer(kind) else "float64" if pa.types.is_floating(kind) else "object"
    return _series(values, index, dtype)


def _series(values: list[Any], index: pd.Index[Any], dtype: str = "object") -> pd.Series[Any]:
    import pandas as pd

    return pd.Series(values, index=index, dtype=dtype)
