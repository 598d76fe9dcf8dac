"""SQL that reads the files of a scored corpus, the same typed columns from every format.

Columns of the column table have its types; other columns, kept from the input or added by a later step, have the types that the
format knows or that DuckDB finds in them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from sorot.data.taxonomy import Taxonomy
from sorot.serving.output.columns import (
    COPY,
    FORMULA_STARTS,
    NUMBER,
    STORY,
    TEXT,
    WHOLE_NUMBER,
    Column,
    as_json,
    guard_formula,
    join_keys,
    output_columns,
)
from sorot.serving.output.database import ARTICLES
from sorot.serving.output.target import Format

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

QUOTES = "quotes"
# Bytes of the longest row that is read.
LONGEST_ROW = 64_000_000
_QUOTE_FIELDS = {"type": "VARCHAR", "start": "BIGINT", "end": "BIGINT", "text": "VARCHAR", "speaker": "VARCHAR", "cue": "VARCHAR"}
# What a format's reader finds in columns of its own accord; all else becomes text.
_FOUND_TYPES = {"BIGINT", "DOUBLE", "BOOLEAN"}
_DIALECT = "header = true, delim = ',', quote = '\"', escape = '\"', strict_mode = false"


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def sql_type(kind: pa.DataType) -> str:
    """The SQL type of an Arrow type of the column table."""
    if pa.types.is_list(kind):
        return f"{sql_type(kind.value_type)}[]"
    if pa.types.is_struct(kind):
        return _struct({field.name: sql_type(field.type) for field in kind})
    return {TEXT: "VARCHAR", WHOLE_NUMBER: "BIGINT", NUMBER: "DOUBLE"}[kind]


def added_types(taxonomy: Taxonomy) -> dict[str, str]:
    """SQL types of the columns that other steps add to the output; a quote has a label of each `one` task."""
    quote = _QUOTE_FIELDS | {task.key: "VARCHAR" for task in taxonomy.one_tasks}
    return {COPY: "VARCHAR", STORY: "VARCHAR", QUOTES: f"{_struct(quote)}[]"}


def select_rows_sql(connection: DuckDBPyConnection, form: Format, files: Sequence[Path], taxonomy: Taxonomy) -> str:
    """A query for all rows and columns of `files`, of one format. The connection is asked which columns they have.

    Raises duckdb.Error if the files are not of that format.
    """
    names = "[" + ", ".join(literal(str(file)) for file in files) + "]"
    if form is Format.DUCKDB:
        connection.execute(f"ATTACH {literal(str(files[0]))} AS scored (READ_ONLY)")
        return f"SELECT * FROM scored.{ARTICLES}"
    if form is Format.PARQUET:
        return f"SELECT * FROM read_parquet({names}, union_by_name = true)"
    known = {column.name: column for column in output_columns(taxonomy, with_body=True)}
    types = {name: sql_type(column.type) for name, column in known.items()} | added_types(taxonomy)
    if form is Format.JSONL:
        return _json_sql(connection, names, types)
    return _csv_sql(connection, names, known, types, {task.key for task in taxonomy.many_tasks})


def _json_sql(connection: DuckDBPyConnection, names: str, types: Mapping[str, str]) -> str:
    options = f"format = 'newline_delimited', maximum_object_size = {LONGEST_ROW}"
    found = _described(connection, f"SELECT * FROM read_json({names}, {options}, union_by_name = true)")
    wanted = {name: types.get(name) or (kind if kind in _FOUND_TYPES else "VARCHAR") for name, kind in found.items()}
    columns = ", ".join(f"{identifier(name)}: {literal(kind)}" for name, kind in wanted.items())
    return f"SELECT * FROM read_json({names}, {options}, columns = {{{columns}}})"


def _csv_sql(
    connection: DuckDBPyConnection, names: str, known: Mapping[str, Column], types: Mapping[str, str], many: Collection[str]
) -> str:
    options = f"{_DIALECT}, max_line_size = {LONGEST_ROW}, union_by_name = true"
    found = _described(connection, f"SELECT * FROM read_csv({names}, {options})")
    texts = [name for name, kind in found.items() if name in types or kind not in _FOUND_TYPES]
    typed = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in texts)
    fields = ", ".join(_csv_field(name, known.get(name), types.get(name), many) for name in found)
    return f"SELECT {fields} FROM read_csv({names}, {options}, types = {{{typed}}})"


def _csv_field(name: str, column: Column | None, kind: str | None, many: Collection[str]) -> str:
    """The value of a CSV field before its column's CSV form was applied; an empty list of labels is null but for `many` tasks."""
    quoted = identifier(name)
    if kind is None:
        return quoted
    if column is not None and column.csv is join_keys:
        empty = "[]" if name in many else "NULL"
        return f"CASE WHEN {quoted} IS NULL OR {quoted} = '' THEN {empty} ELSE string_split({quoted}, ';') END AS {quoted}"
    if column is not None and column.csv is guard_formula:
        starts = ", ".join(literal("'" + sign) for sign in FORMULA_STARTS)
        return f"CASE WHEN {quoted}[1:2] IN ({starts}) THEN {quoted}[2:] ELSE nullif({quoted}, '') END AS {quoted}"
    if kind.startswith("STRUCT") or (column is not None and column.csv is as_json):
        return f"from_json(nullif({quoted}, ''), {literal(_json_shape(kind))}) AS {quoted}"
    return f"nullif({quoted}, '')::{kind} AS {quoted}"


def _json_shape(kind: str) -> str:
    """The form of a list of structs that DuckDB's `from_json` takes, of its SQL type."""
    fields = kind.removeprefix("STRUCT(").removesuffix(")[]").split(", ")
    pairs = (field.split('" ') for field in fields)
    return "[{" + ", ".join(f'"{name[1:]}": "{type_}"' for name, type_ in pairs) + "}]"


def _struct(fields: Mapping[str, str]) -> str:
    return "STRUCT(" + ", ".join(f"{identifier(name)} {kind}" for name, kind in fields.items()) + ")"


def _described(connection: DuckDBPyConnection, query: str) -> dict[str, str]:
    rows: Iterable[tuple[str, str]] = ((name, kind) for name, kind, *_ in connection.execute(f"DESCRIBE {query}").fetchall())
    return dict(rows)
