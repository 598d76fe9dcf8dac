"""Scored outputs for the tests, written by the writers of `sorot score`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sorot.data.taxonomy import load_taxonomy
from sorot.serving.output.columns import AnalysisColumn, OutputColumns, output_columns
from sorot.serving.output.database import DatabaseWriter
from sorot.serving.output.formats import FILE_WRITERS, FolderWriter, Writer
from sorot.serving.output.target import Format

MODEL = "sorot-test"
TAXONOMY = load_taxonomy()
COLUMNS: OutputColumns = output_columns(TAXONOMY, with_body=True)


def row(number: int, labels: Mapping[str, Any], **values: Any) -> dict[str, Any]:
    """A row with these labels by task; each label's probability is 0.9 if it holds, else 0.05."""
    given: dict[str, Any] = {column.name: None for column in COLUMNS}
    given |= {
        "id": f"a{number}",
        "title": f"Judul {number}",
        "body": f"Isi artikel nomor {number}.",
        "model": MODEL,
        "n_tokens": 100,
    }
    given |= {"evidence": [], "n_windows": 1, "language": "id"}
    for task in TAXONOMY.tasks:
        value = labels.get(task.key, () if task.many else task.default or task.keys[0])
        held = set(value) if task.many else {value}
        given[task.key] = list(value) if task.many else value
        given |= {task.column_of(key): 0.9 if key in held else 0.05 for key in task.keys}
    return given | values


def write(path: Path, rows: Sequence[Mapping[str, Any]], without: Sequence[str] = ()) -> Path:
    """An output in the format of its suffix, or a folder of Parquet parts; `without` leaves columns out."""
    columns = tuple(column for column in COLUMNS if column.name not in without)
    assert any(isinstance(column, AnalysisColumn) for column in columns)
    writer: Writer
    if not path.suffix:
        writer = FolderWriter(path, columns, Format.PARQUET)
    elif path.suffix == ".duckdb":
        writer = DatabaseWriter(path, columns)
    else:
        writer = FILE_WRITERS[Format(path.suffix[1:])](path, columns)
    writer.write([{column.name: one[column.name] for column in columns} for one in rows])
    writer.close()
    return path
