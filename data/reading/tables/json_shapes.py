"""The shapes in which tools write articles as JSON: rows below other keys or under their ids, tables written by columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sorot.data.errors import InputError
from sorot.data.reading.columns import USUAL, Columns, resolve
from sorot.data.reading.tables.json_values import MAX_DEPTH, VALUE_KEYS, field_of, flat, text_of

# Longest text of an object that only wraps rows; one with a longer text may be an article.
MAX_WRAPPER_TEXT = 200
_ABOUT_ROWS = ("description", "deskripsi", "query", "message", "copyright", "license", "disclaimer")
# Objects beside the text whose keys are fields of the article.
_ABOUT_ARTICLE = ("metadata", "meta", "properties")
# How many rows of an array to look at for a text.
PROBE = 20
# How many objects may lie around the fields of a row.
MAX_WRAPPERS = 3
# The key of the row itself in the answers of Elasticsearch.
_SOURCE = "_source"
_SPLIT_ROWS = ("data", "rows", "values")


@dataclass(frozen=True, slots=True)
class Row:
    """A row with a value for each name, nested ones as 'outer.inner', and the names of its fields."""

    values: Mapping[str, Any]
    columns: Columns

    def article_values(self) -> dict[str, Any]:
        """The values with objects and lists of objects replaced by the text, name or date that they stand for."""
        values = dict(self.values)
        for field in USUAL:
            name = getattr(self.columns, field)
            if name and name in values:
                values[name] = text_of(values[name]) if field == "text" else field_of(values[name])
        return values

    @property
    def is_brief(self) -> bool:
        """Whether the text may be a message of the interface that wraps the rows, such as 'OK'."""
        text = self.values[self.columns.text or ""]
        return isinstance(text, str) and len(text) <= MAX_WRAPPER_TEXT and not any(_dated_or_titled(self))

    @property
    def holds_text(self) -> bool:
        """Whether the text column may hold an article's text; False if it holds rows, or an object without text."""
        raw = self.values[self.columns.text or ""]
        if isinstance(raw, Mapping):
            return not isinstance(text_of(raw), Mapping)
        objects = [item for item in raw if isinstance(item, Mapping)] if isinstance(raw, list) else []
        if not objects:
            return True
        # Rows under a name such as 'berita', or the paragraphs of one article?
        inner = [resolved for item in objects[:PROBE] if (resolved := read_row(item, Columns())) is not None]
        if 2 * sum(any(_dated_or_titled(row)) for row in inner) > min(len(objects), PROBE):
            return False
        return not inner or any(_dated_or_titled(self)) or len(objects) < len(raw) or any("type" in item for item in objects)


def read_row(row: Any, columns: Columns, depth: int = 0) -> Row | None:
    """The row and its columns, or None if it has no text column: its own, or that of the one object in it that has any."""
    try:
        return require_row(row, columns, depth) if isinstance(row, Mapping) else None
    except InputError:
        return None


def require_row(row: Mapping[str, Any], columns: Columns, depth: int = 0) -> Row:
    """As `read_row`; raises InputError, which names the columns, if there is no text column."""
    if isinstance(source := row.get(_SOURCE), Mapping):
        row = _merged(row, _SOURCE, source)
    values = flat(row)
    own = [name for name in values if name in row or name in _given(columns)]
    try:
        found = _resolve(columns, tuple(own))
    except InputError:
        inner = []
        if columns.text is None and depth < MAX_WRAPPERS:
            inner = [key for key, value in row.items() if isinstance(value, Mapping) and _has_text(value, depth=depth + 1)]
        if len(inner) == 1:
            return require_row(_merged(row, inner[0], row[inner[0]]), columns, depth + 1)
        # Names the nested columns too, unless rows of their own lie below.
        return Row(values, _resolve(columns, tuple(own if inner else values)))
    wrapped = row.get(found.text or "")
    if columns.text is None and depth < MAX_WRAPPERS and isinstance(wrapped, Mapping) and _is_article(wrapped, depth + 1):
        return require_row(_merged(row, found.text or "", wrapped), columns, depth + 1)
    about = [name for name in values if name.partition(".")[0].lower() in _ABOUT_ARTICLE]
    if about:
        beside = _resolve(columns, (*own, *about))
        found = replace(found, **{field: getattr(beside, field) for field in USUAL if getattr(found, field) is None})
    return Row(values, found)


