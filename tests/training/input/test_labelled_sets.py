"""Labelled records in every form that a recipe may name, and the cache of encoded articles."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import datasets
import pytest

from sorot.data.labels.records import LabelError, read_labelled
from sorot.data.taxonomy import load_taxonomy
from sorot.training.input.encoded import encode_rows
from sorot.training.input.labelled_sets import is_labelled_set, read_labelled_set, set_digest
from tests.tiny_bundle import make_tokenizer

TAXONOMY = load_taxonomy()
RECORDS = [
    {"id": "a", "title": "Blokir", "text": "Pemerintah memblokir situs.", "topics": ["censorship", "terrorism"], "stance": "support",
     "sentiment": "neutral"},
    {"id": "b", "title": None, "text": "Cuaca cerah hari ini.", "topics": [], "stance": "none", "sentiment": "positive"},
]  # fmt: skip


@pytest.fixture
def sets(tmp_path: Path) -> dict[str, Path]:
    """The same records in every form."""
    lines = tmp_path / "a.jsonl"
    lines.write_text("".join(json.dumps(record) + "\n" for record in RECORDS), encoding="utf-8")
    table = tmp_path / "a.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, RECORDS[0])
        writer.writeheader()
        writer.writerows(record | {"topics": ";".join(record["topics"])} for record in RECORDS)
    data = datasets.Dataset.from_list(RECORDS)
    data.to_parquet(tmp_path / "a.parquet")
    data.save_to_disk(tmp_path / "folder")
    return {"jsonl": lines, "csv": table, "parquet": tmp_path / "a.parquet", "folder": tmp_path / "folder"}


def test_every_form_gives_the_same_articles(sets: dict[str, Path]) -> None:
    expected = read_labelled(sets["jsonl"], TAXONOMY)
    for form, path in sets.items():
        assert is_labelled_set(path)
        found = read_labelled_set(path, TAXONOMY)
        assert [(row.article.id, row.article.title, row.article.body) for row in found] == [
            (row.article.id, row.article.title, row.article.body) for row in expected
        ], form
        if form != "csv":
            assert [row.labels for row in found] == [row.labels for row in expected]
    # An empty cell of CSV cannot say 'no label holds': the task is not labelled.
    assert [row.labels["topics"] for row in read_labelled_set(sets["csv"], TAXONOMY)] == [("censorship", "terrorism"), None]


def test_a_table_tells_none_from_unlabelled_and_holds_evidence(tmp_path: Path) -> None:
    mark = json.dumps([{"task": "stance", "label": "oppose", "sentence": "Warga protes."}])
    rows = [
        ["id", "teks", "topics", "stance", "evidence"],
        ["001", "Situs diblokir. Warga protes.", "censorship;terrorism", "oppose", mark],
        ["002", "Cuaca cerah.", "[]", "none", ""],
        ["003", "Cuaca hujan.", "", "", ""],
    ]
    path = tmp_path / "a.TSV"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t").writerows(rows)
    first, second, third = read_labelled_set(path, TAXONOMY)
    assert (first.article.id, first.labels["topics"], first.marks[0].sentence) == (
        "001", ("censorship", "terrorism"), "Warga protes.",
    )  # fmt: skip
    assert (second.labels["topics"], second.labels["stance"], third.labels["topics"]) == ((), "none", None)
    path.write_text("text,stance\na,mungkin\nb,oppose,c\n", encoding="utf-8")
    with pytest.raises(LabelError, match=r"a.TSV:2: unknown stance 'mungkin'(.|\n)*a.TSV:3: has more cells than the header"):
        read_labelled_set(path, TAXONOMY)
    path.write_text('text,stance\n"a,oppose\n', encoding="utf-8")
    with pytest.raises(LabelError, match="cannot be read as a table"):
        read_labelled_set(path, TAXONOMY)


def test_a_hub_dataset_is_read_from_the_local_cache_and_the_hub_is_never_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def refuse(host: object, *_: object, **__: object) -> None:
        asked.append(host)
        raise OSError("no network in this test")

    monkeypatch.setattr("socket.getaddrinfo", refuse)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    repository = tmp_path / "datasets--user--name"
    snapshot = repository / "snapshots" / "0123abcd"
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("0123abcd")
    datasets.Dataset.from_list(RECORDS).to_parquet(snapshot / "train.parquet")
    datasets.Dataset.from_list(RECORDS[:1]).to_parquet(snapshot / "test.parquet")
    whole = read_labelled_set(Path("hf:user/name"), TAXONOMY)
    assert [row.article.body for row in whole] == [record["text"] for record in RECORDS]
    assert len(read_labelled_set(Path("hf:user/name/test"), TAXONOMY)) == 1
    with pytest.raises(LabelError, match=r"hf:user/absent: cannot be read by datasets .*fetch the set first"):
        read_labelled_set(Path("hf:user/absent"), TAXONOMY)
    assert asked == []


def test_wrong_records_are_named_by_row(tmp_path: Path) -> None:
    datasets.Dataset.from_list([RECORDS[0], RECORDS[1] | {"stance": "maybe"}]).save_to_disk(tmp_path / "wrong")
    with pytest.raises(LabelError, match=r"wrong:2: unknown stance 'maybe'"):
        read_labelled_set(tmp_path / "wrong", TAXONOMY)


def test_a_digest_follows_the_content(sets: dict[str, Path], tmp_path: Path) -> None:
    datasets.Dataset.from_list(RECORDS[:1]).save_to_disk(tmp_path / "other")
    assert set_digest(sets["folder"]) != set_digest(tmp_path / "other")


def test_encoded_articles_are_cached_until_something_changes(sets: dict[str, Path], tmp_path: Path) -> None:
    rows = read_labelled(sets["jsonl"], TAXONOMY)
    cache = tmp_path / "cache"
    first = encode_rows(rows, make_tokenizer(), 32, TAXONOMY, cache)
    [file] = cache.glob("encoded-*.arrow")
    made = file.stat().st_mtime_ns
    again = encode_rows(rows, make_tokenizer(), 32, TAXONOMY, cache)
    assert file.stat().st_mtime_ns == made and [list(ids) for ids in again["ids"]] == [list(ids) for ids in first["ids"]]
    assert first.cache_files and Path(first.cache_files[0]["filename"]) == file
    encode_rows(rows[:1], make_tokenizer(), 32, TAXONOMY, cache)
    assert len(list(cache.glob("encoded-*.arrow"))) == 2
