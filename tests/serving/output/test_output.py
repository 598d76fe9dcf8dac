"""What a run of `sorot score` leaves on disk, above all where something goes wrong."""

from __future__ import annotations

import json
import math
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sorot.data.article import Article
from sorot.serving.batch.run import ProgressUpdate, score_files
from sorot.serving.model.scorer import Scorer
from sorot.serving.output.columns import Column
from sorot.serving.output.writers import open_output
from tests.serving.command import GOOD, lines, run, summary

ROWS = '{"isi": "situs judi daring di jakarta"}\n{"isi": "cuaca cerah hari ini"}\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a good input, a bad one and one without rows."""
    monkeypatch.chdir(tmp_path)
    Path("in.jsonl").write_text(ROWS, encoding="utf-8")
    Path("bad.jsonl").write_text("".join(f'{{"isi": {n}\n' for n in range(7)), encoding="utf-8")
    Path("none.csv").write_text("isi\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("in.jsonl", "in.jsonl"),
        ("in.jsonl", "./sub/../in.jsonl"),
        ("in.jsonl", "link.jsonl"),
        ("out.csv.rejects.jsonl", "out.csv"),
        ("-", "in.jsonl"),
    ],
)
def test_an_input_is_never_written_over(
    name: str, output: str, folder: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "sub").mkdir()
    Path("link.jsonl").symlink_to("in.jsonl")
    Path("out.csv.rejects.jsonl").write_text(ROWS, encoding="utf-8")
    with Path("in.jsonl").open(encoding="utf-8") as file:
        monkeypatch.setattr("sys.stdin", file)
        assert run(monkeypatch, "score", name, "-o", output, "--bundle", tiny_bundle) == 2
    assert "is an input and would be overwritten; name another output with -o" in capfd.readouterr().err
    assert Path("in.jsonl").read_text() == Path("out.csv.rejects.jsonl").read_text() == ROWS