def find_rows(value: Mapping[str, Any], columns: Columns) -> dict[str, Iterable[Any]]:
    """The rows with text below the keys of an object that is no article itself, by path ('hits.hits')."""
    if (table := by_columns(value, columns)) is not None:
        return {"": table}
    if any(isinstance(text, str) and _is_long(key, text) for key, text in value.items()):
        return {}
    found: dict[str, list[Iterable[Any]]] = {}
    _collect(value, "", columns, found, 0)
    return {path: parts[0] if len(parts) == 1 else [row for part in parts for row in part] for path, parts in found.items()}


def by_columns(value: Mapping[str, Any], columns: Columns) -> Iterator[Any] | None:
    """The rows of a table written column by column, or with its names apart from its rows; None for any other object."""
    names = value.get("columns")
    rows = next((value[key] for key in _SPLIT_ROWS if isinstance(value.get(key), list)), None)
    if isinstance(names, list) and rows and isinstance(rows[0], list):
        labels = [str(field_of(name)) for name in names]
        return (dict(zip(labels, row, strict=False)) if isinstance(row, list) else row for row in rows)
    first = next(iter(value.values()), None)
    if len(value) < 2 or not isinstance(first, Mapping | list) or not first or not _names_text(value, columns):
        return None
    if isinstance(first, Mapping):
        same = all(isinstance(column, Mapping) and column.keys() == first.keys() for column in value.values())
        if not same or VALUE_KEYS & first.keys() or any(map(_has_text, value.values())):
            return None
        return ({name: column[key] for name, column in value.items()} for key in first)
    same = all(isinstance(column, list) and len(column) == len(first) for column in value.values())
    if not same or len(first) < 2 or any(isinstance(item, list | Mapping) for item in first):
        return None
    return (dict(zip(value, row, strict=True)) for row in zip(*value.values(), strict=True))


def arrays_without_text(value: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, list[str]]]:
    """The path and the names of each array of objects without text below the keys of an object: for messages."""
    if isinstance(value, Mapping) and depth < MAX_DEPTH:
        for key, inner in value.items():
            yield from arrays_without_text(inner, _join(path, key), depth + 1)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping) and not _has_text(value[0]):
        yield path, list(flat(value[0]))


def _collect(value: Any, path: str, columns: Columns, found: dict[str, list[Iterable[Any]]], depth: int) -> None:
    """Adds arrays of objects with text, and objects of such objects under keys of their own."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        objects = [item for item in value if isinstance(item, Mapping)]
        if any(_has_text(item, columns) for item in objects[:PROBE]):
            found.setdefault(path, []).append(value)
            return
        for item in objects:
            _collect(item, _join(path, "*"), columns, found, depth + 1)
    elif isinstance(value, Mapping):
        rows = list(value.values())
        if all(isinstance(row, Mapping) for row in rows) and any(_has_text(row, columns) for row in rows[:PROBE]):
            found.setdefault(path, []).append(_under_ids(value))
            return
        for key, inner in value.items():
            _collect(inner, _join(path, key), columns, found, depth + 1)


def _under_ids(rows: Mapping[str, Any]) -> Iterator[Any]:
    """Rows that stand under keys of their own; a key that is no mere number is the id of a row without one."""
    for key, row in rows.items():
        yield row if key.isdigit() or "id" in row or "_id" in row else {**row, "id": key}


def _has_text(value: Any, columns: Columns | None = None, depth: int = 0) -> bool:
    row = read_row(value, columns or Columns(), depth)
    return row is not None and row.holds_text


def _is_article(value: Any, depth: int) -> bool:
    row = read_row(value, Columns(), depth)
    return row is not None and row.holds_text and any(_dated_or_titled(row))


def _dated_or_titled(row: Row) -> tuple[bool, ...]:
    return tuple(bool(name and row.values.get(name)) for name in (row.columns.title, row.columns.date, row.columns.url))


def _merged(row: Mapping[str, Any], key: str, inner: Mapping[str, Any]) -> dict[str, Any]:
    return {**{name: value for name, value in row.items() if name != key}, **inner}


@lru_cache(maxsize=16)
def _resolve(columns: Columns, names: tuple[str, ...]) -> Columns:
    """As `resolve`. Keys rarely change from row to row, so that the last resolutions are worth keeping."""
    return resolve(columns, names, "", sparse=True)


def _given(columns: Columns) -> set[str]:
    return {name for field in USUAL if (name := getattr(columns, field))}


def _names_text(names: Iterable[str], columns: Columns) -> bool:
    try:
        _resolve(columns, tuple(names))
    except InputError:
        return False
    return True


def _is_long(key: str, text: str) -> bool:
    """Whether a text beside the rows may be an article; addresses and descriptions are not."""
    return len(text) > MAX_WRAPPER_TEXT and key.lower() not in _ABOUT_ROWS and " " in text


def _join(path: str, key: Any) -> str:
    return f"{path}.{key}" if path else str(key)
