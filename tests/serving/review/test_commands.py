"""`sorot feedback`: files become a queue, and reviews become labelled records that training reads."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from sorot.data.labels.records import read_labelled, validate_labelled
from sorot.data.taxonomy import load_taxonomy
from sorot.serving.review.leases import confirm, take
from sorot.serving.review.store import open_store
from tests.serving.command import GOOD, lines, run
from tests.serving.reviewing import ANSWER, fill

ENGLISH = "The government has blocked access to several websites after a court ruling on Tuesday, officials said."


def corpus(folder: Path) -> Path:
    path = folder / "k.jsonl"
    rows = [
        {"nomor": "1", "naskah": GOOD, "judul": "Situs diblokir", "media": "Warta", "tanggal": "2020-03-01"},
        {"nomor": "2", "naskah": GOOD.replace(" ", "  ")},
        {"nomor": "3", "naskah": ENGLISH},
        {"nomor": "4", "naskah": "Polisi menangkap terduga teroris di Jakarta. Cuaca cerah hari ini.\udcff"},
        {"nomor": "5", "naskah": "Polisi. " * 20_000},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "{broken\n", encoding="utf-8")
    return path


def test_articles_are_queued_once_and_rejects_are_reported(
    tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "tinjauan"
    command = (
        "feedback",
        "add",
        folder,
        corpus(tmp_path),
        "--text-column",
        "naskah",
        "--id-column",
        "nomor",
        "--bundle",
        tiny_bundle,
    )
    assert run(monkeypatch, *command) == 0
    said = capfd.readouterr().err
    assert "k.jsonl:3: is not Indonesian" in said and "k.jsonl:5: has 1" in said and "k.jsonl:6: " in said
    assert "2 queued, 1 queued before, 3 not queued" in said and "Traceback" not in said
    assert run(monkeypatch, *command) == 0
    assert "0 queued, 3 queued before, 3 not queued" in capfd.readouterr().err
    assert run(monkeypatch, "feedback", "status", folder, "--json") == 0
    assert json.loads(capfd.readouterr().out) == {"articles": 2, "left": 2, "held": 0, "reviews": 0, "people": {}}


def test_reviews_become_records_that_validate_and_train(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    folder, out = tmp_path / "t", tmp_path / "reviewed.jsonl"
    store = fill(folder, 2, people=2)
    for person in ("Ani", "Budi"):
        held = take(store, person)
        assert held is not None
        sentences = (held.article.title or "", held.article.body.split(". ")[0] + ".")
        confirm(store, person, held.number, type(ANSWER)(ANSWER.labels, sentences))
    assert run(monkeypatch, "feedback", "export", folder, "-o", out) == 0
    assert capfd.readouterr().err == f"2 records in {out}\n"
    assert validate_labelled(out, load_taxonomy()) == []
    assert run(monkeypatch, "validate", out) == 0
    ani, budi = lines(out)
    assert (ani["annotator"], budi["annotator"]) == ("Ani", "Budi")
    assert str(ani["reviewed"]).endswith("+00:00") and str(ani["note"]).endswith(
        "changed: stance from neutral, sentiment from neutral"
    )
    assert ani["evidence_sentences"] == [ani["title"], str(ani["text"]).split(". ")[0] + "."]
    assert budi["id"] == f"{ani['id']} (Budi)" and budi["group"] == ani["group"]
    read = read_labelled(out, load_taxonomy())
    assert [(r.annotator, r.labels) for r in read] == [(p, ANSWER.labels) for p in ("Ani", "Budi")]
    capfd.readouterr()
    assert run(monkeypatch, "feedback", "export", folder) == 0
    assert capfd.readouterr().out == out.read_text(encoding="utf-8")
    before = out.read_bytes()
    assert run(monkeypatch, "feedback", "export", folder, "-o", out) == 2
    assert "exists already, and may hold labels" in capfd.readouterr().err and out.read_bytes() == before


def test_a_record_whose_marks_are_not_in_the_text_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "l.jsonl"
    record = {"id": "1", "text": "Satu. Dua.", "topics": []}
    rows = [
        record | {"evidence_sentences": ["Dua."], "reviewed": "2026-01-01T00:00:00+00:00"},
        record | {"id": "2", "evidence_sentences": ["Tiga."]},
        record | {"id": "3", "evidence_sentences": "Dua."},
        record | {"id": "4", "reviewed": "kapan-kapan"},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    found = validate_labelled(path, load_taxonomy())
    assert [m.removeprefix(f"{path}:").split(":")[0] for m in found] == ["2", "3", "4"]
    assert "is not verbatim in text or title" in found[0] and "must be a list" in found[1] and "reviewed" in found[2]


@pytest.mark.parametrize("command", [("status",), ("export",)])
def test_a_folder_without_articles_is_one_sentence(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "feedback", *command, tmp_path) == 2
    assert capfd.readouterr().err == (
        f"sorot: {tmp_path}: holds no articles to review; fill it with: sorot feedback add {tmp_path} INPUT...\n"
    )


def test_nothing_to_export_and_nothing_to_read_are_errors(
    tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "t"
    fill(folder, 1)
    assert run(monkeypatch, "feedback", "export", folder, "-o", tmp_path / "x.jsonl") == 2
    assert "nothing is reviewed yet" in capfd.readouterr().err and not (tmp_path / "x.jsonl").exists()
    assert run(monkeypatch, "feedback", "add", tmp_path / "new", tmp_path / "nowhere", "--bundle", tiny_bundle) == 2
    assert "no such file or folder" in capfd.readouterr().err and not (tmp_path / "new").exists()
    (tmp_path / "e.txt").write_text(ENGLISH)
    assert run(monkeypatch, "feedback", "add", tmp_path / "new", tmp_path / "e.txt", "--bundle", tiny_bundle) == 1


def test_the_page_refuses_a_folder_that_it_cannot_use(
    tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "demo", "--port", "0", "--review", tmp_path, "--bundle", tiny_bundle) == 2
    assert "holds no articles to review" in capfd.readouterr().err
    fill(tmp_path, 1)
    assert run(monkeypatch, "serve", "--port", "0", "--no-page", "--review", tmp_path, "--bundle", tiny_bundle) == 2
    assert "--review needs the page" in capfd.readouterr().err
    assert open_store(tmp_path).status().left == 1


def test_records_become_a_folder_that_datasets_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    datasets = pytest.importorskip("datasets")
    folder, out, jsonl = tmp_path / "t", tmp_path / "reviewed", tmp_path / "reviewed.jsonl"
    store = fill(folder, 2)
    assert run(monkeypatch, "feedback", "export", folder, "--format", "datasets", "-o", out) == 2
    assert "nothing is reviewed yet" in capfd.readouterr().err and not out.exists()
    for person, answer in (("Ani", ANSWER), ("Budi", type(ANSWER)({**ANSWER.labels, "topics": (), "stance": "none"}))):
        held = take(store, person)
        assert held is not None
        confirm(store, person, held.number, answer)
    assert run(monkeypatch, "feedback", "export", folder, "--format", "datasets") == 2
    assert capfd.readouterr().err == "sorot: --format datasets writes a folder; name it with --output\n"
    assert run(monkeypatch, "feedback", "export", folder, "--format", "datasets", "-o", out) == 0
    assert capfd.readouterr().err.endswith(f"2 records in {out}\n")
    assert run(monkeypatch, "feedback", "export", folder, "-o", jsonl) == 0
    dataset = datasets.load_from_disk(str(out))
    assert list(dataset) == lines(jsonl) and dataset.column_names == list(lines(jsonl)[0])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["reviewed", "reviewed.jsonl", "t"]
    assert run(monkeypatch, "feedback", "export", folder, "--format", "datasets", "-o", out) == 2
    assert "exists already, and may hold labels" in capfd.readouterr().err


def test_without_datasets_the_format_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    store = fill(tmp_path / "t", 1)
    held = take(store, "Ani")
    assert held is not None
    confirm(store, "Ani", held.number, ANSWER)
    monkeypatch.setitem(sys.modules, "datasets", None)
    assert run(monkeypatch, "feedback", "export", tmp_path / "t", "--format", "datasets", "-o", tmp_path / "out") == 2
    message = capfd.readouterr().err
    assert "needs the package datasets; run:" in message and "sorot[train]" in message and not (tmp_path / "out").exists()
