"""What other tools write: their columns, dates, wrappers and placeholders, each read as what it is or refused by its kind."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from sorot.data.article import Article, Reject
from sorot.data.prepare import prepare
from sorot.data.reading.notes import ReadingNotes
from sorot.data.reading.readers import read_articles
from tests.data.reading.office_files import xlsx, zipped

FIRST = "Para nelayan di Teluk Seruni menolak jaring baru yang dibagikan dinas perikanan pada Senin pagi."
SECOND = "Mereka mengatakan lubang jaring itu terlalu kecil sehingga ikan muda ikut tertangkap dan mati."
THIRD = "Kepala dinas berjanji meninjau ulang pembagian itu setelah bertemu perwakilan nelayan pekan depan."
TITLE = "Nelayan Teluk Seruni Menolak Jaring Baru"


def found(path: Path, data: str | bytes, notes: ReadingNotes | None = None) -> list[Article | Reject]:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(read_articles([str(path)], notes=notes))


def table(header: str, *rows: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header.split(","), *rows])
    return text.getvalue()


def articles(items: list[Article | Reject]) -> list[Article]:
    assert all(isinstance(item, Article) for item in items), items
    return [item for item in items if isinstance(item, Article)]


def dates(path: Path, header: str, *rows: tuple[str, ...]) -> list[str]:
    return [str(item.published) for item in articles(found(path / "a.csv", table(header, *rows)))]


def test_a_column_of_utc_midnights_in_jakarta_holds_days(tmp_path: Path) -> None:
    rows = ((FIRST, "2025-02-10T17:00:00.000Z"), (SECOND, "2025-02-11T17:00:00.000Z"))
    assert dates(tmp_path, "isi,tanggal", *rows) == ["2025-02-11", "2025-02-12"]
    timed = (*rows, (THIRD, "2025-02-12T03:00:00.000Z"))
    assert dates(tmp_path, "isi,tanggal", *timed)[0] == "2025-02-10 17:00:00+00:00"


@pytest.mark.parametrize(
    ("header", "row", "moment"),
    [
        ("isi,DATE,SourceCommonName,DocumentIdentifier", (FIRST, "20250712100000", "a.example", "https://a.example/1"), "2025-07-12 10:00:00+00:00"),
        ("body,timestamp,unix_timestamp", (FIRST, "2024-02-11 08:00:00", "1707638400"), "2024-02-11 08:00:00+00:00"),
        ("isi,created_utc", (FIRST, "2024-02-11 08:00:00"), "2024-02-11 08:00:00+00:00"),
        ("isi,created_utc", (FIRST, "2024-02-11 08:00:00 WIB"), "2024-02-11 08:00:00+07:00"),
        ("isi,date,dateTime", (FIRST, "2024-02-11", "2024-02-11T08:00:00Z"), "2024-02-11 08:00:00+00:00"),
    ],
)  # fmt: skip
def test_times_of_tools_that_write_utc(tmp_path: Path, header: str, row: tuple[str, ...], moment: str) -> None:
    assert dates(tmp_path, header, row) == [moment]


def test_notes_tell_of_a_doubtful_order_and_of_two_orders(tmp_path: Path) -> None:
    for cells, words in (
        (("1/2/2025", "1/3/2025"), "read with the day first"),
        (("02/13/2025", "13/02/2025"), "others the month"),
    ):
        notes = ReadingNotes()
        found(tmp_path / "a.csv", table("isi,tanggal", (FIRST, cells[0]), (SECOND, cells[1])), notes)
        assert [line for line in notes.lines() if words in line]


def test_a_workbook_is_read_like_any_table(tmp_path: Path) -> None:
    sheet = [
        ["Laporan pemantauan media", "", "", ""],
        ["judul", "isi", "tanggal", "id"],
        ["A", FIRST, "02/11/2025", 1875123456789012345],
        ["B", SECOND, "02/13/2025", 1875123456789099999],
        ["", "", "", ""],
        ["media", "jumlah", "", ""],
        ["Kabar Teluk", 12, "", ""],
    ]
    notes = ReadingNotes()
    items = found(tmp_path / "a.xlsx", xlsx({"Berita": sheet}), notes)
    assert [str(item.published) for item in items if isinstance(item, Article)] == ["2025-02-11", "2025-02-13"]
    assert ["below a blank line" in item.reason for item in items if isinstance(item, Reject)] == [True, True]
    assert any("text = isi" in line for line in notes.lines()) and any(
        "rounded by a spreadsheet" in line for line in notes.lines()
    )


def test_a_second_table_below_a_blank_line_gives_no_articles(tmp_path: Path) -> None:
    text = f'judul,isi,tanggal\nA,"{FIRST}",2025-02-11\n\n,,\nRekap,jumlah,\nKabar,12,\n\nB,"{SECOND}",2025-02-12\n'
    items = found(tmp_path / "a.csv", text)
    assert [item.title for item in items if isinstance(item, Article)] == ["A", "B"]
    assert len([item for item in items if isinstance(item, Reject)]) == 2


def test_lines_of_a_report_above_its_table_are_skipped(tmp_path: Path) -> None:
    text = f'Laporan Pemantauan Media,,\nPeriode,1-12 Februari 2025,\n,,\njudul,isi,tanggal\nA,"{FIRST}",2025-02-11\n'
    [article] = articles(found(tmp_path / "a.csv", text))
    assert (article.title, article.body, article.published) == ("A", FIRST, date(2025, 2, 11))


def test_a_file_of_two_encodings(tmp_path: Path) -> None:
    rows = f"isi\n“{FIRST}” kata—nya\n".encode(), f"“{SECOND}” kata—nya\n".encode("cp1252")
    assert [a.body for a in articles(found(tmp_path / "a.csv", b"".join(rows)))] == [
        f"“{FIRST}” kata—nya",
        f"“{SECOND}” kata—nya",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Artikel ini khusus pelanggan. Silakan berlangganan untuk membaca selengkapnya.",
        "Untuk membaca artikel ini silakan login terlebih dahulu",
        "no content available",
        "TIDAK ADA ISI",
        "Content not found or failed to scrape",
        "Failed to extract content",
        "Gagal mengekstrak teks",
    ],
)
def test_what_scrapers_and_paywalls_write_is_no_text(tmp_path: Path, text: str) -> None:
    [item] = found(tmp_path / "a.csv", table("judul,isi", (TITLE, text)))
    assert isinstance(item, Reject) and "no text" in item.reason


def test_an_id_may_be_a_number_of_an_error(tmp_path: Path) -> None:
    [article] = articles(found(tmp_path / "a.csv", table("id,isi", ("404", FIRST))))
    assert article.id == "404"


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (f'{{"{FIRST}","{SECOND}"}}', f"{FIRST}\n\n{SECOND}"),
        (f"{FIRST}\\n\\n{SECOND}", f"{FIRST}\n\n{SECOND}"),
        (f'[caption id="a"]<img src="a.jpg"/> Foto warga[/caption]\n\n{FIRST}\n\n[embed]https://x.example/v[/embed]', FIRST),
        (f"[vc_row][vc_column_text]{FIRST}[/vc_column_text][/vc_row]", FIRST),
        (f"[b]{FIRST}[/b] [img]https://x.example/a.jpg[/img]", FIRST),
        (f"{FIRST} [+1200 chars]", FIRST),
        ("Ia menulis [b] dan \\nama di papan itu sejak pagi.", "Ia menulis [b] dan \\nama di papan itu sejak pagi."),
        ('{"a": "b"} ditulis warga di papan itu.', '{"a": "b"} ditulis warga di papan itu.'),
    ],
)
def test_marks_of_programs_in_a_cell(tmp_path: Path, text: str, body: str) -> None:
    [article] = articles(found(tmp_path / "a.csv", table("judul,isi", (TITLE, text))))
    assert article.body == body


def test_a_source_that_python_wrote_and_a_title_with_its_outlet(tmp_path: Path) -> None:
    text = table("source,title,content", ("{'id': None, 'name': 'Kabar Teluk'}", f"{TITLE} - Kabar Teluk", FIRST))
    [article] = articles(found(tmp_path / "a.csv", text))
    assert (article.outlet, article.title) == ("Kabar Teluk", TITLE)
    [other] = articles(found(tmp_path / "b.csv", table("source,title,content", ("Kabar", "Derbi Merah - Biru", FIRST))))
    assert other.title == "Derbi Merah - Biru"


def test_a_page_name_is_the_outlet_of_a_post_and_an_address_in_source_its_url(tmp_path: Path) -> None:
    text = table("Page Name,Message,URL", ("Kabar Teluk", FIRST, "https://www.facebook.com/kabar/posts/1"))
    assert articles(found(tmp_path / "a.csv", text))[0].outlet == "Kabar Teluk"
    [article] = articles(found(tmp_path / "b.csv", table("title,text,source", (TITLE, FIRST, "https://kabar.example/1"))))
    assert (article.outlet, article.url) == ("kabar.example", "https://kabar.example/1")


def lines(*rows: Any) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


ROWS: list[dict[str, Any]] = [{"judul": "A", "isi": FIRST}, {"judul": "B", "isi": SECOND}]


@pytest.mark.parametrize(
    ("name", "text", "ids"),
    [
        ("bulk.jsonl", lines({"index": {"_id": "x1"}}, ROWS[0], {"create": {"_index": "b", "_id": "x2"}}, ROWS[1]), ["x1", "x2"]),
        ("jq.json", "".join(json.dumps(row, indent=1) + "\n" for row in ROWS), ["jq-1", "jq-2"]),
        ("hari.json", json.dumps({"2025-02-11": ROWS[:1], "2025-02-12": ROWS[1:]}), ["hari-1", "hari-2"]),
        (
            "firestore.json",
            json.dumps({"documents": [{"name": "n/1", "fields": {"judul": {"stringValue": r["judul"]}, "isi": {"stringValue": r["isi"]}}} for r in ROWS]}),
            ["firestore-1", "firestore-2"],
        ),
    ],
)  # fmt: skip
def test_json_of_stores_and_tools(tmp_path: Path, name: str, text: str, ids: list[str]) -> None:
    items = articles(found(tmp_path / name, text))
    assert [(item.id, item.title, item.body) for item in items] == [(ids[0], "A", FIRST), (ids[1], "B", SECOND)]


def feed(items: str, title: str = "Kabar Teluk - Berita Terkini") -> str:
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"'
    return f'<?xml version="1.0"?><rss version="2.0" {space}><channel><title>{title}</title>{items}</channel></rss>'


def test_a_wordpress_export_gives_its_published_posts(tmp_path: Path) -> None:
    pytest.importorskip("feedparser")
    item = "<item><title>{}</title><content:encoded>&lt;p&gt;{}&lt;/p&gt;</content:encoded><wp:post_type>{}</wp:post_type><wp:status>{}</wp:status></item>"
    kinds = (("post", "publish"), ("page", "publish"), ("attachment", "inherit"), ("post", "draft"))
    items = found(tmp_path / "a.xml", feed("".join(item.format(TITLE, FIRST, *kind) for kind in kinds)))
    assert [isinstance(item, Article) for item in items] == [True, False, False, False]
    assert isinstance(items[0], Article) and items[0].outlet == "Kabar Teluk"
    assert [
        next(words for words in ("page of the site", "attached file", "not published") if words in item.reason)
        for item in items
        if isinstance(item, Reject)
    ] == ["page of the site", "attached file", "not published"]


def test_an_item_of_a_news_search_holds_no_text(tmp_path: Path) -> None:
    pytest.importorskip("feedparser")
    item = f"<item><title>{TITLE} - Kabar Teluk</title><description>&lt;a href='x'&gt;{TITLE}&lt;/a&gt; Kabar Teluk</description><source url='https://k.example'>Kabar Teluk</source></item>"
    [reject] = found(tmp_path / "a.xml", feed(item, "teluk - Google News"))
    assert isinstance(reject, Reject) and "no text" in reject.reason


FACTIVA = f"""Page 1 of 2 © 2025 Factiva, Inc. All rights reserved.

