"""`--keep-columns`: the user's own columns come through to every output, whatever the input and however often it stops."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sorot.data.article import Article
from sorot.data.errors import InputError
from sorot.data.reading.columns import Columns
from sorot.data.reading.readers import read_articles
from sorot.serving.batch.parts import Line, Parts
from sorot.serving.batch.run import score_files
from sorot.serving.batch.units import ScoreOptions, Texts
from sorot.serving.model.scorer import Scorer
from sorot.serving.output.columns import output_columns
from sorot.serving.output.kept_columns import MAX_COLUMNS, KeptColumns, kinds_of
from tests.serving.command import lines, run

KEEP = ScoreOptions(Columns(keep=True))
ROWS = [
    {"judul": "satu", "isi": "situs judi daring di jakarta", "kode": 1, "nilai": 1, "campur": 3, "topics": "lama", "ya": True},
    {"judul": "dua", "isi": "cuaca cerah hari ini", "kode": 2, "nilai": 2.5, "campur": "-x", "Topics": ["a", {"b": None}]},
    {"judul": "tiga", "catatan": "tanpa teks"},
    # The text of the first, with values of its own.
    {"judul": "satu", "isi": "situs judi daring di jakarta", "kode": None, "nilai": "", "campur": True, "baru": "=SUM(A1)"},
]
KEPT = {
    "kode": [1, 2, None],
    "nilai": [1.0, 2.5, None],
    "campur": ["3", "-x", "true"],
    "topics_input": ["lama", None, None],
    "ya": [True, None, None],
    "Topics_input_input": [None, '["a", {"b": null}]', None],
    "baru": [None, None, "=SUM(A1)"],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with an input whose rows have columns of their own; units have two rows."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sorot.serving.batch.units.UNIT_ROWS", 2)
    Path("in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return tmp_path


def kept(rows: list[dict[str, object]], scorer: Scorer) -> dict[str, list[object]]:
    """The values of the columns after those of the output."""
    n = len(output_columns(scorer.taxonomy))
    assert all(list(row) == list(rows[0]) for row in rows)
    return {name: [row[name] for row in rows] for name in list(rows[0])[n:]}


def test_all_formats_hold_the_columns_of_the_input_with_their_types(folder: Path, tiny_scorer: Scorer) -> None:
    for name in ("out.jsonl", "out.parquet", "out.csv", "out.duckdb", "out"):
        summary = score_files(tiny_scorer, ["in.jsonl"], Path(name), KEEP)
        assert (summary.articles, summary.rejects, summary.repeats) == (3, 1, 1)
    rows = lines(folder / "out.jsonl")
    assert kept(rows, tiny_scorer) == KEPT
    assert pq.read_table("out.parquet").to_pylist() == pq.read_table("out").to_pylist() == rows
    types = pq.read_schema("out.parquet")
    assert [types.field(name).type for name in ("kode", "nilai", "campur", "ya")] == [
        pa.int64(), pa.float64(), pa.string(), pa.bool_(),
    ]  # fmt: skip
    with duckdb.connect("out.duckdb", read_only=True) as connection:
        assert connection.execute('SELECT kode, nilai, "Topics_input_input" FROM articles').fetchall() == list(
            zip(KEPT["kode"], KEPT["nilai"], KEPT["Topics_input_input"], strict=True)
        )
    with Path("out.csv").open(encoding="utf-8", newline="") as file:
        flat = list(csv.DictReader(file))
    # Numbers below zero are no formulas, other text that begins with a sign may be one.
    assert [row["campur"] for row in flat] == ["3", "'-x", "true"] and [row["baru"] for row in flat] == ["", "", "'=SUM(A1)"]
    assert lines(folder / "out.jsonl.rejects.jsonl") == [
        {"source": "in.jsonl", "row": 3, "reason": lines(folder / "out.jsonl.rejects.jsonl")[0]["reason"]}
    ]


def test_without_the_option_the_output_has_no_other_columns(folder: Path, tiny_scorer: Scorer) -> None:
    score_files(tiny_scorer, ["in.jsonl"], Path("plain.jsonl"))
    score_files(tiny_scorer, ["in.jsonl"], Path("kept.jsonl"), KEEP)
    rows = lines(folder / "plain.jsonl")
    assert kept(rows, tiny_scorer) == {}
    assert [{name: row[name] for name in rows[0]} for row in lines(folder / "kept.jsonl")] == rows


def test_columns_of_csv_parquet_and_text_come_through(folder: Path, tiny_scorer: Scorer) -> None:
    Path("a.csv").write_text("isi;kode;;kode;suhu\nsitus judi daring;7;x;8;-3\n", encoding="utf-8")
    table = pa.table({"isi": ["cuaca cerah"], "kode": ["9"], "hari": [date(2024, 2, 29)], "isi_lain": [bytes(range(256)) * 40]})
    pq.write_table(table, "b.parquet")
    Path("c.txt").write_text("situs berita", encoding="utf-8")
    score_files(tiny_scorer, ["a.csv", "b.parquet", "c.txt"], Path("out.csv"), KEEP)
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        rows: list[dict[str, object]] = [dict(row) for row in csv.DictReader(file)]
    assert kept(rows, tiny_scorer) == {
        "kode": ["7", "9", ""], "suhu": ["-3", "", ""], "hari": ["", "2024-02-29", ""], "isi_lain": ["", "", ""],
    }  # fmt: skip


def test_a_value_that_cannot_be_read_is_null_and_costs_no_row(folder: Path) -> None:
    del folder
    # Year 20000 is beyond the calendar of Python.
    far = pa.array([568_971_820_800_000_000, 0], pa.timestamp("us"))
    pq.write_table(pa.table({"isi": ["situs judi", "cuaca"], "kapan": far}), "in.parquet")
    articles = list(read_articles(["in.parquet"], columns=Columns(keep=True)))
    assert [article.extra for article in articles if isinstance(article, Article)] == [
        (("kapan", None),),
        (("kapan", "1970-01-01T00:00:00"),),
    ]


def test_a_name_that_is_no_text_breaks_no_writer(folder: Path, tiny_scorer: Scorer) -> None:
    Path("in.jsonl").write_text('{"isi": "situs judi", "k\\ud83d": "v\\ud83d"}\n', encoding="utf-8")
    for name in ("out.jsonl", "out.parquet", "out.csv"):
        score_files(tiny_scorer, ["in.jsonl"], Path(name), KEEP)
    assert kept(lines(folder / "out.jsonl"), tiny_scorer) == {"k\ufffd": ["v\ufffd"]}


def test_a_stopped_run_resumes_to_the_same_bytes(folder: Path, tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    score_files(tiny_scorer, ["in.jsonl"], Path("whole.parquet"), KEEP)
    write = Parts.write

    class Stopped(BaseException):
        """Stands for whatever ends a run."""

    def once(self: Parts, unit: int, digest: str, texts: Texts, found: list[Line]) -> None:
        write(self, unit, digest, texts, found)
        raise Stopped

    with monkeypatch.context() as patch, pytest.raises(Stopped):
        patch.setattr(Parts, "write", once)
        score_files(tiny_scorer, ["in.jsonl"], Path("out.parquet"), KEEP)
    assert score_files(tiny_scorer, ["in.jsonl"], Path("out.parquet"), KEEP).resumed == 2
    assert (folder / "out.parquet").read_bytes() == (folder / "whole.parquet").read_bytes()


def test_runs_with_and_without_kept_columns_are_never_mixed(
    folder: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    del folder
    arguments = ("score", "in.jsonl", "-o", "out.jsonl", "--bundle", tiny_bundle)
    for options in ((), ("--keep-columns",)):
        assert run(monkeypatch, *arguments, *options) == 0
        assert "is done already" not in capfd.readouterr().err
    assert run(monkeypatch, *arguments, "--keep-columns") == 0
    assert "is done already" in capfd.readouterr().err
    assert lines(Path("out.jsonl"))[0]["topics_input"] == "lama"


def test_more_columns_than_can_be_kept_are_one_sentence() -> None:
    columns = KeptColumns()
    columns.add(dict.fromkeys(map(str, range(MAX_COLUMNS)), "text"))
    with pytest.raises(InputError, match="more than 1,000 columns"):
        columns.add({"one more": "text"})


def test_kinds_join_over_rows_and_units() -> None:
    first = kinds_of([{"a": 1, "b": None, "c": True, "d": "x"}, {"a": 1.5, "e": 2}])
    assert first == {"a": "number", "b": "null", "c": "boolean", "d": "text", "e": "whole number"}
    columns = KeptColumns()
    for kinds in (first, {"b": "whole number", "c": "whole number", "e": "number"}):
        columns.add(kinds)
    assert columns.kinds == {"a": "number", "b": "whole number", "c": "text", "d": "text", "e": "number"}
