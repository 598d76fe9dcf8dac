"""A run that is stopped anywhere goes on with the same command to the same bytes; nothing is lost, doubled or scored twice."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.article import Article, Removed
from sorot.data.taxonomy import Taxonomy
from sorot.serving.batch.fingerprint import run_fingerprint
from sorot.serving.batch.parts import Line, Parts, open_parts, parts_folder
from sorot.serving.batch.run import score_files
from sorot.serving.batch.units import ScoreOptions, Texts, Unit
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.scorer import Scorer
from sorot.serving.output.columns import AnalysisColumn, OutputColumns, output_columns
from tests.serving.command import lines, run, summary
from tests.tiny_bundle import WORDS, build_bundle

ROWS = 23
# As many as make some units of the rows above.
SMALL_UNITS = {"sorot.serving.batch.units.UNIT_ROWS": 4, "sorot.serving.batch.engines.engine.HERE_ARTICLES": 3}


class Stopped(BaseException):
    """Stands for whatever ends a run."""


@pytest.fixture
def small_units(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SMALL_UNITS.items():
        monkeypatch.setattr(name, value)


def write_input(path: Path) -> None:
    """Some articles, with a broken line among them."""
    rows = [json.dumps({"isi": " ".join(WORDS[n % 5 : n % 5 + 6]) + f" nomor {n} .", "judul": f"judul {n}"}) for n in range(ROWS)]
    rows[7] = "{"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def test_units_that_differ_in_any_field_of_an_article_are_told_apart() -> None:
    article = Article("1", "teks " * 200, "judul", removed=(Removed("menu", "Beranda"),))
    changed: list[dict[str, Any]] = [
        {"id": "2"},
        {"body": article.body + "."},
        {"title": "judul lain"},
        {"outlet": "x"},
        {"removed": ()},
    ]
    units = [Unit(0, (item,)) for item in (article, *(replace(article, **change) for change in changed))]
    assert len({unit.digest() for unit in units}) == len(units)
    assert Unit(1, (replace(article),)).digest() == units[0].digest()


@pytest.mark.usefixtures("small_units")
@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 6), max_size=4), st.sampled_from(["jsonl", "csv", "parquet"]))
def test_a_run_that_is_stopped_anywhere_goes_on_to_the_same_bytes(tiny_scorer: Scorer, stops: list[int], suffix: str) -> None:
    with TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        folder = Path(place)
        patch.chdir(folder)
        write_input(folder / "in.jsonl")
        score_files(tiny_scorer, ["in.jsonl"], folder / f"whole.{suffix}")
        scored: list[str] = []
        write = Parts.write
        left = [0]

        def stopping(self: Parts, unit: int, digest: str, texts: Texts, found: list[Line]) -> None:
            if left[0] == 0:
                raise Stopped
            left[0] -= 1
            scored.extend(str(line["row"]["id"]) for line in found if "row" in line)
            write(self, unit, digest, texts, found)

        patch.setattr(Parts, "write", stopping)
        out = folder / f"out.{suffix}"
        for stop in stops:
            left[0] = stop
            if out.exists():
                break
            try:
                score_files(tiny_scorer, ["in.jsonl"], out)
            except Stopped:
                assert not out.exists()
        left[0] = 99
        found = score_files(tiny_scorer, ["in.jsonl"], out)
        assert (found.articles, found.rejects) == (ROWS - 1, 1)
        assert out.read_bytes() == (folder / f"whole.{suffix}").read_bytes()
        assert lines(folder / f"out.{suffix}.rejects.jsonl") == lines(folder / f"whole.{suffix}.rejects.jsonl")
        assert len(scored) == len(set(scored)) == ROWS - 1
        assert not parts_folder(out).exists()


def test_a_run_that_is_killed_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    bundle = build_bundle(tmp_path / "tiny")
    write_input(tmp_path / "in.jsonl")
    small = "; ".join(f"{name} = {value}" for name, value in SMALL_UNITS.items())
    program = f"import time, sorot.serving.batch.units, sorot.serving.batch.parts, sorot.serving.batch.engines.engine; {small}; write = sorot.serving.batch.parts.Parts.write\n"
    slow = program + "sorot.serving.batch.parts.Parts.write = lambda *a: (write(*a), time.sleep(0.2))\n"
    main = "from sorot.serving.cli import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}

    def command(begin: str, out: str) -> list[str]:
        return [sys.executable, "-c", begin + main, "score", "in.jsonl", "-o", out, "--bundle", str(bundle)]

    subprocess.run(command(program, "whole.jsonl"), cwd=tmp_path, check=True, capture_output=True, env=environment)
    parts = tmp_path / ".out.jsonl.parts"
    for wanted in (1, 3):
        process = subprocess.Popen(command(slow, "out.jsonl"), cwd=tmp_path, stderr=subprocess.DEVNULL, env=environment)
        while len(list(parts.glob("*.jsonl"))) < wanted and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        assert not (tmp_path / "out.jsonl").exists()
    done = subprocess.run(
        [*command(program, "out.jsonl"), "--json"], cwd=tmp_path, check=True, capture_output=True, env=environment
    )
    assert summary(done.stdout)["resumed"] >= 12
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


@pytest.fixture
def stopped(tmp_path: Path, tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch, small_units: None) -> Path:
    """A folder with a run of tiny_scorer that was stopped after its first unit."""
    del small_units
    monkeypatch.chdir(tmp_path)
    write_input(tmp_path / "in.jsonl")
    write = Parts.write
    with monkeypatch.context() as patch:

        def once(self: Parts, unit: int, digest: str, texts: Texts, found: list[Line]) -> None:
            write(self, unit, digest, texts, found)
            raise Stopped

        patch.setattr(Parts, "write", once)
        with pytest.raises(Stopped):
            score_files(tiny_scorer, ["in.jsonl"], Path("out.jsonl"))
    return tmp_path


def test_another_run_is_refused_and_the_first_can_still_be_finished(
    stopped: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    other = build_bundle(stopped / "other", seed=1)
    kept = sorted(parts_folder(Path("out.jsonl")).iterdir())
    for arguments, message in (
        (("--bundle", other), "model tiny-0 ("),
        (("--bundle", tiny_bundle, "--no-clean"), "clean True (now False)"),
        (("--bundle", tiny_bundle, "--text-column", "judul"), "columns "),
    ):
        assert run(monkeypatch, "score", "in.jsonl", "-o", "out.jsonl", *arguments) == 2
        error = capfd.readouterr().err
        assert "out.jsonl: there is an unfinished run with " in error and message in error and "delete .out.jsonl.parts" in error
        assert sorted(parts_folder(Path("out.jsonl")).iterdir()) == kept and not Path("out.jsonl").exists()
    arguments = ("score", "in.jsonl", "-o", "out.jsonl", "--bundle", tiny_bundle)
    before, stamp = Path("in.jsonl").read_text(), Path("in.jsonl").stat()
    Path("in.jsonl").write_text(before + "{}\n", encoding="utf-8")
    assert run(monkeypatch, *arguments) == 2
    assert "other input" in capfd.readouterr().err
    record = parts_folder(Path("out.jsonl")) / "run.json"
    told = record.read_text()
    record.write_text(told.replace("{", '{"later": 1,', 1))
    assert run(monkeypatch, *arguments) == 2
    assert "there is an unfinished run with another version of sorot" in capfd.readouterr().err
    record.write_text(told)
    Path("in.jsonl").write_text(before, encoding="utf-8")
    os.utime("in.jsonl", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert run(monkeypatch, *arguments, "--json") == 0
    assert summary(capfd.readouterr().out)["resumed"] == 4


def test_two_runs_at_once_into_one_output_are_refused(
    stopped: Path, tiny_scorer: Scorer, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    files: list[Path | None] = [Path("in.jsonl")]
    arguments = ("score", "in.jsonl", "-o", "out.jsonl", "--bundle", tiny_bundle)
    with open_parts(
        stopped / "out.jsonl", run_fingerprint(tiny_scorer.bundle, files, asdict(ScoreOptions()) | {"stories": False})
    ) as parts:
        assert [path.name for path in parts.folder.glob("*.jsonl")] == ["000000000.jsonl"] and parts.texts(
            0, "of other items"
        ) is None
        assert run(monkeypatch, *arguments) == 2
        assert "out.jsonl: another run is writing it" in capfd.readouterr().err
    assert run(monkeypatch, *arguments) == 0


def test_what_is_done_is_not_done_again(
    stopped: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    arguments = ("score", "in.jsonl", "-o", "out.jsonl", "--bundle", tiny_bundle, "--json")
    assert run(monkeypatch, *arguments) == 0
    first, error = capfd.readouterr()
    assert summary(first)["resumed"] == 4 and "4 rows of these had been scored before the run was stopped" in error
    stamp = (stopped / "out.jsonl").stat().st_mtime_ns
    monkeypatch.setattr(Scorer, "score_each", lambda *_, **__: pytest.fail("scored again"))
    assert run(monkeypatch, *arguments) == 0
    second, error = capfd.readouterr()
    assert summary(second) == {**summary(first), "repeated": True}
    assert "out.jsonl is done already" in error and "in.jsonl:8: not valid JSON" in error
    assert (stopped / "out.jsonl").stat().st_mtime_ns == stamp


def test_other_output_columns_are_another_run(
    stopped: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    arguments = ("score", "in.jsonl", "-o", "out.jsonl", "--bundle", tiny_bundle)
    column = AnalysisColumn(name="n_evidence", type=pa.int64(), value=lambda a: len(a.evidence), description="How many sentences")

    def more(taxonomy: Taxonomy, **options: bool) -> OutputColumns:
        return (*output_columns(taxonomy, **options), column)

    with monkeypatch.context() as patch:
        for module in ("fingerprint", "run", "scoring"):
            patch.setattr(f"sorot.serving.batch.{module}.output_columns", more)
        assert run(patch, *arguments) == 2
        assert "there is an unfinished run with other output columns; " in capfd.readouterr().err
    assert run(monkeypatch, *arguments) == 0
    assert run(monkeypatch, *arguments) == 0
    assert "is done already" in capfd.readouterr().err
    with monkeypatch.context() as patch:
        for module in ("fingerprint", "run", "scoring"):
            patch.setattr(f"sorot.serving.batch.{module}.output_columns", more)
        assert run(patch, *arguments) == 0
        assert "is done already" not in capfd.readouterr().err
    assert all(row["n_evidence"] == len(row["evidence"]) for row in lines(stopped / "out.jsonl"))  # type: ignore[arg-type]


def test_a_part_counts_for_its_own_items_alone(
    tmp_path: Path, tiny_bundle: Path, tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch, small_units: None
) -> None:
    del small_units
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    write_input(tmp_path / "in" / "b.jsonl")
    with monkeypatch.context() as patch:
        write = Parts.write

        def twice(self: Parts, unit: int, digest: str, texts: Texts, found: list[Line]) -> None:
            write(self, unit, digest, texts, found)
            if unit == 1:
                raise Stopped

        patch.setattr(Parts, "write", twice)
        with pytest.raises(Stopped):
            score_files(tiny_scorer, ["in"], Path("out.jsonl"))
    # A file that cannot be read is one item more, and moves all that follow.
    Path("in/a.log").write_text("begun\n")
    assert run(monkeypatch, "score", "in", "-o", "out.jsonl", "--bundle", tiny_bundle) == 0
    assert [row["row"] for row in lines(tmp_path / "out.jsonl")] == [n for n in range(1, ROWS + 1) if n != 8]
    assert len(lines(tmp_path / "out.jsonl.rejects.jsonl")) == 2


def test_a_command_that_kept_nothing_is_in_no_ones_way(
    tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text("kicauan\nsitus judi daring di jakarta\n", encoding="utf-8")
    arguments = ("score", "in.csv", "-o", "out.csv", "--bundle", tiny_bundle)
    for column in ("kicau", os.fsdecode(b"isi\xff")):
        assert run(monkeypatch, *arguments, "--text-column", column) == 2
        assert "there is no column" in capfd.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]
    assert run(monkeypatch, *arguments, "--text-column", "kicauan") == 0


def test_a_record_tells_of_the_output_that_is_there(tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_input(tmp_path / "in.jsonl")
    assert run(monkeypatch, "score", "in.jsonl", "-o", "out.jsonl", "--bundle", tiny_bundle) == 0
    assert Path("out.jsonl.run.json").is_file()
    with (tmp_path / "in.jsonl").open(encoding="utf-8") as file, monkeypatch.context() as patch:
        patch.setattr("sys.stdin", file)
        assert run(patch, "score", "-", "-o", "out.jsonl", "--bundle", tiny_bundle) == 0
    assert not Path("out.jsonl.run.json").exists()


def test_what_fails_at_every_article_ends_the_run(
    tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_input(tmp_path / "in.jsonl")

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("of nothing")

    monkeypatch.setattr(Scorer, "score_each", broken)
    assert run(monkeypatch, "score", "in.jsonl", "-o", "out.jsonl", "--bundle", tiny_bundle) == 70
    assert "ZeroDivisionError: of nothing" in capfd.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_a_full_disk_is_one_sentence_and_costs_no_part(
    stopped: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def full(path: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    arguments = ("score", "in.jsonl", "-o", "out.jsonl", "--bundle", tiny_bundle)
    with monkeypatch.context() as patch:
        patch.setattr("sorot.data.atomic_files.flush_to_disk", full)
        assert run(patch, *arguments) == 2
    error = capfd.readouterr().err
    assert "cannot be written (No space left on device); free space" in error and len(error.splitlines()) == 1
    assert sorted(p.name for p in parts_folder(stopped / "out.jsonl").iterdir()) == ["000000000.jsonl", "run.json"]
    assert run(monkeypatch, *arguments) == 0


def test_an_input_that_changes_while_it_is_read_spoils_no_output(
    tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_input(tmp_path / "in.jsonl")
    Path("out.jsonl").write_text("earlier\n")
    whole = Scorer.score_each

    def growing(self: Scorer, articles: Sequence[Article], **named: bool) -> Iterator[Analysis]:
        with Path("in.jsonl").open("a") as file:
            file.write("{}\n")
        yield from whole(self, articles, **named)

    monkeypatch.setattr(Scorer, "score_each", growing)
    assert run(monkeypatch, "score", "in.jsonl", "-o", "out.jsonl", "--bundle", tiny_bundle) == 2
    assert "out.jsonl: the input changed while it was read" in capfd.readouterr().err
    assert Path("out.jsonl").read_text() == "earlier\n" and list(parts_folder(Path("out.jsonl")).glob("*.jsonl"))


def test_an_article_that_cannot_be_scored_takes_no_neighbour_along(
    tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_input(tmp_path / "in.jsonl")
    whole = Scorer.score_each

    def failing(self: Scorer, articles: Sequence[Article], **named: bool) -> Iterator[Analysis]:
        for article in articles:
            if "nomor 12 " in article.body:
                raise ValueError("no window\nfits")
            yield from whole(self, [article], **named)

    monkeypatch.setattr(Scorer, "score_each", failing)
    assert run(monkeypatch, "score", "in.jsonl", "-o", "out.jsonl", "--bundle", tiny_bundle) == 0
    assert [row["row"] for row in lines(tmp_path / "out.jsonl")] == [n for n in range(1, ROWS + 1) if n not in (8, 13)]
    assert lines(tmp_path / "out.jsonl.rejects.jsonl")[1] == {
        "source": "in.jsonl", "row": 13, "reason": "could not be scored (ValueError: no window fits)",
    }  # fmt: skip


def test_standard_input_is_never_gone_on_with(tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_input(tmp_path / "in.jsonl")
    for stop in (True, False):
        with (tmp_path / "in.jsonl").open(encoding="utf-8") as file, monkeypatch.context() as patch:
            patch.setattr("sys.stdin", file)
            if stop:
                patch.setattr(Scorer, "score_each", lambda *_, **__: os.kill(os.getpid(), signal.SIGTERM))
            assert run(patch, "score", "-", "-o", "out.jsonl", "--bundle", tiny_bundle) == (143 if stop else 0)
        assert not parts_folder(Path("out.jsonl")).exists()
    assert len(lines(tmp_path / "out.jsonl")) == ROWS - 1 and not Path("out.jsonl.run.json").exists()


def test_a_limit_and_a_sample_choose_of_the_input(
    tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_input(tmp_path / "in.jsonl")

    def rows(*options: object) -> list[object]:
        Path("out.jsonl").unlink(missing_ok=True)
        assert run(monkeypatch, "score", "in.jsonl", "-o", "out.jsonl", "--bundle", tiny_bundle, *options) == 0
        return [row["row"] for row in lines(tmp_path / "out.jsonl")]

    assert rows("--limit", 5) == [1, 2, 3, 4, 5]
    assert rows("--limit", 99) == rows() == [n for n in range(1, ROWS + 1) if n != 8]
    half = rows("--sample", 0.5)
    assert half == rows("--sample", 0.5) and 5 <= len(half) <= 18 and rows("--sample", 0.5, "--limit", 2) == half[:2]
    assert set(rows("--sample", 0.25)) < set(half)
    for wrong in (("--limit", 0), ("--sample", 1.5)):
        assert run(monkeypatch, "score", "in.jsonl", "-o", "out.jsonl", "--bundle", tiny_bundle, *wrong) == 2
    assert "--sample" in capfd.readouterr().err
