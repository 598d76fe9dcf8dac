"""Texts that are no article are refused by their kind; whatever people write passes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorot.data.article import Article, Reject
from sorot.data.reading.prose import looks_like_prose
from sorot.data.reading.readers import read_articles

PROSE = "Dinas pendidikan membuka perpustakaan keliling di empat kecamatan. Anak sekolah boleh meminjam dua buku."
REFUSED = {
    "mysql": (
        "an SQL dump",
        "-- MySQL dump\n/*!40101 SET NAMES utf8 */;\nDROP TABLE IF EXISTS `b`;\nCREATE TABLE `b` (\n `isi` text\n);\n",
    ),
    "sqlite": ("an SQL dump", "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE b(isi);\n"),
    "postgres": (
        "an SQL dump",
        "--\n-- PostgreSQL database dump\n--\n\nSET statement_timeout = 0;\nCREATE TABLE public.b (isi text);\n",
    ),
    "insert": ("an SQL dump", "INSERT INTO b (id,judul,isi)\nVALUES (1,'x','<p>Satu</p><p>Dua</p>');\n"),
    "log": ("a log", "2025-02-03 04:05:06,789 - laba - INFO - mulai\n2025-02-03 04:05:07,789 - laba - ERROR - gagal\n"),
    "access log": ("a log", '10.0.0.1 - - [03/Feb/2025:04:05:06 +0700] "GET /a HTTP/1.1" 200 5\n' * 3),
    "python": ("source code", "import re\n\ndef baca(nama):\n    isi = buka(nama)\n    return isi\n\nprint(baca('a'))\n"),
    "css": ("source code", "body {\n  margin: 0;\n}\n.judul,\n.isi {\n  color: #333;\n}\n"),
    "script": (
        "source code",
        '(function(a,b){"use strict";var c={d:1};for(var e=0;e<b.length;e++){c[e]=a[e];}window.f=c;})(window,document);' * 3,
    ),
    "addresses": ("a list of addresses", "https://a.example/1\nhttps://a.example/2\n"),
    "hosts": ("a list of addresses", "judi.example\nslot.example\nbandar.example\n"),
    "numbers": ("data without words", "12\n13,5\n2025-02-03\n"),
    "table": ("a table without a column for the text", "a;b;c\n1;2;3\n4;5;6\n7;8;9\nx;y;z\n"),
    "key": ("a certificate or a key", "-----BEGIN CERTIFICATE-----\nMIIB\n"),
    "sitemap": (
        "a sitemap",
        '<?xml version="1.0"?>\n<!-- dibuat -->\n<urlset xmlns="x"><url><loc>http://a.id</loc></url></urlset>',
    ),
    "opml": ("a list of feeds", '<?xml version="1.0"?><opml version="2.0"><body/></opml>'),
    "xml": ("XML", "<?xml version='1.0'?><posts><post><isi>Satu dua</isi></post></posts>"),
    "bare xml": ("XML", "<dokumen><isi>Satu dua</isi></dokumen>"),
    "listing": (
        "a folder listing",
        "<html><head><title>Index of /berita</title></head><body><a href='a.txt'>a.txt</a></body></html>",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("suffix", [".txt", None])
def test_what_is_no_article_is_refused_by_its_kind(case: str, suffix: str | None, tmp_path: Path) -> None:
    kind, text = REFUSED[case]
    name = "-" if suffix is None else str(tmp_path / f"a{suffix}")
    if suffix is not None:
        (tmp_path / f"a{suffix}").write_text(text, encoding="utf-8")
    [reject] = read_articles([name], stdin=io.BytesIO(text.encode()))
    assert isinstance(reject, Reject) and f" is {kind}" in reject.reason and "; " in reject.reason


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        "satu",
        "Gempa 5,2 SR!!! #gempa @bmkg https://t.example/x",
        "RT @warga: gak bisa login lagi nih :( {parah} = lemot; udah 3x",
        "Beranda\nNasional\nBola\nTeknologi\n* Satu & dua\n* Tiga & empat\n\n" + PROSE,
        "Menimbang:\na. bahwa informasi (elektronik) diatur;\nb. bahwa dokumen itu sah;\nc. bahwa hal itu perlu;\n",
        "Judul: Tukik\nTanggal: 3 Februari 2025\nIsi: " + PROSE,
        "Kerajaan akan memperkenalkan akta baharu kerana pihak polis menerima banyak aduan.",
        "Bupati ngresmikake taman anyar ing pinggir kali; wargane padha seneng.",
        "Update terbaru\nSelect your seat from the list, then drop table reservations.",
        "08.00 Polisi tiba\n09.15 Warga berkumpul\n10.30 Jalan dibuka\n",
    ],
)
def test_what_people_write_is_one_text(text: str) -> None:
    [article] = read_articles(["-"], stdin=io.BytesIO(text.encode()))
    assert isinstance(article, Article) and article.body == text.strip()


@pytest.mark.parametrize(
    "text", [f"<p>{PROSE}</p>\n<p>{PROSE} Lagi.</p>", f"<div>{PROSE}</div>", f"{PROSE}<br><br>{PROSE} Lagi.<br>"]
)
def test_markup_in_a_text_file_is_no_text(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    [item] = read_articles([str(path)])
    assert isinstance(item, Reject) or "<" not in item.body


@given(st.lists(st.text("abcdefg ", min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=30))
def test_words_are_prose(words: list[str]) -> None:
    assert looks_like_prose(" ".join(words) + ".")
