"""The command `sorot quotes`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.serving.command import lines, run

BODY = (
    '"Jalan itu sudah rusak sejak lama dan belum diperbaiki," kata Rina Hartati di kantornya, Senin. '
    "Rina menilai perbaikan jalan itu terlambat dan merugikan pedagang kecil di pasar."
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    path.write_text(json.dumps({"id": "a1", "title": "Jalan Rusak", "text": BODY}) + "\n{broken\n", encoding="utf-8")
    return path


def test_one_object_per_article(
    monkeypatch: pytest.MonkeyPatch, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "quotes.jsonl"
    assert run(monkeypatch, "quotes", corpus, "-o", output, "--no-model") == 0
    (record,) = lines(output)
    assert set(record) == {"id", "title", "body", "quotes"} and record["id"] == "a1"
    body, found = record["body"], record["quotes"]
    assert isinstance(body, str) and isinstance(found, list)
    assert [(q["type"], q["speaker"], q["cue"]) for q in found] == [
        ("direct", "Rina Hartati", "kata"),
        ("indirect", "Rina Hartati", "menilai"),
    ]
    assert all(body[q["start"] : q["end"]] == q["text"] for q in found)
    captured = capsys.readouterr()
    assert "articles.jsonl:2" in captured.err and not captured.out


def test_standard_output_holds_the_objects_alone(
    monkeypatch: pytest.MonkeyPatch, corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "quotes", corpus, "--no-model") == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["id"] == "a1"


@pytest.mark.parametrize(
    ("output", "said"), [("quotes.xlsx", "end the name in .jsonl"), ("articles.jsonl", "would be overwritten")]
)
def test_an_output_that_cannot_be(
    monkeypatch: pytest.MonkeyPatch, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], output: str, said: str
) -> None:
    before = corpus.read_text(encoding="utf-8")
    assert run(monkeypatch, "quotes", corpus, "-o", tmp_path / output) == 2
    assert said in capsys.readouterr().err
    assert corpus.read_text(encoding="utf-8") == before


def test_nothing_read_is_exit_code_1(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_text("{broken\n", encoding="utf-8")
    assert run(monkeypatch, "quotes", path, "-o", tmp_path / "q.jsonl") != 0