{TITLE}

150 words
11 February 2025
Kabar Teluk
KABTEL
Indonesian
© 2025 Kabar Teluk

{FIRST} {SECOND}

{THIRD}

Document KABTEL0020250211el2b00001

Dinas Menarik Kembali Jaring Baru

12 February 2025
Kabar Teluk

{THIRD} {SECOND}

{FIRST}

Document KABTEL0020250212el2c00002
"""
NEXIS = f"""1 of 2 DOCUMENTS

Kabar Teluk

February 11, 2025 Tuesday

{TITLE}

LENGTH: 150 words

{FIRST} {SECOND}

LOAD-DATE: February 12, 2025

2 of 2 DOCUMENTS

Kabar Teluk

February 12, 2025 Wednesday

Dinas Menarik Kembali Jaring Baru

{THIRD} {SECOND}
"""


@pytest.mark.parametrize("text", [FACTIVA, NEXIS])
def test_each_article_of_a_press_database_is_one(tmp_path: Path, text: str) -> None:
    items = [prepare(item) for item in articles(found(tmp_path / "a.txt", text))]
    assert [(item.title, str(item.published)[:10]) for item in items] == [
        (TITLE, "2025-02-11"),
        ("Dinas Menarik Kembali Jaring Baru", "2025-02-12"),
    ]
    assert not any(word in item.body for item in items for word in ("Document", "LOAD-DATE", "Factiva", "words"))


CLIPPINGS = f"""{TITLE}
Kabar Teluk - Selasa, 11 Februari 2025 | 10:00 WIB

