"""An answer as an aligned table, CSV or JSON lines."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TextIO

from rich.cells import cell_len, set_cell_size

from sorot.serving.output.columns import guard_formula

# Rows that decide the widths of a table, and the width of its widest column.
MEASURED, WIDEST = 1_000, 60
GAP = "  "


def print_table(columns: Sequence[str], rows: Iterable[tuple[Any, ...]], stream: TextIO) -> int:
    """Write an aligned table, numbers to the right; returns the number of rows. Long cells are cut."""
    rows = iter(rows)
    kept = list(islice(rows, MEASURED))
    head = [[_one_line(cell) for cell in row] for row in kept]
    widths = [min(WIDEST, max([cell_len(name), *(cell_len(row[at]) for row in head)])) for at, name in enumerate(columns)]
    right = [any(row[at] is not None for row in kept) and all(_is_number(row[at]) for row in kept) for at in range(len(columns))]
    stream.write(_line(columns, widths, right) + "\n" + GAP.join("-" * width for width in widths) + "\n")
    n = 0
    for row in (*head, *([_one_line(cell) for cell in row] for row in rows)):
        stream.write(_line(row, widths, right) + "\n")
        n += 1
    return n


def print_csv(columns: Sequence[str], rows: Iterable[tuple[Any, ...]], stream: TextIO) -> int:
    """Write CSV as `sorot score` does: null is empty, lists and objects are JSON, formulas are guarded; returns the rows."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    n = 0
    for row in rows:
        writer.writerow([guard_formula(_flat(cell)) for cell in row])
        n += 1
    return n


def print_json(columns: Sequence[str], rows: Iterable[tuple[Any, ...]], stream: TextIO) -> int:
    """Write an object a line; returns the rows. Of columns with the same name the later ones get a number."""
    names = list(_unique(columns))
    n = 0
    for row in rows:
        record = {name: _plain(cell) for name, cell in zip(names, row, strict=True)}
        stream.write(json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n")
        n += 1
    return n


def _unique(columns: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for column in columns:
        name, number = column, 2
        while name in seen:
            name, number = f"{column}_{number}", number + 1
        seen.add(name)
        yield name


def _plain(value: Any) -> Any:
    """The value as JSON has it: dates and other kinds as text, numbers that JSON lacks as null."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else None
        case list() | tuple():
            return [_plain(item) for item in value]
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case _:
            return str(value)


def _flat(value: Any) -> Any:
    plain = _plain(value)
    return json.dumps(plain, ensure_ascii=False) if isinstance(plain, list | dict) else plain


def _one_line(value: Any) -> str:
    flat = _flat(value)
    # Control characters could move the cursor of a terminal.
    text = "" if flat is None else "".join(c if c.isprintable() else " " for c in " ".join(str(flat).split()))
    return text if cell_len(text) <= WIDEST else set_cell_size(text, WIDEST - 1).rstrip() + "…"


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = (
        " " * (width - cell_len(cell)) + cell if to_right else cell + " " * (width - cell_len(cell))
        for cell, width, to_right in zip(cells, widths, right, strict=True)
    )
    return GAP.join(padded).rstrip()


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))
