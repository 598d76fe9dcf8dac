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


def test_scored_output_has_the_same_groups(
    source: Path, tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    groups = tmp_path / "groups.jsonl"
    assert run(monkeypatch, "stories", source, "-o", groups) == 0
    for name, more in (("out.jsonl", ()), ("other.jsonl", ("--no-clean", "--keep-columns"))):
        assert run(monkeypatch, "score", source, "-o", tmp_path / name, "--bundle", tiny_bundle, "--stories", *more) == 0
        scored = [{key: row[key] for key in ("id", "copy", "story")} for row in lines(tmp_path / name)]
        assert scored == lines(groups)
    # A random share or the first rows alone are grouped alone.
    assert (
        run(monkeypatch, "score", source, "-o", tmp_path / "one.jsonl", "--bundle", tiny_bundle, "--stories", "--limit", 1) == 0
    )
    assert [row["copy"] for row in lines(tmp_path / "one.jsonl")] == [None]
    # The output without the columns is another one, and does not count as done.
    assert run(monkeypatch, "score", source, "-o", tmp_path / "out.jsonl", "--bundle", tiny_bundle) == 0
    assert "copy" not in lines(tmp_path / "out.jsonl")[0]
    capsys.readouterr()
    assert run(monkeypatch, "score", "-", "-o", tmp_path / "stdin.jsonl", "--bundle", tiny_bundle, "--stories") == 2
    assert "standard input does not allow" in capsys.readouterr().err


def test_details_say_which_labels_moved(
    source: Path, tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scored, details = tmp_path / "scored.jsonl", tmp_path / "details.jsonl"
    assert run(monkeypatch, "score", source, "-o", scored, "--bundle", tiny_bundle) == 0
    rows = lines(scored)
    task = next(name.removesuffix("_set") for name in rows[0] if name.endswith("_set"))
    rows[0][task], rows[1][task] = "one", "other"
    scored.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    given = ("stories", source, "-o", tmp_path / "g.jsonl", "--scored", scored, "--bundle", tiny_bundle)
    assert run(monkeypatch, *given, "--details", details) == 0
    (copied,) = lines(details)
    assert isinstance(copied["moved"], dict) and copied["moved"][task] == ["one", "other"]
    capsys.readouterr()
    assert run(monkeypatch, *given) == 2
    assert "--details" in capsys.readouterr().err