SERUNI, Kabar Teluk - {FIRST}

{SECOND} {THIRD}

=====

Dinas Menarik Kembali Jaring Baru
Kabar Teluk - Rabu, 12 Februari 2025 | 11:00 WIB

SERUNI, Kabar Teluk - {THIRD}

{SECOND} {FIRST}
"""
HEADS = f"""Judul: {TITLE}
Tanggal: 11 Februari 2025
Isi: {FIRST} {SECOND} {THIRD}

Judul: Dinas Menarik Kembali Jaring Baru
Tanggal: 12 Februari 2025
Isi: {THIRD} {SECOND} {FIRST}
"""


@pytest.mark.parametrize("text", [CLIPPINGS, HEADS])
def test_articles_pasted_below_each_other_are_read_one_by_one(tmp_path: Path, text: str) -> None:
    items = [prepare(item) for item in articles(found(tmp_path / "a.txt", text))]
    assert [(item.id, item.title, str(item.published)[:10]) for item in items] == [
        ("a-1", TITLE, "2025-02-11"),
        ("a-2", "Dinas Menarik Kembali Jaring Baru", "2025-02-12"),
    ]
    assert items[0].body.startswith(FIRST) and items[1].body.startswith(THIRD)


def test_clippings_keep_their_paragraphs(tmp_path: Path) -> None:
    pieces = [f"Judul: {TITLE}\nTanggal: {day} Februari 2025\n\n{FIRST}\n\n{SECOND}" for day in (11, 12)]
    assert [item.body for item in articles(found(tmp_path / "a.txt", "\n\n".join(pieces)))] == pieces


@pytest.mark.parametrize(
    "text",
    [
        # A line of signs above the related articles, and around the head.
        f"{TITLE}\nKabar Teluk - Selasa, 11 Februari 2025\n\n{FIRST} {SECOND}\n\n=====\n\n{THIRD} {SECOND}",
        f"=====\n{TITLE}\n11 Februari 2025\n=====\n\n{FIRST} {SECOND} {THIRD}",
        # A field that the text names again.
        f"Judul: {TITLE}\nTanggal: 11 Februari 2025\n\n{FIRST}\n\nJudul: Buku Laut\n\n{SECOND} {THIRD}",
    ],
)
def test_one_article_stays_one(tmp_path: Path, text: str) -> None:
    assert [item.id for item in articles(found(tmp_path / "a.txt", text))] == ["a"]


def test_a_word_file_of_a_press_database_and_one_of_a_table(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    for title in (TITLE, "Dinas Menarik Kembali Jaring Baru"):
        document.add_heading(title, 1)
        for line in ("Kabar Teluk", "February 11, 2025 Tuesday", "Length: 150 words", "Body", FIRST, SECOND, "End of Document"):
            document.add_paragraph(line)
    document.save(str(tmp_path / "a.docx"))
    assert [prepare(a).title for a in articles(list(read_articles([str(tmp_path / "a.docx")])))] == [
        TITLE,
        "Dinas Menarik Kembali Jaring Baru",
    ]
    document = docx.Document()
    drawn = document.add_table(3, 3)
    for row, cells in enumerate((("Judul", "Isi", "Tanggal"), ("A", FIRST, "02/11/2025"), ("B", SECOND, "02/13/2025"))):
        for column, cell in enumerate(cells):
            drawn.cell(row, column).text = cell
    document.save(str(tmp_path / "b.docx"))
    items = articles(list(read_articles([str(tmp_path / "b.docx")])))
    assert [(item.title, item.body, str(item.published)) for item in items] == [
        ("A", FIRST, "2025-02-11"),
        ("B", SECOND, "2025-02-13"),
    ]


def test_a_page_saved_as_a_workbook_is_a_table(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    rows = "".join(f"<tr><td>{title}</td><td>{text}</td></tr>" for title, text in (("judul", "isi"), ("A", FIRST), ("B", SECOND)))
    items = articles(found(tmp_path / "a.xls", f"<html><body><table>{rows}</table></body></html>"))
    assert [(item.title, item.body) for item in items] == [("A", FIRST), ("B", SECOND)]


def test_telegrams_pages_of_messages(tmp_path: Path) -> None:
    message = '<div class="message default clearfix" id="message{}"><div class="pull_right date details" title="11.02.2025 08:0{}:00 UTC+07:00">08:00</div><div class="from_name">Sinta</div><div class="text">{}</div></div>'
    service = '<div class="message service" id="message-1"><div class="body details">11 February 2025</div></div>'
    page = f"<html><head><title>Exported Data</title></head><body>{service}{message.format(2, 1, FIRST + '<br><br>' + SECOND)}{message.format(3, 2, 'Setuju')}</body></html>"
    items = found(tmp_path / "messages.html", page)
    assert [isinstance(item, Article) for item in items] == [False, True, False]
    assert isinstance(items[1], Article) and items[1].body == f"{FIRST}\n\n{SECOND}" and "Sinta" not in items[1].body
    assert items[1].published == datetime.fromisoformat("2025-02-11T08:01:00+07:00")


def test_markdown_without_its_menu_and_with_one_title(tmp_path: Path) -> None:
    pytest.importorskip("markdown_it")
    text = f"Title: {TITLE} - Kabar Teluk\n\nURL Source: https://kabar.example/a\n\nPublished Time: 2025-02-11T00:00:00+07:00\n\nMarkdown Content:\n[Beranda](https://x.example) [Indeks](https://y.example)\n\n{TITLE}\n===\n\n{FIRST}[^1]\n\n[{SECOND}](https://z.example)\n"
    [article] = articles(found(tmp_path / "a.md", text))
    assert (article.title, article.body, article.published) == (TITLE, f"{FIRST}\n\n{SECOND}", date(2025, 2, 11))


def test_a_clipping_whose_title_stands_again_above_the_dateline(tmp_path: Path) -> None:
    text = f"Subject: [Kliping] Nelayan Teluk Seruni\nMedia: Kabar Teluk\nTanggal: 11 Februari 2025\n\n{TITLE}\n\nKupang (11/2/2025) - {FIRST} {SECOND}\n\n{THIRD}\n"
    [article] = articles(found(tmp_path / "a.txt", text))
    read = prepare(article)
    assert (read.title, read.place) == ("Nelayan Teluk Seruni", "Kupang") and read.body == f"{FIRST} {SECOND}\n\n{THIRD}"


def test_one_of_each_kind_in_a_folder_and_in_an_archive(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    page = f"<html><body><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p></body></html>"
    files: dict[str, bytes | str] = {
        "halaman.php": page,
        "halaman.html": page,
        "tabel.csv.bak": f"judul,isi\nA,{FIRST}\n",
        "foto.png": b"\x89PNG\r\n\x1a\n\x00\x00",
        "daftar.ris": "TY  - NEWS\nTI  - Judul\nER  -\n",
        "catatan": f"{FIRST}\n",
        "data.db": b"SQLite format 3\x00" + b"\x00" * 90,
        "berita.txt": f"{TITLE}\n\n{FIRST} {SECOND}\n",
    }
    folder = tmp_path / "masuk"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    kinds = {
        "foto.png": "a picture",
        "daftar.ris": "a list of references",
        "catatan": "unknown type",
        "data.db": "an SQLite database",
    }
    (tmp_path / "a.zip").write_bytes(zipped(files))
    for place in (folder, tmp_path / "a.zip"):
        items = list(read_articles([str(place)]))
        read = [item for item in items if isinstance(item, Article)]
        assert len(read) == len({item.id for item in read}) == 4
        reasons = {item.file.rpartition("/")[2]: item.reason for item in items if isinstance(item, Reject)}
        assert reasons.keys() == kinds.keys() and all(kind in reasons[name] for name, kind in kinds.items())
