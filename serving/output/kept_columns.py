"""The user's own columns in the output (`--keep-columns`): their names, types and values.

A kept column has the type of its values: text, whole number, number, or true and false. Values of different types become text,
whole numbers among other numbers become numbers. A name that an output column has already gets the suffix `_input`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from sorot.data.article import Scalar
from sorot.data.errors import InputError
from sorot.serving.output.columns import NUMBER, TEXT, WHOLE_NUMBER, Column, guard_formula

SUFFIX = "_input"
MAX_COLUMNS = 1_000
TYPES = {"text": TEXT, "whole number": WHOLE_NUMBER, "number": NUMBER, "boolean": pa.bool_()}
# The kind of a column whose values are all null so far.
NULL = "null"


def guard_kept(value: Scalar) -> Scalar:
    """CSV form of a kept value: text that is no number is guarded against being run as a formula."""
    if not isinstance(value, str):
        return value
    try:
        float(value)
    except ValueError:
        guarded: Scalar = guard_formula(value)
        return guarded
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptColumn(Column):
    """An output column with the values of the input's column `key`."""

    key: str

    def value(self, extra: Mapping[str, Scalar]) -> Scalar:
        """The article's value in this column's type."""
        value = extra.get(self.key)
        if value is None:
            return None
        if self.type == TEXT:
            return value if isinstance(value, str) else json.dumps(value)
        return float(value) if self.type == NUMBER else value


def kinds_of(rows: Iterable[Mapping[str, Scalar]]) -> dict[str, str]:
    """The kind of each column of some rows, in the order in which they first appear."""
    kinds: dict[str, str] = {}
    for row in rows:
        for name, value in row.items():
            kinds[name] = _join(kinds.get(name, NULL), _kind(value))
    return kinds


@dataclass(slots=True)
class KeptColumns:
    """The columns to keep, collected unit by unit; `kinds` has them in the order in which they first appear."""

    kinds: dict[str, str] = field(default_factory=dict)

    def add(self, kinds: Mapping[str, str]) -> None:
        """Add the columns of a unit. Raises InputError if there are more than MAX_COLUMNS."""
        for name, kind in kinds.items():
            self.kinds[name] = _join(self.kinds.get(name, NULL), kind)
        if len(self.kinds) > MAX_COLUMNS:
            raise InputError(f"the input has more than {MAX_COLUMNS:,} columns, too many to keep; leave --keep-columns out")

    def columns(self, output: Iterable[Column]) -> tuple[KeptColumn, ...]:
        """The output columns of the kept ones, beside those of `output`. Names are compared without case, as DuckDB does."""
        taken = {column.name.casefold() for column in output}
        columns = []
        for key, kind in self.kinds.items():
            name = key
            while name.casefold() in taken:
                name += SUFFIX
            taken.add(name.casefold())
            kept = KeptColumn(name=name, key=key, type=TYPES.get(kind, TEXT), csv=guard_kept, description="From the input")
            columns.append(kept)
        return tuple(columns)


def _kind(value: Scalar) -> str:
    match value:
        case None:
            return NULL
        case bool():
            return "boolean"
        case int():
            return "whole number"
        case float():
            return "number"
        case _:
            return "text"


def _join(one: str, other: str) -> str:
    """The kind that holds values of both kinds."""
    if one == other or other == NULL:
        return one
    if one == NULL:
        return other
    return "number" if {one, other} == {"whole number", "number"} else "text"
