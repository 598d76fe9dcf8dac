"""Zip archives of files of any kind, and files packed by bzip2 and xz."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.article import Article, Reject
from sorot.data.errors import InputError
from sorot.data.reading.columns import Columns
from sorot.data.reading.documents.archive import DAMAGED_MEMBER, LOCKED, OTHERWISE_PACKED
from sorot.data.reading.readers import read_articles
from tests.data.read_inputs import BODY, csv_table, json_lines, parquet, read
from tests.data.reading.office_files import pdf, xlsx, zipped
from tests.serving.command import run

OTHER = "Nelayan di pesisir utara menolak rencana reklamasi pantai. Mereka mengajukan gugatan ke pengadilan tata usaha negara."
ROWS = [{"judul": "satu", "teks": BODY}, {"judul": "dua", "teks": OTHER}]


def archive(path: Path, members: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> str:
    path.write_bytes(zipped(members, method))
    return str(path)


def reasons(name: str) -> dict[str, str]:
    return {item.file.removeprefix(f"{name}/"): item.reason for item in read(name) if isinstance(item, Reject)}


def test_every_member_is_read_by_its_own_reader(tmp_path: Path) -> None:
    members: dict[str, bytes | str] = {
        "2024/a.csv": csv_table(ROWS), "2024/b.jsonl": json_lines(ROWS), "c.parquet": parquet(ROWS), "d.txt": BODY,
        "e.xlsx": xlsx({"x": [["judul", "teks"], ["satu", BODY]]}), "f.csv.gz": gzip.compress(csv_table(ROWS)),
        "g.pdf": pdf([["Warga kota datang ke taman baru itu sejak pagi."]]),
    }  # fmt: skip
    name = archive(tmp_path / "kumpulan.zip", members)
    found = read(name)
    assert all(isinstance(item, Article) for item in found), found
    articles = [item for item in found if isinstance(item, Article)]
    assert [a.source.file.removeprefix(f"{name}/") for a in articles if a.source] == [
        "2024/a.csv", "2024/a.csv", "2024/b.jsonl", "2024/b.jsonl", "c.parquet", "c.parquet", "d.txt", "e.xlsx",
        "f.csv.gz", "f.csv.gz", "g.pdf",
    ]  # fmt: skip
    assert articles[0].id == "kumpulan.zip/2024/a-2" and len({a.id for a in articles}) == len(articles)


def test_a_table_in_a_zip_scores_like_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = archive(tmp_path / "data.csv.zip", {"data.csv": f"judul;naskah\nsatu;{BODY}\n"})
    assert run(monkeypatch, "clean", name, "--text-column", "naskah") == 0
    assert BODY in capsys.readouterr().out
    # One member lacks a column as one file does; beside others it is a reject.
    with pytest.raises(InputError, match=r"data.csv.zip/data.csv: there is no column 'isi'"):
        read(name, columns=Columns(text="isi"))
    several = archive(tmp_path / "b.zip", {"a.csv": "kode,nilai\nx,1\n", "b.csv": csv_table(ROWS)})
    assert reasons(several) == {
        "a.csv": "no column looks like an article's text among 'kode', 'nilai'; name it with --text-column"
    }


def test_hidden_files_are_skipped_and_others_rejected_by_name(tmp_path: Path) -> None:
    hidden = {"__MACOSX/._a.txt": "x", ".DS_Store": "x", "b/.git/a.txt": "x", "desktop.ini": "x", "kosong/": ""}
    name = archive(tmp_path / "a.zip", {**hidden, "a.txt": BODY, "foto.png": b"\x89PNG", "BACA": "x"})
    found = read(name)
    assert [item.id for item in found if isinstance(item, Article)] == ["a.zip/a"]
    assert {file: reason[:12] for file, reason in reasons(name).items()} == {"foto.png": "the file is ", "BACA": "unknown type"}
    [item] = read(archive(tmp_path / "b.zip", {".DS_Store": "x"}))
    assert isinstance(item, Reject) and item.reason == "the file is a zip archive without files"


def test_ids_are_unique_beside_an_unpacked_copy_and_among_members(tmp_path: Path) -> None:
    members = {"b.txt": BODY, "b.html": f"<html><body><article><p>{BODY} {BODY}</p></article></body></html>", "B/b.text": OTHER}
    archive(tmp_path / "a.zip", {**members, "a.zip": zipped({"b.txt": OTHER}), "a/b.txt": BODY})
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.txt").write_text(BODY, encoding="utf-8")
    ids = [item.id for item in read(str(tmp_path)) if isinstance(item, Article)]
    assert len(ids) == 6 and len(set(ids)) == 6


def test_an_archive_in_an_archive_is_read_and_one_in_that_is_not(tmp_path: Path) -> None:
    innermost = zipped({"c.txt": BODY})
    name = archive(tmp_path / "a.zip", {"b.zip": zipped({"satu.txt": OTHER, "c.zip": innermost}), "d.zip": innermost})
    found = read(name)
    assert [item.source.file for item in found if isinstance(item, Article) and item.source] == [
        f"{name}/b.zip/satu.txt",
        f"{name}/d.zip/c.txt",
    ]
    assert reasons(name) == {"b.zip/c.zip": "the file is a zip archive inside two others; unpack it and give the folder"}


def test_locked_otherwise_packed_and_damaged_members_cost_themselves(tmp_path: Path) -> None:
    name = archive(tmp_path / "a.zip", {"a.txt": BODY, "b.txt": OTHER})
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    assert reasons(name) == {"a.txt": f"the file {LOCKED}"} and len(read(name)) == 2
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert reasons(archive(tmp_path / "b.zip", {"a.txt": BODY}, method)) == {"a.txt": f"the file {OTHERWISE_PACKED}"}
    name = archive(tmp_path / "c.zip", {"a.txt": BODY * 50, "b.txt": OTHER})
    data = bytearray((tmp_path / "c.zip").read_bytes())
    data[50:70] = bytes(20)
    (tmp_path / "c.zip").write_bytes(data)
    assert reasons(name) == {"a.txt": f"the file {DAMAGED_MEMBER}"} and len(read(name)) == 2
    (tmp_path / "d.zip").write_bytes(bytes(data[:120]))
    assert reasons(str(tmp_path / "d.zip")) == {str(tmp_path / "d.zip"): "the file is a damaged zip archive; zip it again"}


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made, made.open("a.txt", "w") as file:
        for _ in range(70):
            file.write(bytes(1_000_000))
    (tmp_path / "a.zip").write_bytes(buffer.getvalue())
    nested = archive(tmp_path / "b.zip", {"a.zip": buffer.getvalue(), "b.csv": csv_table(ROWS)})
    tracemalloc.start()
    try:
        [item] = read(str(tmp_path / "a.zip"))
        assert isinstance(item, Reject) and "unpacks to far more than it may" in item.reason
        assert list(reasons(nested)) == ["a.zip"] and len(read(nested)) == 3
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("flagged", [True, False])
def test_names_that_are_not_ascii(tmp_path: Path, flagged: bool) -> None:
    """Many tools write UTF-8 names without the flag that says so; others write them in the code page of DOS."""
    name = archive(tmp_path / "a.zip", {"désa.txt": BODY})
    data = (tmp_path / "a.zip").read_bytes()
    if not flagged:
        data = data.replace(b"\x00\x08", b"\x00\x00")
    (tmp_path / "a.zip").write_bytes(data)
    [item] = read(name)
    assert isinstance(item, Article) and item.id == "a.zip/désa"
    (tmp_path / "b.zip").write_bytes(zipped({"desa.txt": BODY}).replace(b"desa.txt", b"d\x82sa.txt"))
    [item] = read(str(tmp_path / "b.zip"))
    assert isinstance(item, Article) and item.id == "b.zip/désa"
    (tmp_path / "c.zip").write_bytes(zipped({"bulan/desa.txt": BODY}).replace(b"bulan/desa", b"bulan\\desa"))
    [item] = read(str(tmp_path / "c.zip"))
    assert isinstance(item, Article) and item.id == "c.zip/bulan/desa"


def test_a_zip_on_standard_input(tmp_path: Path) -> None:
    del tmp_path
    [item] = read_articles(["-"], stdin=io.BytesIO(zipped({"a.txt": BODY})))
    assert isinstance(item, Article) and item.source and item.source.file == "-/a.txt"


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=30))
def test_a_spoilt_zip_never_raises(at: int, noise: bytes) -> None:
    data = bytearray(zipped({"a.txt": BODY, "b.csv": csv_table(ROWS)}))
    data[4 + at : 4 + at + len(noise)] = noise
    for item in read_articles(["-"], stdin=io.BytesIO(bytes(data))):
        assert isinstance(item, Article | Reject)


@pytest.mark.parametrize(("suffix", "pack"), [(".bz2", bz2.compress), (".xz", lzma.compress)])
def test_bzip2_and_xz_are_unpacked_like_gzip(tmp_path: Path, suffix: str, pack: object) -> None:
    assert callable(pack)
    table = csv_table(ROWS)
    path = tmp_path / f"a.csv{suffix}"
    # Several packed pieces may follow one another.
    path.write_bytes(pack(table[:100]) + pack(table[100:]))
    found = read(str(tmp_path))
    assert [item.id for item in found if isinstance(item, Article)] == ["a-2", "a-3"] and len(found) == 2
    (tmp_path / "b").write_bytes(pack(BODY.encode()))
    [article] = read(str(tmp_path / "b"))
    assert isinstance(article, Article) and article.body == BODY
    packed = pack(b"isi\n" + b"".join(f"{BODY} {n}\n".encode() for n in range(50_000)))
    path.write_bytes(packed[: len(packed) // 2])
    *_, last = read(str(path))
    assert isinstance(last, Reject) and "cannot be read" in last.reason


def test_xz_that_asks_for_gigabytes_is_a_reject(tmp_path: Path) -> None:
    huge = lzma.compress(BODY.encode(), filters=[{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 300_000_000}])
    [item] = read(_write(tmp_path / "b.txt.xz", huge))
    assert isinstance(item, Reject) and "cannot be read" in item.reason


def _write(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-8-sig", "utf-16-le"])
def test_a_table_with_tabs_in_a_text_file(tmp_path: Path, encoding: str) -> None:
    """What Excel saves as 'Unicode Text (*.txt)'."""
    text = f'Judul\tIsi\tMedia\r\nTaman\t"{BODY}\nBaris ""dua"""\tSuara\r\nGugatan\t{OTHER}\tKabar\r\n'
    first, second = read(_write(tmp_path / "a.txt", text.encode(encoding)))
    assert isinstance(first, Article) and (first.title, first.body) == ("Taman", f'{BODY}\nBaris "dua"')
    assert isinstance(second, Article) and (second.outlet, second.body) == ("Kabar", OTHER)
    unnamed = _write(tmp_path / "b.txt", f"kode\tcatatan\tjenis\r\n1\t{BODY}\tx\r\n2\t{OTHER}\ty\r\n".encode(encoding))
    with pytest.raises(InputError, match="among 'kode', 'catatan', 'jenis'; name it with --text-column"):
        read(unnamed)
    assert len(read(unnamed, columns=Columns(text="catatan"))) == 2
    prose = f"Siaran pers\n\n\t{BODY}\n\tKata dia:\t{OTHER}\n"
    [article] = read(_write(tmp_path / "c.txt", prose.encode(encoding)))
    assert isinstance(article, Article)
