"""`sorot stories`, as a user calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.serving.command import lines, run
from tests.serving.findings.articles import OWN_REPORT, RELEASE, SHORTENED

ARTICLES = (
    {"id": "a", "title": "Jembatan Gantung Sukamulih Diresmikan", "text": RELEASE, "date": "2021-05-06"},
    {"id": "b", "title": "Jembatan Sukamulih Dibuka", "text": SHORTENED, "date": "2021-05-07"},
    {"id": "c", "title": "Warga Sukamulih Punya Jembatan Gantung", "text": OWN_REPORT, "date": "2021-05-06"},
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The articles as JSON lines, with a line that cannot be read."""
    path = tmp_path / "berita.jsonl"
    path.write_text("".join(json.dumps(article) + "\n" for article in ARTICLES) + "{\n", encoding="utf-8")
    return path


def test_groups_details_and_summary(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output, details = tmp_path / "groups.jsonl", tmp_path / "details.jsonl"
    assert run(monkeypatch, "stories", source, "-o", output, "--details", details, "--json") == 0
    assert lines(output) == [
        {"id": "a", "copy": "a", "story": "a"}, {"id": "b", "copy": "a", "story": "a"}, {"id": "c", "copy": None, "story": "a"},
    ]  # fmt: skip
    (copied,) = lines(details)
    assert (copied["id"], copied["source"], copied["order"], copied["headline_changed"]) == ("b", "a", "first", True)
    printed = capsys.readouterr()
    summary = json.loads(printed.out)
    assert (summary["articles"], summary["rejects"], summary["copy_groups"], summary["in_stories"]) == (3, 1, 1, 3)
    assert "berita.jsonl:4:" in printed.err and "copies: 2 articles in 1 groups" in printed.err
    # The same input gives the same bytes, on standard output as well.
    before = output.read_bytes()
    assert run(monkeypatch, "stories", source, "-o", "-") == 0
    assert capsys.readouterr().out.encode() == before


def test_mistakes_are_one_sentence(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "groups.jsonl"
    for arguments, said in (
        ([source, "-o", source], "is an input"),
        ([tmp_path / "none.jsonl", "-o", output], "none.jsonl"),
        ([source, "-o", "-", "--json"], "where the groups go"),
        ([source, "-o", output, "--details", output], "is the output as well"),
        ([source, "-o", output, "--details", "-"], "needs a file"),
        ([source, "-o", tmp_path / "no" / "groups.jsonl"], "does not exist"),
    ):
        assert run(monkeypatch, "stories", *arguments) == 2
        message = capsys.readouterr().err
        assert said in message and message.count("\n") == 1 and "Traceback" not in message
    assert not output.exists()


def test_nothing_to_read_leaves_an_earlier_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, output = tmp_path / "berita.jsonl", tmp_path / "groups.jsonl"
    source.write_text("{\n{\n", encoding="utf-8")
    output.write_text("earlier\n", encoding="utf-8")
    assert run(monkeypatch, "stories", source, "-o", output) == 1
    assert output.read_text(encoding="utf-8") == "earlier\n"
    assert "nothing could be read" in capsys.readouterr().err