@pytest.mark.parametrize("name", [".", "*.jsonl"])
def test_an_output_in_the_folder_is_no_input_of_the_next_run(
    name: str, folder: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        Path("out.jsonl.run.json").unlink(missing_ok=True)
        assert run(monkeypatch, "score", name, "-o", folder / "out.jsonl", "--bundle", tiny_bundle) == 0
        assert {str(r["source"]) for r in lines(folder / "out.jsonl")} == {"in.jsonl"}
        rejects = {str(r["source"]) for r in lines(folder / "out.jsonl.rejects.jsonl")}
        assert "bad.jsonl" in rejects <= {"bad.jsonl", "none.csv"}


def test_a_run_that_reads_nothing_tells_why_and_writes_no_output(
    folder: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "score", "bad.jsonl", "-o", "out.jsonl", "--json", "--bundle", tiny_bundle) == 1
    out, error = capfd.readouterr()
    assert (summary(out)["output"], summary(out)["rejects"]) == (None, 7)
    shown = error.splitlines()
    assert [line.split(": ")[0] for line in shown[:5]] == [f"bad.jsonl:{n}" for n in range(1, 6)]
    assert shown[5:] == [
        "... and 2 more",
        "7 rows or files could not be read or scored; all reasons are in out.jsonl.rejects.jsonl",
        "sorot: nothing could be read, so out.jsonl was not written; check the input",
    ]
    assert summary(out)["rejects_file"] == "out.jsonl.rejects.jsonl"
    assert len(lines(folder / "out.jsonl.rejects.jsonl")) == 7 and not Path("out.jsonl").exists()
    assert run(monkeypatch, "score", "none.csv", "-o", "out.jsonl", "--bundle", tiny_bundle) == 1
    error = capfd.readouterr().err
    assert "none.csv: the file holds no rows\n" in error
    assert "sorot: nothing could be read, so out.jsonl was not written" in error
    assert not list(folder.glob(".*"))


@pytest.mark.parametrize("name", ["out.jsonl", "out.duckdb", "out"])
def test_a_run_that_reads_nothing_leaves_an_earlier_output_with_its_rejects(
    name: str, folder: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with Path("in.jsonl").open("a", encoding="utf-8") as file:
        file.write("{\n")
    arguments = ("-o", name, "--json", "--bundle", tiny_bundle)
    assert run(monkeypatch, "score", "in.jsonl", *arguments) == 0
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    capfd.readouterr()
    assert run(monkeypatch, "score", "bad.jsonl", *arguments) == 1
    out, error = capfd.readouterr()
    assert (summary(out)["output"], summary(out)["rejects"], summary(out)["rejects_file"]) == (None, 7, None)
    shown = error.splitlines()
    assert [line.split(": ")[0] for line in shown[:5]] == [f"bad.jsonl:{n}" for n in range(1, 6)]
    assert shown[6:] == [
        "7 rows or files could not be read or scored; name another output to have all reasons in a file",
        f"sorot: nothing could be read, so {name} was not written and stays with its own rejects; check the input",
    ]
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    # So what the first command says of its own rejects, when it is given again, is true.
    assert run(monkeypatch, "score", "in.jsonl", *arguments) == 0
    found = summary(capfd.readouterr().out)
    assert found["repeated"] and [row["source"] for row in lines(Path(found["rejects_file"]))] == ["in.jsonl"]


def test_one_reject_is_told_in_the_singular_and_gone_with_the_next_run(
    folder: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "in.jsonl").write_text('{"isi": "situs judi daring"}\n{\n', encoding="utf-8")
    assert run(monkeypatch, "score", "in.jsonl", "-o", "out.csv", "--bundle", tiny_bundle) == 0
    error = capfd.readouterr().err
    assert "1 article in " in error and "written to out.csv" in error
    assert "in.jsonl:2: not valid JSON" in error
    assert "1 row or file could not be read or scored; the reason is in out.csv.rejects.jsonl" in error
    long = '{"isi": "pemerintah memblokir situs judi daring di jakarta hari ini"}\n'
    (folder / "in.jsonl").write_text(long * 2, encoding="utf-8")
    assert run(monkeypatch, "score", "in.jsonl", "-o", "out.csv", "--json", "--bundle", tiny_bundle) == 0
    out, error = capfd.readouterr()
    found = summary(out)
    assert (found["articles"], found["output"], found["rejects_file"]) == (2, "out.csv", None)
    assert sum(found["sentiment"].values()) == 2
    assert "2 articles in " in error
    assert not Path("out.csv.rejects.jsonl").exists()


def test_sigterm_ends_a_run_and_removes_what_was_begun(
    folder: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object, **__: object) -> Iterator[None]:
        os.kill(os.getpid(), signal.SIGTERM)
        yield

    before = signal.getsignal(signal.SIGTERM)
    with monkeypatch.context() as patch:
        patch.setattr(Scorer, "score_each", stop)
        assert run(patch, "score", "in.jsonl", "-o", "out.csv", "--bundle", tiny_bundle) == 143
    # No unit was done, so nothing is kept.
    assert "kept" not in capfd.readouterr().err
    assert sorted(p.name for p in folder.iterdir()) == ["bad.jsonl", "in.jsonl", "none.csv"]
    assert signal.getsignal(signal.SIGTERM) is before
    assert run(monkeypatch, "score", "in.jsonl", "-o", "out.csv", "--bundle", tiny_bundle) == 0
    assert sorted(p.name for p in folder.glob("*out.csv*")) == ["out.csv", "out.csv.run.json"]


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_a_name_that_is_no_text_breaks_no_writer(
    suffix: str, folder: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    inputs = folder / "inputs"
    inputs.mkdir()
    for name, content in ((b"a\xff.txt", GOOD), (b"b\xff.txt", "")):
        Path(os.fsdecode(os.fsencode(inputs) + b"/" + name)).write_text(content, encoding="utf-8")
    out = folder / f"out.{suffix}"
    assert run(monkeypatch, "score", "inputs", "-o", out, "--bundle", tiny_bundle) == 0
    assert lines(folder / f"out.{suffix}.rejects.jsonl")[0]["source"] == "inputs/b\ufffd.txt"
    if suffix == "parquet":
        assert pq.read_table(out)["source"].to_pylist() == ["inputs/a\ufffd.txt"]
    else:
        assert "inputs/a\ufffd.txt" in out.read_text(encoding="utf-8")
    capfd.readouterr()
    assert run(monkeypatch, "clean", "inputs", "--json") == 0
    assert json.loads(capfd.readouterr().out.splitlines()[0])["id"] == "a\ufffd"


def test_evidence_counts_in_the_body_that_is_written(folder: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("dump.txt").write_text(f"MEDAN, KABAR.COM - {GOOD} {GOOD}\n\nBaca juga: Situs lain\n\n{GOOD}", encoding="utf-8")
    assert run(monkeypatch, "score", "dump.txt", "-o", "out.jsonl", "--with-body", "--bundle", tiny_bundle) == 0
    [row] = lines(folder / "out.jsonl")
    body = str(row["body"])
    assert body.startswith("Pemerintah") and "Baca juga" not in body
    assert list(row)[-1] == "body"
    evidence: list[dict[str, object]] = row["evidence"]  # type: ignore[assignment]
    assert evidence
    for piece in evidence:
        assert body[piece["start"] : piece["end"]] == piece["sentence"]  # type: ignore[misc]


def test_json_never_holds_nan(tmp_path: Path) -> None:
    columns = [Column(name="p", type=pa.float64(), description="")]
    with pytest.raises(ValueError, match="JSON"), open_output(tmp_path / "out.jsonl", columns, tmp_path) as out:
        out.write([{"p": math.nan}])
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("folder")
def test_what_is_done_is_told_and_long_articles_do_not_wait_for_others(
    tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sorot.serving.batch.engines.engine.HERE_CHARACTERS", 10)
    sizes: list[int] = []
    whole = Scorer.score_each

    def watched(self: Scorer, articles: list[Article], **named: bool) -> Iterator[object]:
        sizes.append(len(articles))
        return whole(self, articles, **named)

    monkeypatch.setattr(Scorer, "score_each", watched)
    told: list[ProgressUpdate] = []
    score_files(tiny_scorer, ["in.jsonl", "bad.jsonl"], Path("out.csv"), advance=told.append)
    assert sizes == [1, 1, 0]
    assert told == [ProgressUpdate(1, 0, resumed=False), ProgressUpdate(1, 0, resumed=False), ProgressUpdate(7, 7, resumed=False)]
