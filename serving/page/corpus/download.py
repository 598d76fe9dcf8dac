"""The filtered corpus as a file to download: the columns of `sorot score`."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from sorot.data.taxonomy import Taxonomy
from sorot.serving.model.labels import Thresholds
from sorot.serving.output.columns import OutputColumns, output_columns
from sorot.serving.output.rows import Row, flatten_for_csv, writable
from sorot.serving.output.target import as_target
from sorot.serving.output.writers import open_writer
from sorot.serving.page.corpus.scored_articles import ScoredArticle

# Spreadsheets take a CSV without it for one of their own encoding.
MARK = "\ufeff"
# Of a cell in a spreadsheet.
LONGEST_CELL = 32_767


def scored_file(
    items: Sequence[ScoredArticle], form: str, thresholds: Thresholds, defaults: Thresholds, taxonomy: Taxonomy
) -> tuple[str, bytes]:
    """Name and content of a file of these articles; the name has every label whose threshold was moved.

    `form` is csv, jsonl, parquet or xlsx.
    """
    moved = "".join(
        f"-{label}-{value:.2f}"
        for task, own in thresholds.items()
        for label, value in own.items()
        if value != defaults[task][label]
    )
    rows, columns = [writable(item.row) for item in items], output_columns(taxonomy)
    return f"sorot{moved}.{form}", _xlsx(rows, columns) if form == "xlsx" else _written(rows, form, columns)


def _written(rows: Sequence[Row], form: str, columns: OutputColumns) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sorot.{form}"
        writer = open_writer(as_target(path), path, columns)
        try:
            writer.write(rows)
        finally:
            writer.close()
        data = path.read_bytes()
    return MARK.encode() + data if form == "csv" else data


def _xlsx(rows: Sequence[Row], columns: OutputColumns) -> bytes:
    """A workbook of one sheet, its values in their CSV form; no text is run as a formula or made a link."""
    target = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet("Sorot")
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [column.name for column in columns], book.add_format({"bold": True}))
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(flatten_for_csv(row, columns).values()):
                if isinstance(value, str):
                    sheet.write_string(number, place, value[:LONGEST_CELL])
                elif value is not None:
                    sheet.write(number, place, value)
    return target.getvalue()
