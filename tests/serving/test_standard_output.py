"""`-o -`: rows on standard output, everything else on standard error, and no folder called '-'."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving.command import run

ROOT = Path(__file__).parents[2]


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    lines = [json.dumps({"isi": f"situs judi daring nomor {n} ."}) for n in range(40)]
    path = Path("in.jsonl")
    path.write_text("\n".join([lines[0], "{", *lines[1:]]) + "\n", encoding="utf-8")
    return path


def test_rows_and_messages_are_apart(
    source: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "score", source, "-o", "-", "--bundle", tiny_bundle, "--limit", 5) == 0
    out, error = capfd.readouterr()
    assert [json.loads(line)["row"] for line in out.splitlines()] == [1, 3, 4, 5]
    assert error.startswith("in.jsonl: text = isi,") and "\nin.jsonl:2: not valid JSON" in error
    assert "1 row or file could not be read or scored; the reason is above" in error and "more" not in error
    assert run(monkeypatch, "score", source, "-o", "out.jsonl", "--bundle", tiny_bundle, "--limit", 5) == 0
    assert Path("out.jsonl").read_text(encoding="utf-8") == out
    assert sorted(path.name for path in Path().iterdir()) == [
        "in.jsonl", "out.jsonl", "out.jsonl.rejects.jsonl", "out.jsonl.run.json",
    ]  # fmt: skip


@pytest.mark.parametrize(("option", "message"), [(["--format", "csv"], "gets JSON lines"), (["--json"], "prints progress")])
def test_what_would_mix_is_refused(
    option: list[str], message: str, source: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "score", source, "-o", "-", *option) == 2
    assert message in capfd.readouterr().err


def test_nothing_readable_prints_nothing(
    tiny_bundle: Path, source: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    source.write_text("{\n", encoding="utf-8")
    assert run(monkeypatch, "score", source, "-o", "-", "--bundle", tiny_bundle) == 1
    out, error = capfd.readouterr()
    assert out == "" and "in.jsonl:1: not valid JSON" in error and "nothing could be read" in error


def test_a_reader_that_leaves_ends_the_run_quietly(source: Path, tiny_bundle: Path) -> None:
    command = [sys.executable, "-c", "from sorot.serving.cli import main; main()", "score", str(source.resolve())]
    process = subprocess.Popen(
        [*command, "-o", "-", "--bundle", str(tiny_bundle)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout and process.stderr
    process.stdout.close()
    # Typer ends with 1; the reject is named, and nothing else is said.
    error = process.stderr.read()
    assert error.count(b"\n") == 2 and b": text = isi," in error and b"not valid JSON" in error
    assert process.wait() == 1
