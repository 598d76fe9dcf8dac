"""`sorot audit`: wrong labels come first, duplicates that differ are found, agreement is what it is by hand."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from sorot.training.labelling.agreement import alpha, kappa
from tests.serving.command import run

# For each topic, stance and sentiment words that no other has; the rest of an article is the same for all.
LABELS = [
    ((), "none", "positive", "panen raya petani makmur gembira berkah melimpah"),
    ((), "none", "negative", "banjir longsor korban rumah hanyut duka parah"),
    (("censorship",), "oppose", "negative", "blokir situs sensor wartawan protes bungkam tolak"),
    (("terrorism",), "support", "neutral", "densus teroris jaringan bom sidang deradikalisasi tersangka"),
    (("platform_regulation",), "neutral", "neutral", "platform pajak daftar aturan kementerian denda perusahaan"),
]
FILLER = "yang untuk dan pada dari hari kata kota orang warga tahun bulan juga akan telah lebih dalam oleh saat ini".split()

Record = dict[str, object]


def article(number: int, rng: random.Random) -> Record:
    topics, stance, sentiment, words = LABELS[number % len(LABELS)]
    text = rng.choices(words.split(), k=12) + rng.choices(FILLER, k=12)
    rng.shuffle(text)
    return {
        "id": f"a{number}",
        "title": f"Artikel {number}",
        "text": " ".join(text) + ".",
        "topics": list(topics),
        "stance": stance,
        "sentiment": sentiment,
    }


def articles(n: int, seed: int = 0) -> list[Record]:
    rng = random.Random(seed)
    return [article(number, rng) for number in range(n)]


def write(path: Path, records: Sequence[Record]) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return path


def audited(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, list[dict]]:
    capsys.readouterr()
    assert run(monkeypatch, "audit", "--json", *arguments) == 0
    found: dict[str, list[dict]] = json.loads(capsys.readouterr().out)
    return found


def test_flipped_labels_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    records = articles(160)
    tones = {"positive": "negative", "negative": "positive", "neutral": "positive"}
    flipped = {f"a{i}": tones[str(records[i]["sentiment"])] for i in range(3, 160, 19)}
    for record in records:
        record["sentiment"] = flipped.get(str(record["id"]), record["sentiment"])
    records[12]["topics"] = []
    records[12]["stance"] = "none"
    # What is not labelled for a task is not audited for it.
    records[20]["stance"] = records[20]["topics"] = None
    file = write(tmp_path / "a.jsonl", records)
    found = audited(monkeypatch, capsys, file, "-n", 500)
    assert found["audited"] == {"topics": 159, "stance": 159, "sentiment": 160}
    tone = [s["id"] for s in found["suspects"] if s["task"] == "sentiment"]
    assert len(set(tone[: len(flipped)]) & set(flipped)) >= 0.85 * len(flipped)
    assert len([s for s in found["suspects"] if s["task"] == "sentiment" and s["flagged"]]) < 3 * len(flipped)
    topic = next(s for s in found["suspects"] if s["task"] == "topics")
    assert (topic["id"], topic["label"], topic["given"], topic["suggested"]) == ("a12", "censorship", [], ["censorship"])
    assert topic["source"] == {"file": str(file), "row": 13}
    assert topic["title"] == "Artikel 12"
    assert {s["id"]: s["suggested"] for s in found["suspects"] if s["task"] == "stance"}["a12"] == ["oppose"]
    quality = [s["quality"] for s in found["suspects"]]
    assert quality == sorted(quality)
    assert all(s["id"] != "a20" for s in found["suspects"])
    # One annotator and one file: nothing to agree with, and that is said.
    assert found["agreement"] == []
    assert any("labelled twice" in note for note in found["notes"])


def test_the_table_has_places_and_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    records = articles(60)
    records[5]["sentiment"], records[15]["sentiment"] = "negative", "neutral"
    file = write(tmp_path / "a.jsonl", records)
    assert run(monkeypatch, "audit", file, "-n", "1") == 0
    out, messages = capsys.readouterr()
    assert ", the first 1 shown" in out
    assert len([line for line in out.splitlines() if line.split()[:1] and line.split()[0].startswith(f"{file}:")]) == 1
    # Aligned columns, and no table where there is no row.
    [head] = [line for line in out.splitlines() if line.split()[:2] == ["place", "id"]]
    [row] = [line for line in out.splitlines() if f"{file}:" in line]
    at = head.index("given")
    assert row[at - 1].isspace() and not row[at].isspace()
    assert "0 near-duplicates with different labels" in out and "words" not in out and "\t" not in out
    assert "labelled twice" in messages


def test_near_duplicates_never_vouch_for_one_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three copies of an article, all with the same wrong label: seen in training, they would make it look right."""
    records = articles(100)
    copies = [{**records[0], "id": f"copy{i}", "sentiment": "negative"} for i in range(3)]
    found = audited(monkeypatch, capsys, write(tmp_path / "a.jsonl", [*records[1:], *copies]))
    wrong = {s["id"] for s in found["suspects"] if s["task"] == "sentiment"}
    assert {c["id"] for c in copies} <= wrong


