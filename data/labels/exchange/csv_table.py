"""CSV: a row an article, a column a task; labels of one cell are separated by ';'.

An empty cell says 'not labelled', a cell `[]` says that no label of the task holds. Training reads the same way.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sorot.data.labels.checks import KEYS
from sorot.data.labels.exchange.found import NONE_HOLDS, Answers, Found, Given, RowError, fields_of
from sorot.data.reading.streams import open_stream
from sorot.data.taxonomy import Taxonomy

# Separates the labels of a `many` task, as `sorot score` writes them.
SEPARATOR = ";"
SUFFIXES = (".csv", ".tsv")
PACKED = (".gz", ".zst")
DELIMITERS = ",;\t|"
# Columns of labels of any task; doccano separates labels by '#'.
LABEL_COLUMNS = ("label", "labels", "kategori", "category")
MAX_FIELD = 50_000_000
# What says whether a label holds, in a table with a column for each label, and how many such columns show that it is one.
TICKS = {"0": False, "1": True, "0.0": False, "1.0": True, "false": False, "true": True}
MIN_TICKED = 2


def is_table(path: Path) -> bool:
    """Whether a file's name is that of a table, packed or not."""
    *_, last = [suffix.lower() for suffix in path.suffixes if suffix.lower() not in PACKED] or [""]
    return last in SUFFIXES


def table_rows(text: str) -> Iterator[tuple[int, dict[str, str] | str]]:
    """Each row with the line on which it ends, or why it cannot be read. Raises csv.Error if a quotation mark is not closed."""
    csv.field_size_limit(MAX_FIELD)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff\r\n"), newline=""), delimiter=delimiter, strict=True)
    for row in reader:
        if None in row:
            yield reader.line_num, f"has more cells than the header; quote the text that holds a {delimiter!r}"
            continue
        named = {name.strip(): value for name, value in row.items() if isinstance(value, str)}
        if any(named.values()):
            yield reader.line_num, named


def labels_of_cell(cell: str) -> list[str] | None:
    """The labels in a cell: separated by ';', or a JSON list; None if the cell is empty, [] if it says that none holds."""
    cell = cell.strip()
    if cell.startswith(("[", "{")):
        try:
            value = json.loads(cell)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict):
            value = value.get("choices")
        if isinstance(value, list):
            return [str(label) for label in value]
    return [part.strip() for part in cell.split(SEPARATOR) if part.strip()] or None


def csv_records(path: Path, taxonomy: Taxonomy) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Each row of a table as a labelled record, as `csv_record`, or why it cannot be read.

    Raises OSError, EOFError or zlib.error as reading does, and csv.Error if a quotation mark is not closed.
    """
    with path.open("rb") as file:
        text = open_stream(file).text("").read()
    for number, row in table_rows(text):
        yield number, row if isinstance(row, str) else csv_record(row, taxonomy)


def csv_record(row: Mapping[str, str], taxonomy: Taxonomy) -> dict[str, Any]:
    """A labelled record of a row whose columns have the taxonomy's own names; wrong labels stay for the checks to find."""
    record = fields_of(row)
    for task in taxonomy.tasks:
        labels = labels_of_cell(row.get(task.key, ""))
        if labels is not None:
            record[task.key] = labels if task.many or len(labels) != 1 else labels[0]
    return record


def read_row(row: Mapping[str, str], number: int, taxonomy: Taxonomy) -> Iterator[Found]:
    """What one row holds; a task's column has its key or one of its names."""
    del number
    text = row["data"] if "data" in row and "text" not in row else None
    fields = fields_of({"text": text} if text else {}, row)
    questions = {name.casefold() for task in taxonomy.tasks for name in (task.key, task.name_id, task.name_en)}
    answers = Answers()
    for name, cell in row.items():
        if name.casefold() in questions:
            labels = labels_of_cell(cell)
            answers.labels.extend(Given(label, name) for label in ([NONE_HOLDS] if labels == [] else labels or []))
        elif name.casefold() in LABEL_COLUMNS:
            answers.labels.extend(Given(label) for label in labels_of_cell(cell.replace("#", SEPARATOR)) or [])
    answers.labels.extend(_ticked(row, taxonomy))
    if not fields.get("text"):
        raise RowError("has no text; name its column text")
    yield Found(fields, answers)


def _ticked(row: Mapping[str, str], taxonomy: Taxonomy) -> Iterator[Given]:
    """The labels of columns that are named by labels and hold 0 or 1; if all of a task's hold 0, that none holds."""
    by_name = {name.casefold().strip(): cell.strip().casefold() for name, cell in row.items()}
    for task in taxonomy.tasks:
        cells = {}
        for label in task.labels:
            names = (label.key, f"{task.key}/{label.key}", f"{task.key}_{label.key}", label.name_id, label.name_en)
            cell = next((by_name[name.casefold()] for name in names if name.casefold() in by_name), None)
            if cell in TICKS:
                cells[label.key] = TICKS[cell]
        if len(cells) < MIN_TICKED:
            continue
        chosen = [key for key, holds in cells.items() if holds]
        yield from (Given(key, task.key) for key in chosen or ([NONE_HOLDS] if task.many else []))


def write_table(records: Iterable[Mapping[str, Any]], taxonomy: Taxonomy) -> str:
    """A table of all keys that a record may have, and one column a task."""
    out = io.StringIO(newline="")
    at = KEYS.index("evidence")
    columns = [*KEYS[:at], *taxonomy.keys, *KEYS[at:]]
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    for record in records:
        cells = {key: record[key] for key in columns if record.get(key) is not None}
        for task in taxonomy.many_tasks:
            if task.key in cells:
                cells[task.key] = SEPARATOR.join(cells[task.key]) or NONE_HOLDS
        writer.writerow({key: json.dumps(v, ensure_ascii=False) if isinstance(v, list) else v for key, v in cells.items()})
    return out.getvalue()
