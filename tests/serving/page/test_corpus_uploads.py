"""What the corpus tab reads of a file: never more than its limits, nothing that nobody chose, and no member takes others along."""

from __future__ import annotations

import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sorot.data.budget import SERVICE_BUDGET
from sorot.serving.model.scorer import Scorer
from sorot.serving.page.app import build_page
from sorot.serving.page.corpus.limits import LIMITS, CorpusError
from sorot.serving.page.corpus.uploads import zip_texts as corpus_zip
from sorot.serving.page.corpus.uploads.corpus_file import FIELDS, column_names, read_corpus_file
from sorot.serving.workers.bounds import WorkerBounds, WorkStoppedError
from sorot.serving.workers.pool import WorkerPool
from tests.hostile_texts import PAGES

GOOD = "Polisi menangkap terduga teroris di Jakarta."
ROWS = 1_000
LONG = "a" * 100_000
TYPES = [
    pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary(len(LONG)),
    pa.dictionary(pa.int32(), pa.string()), pa.dictionary(pa.int32(), pa.large_string()),
]  # fmt: skip


def write_heavy(path: Path, kind: pa.DataType) -> Path:
    """A small file in which one long value is meant by every row of the column `title`."""
    column = pa.DictionaryArray.from_arrays(pa.array([0] * ROWS, pa.int32()), pa.array([LONG]))
    if not pa.types.is_dictionary(kind):
        column = pa.array([LONG.encode() if "binary" in str(kind) else LONG] * ROWS, kind)
    elif kind.value_type == pa.large_string():
        column = pa.DictionaryArray.from_arrays(pa.array([0] * ROWS, pa.int32()), pa.array([LONG], pa.large_string()))
    pq.write_table(pa.table({"isi": [GOOD] * ROWS, "title": column}), path, compression="zstd")
    assert path.stat().st_size < 100_000
    return path


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_a_value_that_every_row_means_is_counted_before_it_is_read(tmp_path: Path, kind: pa.DataType) -> None:
    path = write_heavy(tmp_path / "k.parquet", kind)
    assert column_names(path) == ["isi", "title"]
    tracemalloc.start()
    try:
        with pytest.raises(CorpusError) as refused:
            read_corpus_file(path, {"text": "isi", "title": "title"})
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert (refused.value.key, refused.value.values["limit"]) == ("bomb", 64)


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_a_column_that_nobody_chose_is_not_read(tmp_path: Path, kind: pa.DataType) -> None:
    path = write_heavy(tmp_path / "k.parquet", kind)
    tracemalloc.start()
    try:
        reading = read_corpus_file(path, {"text": "isi", "title": ""})
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert len(reading.articles) == ROWS and {a.title for a in reading.articles} == {None}


def as_varint(number: int, width: int = 0) -> bytes:
    """A number as a footer has it, with as many bytes as it is to have."""
    left, written = 2 * number, bytearray()
    while left > 127 or len(written) + 1 < width:
        written.append(left & 127 | 128)
        left >>= 7
    return bytes([*written, left])


@pytest.mark.parametrize("packed", ["zstd", "snappy"])
def test_a_footer_that_tells_small_sizes_ends_at_the_bound_of_its_worker(tmp_path: Path, packed: str) -> None:
    path = tmp_path / "k.parquet"
    pq.write_table(pa.table({"isi": ["a" * 70_000_000]}), path, compression=packed)
    data, told = path.read_bytes(), pq.ParquetFile(path).metadata.row_group(0).total_byte_size
    begin = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    size = as_varint(told)
    assert data.count(size, begin) == 2
    path.write_bytes(data[:begin] + data[begin:].replace(size, as_varint(1_000, len(size))))
    assert pq.ParquetFile(path).metadata.row_group(0).total_byte_size == 1_000
    worker = WorkerPool(1, WorkerBounds(cpu_seconds=30, wall_seconds=240.0, memory_bytes=60_000_000))
    try:
        with pytest.raises(WorkStoppedError, match="MB of memory"):
            worker.run(read_corpus_file, path, {"text": "isi"})
    finally:
        worker.close()


