"""How far a run is, told to a terminal that is a string, to a log file, and as events."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
from threading import Event

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from sorot.serving.batch.progress import Progress, count_rows, open_progress
from sorot.serving.batch.run import ProgressUpdate
from sorot.serving.batch.units import ScoreOptions
from tests.serving.command import run

ALL = ScoreOptions()


@pytest.fixture
def files(tmp_path: Path) -> list[Path | None]:
    """A table of three rows, a text, and three lines, one of them broken."""
    pq.write_table(pa.table({"isi": ["a", "b", "c"]}), tmp_path / "a.parquet")
    (tmp_path / "b.txt").write_text("situs")
    (tmp_path / "c.jsonl").write_text('{"isi": "a"}\n{\n{"isi": "b"}\n')
    return [tmp_path / name for name in ("a.parquet", "b.txt", "c.jsonl")]


def shown(files: list[Path | None], steps: list[ProgressUpdate], *, terminal: bool = True) -> str:
    """All that the bar wrote for these steps."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=120, color_system=None, _environ={})
    with open_progress(files, ALL, console=console) as advance:
        for step in steps:
            # The total is counted beside the work.
            time.sleep(0.2)
            advance(step)
    return out.getvalue()


def test_rows_are_counted_in_all_kinds_of_files(files: list[Path | None]) -> None:
    assert count_rows(files, ALL, Event()) == 7
    assert count_rows(files, ScoreOptions(limit=5), Event()) == 5
    assert count_rows(files, ScoreOptions(sample=0.5, limit=99), Event()) in (3, 4)
    assert count_rows([None, *files], ALL, Event()) is None


def test_the_bar_says_what_is_done_what_is_left_and_what_was_rejected(files: list[Path | None]) -> None:
    output = shown(files, [ProgressUpdate(2, 0, resumed=False), ProgressUpdate(3, 1, resumed=False)])
    assert "5/7 rows, 1 rejects" in output and "rows/s" in output and "left" in output and "━" in output


def test_an_input_without_a_known_end_has_no_time_left() -> None:
    output = shown([None], [ProgressUpdate(1, 0, resumed=False)])
    assert "1 rows" in output and "/1" not in output and "left" not in output


def test_nothing_is_drawn_where_there_is_no_terminal(files: list[Path | None]) -> None:
    assert shown(files, [ProgressUpdate(1, 0, resumed=False)], terminal=False) == ""


def test_the_pace_is_that_of_this_call_alone() -> None:
    standing = Progress(rows=1010, rejects=0, resumed=1000, total=1030, seconds=5.0)
    assert (standing.per_second, standing.seconds_left) == (2.0, 10.0)
    assert Progress(1000, 0, 1000, 1030, 5.0).seconds_left is None


def test_a_log_and_events_say_the_same(files: list[Path | None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sorot.serving.batch.progress.EVENT_SECONDS", 0.0)
    events, log = io.StringIO(), tmp_path / "log.txt"
    log.write_text("earlier\n")
    with open_progress(files, ALL, log=log, events=events) as advance:
        time.sleep(0.2)
        advance(ProgressUpdate(4, 0, resumed=True))
        advance(ProgressUpdate(2, 1, resumed=False))
    last = json.loads(events.getvalue().splitlines()[-1])
    assert (last["event"], last["rows"], last["total"], last["rejects"], last["resumed"]) == ("progress", 6, 7, 1, 4)
    earlier, line = log.read_text().splitlines()
    assert earlier == "earlier" and " 6 of 7 rows, 4 of them before, 1 rejects, " in line and line.endswith(" left")


@pytest.mark.usefixtures("files")
def test_a_log_is_written_into_nothing_that_is_read_or_written(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    tiny_bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path.parent)
    before = (tmp_path / "c.jsonl").read_bytes()
    arguments = ("score", tmp_path, "-o", tmp_path.parent / "out.jsonl", "--bundle", tiny_bundle, "--log")
    for log in (tmp_path / "c.jsonl", tmp_path / "new.log", tmp_path.parent / "out.jsonl", tmp_path.parent / "gone" / "a.log"):
        assert run(monkeypatch, *arguments, log) == 2
        assert f"{log}: " in capfd.readouterr().err
    assert (tmp_path / "c.jsonl").read_bytes() == before and not (tmp_path / "new.log").exists()
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "d.jsonl").write_text("")
    (tmp_path / "link").symlink_to(elsewhere)
    assert run(monkeypatch, *arguments, elsewhere / "log.txt") == 2
    (tmp_path / "link").unlink()
    assert run(monkeypatch, *arguments, tmp_path.parent / "fine.log") == 0
    assert "rows/s" in (tmp_path.parent / "fine.log").read_text()
