from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.serving.command import lines, run

BODY = (
    'Dewan Pers menolak aturan itu. "Aturan ini membungkam pers," kata anggota Dewan Pers Ninik Rahayu di Jakarta. '
    "Kominfo belum menjawab pertanyaan wartawan sampai berita ini ditulis."
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    file = tmp_path / "articles.jsonl"
    file.write_text(json.dumps({"id": "a", "title": "Dewan Pers Menolak", "text": BODY}) + "\n", encoding="utf-8")
    return file


def test_actors_of_a_file(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "actors.jsonl"
    assert run(monkeypatch, "actors", corpus, "-o", output) == 0
    [record] = lines(output)
    actors = {one["actor"]: one for one in record["actors"]}  # type: ignore[attr-defined]
    assert {"dewan-pers", "ninik-rahayu", "komdigi"} <= set(actors)
    assert actors["ninik-rahayu"]["quoted"] == 1 and actors["komdigi"]["quoted"] == 0
    first, *rest = actors["dewan-pers"]["mentions"]
    assert first == {"start": None, "end": None, "text": "Dewan Pers"} and len(rest) == 2
    assert all(record["body"][m["start"] : m["end"]] == m["text"] for m in rest)  # type: ignore[index]


def test_the_input_is_not_overwritten(corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "actors", corpus, "-o", corpus) == 2
    assert "is an input" in capsys.readouterr().err
    assert BODY[:20] in corpus.read_text(encoding="utf-8")


def test_a_missing_input_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "actors", "nowhere.jsonl") != 0
    assert "nowhere.jsonl" in capsys.readouterr().err


def test_stance_toward_a_target(
    corpus: Path, tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "stances.jsonl"
    options = ("--bundle", tiny_bundle, "-o", output)
    assert run(monkeypatch, "target", corpus, "--target", "Kemkominfo", "--target", "Gojek", *options) == 0
    [record] = lines(output)
    assert record["target"] == "Kemkominfo" and record["stance"] in ("favour", "against", "neutral")
    assert sum(record["probabilities"].values()) == pytest.approx(1)  # type: ignore[attr-defined]
    assert record["evidence"][0]["sentence"].startswith("Kominfo belum")  # type: ignore[index]
    assert "macro-F1 of the method" in capsys.readouterr().err


def test_an_alias_finds_a_target_by_another_name(
    corpus: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("target", corpus, "--target", "aturan pers", "--bundle", tiny_bundle)
    assert run(monkeypatch, *arguments) == 0
    assert capsys.readouterr().out == ""
    assert run(monkeypatch, *arguments, "--alias", "aturan pers=aturan itu") == 0
    assert json.loads(capsys.readouterr().out)["target"] == "aturan pers"


@pytest.mark.parametrize("alias", ["apa", "lain=x", "aturan pers="])
def test_a_wrong_alias_is_refused(
    alias: str, corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "target", corpus, "--target", "aturan pers", "--alias", alias) == 2
    assert "NAME=OTHER" in capsys.readouterr().err
