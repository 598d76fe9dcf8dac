"""The corpus tab's parts: reading within limits, table, charts, files."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.article import Article
from sorot.serving.model.scorer import Scorer
from sorot.serving.page.corpus.download import scored_file
from sorot.serving.page.corpus.limits import LIMITS, CorpusError, command
from sorot.serving.page.corpus.scored_articles import relabel
from sorot.serving.page.corpus.uploads.corpus_file import CorpusFile, column_names, guess_columns, read_corpus_file
from tests.serving.corpora import COLUMNS, example, scored, thresholds

# Columns of a row whose text strangers wrote.
FREE = ("id", "source", "title", "outlet")


def test_columns_are_found_and_can_be_changed(tmp_path: Path) -> None:
    names = column_names(example(tmp_path))
    assert names == ["tanggal", "media", "judul", "isi"]
    found = guess_columns(names)
    assert (found.text, found.title, found.outlet, found.date) == ("isi", "judul", "media", "tanggal")
    reading = read_corpus_file(tmp_path / "contoh.csv", {**COLUMNS, "outlet": ""})
    assert len(reading.articles) == 12 and not reading.rejects
    assert {a.outlet for a in reading.articles} == {None}


def test_ten_thousand_rows_are_refused_with_the_command(tmp_path: Path) -> None:
    path = tmp_path / "besar korpus.csv"
    path.write_text("isi\n" + "polisi menangkap\n" * 10_000, encoding="utf-8")
    with pytest.raises(CorpusError) as refused:
        read_corpus_file(path, {"text": "isi"})
    assert refused.value.key == "too_many_rows"
    assert refused.value.values["command"] == "sorot score 'besar korpus.csv' -o out.parquet"
    path.write_text("naskah bersih,judul,isi\n" + "polisi menangkap,a,b\n" * 10_000, encoding="utf-8")
    with pytest.raises(CorpusError) as refused:
        read_corpus_file(path, {"text": "naskah bersih"})
    told = "sorot score 'besar korpus.csv' --text-column 'naskah bersih' --title-column '' -o out.parquet"
    assert refused.value.values["command"] == told


def test_a_zip_bomb_is_refused_and_hostile_names_are_only_names(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"a" * (LIMITS.unpacked_bytes + 1))
    with pytest.raises(CorpusError, match="bomb"):
        read_corpus_file(bomb, {})
    path = tmp_path / "k.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../keluar.txt", "Polisi menangkap terduga teroris.")
        archive.writestr("gambar.png", b"\x89PNG")
    reading = read_corpus_file(path, {})
    assert [a.id for a in reading.articles] == ["../../keluar"] and [r.file for r in reading.rejects] == ["gambar.png"]
    assert not (tmp_path.parent.parent / "keluar.txt").exists()
    path.write_bytes(b"PK\x03\x04 bukan zip")
    with pytest.raises(CorpusError, match="broken"):
        read_corpus_file(path, {})


def test_other_limits_and_broken_rows(tmp_path: Path) -> None:
    path = tmp_path / "k.csv"
    path.write_text("isi,judul\npolisi,a\nhanya satu\n" + "x" * (LIMITS.characters + 1) + ",b\n", encoding="utf-8")
    reading = read_corpus_file(path, {"text": "isi"})
    assert len(reading.articles) == 1 and len(reading.rejects) == 2
    path.write_text(",".join(f"c{n}" for n in range(65)) + "\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="too_many_columns"):
        column_names(path)
    with pytest.raises(CorpusError, match="too_many_bytes"):
        column_names(path, replace(LIMITS, bytes=10))
    path.write_bytes(b"\x1f\x8b\x08packed")
    with pytest.raises(CorpusError, match="packed"):
        column_names(path)
    assert command("-x; rm.csv") == "sorot score './-x; rm.csv' -o out.parquet"


@settings(deadline=None)
@given(st.text(max_size=12), st.floats(0, 1))
def test_a_downloaded_csv_runs_no_formula_and_keeps_numbers(tiny_scorer: Scorer, text: str, p: float) -> None:
    corpus = scored(tiny_scorer, CorpusFile((Article(id="1", body="Polisi menangkap orang."),), ()))
    row = corpus.items[0].row | {**dict.fromkeys(FREE, text), "p_terrorism": p}
    corpus = replace(corpus, items=(replace(corpus.items[0], row=row),))
    at = thresholds(tiny_scorer)
    _, data = scored_file(corpus.items, "csv", at, at, tiny_scorer.taxonomy)
    [read] = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    for name in FREE:
        assert len(read[name]) < 2 or not read[name].startswith(("=", "+", "-", "@", "\t", "\r"))
        assert read[name].removeprefix("'") == text.removeprefix("'")
    assert float(read["p_terrorism"]) == p


def test_a_file_by_moved_thresholds_says_so(tiny_scorer: Scorer, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    corpus = scored(tiny_scorer, read_corpus_file(example(tmp_path), COLUMNS))
    at = thresholds(tiny_scorer)
    moved = {"topics": at["topics"] | {"terrorism": 0.0}}
    name, data = scored_file(relabel(corpus.items, moved, tiny_scorer.taxonomy), "parquet", moved, at, tiny_scorer.taxonomy)
    assert name == "sorot-terrorism-0.00.parquet"
    assert all("terrorism" in topics for topics in pq.read_table(io.BytesIO(data)).column("topics").to_pylist())


def test_a_spreadsheet_holds_the_same_values_and_no_formula(tiny_scorer: Scorer) -> None:
    calamine = pytest.importorskip("python_calamine")
    article = Article(id="1", body="Polisi menangkap orang di Jakarta hari ini.", title="=1+1")
    corpus, at = scored(tiny_scorer, CorpusFile((article,), ())), thresholds(tiny_scorer)
    name, data = scored_file(corpus.items, "xlsx", at, at, tiny_scorer.taxonomy)
    names, row = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    held = dict(zip(names, row, strict=True))
    assert name == "sorot.xlsx" and held["title"] == "'=1+1"
    assert held["p_terrorism"] == pytest.approx(corpus.items[0].row["p_terrorism"])


def test_ids_and_names_in_a_zip_run_no_formula(tiny_scorer: Scorer, tmp_path: Path) -> None:
    name = '=HYPERLINK("http:evil","x").txt'
    with zipfile.ZipFile(tmp_path / "k.zip", "w") as archive:
        archive.writestr(name, "Polisi menangkap orang.")
    corpus, at = scored(tiny_scorer, read_corpus_file(tmp_path / "k.zip", {})), thresholds(tiny_scorer)
    _, data = scored_file(corpus.items, "csv", at, at, tiny_scorer.taxonomy)
    [read] = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert (read["source"], read["id"]) == (f"'{name}", f"'{name.removesuffix('.txt')}")
