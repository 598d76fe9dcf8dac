"""Outputs for corpora of any size: folders of parts, DuckDB databases, Parquet in large groups; whole or not at all."""

from __future__ import annotations

import csv
import errno
import json
import os
import sys
import weakref
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.taxonomy import load_taxonomy
from sorot.serving.batch.parts import parts_folder
from sorot.serving.model.scorer import Scorer
from sorot.serving.output.columns import Column, as_json, join_keys, output_columns
from sorot.serving.output.rows import Row
from sorot.serving.output.target import Format, OutputError, Target
from sorot.serving.output.writers import open_output
from tests.serving.command import lines, run
from tests.tiny_bundle import WORDS

COLUMNS = (
    Column(name="id", type=pa.string(), description=""),
    Column(name="row", type=pa.int64(), description=""),
    Column(name="topics", type=pa.list_(pa.string()), description="", csv=join_keys),
    Column(
        name="evidence", type=pa.list_(pa.struct([("sentence", pa.string()), ("start", pa.int64())])), description="", csv=as_json
    ),
)  # fmt: skip
FILES = [Format.JSONL, Format.CSV, Format.PARQUET]
ROWS = 23


def make_rows(number: int) -> list[Row]:
    return [
        {"id": f"a,{n}", "row": n or None, "topics": ["x"] * (n % 3), "evidence": [{"sentence": "s\n", "start": None}] * (n % 2)}
        for n in range(number)
    ]