def test_duplicates_with_different_labels_are_found_across_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    records = articles(10)
    same = {**records[2], "id": "other", "stance": "support"}
    near = {**records[3], "id": "near", "topics": [], "stance": None, "text": f"{records[3]['text']} tambahan"}
    like = {**records[4], "id": "like"}
    files = write(tmp_path / "a.jsonl", records), write(tmp_path / "b.jsonl", [same, near, like])
    found = audited(monkeypatch, capsys, *files)
    places = [
        (c["task"], c["identical"], [(m["source"]["file"], m["source"]["row"], m["labels"]) for m in c["members"]])
        for c in found["conflicts"]
    ]
    assert places == [
        ("topics", False, [(str(files[0]), 4, ["terrorism"]), (str(files[1]), 2, [])]),
        ("stance", True, [(str(files[0]), 3, ["oppose"]), (str(files[1]), 1, ["support"])]),
    ]
    assert found["suspects"] == [], "too few articles to audit"
    assert sum("not audited" in note for note in found["notes"]) == 3


def test_measures_of_agreement_by_hand() -> None:
    # 50 articles, 20 both yes, 15 both no, 5 and 10 different: observed 0.7, by chance 0.5 (Cohen 1960's form).
    first = np.array([1] * 20 + [1] * 5 + [0] * 10 + [0] * 15)
    second = np.array([1] * 20 + [0] * 5 + [1] * 10 + [0] * 15)
    assert kappa(first, second) == pytest.approx(0.4)
    rng = np.random.default_rng(0)
    one, other = rng.integers(0, 4, 200), rng.integers(0, 4, 200)
    other[:120] = one[:120]
    assert kappa(one, other) == pytest.approx(cohen_kappa_score(one, other))
    # 4 units, two answers each: one of 4 differs. Values a 5 times, b 3 times: expected (5*3*2)/(8*7), observed 2/8.
    counts = np.array([[2, 0], [2, 0], [1, 1], [0, 2]])
    assert alpha(counts) == pytest.approx(1 - (2 / 8) / (30 / 56))
    assert np.isnan(kappa(np.ones(5, dtype=int), np.ones(5, dtype=int)))
    assert np.isnan(alpha(np.array([[2, 0], [2, 0]])))


def test_agreement_of_two_files_with_one_unlike_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first = [{**r, "annotator": "A"} for r in articles(40)]
    second = [{**r, "annotator": "B"} for r in articles(40)][:30]
    for i in (0, 5, 10):
        second[i]["sentiment"] = "negative"
    second[2]["topics"], second[2]["stance"] = [], "none"
    # An id alone does not make an article the same.
    second.append({**first[35], "text": "Sama sekali lain isinya daripada yang pertama.", "sentiment": "neutral"})
    # The same words under another id do.
    second.append({**first[36], "id": "renamed", "annotator": "B"})
    found = audited(monkeypatch, capsys, write(tmp_path / "a.jsonl", first), write(tmp_path / "b.jsonl", second))
    by_question = {a["question"]: a for a in found["agreement"]}
    assert list(by_question) == [
        "topics: censorship", "topics: terrorism", "topics: platform_regulation", "stance", "stance, with topics", "sentiment",
    ]  # fmt: skip
    tone = by_question["sentiment"]
    [pair] = tone["pairs"]
    assert (pair["by"], pair["first"], pair["second"]) == ("annotator", "A", "B")
    assert pair["kappa"]["units"] == tone["alpha"]["units"] == 31
    assert pair["equal"] == pytest.approx(28 / 31)
    given = [[r["sentiment"] for r in rows] for rows in ([*first[:30], first[36]], [*second[:30], second[31]])]
    assert pair["kappa"]["value"] == pytest.approx(cohen_kappa_score(*given))
    low, high = pair["kappa"]["interval"]
    assert low < pair["kappa"]["value"] < high <= 1
    # Where one annotator denies the topic, stances differ for that alone.
    on_topic = sum(bool(record["topics"]) for record in [*second[:30], second[31]])
    assert by_question["stance, with topics"]["alpha"]["units"] == on_topic
    assert by_question["stance, with topics"]["alpha"]["value"] == 1
    assert by_question["stance"]["alpha"]["value"] < 1


def test_wrong_calls_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = write(tmp_path / "empty.jsonl", [])
    for arguments, part in (([empty], "no labelled records"), ([tmp_path / "none.jsonl"], "cannot be read")):
        assert run(monkeypatch, "audit", *arguments) == 2
        assert part in capsys.readouterr().err
