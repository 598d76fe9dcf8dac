"""The column table: rows, files and the document agree with it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from sorot.data.taxonomy import load_taxonomy
from sorot.serving.output.columns import EVIDENCE, GROUP_COLUMNS, Column, guard_formula, hash_columns, output_columns

DOCUMENT = Path(__file__).parents[3] / "docs" / "scoring.md"
TYPES = {pa.string(): "text", pa.int64(): "whole number", pa.float64(): "number", pa.list_(pa.string()): "list of text"}
COLUMNS = (*output_columns(load_taxonomy(), with_body=True, quotes=True), *GROUP_COLUMNS)


def documented(columns: tuple[Column, ...]) -> str:
    """The Markdown table of these columns."""
    rows = [f"| `{c.name}` | {TYPES.get(c.type, 'list of objects')} | {c.description} |" for c in columns]
    return "\n".join(["| column | type | meaning |", "| --- | --- | --- |", *rows])


def test_the_document_lists_every_column() -> None:
    expected = documented(COLUMNS)
    document = DOCUMENT.read_text(encoding="utf-8")
    start = document.index("| column | type | meaning |")
    assert document[start:].partition("\n\n")[0] == expected, f"put this table into {DOCUMENT.name}:\n{expected}"


def test_every_column_has_a_name_of_its_own_and_one_line_of_description() -> None:
    names = [column.name.casefold() for column in COLUMNS]
    assert len(set(names)) == len(names)
    assert all(c.description and "\n" not in c.description and "|" not in c.description for c in COLUMNS)
    assert {c.name for c in COLUMNS if pa.types.is_nested(c.type)} == {
        "topics",
        "stance_set",
        "sentiment_set",
        "evidence",
        "quotes",
    }


def test_the_hash_changes_with_name_type_order_and_csv_form_but_not_with_the_description() -> None:
    plain = [Column(name="a", type=pa.string(), description=""), Column(name="b", type=EVIDENCE, description="")]
    others = [
        plain[::-1],
        plain[:1],
        [Column(name="c", type=pa.string(), description=""), plain[1]],
        [Column(name="a", type=pa.int64(), description=""), plain[1]],
        [Column(name="a", type=pa.string(), description="", csv=guard_formula), plain[1]],
    ]
    assert len({hash_columns(columns) for columns in [plain, *others]}) == 1 + len(others)
    assert hash_columns([Column(name="a", type=pa.string(), description="A."), plain[1]]) == hash_columns(plain)