def read_rows(path: Path) -> list[object]:
    if path.suffix == ".jsonl":
        return list(lines(path))
    if path.suffix == ".parquet":
        return list(pq.read_table(path).to_pylist())
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def names(folder: Path) -> list[str]:
    """What is in a folder, but for what is hidden."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with an input that has a broken line, and one of nothing else; parts are of 10 rows."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sorot.serving.output.formats.PART_ROWS", 10)
    rows = [json.dumps({"isi": " ".join(WORDS[n % 5 : n % 5 + 6]) + f" nomor {n} .", "judul": f"judul {n}"}) for n in range(ROWS)]
    rows[7] = "{"
    Path("in.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    Path("bad.jsonl").write_text("{\n", encoding="utf-8")
    return tmp_path


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(FILES), st.integers(1, 6), st.integers(0, 17), st.integers(1, 9))
def test_the_parts_together_are_the_rows_of_the_one_file(form: Format, part_rows: int, number: int, at_once: int) -> None:
    with TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sorot.serving.output.formats.PART_ROWS", part_rows)
        folder = Path(place)
        hidden = folder / ".unfinished"
        hidden.mkdir()
        for target in (Target(folder / f"out.{form}", form), Target(folder / "out", form, is_folder=True)):
            with open_output(target, COLUMNS, hidden) as out:
                for begin in range(0, number, at_once):
                    out.write(make_rows(number)[begin : begin + at_once])
        assert not list(hidden.iterdir())
        if not number:
            assert names(folder) == []
            return
        parts = [folder / "out" / name for name in names(folder / "out")]
        found = [read_rows(part) for part in parts]
        assert [part.name for part in parts] == [f"part-{n:05d}.{form}" for n in range(len(parts))]
        assert all(len(rows) == part_rows for rows in found[:-1]) and 1 <= len(found[-1]) <= part_rows
        assert [row for rows in found for row in rows] == read_rows(folder / f"out.{form}")


@pytest.mark.parametrize("form", FILES)
def test_a_folder_holds_what_the_one_file_holds(
    form: Format, corpus: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    chosen = () if form is Format.PARQUET else ("--format", form)
    assert run(monkeypatch, "score", "in.jsonl", "-o", f"whole.{form}", "--bundle", tiny_bundle) == 0
    assert run(monkeypatch, "score", "in.jsonl", "-o", "out.v2/", *chosen, "--bundle", tiny_bundle) == 0
    assert "written to out.v2\n" in capfd.readouterr().err
    files = [corpus / "out.v2" / f"part-0000{n}.{form}" for n in range(3)]
    assert names(corpus / "out.v2") == [file.name for file in files]
    found = [read_rows(file) for file in files]
    assert [len(rows) for rows in found] == [10, 10, 2]
    assert [row for rows in found for row in rows] == read_rows(Path(f"whole.{form}"))
    assert [reject["row"] for reject in lines(corpus / "out.v2.rejects.jsonl")] == [8]
    expected = [n for n in range(1, ROWS + 1) if n != 8]
    # As others read it: Arrow the folder, DuckDB a pattern.
    if form is not Format.JSONL:
        assert ds.dataset("out.v2", format=form).to_table()["row"].to_pylist() == expected
    assert duckdb.sql(f'SELECT array_agg("row" ORDER BY "row") FROM \'out.v2/*.{form}\'').fetchall() == [(expected,)]


@pytest.mark.usefixtures("corpus")
def test_a_finished_folder_is_left_alone_until_a_part_is_not_as_it_was(
    tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def repeated(*options: object) -> bool:
        assert run(monkeypatch, "score", "in.jsonl", "-o", "out", "--bundle", tiny_bundle, "--json", *options) == 0
        return bool(json.loads(capfd.readouterr().out)["repeated"])

    assert not repeated() and repeated()
    stamps = {path: path.stat().st_mtime_ns for path in Path("out").iterdir()}
    assert repeated() and stamps == {path: path.stat().st_mtime_ns for path in Path("out").iterdir()}
    record = json.loads(Path("out.run.json").read_text(encoding="utf-8"))
    assert record["bytes"] == sum(path.stat().st_size for path in Path("out").glob("part-*"))
    Path("out/part-00001.parquet").unlink()
    assert not repeated() and len(names(Path("out"))) == 3
    with Path("out/part-00002.parquet").open("ab") as file:
        file.write(b"x")
    assert not repeated() and repeated()
    # An earlier run may have had other parts; none of them stays.
    assert not repeated("--format", "csv") and names(Path("out")) == [f"part-0000{n}.csv" for n in range(3)]
    assert not repeated("--limit", 3) and names(Path("out")) == ["part-00000.parquet"]


def test_what_sorot_did_not_make_is_refused_and_not_touched(
    corpus: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "score", "in.jsonl", "-o", "ours/", "--bundle", tiny_bundle) == 0
    for folder in ("theirs", "theirs.parquet", "empty"):
        Path(folder).mkdir()
    for file in ("theirs/part-00000.parquet", "theirs.parquet/notes.txt", "ours/notes.txt", "notes", "none.duckdb"):
        Path(file).write_text("mine", encoding="utf-8")
    with duckdb.connect("theirs.duckdb") as connection:
        connection.execute("CREATE TABLE articles(id VARCHAR); CREATE TABLE mine(id VARCHAR)")
    Path("open.duckdb.wal").write_text("mine", encoding="utf-8")
    before = {path: path.read_bytes() for path in corpus.rglob("*") if path.is_file()}
    monkeypatch.setattr(Scorer, "load", lambda *_: pytest.fail("found too late"))
    capfd.readouterr()
    for name, reason in (
        ("theirs/", "theirs: is a folder that sorot did not make"),
        ("theirs", "theirs: is a folder that sorot did not make"),
        ("theirs.parquet", "theirs.parquet: is a folder; name a file in it"),
        ("theirs.parquet/", "theirs.parquet: is a folder that sorot did not make"),
        ("ours", "ours: holds notes.txt, which sorot did not write"),
        ("notes", "notes: is a file"),
        (".", ".: is a folder; name a file or folder in it"),
        ("absent/out/", "the folder absent does not exist"),
        ("theirs.duckdb", "theirs.duckdb: holds the table mine"),
        ("none.duckdb", "none.duckdb: exists and cannot be opened"),
        ("open.duckdb", "open.duckdb: open.duckdb.wal beside it shows that a program has it open"),
    ):
        assert run(monkeypatch, "score", "in.jsonl", "-o", name, "--bundle", tiny_bundle) == 2
        error = capfd.readouterr().err
        assert reason in error and len(error.splitlines()) == 1
    for arguments, reason in (
        (("-o", "out.csv", "--format", "parquet"), "out.csv: the name says csv, --format parquet"),
        (("-o", "out/", "--format", "duckdb"), "out/: a DuckDB database is one file; end its name in .duckdb"),
    ):
        assert run(monkeypatch, "score", "in.jsonl", *arguments) == 2
        assert reason in capfd.readouterr().err
    assert before == {path: path.read_bytes() for path in corpus.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("corpus")
def test_without_any_row_an_earlier_folder_stays_also_where_a_run_was_killed_over_it(
    tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("out").mkdir()
    assert run(monkeypatch, "score", "in.jsonl", "-o", "out", "--bundle", tiny_bundle) == 0
    before = {path: path.read_bytes() for path in Path("out").iterdir()}
    rejects = Path("out.rejects.jsonl").read_bytes()
    # Between its two renames a run has put the earlier folder aside and not yet given the new one its name.
    for killed in (False, True):
        if killed:
            Path("out").rename(".out.earlier")
        assert run(monkeypatch, "score", "bad.jsonl", "-o", "out", "--bundle", tiny_bundle) == 1
        assert before == {path: path.read_bytes() for path in Path("out").iterdir()}
        assert Path("out.rejects.jsonl").read_bytes() == rejects
        assert not list(Path().glob(".*"))


@pytest.mark.parametrize("name", ["out", "out.duckdb"])
def test_what_a_killed_run_had_begun_is_in_no_ones_way(
    name: str, corpus: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = parts_folder(corpus / name)
    (place / f"{name}.unfinished").mkdir(parents=True)
    (place / f"{name}.unfinished" / "part-00009.parquet").write_text("half", encoding="utf-8")
    (place / f"{name}.unfinished.wal").write_text("half", encoding="utf-8")
    assert run(monkeypatch, "score", "in.jsonl", "-o", name, "--bundle", tiny_bundle) == 0
    assert names(corpus) == sorted(["bad.jsonl", "in.jsonl", name, f"{name}.rejects.jsonl", f"{name}.run.json"])
    assert not list(corpus.glob(".*"))


def test_an_output_folder_in_the_input_folder_is_no_input(
    corpus: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    arguments = ("-o", "out/", "--format", "jsonl", "--bundle", tiny_bundle)
    for name in (".", "**/*.jsonl", corpus):
        Path("out.run.json").unlink(missing_ok=True)
        assert run(monkeypatch, "score", name, *arguments) == 0
        found = [row for part in names(Path("out")) for row in lines(Path("out", part))]
        assert len(found) == ROWS - 1 and {Path(str(row["source"])).name for row in found} == {"in.jsonl"}
    capfd.readouterr()
    before = [path.read_bytes() for path in sorted(Path("out").iterdir())]
    Path("linked.jsonl").symlink_to("out/part-00001.jsonl")
    for name, told in (("out/part-00001.jsonl",) * 2, ("linked.jsonl", "out/part-00001.jsonl"), ("out", "out")):
        assert run(monkeypatch, "score", name, *arguments) == 2
        assert f"{told}: is an input and would be overwritten" in capfd.readouterr().err
    assert before == [path.read_bytes() for path in sorted(Path("out").iterdir())]


def test_a_database_has_the_rows_with_their_types_and_the_rejects(
    corpus: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    arguments = ("score", "in.jsonl", "--with-body", "--bundle", tiny_bundle, "-o")
    assert run(monkeypatch, *arguments, "whole.parquet") == 0
    for limit in ((), ("--limit", 10)):
        assert run(monkeypatch, *arguments, "out.duckdb", *limit) == 0
        whole = pq.read_table("whole.parquet").slice(0, 9 if limit else ROWS)
        with duckdb.connect("out.duckdb", read_only=True) as connection:
            types = {name: kind for name, kind, *_ in connection.execute("DESCRIBE articles").fetchall()}
            found = connection.execute("SELECT * FROM articles").fetchall()
            assert [dict(zip(types, row, strict=True)) for row in found] == whole.to_pylist()
            assert list(types) == [column.name for column in output_columns(load_taxonomy(), with_body=True)]
            assert (types["topics"], types["row"], types["p_stance_neutral"]) == ("VARCHAR[]", "BIGINT", "DOUBLE")
            assert types["evidence"].startswith("STRUCT(task VARCHAR,") and types["evidence"].endswith("[]")
            rejects = connection.execute("SELECT * FROM rejects").fetchall()
        assert rejects == [tuple(row.values()) for row in lines(corpus / "out.duckdb.rejects.jsonl")] and len(rejects) == 1
        assert not list(corpus.glob(".*")) and not list(corpus.glob("*.wal"))
    capfd.readouterr()
    assert run(monkeypatch, *arguments, "out.duckdb", "--limit", 10, "--json") == 0
    assert json.loads(capfd.readouterr().out)["repeated"]


def test_without_duckdb_a_run_ends_before_it_begins(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    monkeypatch.setattr(Scorer, "load", lambda *_: pytest.fail("found too late"))
    assert run(monkeypatch, "score", "in.jsonl", "-o", "out.duckdb") == 2
    assert "out.duckdb: DuckDB is not installed; choose another format, or run: " in capfd.readouterr().err
    assert names(corpus) == ["bad.jsonl", "in.jsonl"]


@pytest.mark.parametrize(
    ("name", "fails"),
    [
        ("out", "sorot.serving.output.formats.ParquetWriter.write"),
        ("out", "sorot.serving.output.formats.ParquetWriter.close"),
        ("out.duckdb", "sorot.serving.output.database.DatabaseWriter.write"),
        ("out.duckdb", "sorot.serving.output.database.DatabaseWriter.reject"),
    ],
)
def test_a_full_disk_is_one_sentence_and_costs_no_part_and_no_earlier_output(
    name: str, fails: str, corpus: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    arguments = ("score", "in.jsonl", "-o", name, "--bundle", tiny_bundle, "--json")
    assert run(monkeypatch, *arguments, "--limit", 3) == 0
    earlier = {path: path.read_bytes() for path in corpus.rglob(f"{name}*") if path.is_file()}
    with monkeypatch.context() as patch:
        patch.setattr(fails, full)
        capfd.readouterr()
        assert run(patch, *arguments) == 2
    error = capfd.readouterr().err
    assert "cannot be written (No space left on device); free space" in error and len(error.splitlines()) == 1
    assert sorted(path.name for path in parts_folder(corpus / name).iterdir()) == ["000000000.jsonl", "run.json"]
    assert earlier == {path: path.read_bytes() for path in earlier}
    assert run(monkeypatch, *arguments) == 0
    assert json.loads(capfd.readouterr().out)["resumed"] == ROWS


@pytest.mark.parametrize("name", ["sub/out/", "sub/out.duckdb"])
def test_a_folder_that_may_not_be_written_in_is_one_sentence(
    name: str, corpus: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # An administrator may write anywhere, so the refusal is the system's in name alone.
    def denied(path: str, *_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    Path("sub").mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(os, "mkdir", denied)
        assert run(patch, "score", "in.jsonl", "-o", name, "--bundle", tiny_bundle) == 2
    error = capfd.readouterr().err
    assert f"{Path(name)}: cannot be written (Permission denied)" in error and len(error.splitlines()) == 1
    assert not list((corpus / "sub").iterdir())


@pytest.mark.parametrize(("limit", "groups"), [("GROUP_ROWS", [50, 50, 50, 50, 10]), ("GROUP_BYTES", [30] * 7)])
def test_a_parquet_file_has_groups_of_many_rows_but_not_of_many_bytes(
    limit: str, groups: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"sorot.serving.output.formats.{limit}", 50)
    with open_output(tmp_path / "out.parquet", COLUMNS, tmp_path) as out:
        for begin in range(0, 210, 30):
            out.write(make_rows(210)[begin : begin + 30])
    metadata = pq.read_metadata(tmp_path / "out.parquet")
    assert [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)] == groups
    assert pq.read_table(tmp_path / "out.parquet").to_pylist() == make_rows(210)


def test_rejects_are_not_all_joined_anew_with_each_that_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, join, joined = tmp_path / ".unfinished", pa.concat_tables, list[int]()
    place.mkdir()

    def watched(tables: Sequence[pa.Table]) -> pa.Table:
        joined.append(sum(table.column(0).num_chunks for table in tables))
        return join(tables)

    monkeypatch.setattr("sorot.serving.output.formats.pa.concat_tables", watched)
    rejects = [{"source": "in.jsonl", "row": n, "reason": f"reason {n}"} for n in range(200)]
    with open_output(tmp_path / "out.duckdb", COLUMNS, place) as out:
        out.write(make_rows(3))
        for reject in rejects:
            # As a unit of nothing but rejects does.
            out.write([])
            out.reject(reject)
    assert sum(joined) <= 2 * len(rejects)
    with duckdb.connect(tmp_path / "out.duckdb", read_only=True) as connection:
        assert connection.execute("SELECT * FROM rejects").fetchall() == [tuple(reject.values()) for reject in rejects]
        assert connection.execute("SELECT id FROM articles").fetchall() == [("a,0",), ("a,1",), ("a,2",)]


class Watched(dict[str, object]):
    """A row whose end can be seen."""


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.parquet", "out.duckdb", "out"])
def test_no_format_keeps_the_rows_that_it_was_given(name: str, tmp_path: Path) -> None:
    place = tmp_path / ".unfinished"
    place.mkdir()
    with open_output(tmp_path / name, COLUMNS, place) as out:
        for _ in range(3):
            rows: Sequence[Watched] = [Watched(row) for row in make_rows(50)]
            watches = [weakref.ref(row) for row in rows]
            out.write(rows)
            del rows
            assert not [watch for watch in watches if watch() is not None]


def test_what_the_system_denies_a_database_is_told_with_its_reason(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    place = tmp_path / ".unfinished"
    place.mkdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    rows = [row | {"id": os.urandom(500).hex()} for row in make_rows(2_000)]
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, before[1]))
        with (
            pytest.raises(OutputError, match=r"out\.duckdb: cannot be written \(.*File too large\); free space"),
            open_output(tmp_path / "out.duckdb", COLUMNS, place) as out,
        ):
            out.write(rows)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.rglob("*")) == [place]
