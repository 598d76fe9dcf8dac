"""The progress bar, drawn on a terminal that is a string."""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from data.article import Article, Reject, Source
from serving.console import open_progress


def shown(files: list[Path | None], items: list[Article | Reject], *, terminal: bool = True) -> str:
    """All that the bar wrote for these items."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=120, color_system=None, _environ={})
    with open_progress(files, console) as advance:
        for item in items:
            advance(item)
    return out.getvalue()


def article(file: Path | str, row: int = 1) -> Article:
    return Article(id="a", body="situs", source=Source(str(file), row))


def test_parquet_says_how_many_rows_there_are(tmp_path: Path) -> None:
    file = tmp_path / "in.parquet"
    pq.write_table(pa.table({"isi": ["a", "b", "c"]}), file)
    output = shown([file], [article(file, 1), Reject(str(file), 2, "no text")])
    assert "2/3 rows" in output and "rows/s" in output and "━" in output and "left" in output


def test_a_folder_of_texts_counts_files_and_a_table_is_done_with_the_next_file(tmp_path: Path) -> None:
    files: list[Path | None] = [tmp_path / "a.txt", tmp_path / "b.jsonl", tmp_path / "c.txt.gz"]
    items: list[Article | Reject] = [article(str(files[0])), article(str(files[1]), 1), article(str(files[1]), 2)]
    assert "1/3 files" in shown(files, items)
    assert "1/3 files" in shown(files, [*items, Reject("b.zip", None, "unknown type")])
    assert "3/3 files" in shown(files, [*items, Reject(str(files[2]), None, "the file is empty")])


@pytest.mark.parametrize("file", [None, Path("in.csv")])
def test_one_table_or_stream_has_no_known_end(file: Path | None) -> None:
    output = shown([file], [article("-" if file is None else file)])
    assert "1 rows" in output and "/1" not in output and "left" not in output


def test_a_broken_parquet_file_hides_only_the_total(tmp_path: Path) -> None:
    file = tmp_path / "in.parquet"
    file.write_bytes(b"PAR1")
    assert "1 rows" in shown([file], [Reject(str(file), None, "broken")])


def test_nothing_is_drawn_where_there_is_no_terminal(tmp_path: Path) -> None:
    assert shown([tmp_path / "a.txt"], [article(tmp_path / "a.txt")], terminal=False) == ""
