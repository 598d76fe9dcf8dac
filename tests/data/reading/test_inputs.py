"""Which files an input names, what they are called, and what their pages tell."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from sorot.data.article import Article, Reject
from sorot.data.errors import InputError
from sorot.data.prepare import UnreadableTextError, prepare_text
from sorot.data.reading.columns import Columns
from sorot.data.reading.readers import find_files, read_articles, read_file, read_html

BODY = "Pemerintah kota membuka taman baru di tepi sungai pada hari Minggu. Warga datang sejak pagi dan menikmati udara segar."


def make(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(BODY, encoding="utf-8")


def ids(*inputs: object, leave_out: tuple[Path, ...] = ()) -> list[str]:
    return [item.id for item in read_articles([str(i) for i in inputs], leave_out=leave_out) if isinstance(item, Article)]


def test_files_of_unknown_type_in_a_folder_are_rejects(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "b.png", "sub/c.MP3", "README", ".hidden.txt", ".git/d.txt", "sub/.cache/e.pdf")
    found = list(read_articles([str(tmp_path)]))
    assert [i.id for i in found if isinstance(i, Article)] == ["a"]
    rejects = {Path(i.file).name: i.reason for i in found if isinstance(i, Reject)}
    assert {name: reason.split(";")[0] for name, reason in rejects.items()} == {
        "README": "unknown type (no suffix)",
        "b.png": "unknown type .png",
        "c.MP3": "unknown type .mp3",
    }
    assert ".jsonl" in rejects["b.png"]
    assert find_files(str(tmp_path)) == [tmp_path / "a.txt"]


def test_a_hidden_folder_that_is_given_is_read(tmp_path: Path) -> None:
    make(tmp_path, ".data/a.txt")
    assert ids(tmp_path / ".data") == ["a"]


def test_a_file_that_several_inputs_name_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.txt", "b.txt")
    monkeypatch.chdir(tmp_path)
    assert ids(tmp_path, "*.txt", "a.txt", "./b.txt", tmp_path / "a.txt") == ["a", "b"]


def test_ids_tell_files_of_one_name_apart(tmp_path: Path) -> None:
    make(tmp_path, "a/x.txt", "b/x.txt")
    (tmp_path / "b" / "y.csv").write_text("teks\nsatu\n", encoding="utf-8")
    assert ids(tmp_path) == ["a/x", "b/x", "b/y-2"]
    assert ids(tmp_path / "*" / "x.txt") == ["a/x", "b/x"]
    assert ids(tmp_path / "b" / "*") == ["x", "y-2"]
    assert ids(tmp_path / "a" / "x.txt") == ["x"]


@pytest.mark.parametrize("name", ["", "file://", "s3://"])
def test_an_input_without_a_name_is_no_folder(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.txt")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="an input name is empty"):
        ids(name)
    assert ids(".") == ["a"]


def test_linked_folders_are_read_once_and_by_their_own_names_first(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    make(tmp_path, "root/b/x.txt", "root/z.txt", "outside/sub/y.txt", "outside/.git/h.txt")
    for link, to in {"a": root / "b", "b/up": root, "c": outside, "d": outside, "e": tmp_path, ".f": outside}.items():
        (root / link).symlink_to(to, target_is_directory=True)
    (outside / "again").symlink_to(outside, target_is_directory=True)
    (root / "broken").symlink_to(tmp_path / "absent")
    assert ids(root) == ["b/x", "c/sub/y", "z"]
    assert ids(root / "c") == ["sub/y"]
    assert find_files(str(root)) == [root / "b" / "x.txt", root / "c" / "sub" / "y.txt", root / "z.txt"]


def test_a_folder_that_cannot_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "root/a.txt", "root/b/c.txt", "root/d.txt", "root/.e/f.txt", "closed/g.txt")
    (tmp_path / "root" / "c").symlink_to(tmp_path / "closed")
    closed = {str(tmp_path / name) for name in ("root/b", "root/c", "root/.e", "closed")}
    scandir = os.scandir

    def scan(path: str) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
        if str(path) in closed:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", scan)
    found = list(read_articles([str(tmp_path / "root")]))
    reason = "the folder cannot be read: Permission denied; make it readable, or remove it"
    assert [item.id if isinstance(item, Article) else (item.file, item.row, item.reason) for item in found] == [
        "a",
        (str(tmp_path / "root" / "b"), None, reason),
        (str(tmp_path / "root" / "c"), None, reason),
        "d",
    ]
    with pytest.raises(InputError, match="/closed: the folder cannot be read: Permission denied"):
        ids(tmp_path / "closed")


def test_a_file_that_cannot_be_looked_at_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.txt", "b/c.txt")
    stat = os.stat

    def look(path: object, **options: bool) -> os.stat_result:
        if str(path).endswith("c.txt"):
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "stat", look)
    article, reject = read_articles([str(tmp_path)])
    assert isinstance(article, Article) and isinstance(reject, Reject) and reject.file.endswith("b/c.txt")
    assert reject.reason == "the file cannot be read: Permission denied; make it readable, or remove it"


def test_no_two_files_are_called_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.txt", "a.md", "a.png", "b.txt", "2016/x.txt", "2016/y.txt", "2017/x.txt", "2017/z.txt", "2017/stdin.txt")
    for name in ("berita.csv", "berita.tsv"):
        (tmp_path / name).write_text("teks\nsatu\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert ids("a.txt", "a.md", "b.txt") == ["a.txt", "a.md", "b"]
    assert ids("berita.csv", "berita.tsv") == ["berita.csv-2", "berita.tsv-2"]
    assert ids("2016", "2017") == ["2016/x.txt", "y", "stdin", "2017/x.txt", "z"]
    assert ids("2016/x.txt", "2016") == ["x", "y"]
    # What another file's name with suffix would be is taken as well.
    make(tmp_path, "a.txt.md")
    assert ids("a.txt", "a.md", "a.txt.md") == ["a.txt", "a.md", "a.txt.md"]
    found = list(read_articles(["-", "2017/stdin.txt"], stdin=io.BytesIO(BODY.encode())))
    assert [item.id for item in found if isinstance(item, Article)] == ["stdin", "stdin.txt"]
    assert ids(tmp_path)[:4] == ["2016/x", "2016/y", "2017/stdin", "2017/x"]


def test_files_that_a_run_writes_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.txt", "b.txt")
    monkeypatch.chdir(tmp_path)
    out = Path("b.txt")
    assert ids(tmp_path, leave_out=(out, Path("absent.txt"))) == ids(tmp_path / "*.txt", leave_out=(out,)) == ["a"]
    assert find_files(str(tmp_path), leave_out=[out]) == [tmp_path / "a.txt"]
    make(tmp_path, "c.duckdb")
    assert len(list(read_articles([str(tmp_path)], leave_out=[out, Path("c.duckdb")]))) == 1
    with pytest.raises(InputError, match="this run writes that file"):
        ids("b.txt", leave_out=(out,))


def test_names_that_are_no_utf8_can_be_written(tmp_path: Path) -> None:
    good, bad = tmp_path / os.fsdecode(b"caf\xe9.txt"), tmp_path / os.fsdecode(b"kosong\xff.txt")
    table = tmp_path / os.fsdecode(b"tabel\xff.csv")
    good.write_text(BODY, encoding="utf-8")
    bad.write_bytes(b"")
    table.write_text("teks\nsatu\n", encoding="utf-8")
    article, reject, row = read_articles([str(tmp_path)])
    assert isinstance(article, Article) and article.id == "caf\ufffd" and article.source is not None
    assert article.source.file.endswith("caf\ufffd.txt")
    assert isinstance(reject, Reject) and reject.file.endswith("kosong\ufffd.txt")
    assert isinstance(row, Article) and row.id == "tabel\ufffd-2"
    with pytest.raises(InputError) as stop:
        next(read_articles([os.fsdecode(b"tidak\xff.txt")]))
    str(stop.value).encode("utf-8")


def test_a_name_with_a_colon_stays_out_of_the_reason(tmp_path: Path) -> None:
    make(tmp_path, "b.txt")
    (tmp_path / "a: b.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    reject = next(read_articles([str(tmp_path)]))
    assert isinstance(reject, Reject) and reject.reason.startswith("no column looks like")


def test_nested_lists_are_no_fields_but_an_objects_name_is(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    deep = "[" * 900 + "]" * 900
    path.write_text(
        f'{{"teks": "satu", "judul": {deep}, "media": {{"nama": "x"}}}}\n{{"teks": [{deep}, "dua"]}}\n', encoding="utf-8"
    )
    first, second = read_file(path, Columns())
    assert isinstance(first, Article) and (first.title, first.outlet) == (None, "x")
    assert isinstance(second, Article) and second.body == "dua"


@pytest.mark.parametrize("suffix", ["jsonl", "json"])
def test_a_row_of_json_may_lack_every_named_key_but_the_texts(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    rows = ['{"catatan": "satu", "waktu": "17 Juli 2017"}', '{"catatan": "dua", "tanggal": "18 Juli 2017"}', '{"waktu": "2017"}']
    path.write_text("\n".join(rows) if suffix == "jsonl" else f"[{','.join(rows)}]", encoding="utf-8")
    first, second, third = read_file(path, Columns(text="catatan", date="waktu", id="kunci"))
    assert isinstance(first, Article) and first.published is not None and first.id == "a-1"
    # The column that is named is meant, and no other that could serve.
    assert isinstance(second, Article) and (second.body, second.published) == ("dua", None)
    assert isinstance(third, Reject) and third.reason == "there is no column 'catatan'; the columns are 'waktu'"


@pytest.mark.parametrize(
    ("head", "body", "moment"),
    [
        ('<meta property="article:published_time" content="2017-07-17T21:24:05+08:00">', "", "2017-07-17T21:24:05+08:00"),
        ('<meta property="article:published_time" content="2017-07-17T14:24:05Z">', "", "2017-07-17T14:24:05+00:00"),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2017-07-17T21:24:00+07:00", '
            '"dateModified": "2018-01-01T00:00:00+07:00"}</script>',
            "",
            "2017-07-17T21:24:00+07:00",
        ),
        ("", '<time datetime="2017-07-17T21:24:00+09:00">17 Juli 2017</time>', "2017-07-17T21:24:00+09:00"),
        ("", '<time datetime="2017-07-17 21:24">17 Juli 2017</time>', "2017-07-17T21:24:00+07:00"),
        ('<meta property="article:published_time" content="2017-07-17">', "", "2017-07-17"),
    ],
)
def test_pages_tell_the_time_of_day_and_its_zone(head: str, body: str, moment: str) -> None:
    page = f"<html><head><title>Taman baru</title>{head}</head><body><article><h1>Taman</h1>{body}<p>{BODY}</p><p>{BODY} Lagi.</p></article></body></html>"
    article = read_html(page, "page", "page")
    assert isinstance(article, Article) and article.published is not None
    assert article.published.isoformat() == moment


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_pages_in_any_encoding(encoding: str) -> None:
    page = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<html><head><meta charset="{encoding}"><title>Taman Désa</title></head>'
        f"<body><article><h1>Taman</h1><p>“Désa” {BODY}</p><p>{BODY} Lagi.</p></article></body></html>"
    )
    article = read_html(page.encode(encoding), "page", "page")
    assert isinstance(article, Article) and "“Désa” Pemerintah" in article.body


STUMBLING = f"<html><body><p>{BODY}</p></body></html>"


def test_a_page_at_which_the_parser_stumbles_costs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumbles(data: object, **options: object) -> None:
        del data, options
        raise AssertionError("a quotation of the page")

    monkeypatch.setattr("trafilatura.bare_extraction", stumbles)
    make(tmp_path, "b.txt")
    (tmp_path / "a.html").write_text(STUMBLING, encoding="utf-8")
    reject, article = read_articles([str(tmp_path)])
    assert isinstance(reject, Reject) and (Path(reject.file).name, reject.row) == ("a.html", 1)
    assert reject.reason == "this HTML page cannot be read (AssertionError in trafilatura); give its article as plain text"
    assert isinstance(article, Article) and article.id == "b"
    with pytest.raises(UnreadableTextError, match="this HTML page cannot be read"):
        prepare_text(STUMBLING, html=True)


def test_memory_that_runs_out_in_the_parser_is_that_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(data: str, **options: object) -> None:
        del data, options
        raise MemoryError

    monkeypatch.setattr("trafilatura.bare_extraction", fails)
    page = f"<html><body><p>{BODY}</p></body></html>"
    if sys.platform == "linux":
        # Elsewhere nothing bounds a page's memory, so it may be anybody's.
        assert read_html(page, "a.html", "a") == Reject(
            "a.html", 1, "this HTML page needs more than 2 GB of memory; give its article as plain text"
        )
    else:
        with pytest.raises(MemoryError):
            read_html(page, "a.html", "a")