def test_a_zip_of_pages_on_which_a_library_took_quadratic_time(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    with zipfile.ZipFile(tmp_path / "k.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(33):
            archive.writestr(f"{number}.html", PAGES["JSON-LD"](200_000))
    # 10 s each before, 340 s in all.
    worker = WorkerPool(1, WorkerBounds(cpu_seconds=30, wall_seconds=240.0, memory_bytes=SERVICE_BUDGET.memory))
    try:
        assert len(worker.run(read_corpus_file, tmp_path / "k.zip", {}).articles) == 33
    finally:
        worker.close()


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("packed", ["zstd", "snappy", "gzip", "none"])
@pytest.mark.parametrize("dictionary", [False, True])
def test_honest_files_are_read_however_they_are_laid_out(tmp_path: Path, version: str, packed: str, dictionary: bool) -> None:
    path = tmp_path / "k.parquet"
    table = pa.table({"isi": [f"{GOOD} {n}" for n in range(ROWS)], "media": [str(n % 7) for n in range(ROWS)], "n": range(ROWS)})
    pq.write_table(
        table, path, compression=packed, data_page_version=version, use_dictionary=dictionary, data_page_size=2_000,
        row_group_size=300, write_page_checksum=True,
    )  # fmt: skip
    reading = read_corpus_file(path, {"text": "isi", "outlet": "media", "id": "n"})
    assert [a.id for a in reading.articles] == [str(n) for n in range(ROWS)] and not reading.rejects
    path.write_bytes(path.read_bytes().replace(b"\x15", b"\x1b", 1))
    with pytest.raises(CorpusError, match="broken"):
        read_corpus_file(path, {"text": "isi", "outlet": "media", "id": "n"})


def test_what_cannot_be_counted_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "k.parquet"
    table = pa.table({"isi": [GOOD], "bagian": [["a", "b"]], "a": [{"b": "c"}], "a.b": ["d"], "n": [1.5], "hari": [20_000]})
    pq.write_table(table.set_column(5, "hari", table["hari"].cast(pa.int32()).cast(pa.date32())), path)
    with pytest.raises(CorpusError, match="no_columns"):
        read_corpus_file(path, {"text": "bagian"})
    with pytest.raises(CorpusError, match="odd_column"):
        read_corpus_file(path, {"text": "a.b"})
    [article] = read_corpus_file(path, {"text": "isi", "id": "n", "date": "hari"}).articles
    assert article.id == "1.5" and article.published and article.published.year == 2024
    with pytest.raises(CorpusError, match="bomb"):
        read_corpus_file(path, {"text": "isi", "id": "n"}, replace(LIMITS, unpacked_bytes=7))


def zipped(path: Path, texts: dict[str, str], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return path


def test_what_macos_lays_beside_texts_is_passed_over_and_texts_alone_are_counted(tmp_path: Path) -> None:
    texts = {f"berita/{n}.txt": GOOD for n in range(5)}
    beside = {f"__MACOSX/berita/._{n}.txt": "\0\5\x16\7" * 20 for n in range(5)}
    others = {"berita/.DS_Store": "x", ".git/a.txt": "x", "berita/a.png": "x", "berita/b.png": "x"}
    path = zipped(tmp_path / "k.zip", texts | beside | others)
    reading = read_corpus_file(path, {}, replace(LIMITS, rows=5))
    assert [a.id for a in reading.articles] == [f"berita/{n}" for n in range(5)]
    assert [a.source.file for a in reading.articles if a.source] == list(texts)
    assert [r.file for r in reading.rejects] == ["berita/a.png", "berita/b.png"]
    with pytest.raises(CorpusError, match="too_many_rows"):
        read_corpus_file(path, {}, replace(LIMITS, rows=4))
    with pytest.raises(CorpusError, match="no_rows"):
        read_corpus_file(zipped(tmp_path / "kosong.zip", beside), {})


@pytest.mark.parametrize(
    ("method", "damaged"),
    [(zipfile.ZIP_BZIP2, False), (zipfile.ZIP_BZIP2, True), (zipfile.ZIP_LZMA, True), (zipfile.ZIP_DEFLATED, True)],
)
def test_a_member_that_is_packed_otherwise_or_damaged_costs_itself(tmp_path: Path, method: int, damaged: bool) -> None:
    path = zipped(tmp_path / "k.zip", {"a.txt": "a" * 60_000_000}, method)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("b.txt", GOOD)
    if damaged:
        data = bytearray(path.read_bytes())
        data[45:60] = bytes(15)
        path.write_bytes(data)
    tracemalloc.start()
    try:
        reading = read_corpus_file(path, {})
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert [a.id for a in reading.articles] == ["b"] and [r.file for r in reading.rejects] == ["a.txt"]
    assert "zip it again" in reading.rejects[0].reason


def test_a_page_at_which_the_parser_fails_or_that_is_too_large_costs_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    def fails(data: object, **options: object) -> None:
        del options
        seen.append(data)
        raise ValueError("GOOD")

    monkeypatch.setattr("trafilatura.bare_extraction", fails)
    large = f"<p>{'a' * LIMITS.html_characters}</p>"
    path = zipped(
        tmp_path / "k.zip",
        {
            "a.html": f"<html><body><h1>Judul berita itu</h1><p>{GOOD}</p><p>{GOOD}</p></body></html>",
            "besar.html": large,
            "b.txt": GOOD,
        },
    )
    reading = read_corpus_file(path, {})
    assert [a.id for a in reading.articles] == ["b"] and [r.file for r in reading.rejects] == ["a.html", "besar.html"]
    assert len(seen) == 1 and "2,000,000 bytes" in reading.rejects[1].reason and "GOOD" not in reading.rejects[0].reason


def test_a_long_text_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = zipped(tmp_path / "k.zip", {"a.txt": "a" * 30_000_000, "b.txt": "a" * (LIMITS.characters + 1), "c.txt": GOOD})
    tracemalloc.start()
    try:
        reading = read_corpus_file(path, {})
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert [r.reason for r in reading.rejects] == ["longer than 200,000 characters"] * 2 and len(reading.articles) == 1


@pytest.fixture(scope="module")
def handler(tiny_scorer: Scorer) -> Callable[[str], Callable[..., Any]]:
    page = build_page(tiny_scorer)
    return lambda name: next(f.fn for f in page.fns.values() if f.fn and f.fn.__name__ == name)


def chosen(**columns: str) -> list[str]:
    return [columns.get(field, "") for field in FIELDS]


def test_a_preview_reads_no_more_than_it_shows(handler: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = corpus_zip.read_html

    def counting(data: bytes, file: str, stem: str) -> Any:
        read.append(file)
        return real(data, file, stem)

    monkeypatch.setattr(corpus_zip, "read_html", counting)
    page = f"<html><body><article><p>{GOOD} {GOOD}</p><p>{GOOD}</p></article></body></html>"
    path = zipped(tmp_path / "k.zip", {f"{n:03}.html": page for n in range(100)})
    shown = handler("preview")(str(path), *chosen(), "id")
    assert shown.count("<li>") == 3 and len(read) == 3
    table = tmp_path / "k.csv"
    table.write_text("isi\n" + f"{GOOD}\n" * 10_000, encoding="utf-8")
    assert handler("preview")(str(table), *chosen(text="isi"), "id").count("<li>") == 3


def test_why_a_file_is_not_read_is_told_in_its_own_words(handler: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "k.csv"
    path.write_text('"isi,judul\n' + "a,b\n" * 50, encoding="utf-8")
    said, *_ = handler("look")(str(path), "id")
    assert "Berkas ini tidak dapat dibaca" in said and "a quotation mark in the header is not closed" in said
    path.write_text("isi,judul\na,b\n", encoding="utf-8")
    assert "Pilih lagi kolomnya" in handler("preview")(str(path), *chosen(text="isi", title="tidak ada"), "id")
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    said = handler("preview")(str(zipped(tmp_path / "k.zip", {"a.html": "<p>a</p>"})), *chosen(), "en")
    assert "reading HTML needs trafilatura; add it with: pip install" in said and "column" not in said
    # No message gives a path of this machine.
    assert str(tmp_path) not in said
    path.unlink()
    for name, rest in (("look", ()), ("preview", chosen(text="isi"))):
        said = handler(name)(str(path), *rest, "id")
        assert "Berkas ini sudah dihapus. Unggah lagi." in (said if isinstance(said, str) else said[0])


def test_an_object_of_json_without_a_title_is_an_article_too(tmp_path: Path) -> None:
    path = tmp_path / "k.jsonl"
    path.write_text(f'{{"isi": "{GOOD}", "judul": "a", "media": "b"}}\n{{"isi": "{GOOD}"}}\n', encoding="utf-8")
    reading = read_corpus_file(path, {"text": "isi", "title": "judul", "outlet": ""})
    assert [(a.title, a.outlet) for a in reading.articles] == [("a", None), (None, None)] and not reading.rejects
