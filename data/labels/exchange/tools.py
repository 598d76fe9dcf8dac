"""The table of tools: how each is recognised by its first row, what reads its rows and what writes them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sorot.data.labels.exchange import argilla, csv_table, doccano, label_studio, prodigy
from sorot.data.labels.exchange.found import ExchangeError, Found, take_apart
from sorot.data.reading.streams import READ_ERRORS, open_stream
from sorot.data.taxonomy import Taxonomy
from sorot.data.text.encodings import valid_name

# A whole file is in memory: the formats are arrays, or small.
MAX_CHARACTERS = 200_000_000
HEAD_CHARACTERS = 4_000_000
Row = Mapping[str, Any]


class Tool(StrEnum):
    """Whose format a file of labels has."""

    SOROT = "sorot"
    DOCCANO = "doccano"
    LABEL_STUDIO = "label-studio"
    ARGILLA = "argilla"
    PRODIGY = "prodigy"
    CSV = "csv"


TITLES = {
    Tool.SOROT: "Sorot's labelled records",
    Tool.DOCCANO: "an export of doccano",
    Tool.LABEL_STUDIO: "an export of Label Studio",
    Tool.ARGILLA: "an export of Argilla",
    Tool.PRODIGY: "an export of Prodigy",
    Tool.CSV: "a table",
}


@dataclass(frozen=True, slots=True)
class _Guess:
    tool: Tool
    matches: Callable[[Row], bool]


def _has(row: Row, *keys: str) -> bool:
    return any(key in row for key in keys)


# The first that matches decides; then the key of a task tells Sorot's own records.
_GUESSES = (
    _Guess(Tool.LABEL_STUDIO, lambda r: isinstance(r.get("data"), dict) and _has(r, "annotations", "completions", "predictions")),
    _Guess(Tool.LABEL_STUDIO, lambda r: _has(r, "annotation_id") and _has(r, "lead_time", "annotator")),
    _Guess(Tool.ARGILLA, lambda r: isinstance(r.get("fields"), dict) and _has(r, "responses", "suggestions", "vectors")),
    _Guess(
        Tool.ARGILLA, lambda r: _has(r, "inputs", "text") and _has(r, "annotation", "annotation_agent") and _has(r, "prediction")
    ),
    _Guess(Tool.ARGILLA, lambda r: any(key.endswith((".responses", "-suggestion")) for key in r)),
    _Guess(Tool.PRODIGY, lambda r: _has(r, "_input_hash", "_task_hash", "_annotator_id", "_session_id")),
    _Guess(Tool.PRODIGY, lambda r: _has(r, "accept", "answer") and _has(r, "text")),
)


def guess_tool(path: Path, taxonomy: Taxonomy) -> Tool | None:
    """Whose format a file has, by its first row, or by its suffix if it is no JSON; None if that is not clear."""
    try:
        head = _read(path, HEAD_CHARACTERS)
    except READ_ERRORS:
        return None
    start = head.lstrip("\ufeff \t\r\n")
    if not start.startswith(("{", "[")):
        return Tool.CSV if csv_table.is_table(path) else None
    row = _first_row(start)
    return None if row is None else _tool_of(row, taxonomy)


def _tool_of(row: Row, taxonomy: Taxonomy) -> Tool | None:
    # A task may be called as a tool calls its own keys.
    others = {key: value for key, value in row.items() if key not in taxonomy.keys}
    for guess in _GUESSES:
        if guess.matches(others):
            return guess.tool
    if len(others) < len(row):
        return Tool.SOROT
    if _has(row, "text", "data") and _has(row, "label", "labels", "cats", "entities", "annotations", "Comments"):
        return Tool.DOCCANO
    return None


def _first_row(start: str) -> Row | None:
    """The first object of a JSON array or of JSON lines."""
    try:
        row, _ = json.JSONDecoder().raw_decode(start, max(0, start.find("{")))
    except (ValueError, RecursionError):
        return None
    return (_wrapped(row) or [row])[0] if isinstance(row, dict) else None


def _wrapped(row: Row) -> list[Any] | None:
    """The rows of an object that only wraps them, such as {"records": [...]}."""
    value = next(iter(row.values())) if len(row) == 1 else None
    return value if isinstance(value, list) and value and isinstance(value[0], dict) else None


def _read(path: Path, most: int) -> str:
    with path.open("rb") as file:
        return open_stream(file).text("").read(most)


def read_rows(path: Path, tool: Tool) -> Iterator[tuple[int, Row | str]]:
    """Each row of a file with its number, or why it cannot be read. Raises ExchangeError if the whole file cannot be read."""
    name = valid_name(path)
    try:
        text = _read(path, MAX_CHARACTERS + 1)
    except READ_ERRORS as error:
        raise ExchangeError(f"{name}: cannot be read ({getattr(error, 'strerror', None) or error}); check the file") from error
    if len(text) > MAX_CHARACTERS:
        raise ExchangeError(f"{name}: has more than {MAX_CHARACTERS:,} characters; split it")
    if tool is Tool.CSV:
        try:
            yield from csv_table.table_rows(text)
        except csv.Error as error:
            raise ExchangeError(f"{name}: is no table ({error}); save it as CSV again") from error
        return
    start = text.lstrip("\ufeff \t\r\n")
    whole = _load(start)
    if whole is None and start.startswith("["):
        raise ExchangeError(f"{name}: is a JSON array that is not complete; export it again")
    if isinstance(whole, (dict, list)):
        rows = whole if isinstance(whole, list) else _wrapped(whole) or [whole]
        yield from enumerate((row if isinstance(row, dict) else "is not a JSON object" for row in rows), 1)
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip("\ufeff \t\r\x00"):
            row = _load(line.lstrip("\ufeff"))
            yield number, row if isinstance(row, dict) else "is not a JSON object on one line"


def _load(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def find_labels(row: Row, number: int, tool: Tool, taxonomy: Taxonomy) -> Iterable[Found]:
    """What a row of a tool holds. Raises sorot.data.labels.exchange.found.RowError."""
    match tool:
        case Tool.DOCCANO:
            return doccano.read_row(row, number)
        case Tool.LABEL_STUDIO:
            return label_studio.read_row(row, number)
        case Tool.ARGILLA:
            return argilla.read_row(row, number)
        case Tool.PRODIGY:
            return prodigy.read_row(row, number)
        case Tool.CSV:
            return csv_table.read_row(row, number, taxonomy)
        case Tool.SOROT:
            raise ValueError("Sorot's records need no conversion")


def write_records(records: Sequence[Row], tool: Tool, taxonomy: Taxonomy) -> str:
    """The text of a file of these faultless records in a tool's format."""
    apart = (take_apart(record, taxonomy) for record in records)
    match tool:
        case Tool.DOCCANO:
            return _lines(map(doccano.make_row, apart))
        case Tool.LABEL_STUDIO:
            return _array(map(label_studio.make_row, apart))
        case Tool.ARGILLA:
            return _array(argilla.make_row(parts, number) for number, parts in enumerate(apart, 1))
        case Tool.PRODIGY:
            return _lines(prodigy.make_row(parts, taxonomy) for parts in apart)
        case Tool.CSV:
            return csv_table.write_table(records, taxonomy)
        case Tool.SOROT:
            return _lines(records)


def _lines(rows: Iterable[Row]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _array(rows: Iterable[Row]) -> str:
    return json.dumps(list(rows), ensure_ascii=False, indent=1) + "\n"
