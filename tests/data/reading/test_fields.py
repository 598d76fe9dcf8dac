"""What the cells of a table mean: dates, placeholders, markup, outlets, columns by their names, and the notes about them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorot.data.article import Article, Reject, moment_of, published_from
from sorot.data.prepare import UnreadableTextError, prepare, prepare_text
from sorot.data.reading.columns import Columns, resolve
from sorot.data.reading.fields.date_order import DateStyle, read_date
from sorot.data.reading.fields.markup import plain_text
from sorot.data.reading.fields.outlets import join_outlet, outlet_of_url
from sorot.data.reading.notes import ReadingNotes
from sorot.data.reading.readers import read_articles
from sorot.data.reading.tables.table_rows import MAX_WAITING_ROWS, TableRow, articles_of

BODY = "Nelayan di pesisir utara kembali melaut setelah gelombang tinggi mereda pada pertengahan pekan."


def read_rows(folder: Path, rows: list[dict[str, str]], notes: ReadingNotes | None = None) -> list[Article | Reject]:
    """The articles of a CSV file with these rows."""
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "laut.csv"
    path.write_text(written.getvalue(), encoding="utf-8")
    return list(read_articles([str(path)], notes=notes))


def read_row(folder: Path, **cells: str) -> Article:
    """The article of a table's only row."""
    [article] = read_rows(folder, [{"isi": BODY} | cells])
    assert isinstance(article, Article), article
    return article


def dates_of(folder: Path, cells: list[str]) -> list[str | None]:
    """The dates of a column of cells, in ISO 8601."""
    found = read_rows(folder, [{"isi": BODY, "tanggal": cell} for cell in cells])
    return [a.published.isoformat() if isinstance(a, Article) and a.published else None for a in found]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["3/4/2024", "3/5/2024", "3/17/2024"], ["2024-03-04", "2024-03-05", "2024-03-17"]),
        (["3/4/2024", "3/5/2024", "17/3/2024"], ["2024-04-03", "2024-05-03", "2024-03-17"]),
        (["3/4/2024", "5/6/2024"], ["2024-04-03", "2024-06-05"]),
        (["03-04-24", "03-17-24"], ["2024-03-04", "2024-03-17"]),
        (["3/4/2024 7:15 PM", "3/5/2024 6:00 AM"], ["2024-03-04T19:15:00+07:00", "2024-03-05T06:00:00+07:00"]),
        (["17/3/2024 7:15 PM", "3/5/2024 6:00 AM"], ["2024-03-17T19:15:00+07:00", "2024-05-03T06:00:00+07:00"]),
        (["", "nan", "3/4/2024", "3 Mei 2024", "2024-12-02", "3/17/2024"], [None, None, "2024-03-04", "2024-05-03", "2024-12-02", "2024-03-17"]),
        # With dots, the day comes first everywhere.
        (["3.4.2024", "3/17/2024"], ["2024-04-03", "2024-03-17"]),
    ],
)  # fmt: skip
def test_a_column_has_one_order(tmp_path: Path, cells: list[str], expected: list[str | None]) -> None:
    assert dates_of(tmp_path, cells) == expected


def test_the_order_of_parquet_and_of_jsons_rows_is_that_of_the_column(tmp_path: Path) -> None:
    path = tmp_path / "laut.parquet"
    pq.write_table(pa.table({"isi": [BODY] * 3, "tanggal": ["3/4/2024", "3/5/2024", "3/17/2024"]}), path)
    found = [item.published for item in read_articles([str(path)]) if isinstance(item, Article)]
    assert found == [date(2024, 3, 4), date(2024, 3, 5), date(2024, 3, 17)]
    rows = [(n, {"isi": BODY, "tanggal": cell}) for n, cell in enumerate(["3/4/2024", "3/17/2024"], 1)]
    by_row = articles_of(rows, lambda _, row: resolve(Columns(), row, "x", sparse=True), "x", "x")
    assert [item.published for item in by_row if isinstance(item, Article)] == [date(2024, 3, 4), date(2024, 3, 17)]


def test_rows_wait_only_while_something_is_open_and_never_for_long() -> None:
    columns = Columns(text="isi", date="tanggal")

    def rows(first: str, others: str, n: int) -> Iterator[TableRow]:
        for number in range(1, n + 1):
            asked.append(number)
            yield number, {"isi": BODY, "tanggal": first if number == 1 else others}

    asked: list[int] = []
    next(articles_of(rows("17 Mei 2024 10:00", "", 9), columns, "x", "x"))
    assert asked == [1]
    asked.clear()
    next(articles_of(rows("3/4/2024", "17/4/2024", 9), columns, "x", "x"))
    assert asked == [1, 2]
    asked.clear()
    found = articles_of(rows("3/4/2024", "", 5 * MAX_WAITING_ROWS), columns, "x", "x")
    first = next(found)
    assert isinstance(first, Article) and first.published == date(2024, 4, 3) and len(asked) == MAX_WAITING_ROWS
    assert 1 + sum(1 for _ in found) == 5 * MAX_WAITING_ROWS


def test_a_large_text_does_not_wait_for_long() -> None:
    asked = []

    def rows() -> Iterator[TableRow]:
        for number in range(1, 100):
            asked.append(number)
            yield number, {"isi": "kata " * 400_000, "tanggal": "3/4/2024"}

    next(articles_of(rows(), Columns(text="isi", date="tanggal"), "x", "x"))
    assert len(asked) < 10


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("45352", "2024-03-01"),
        ("45352.5", "2024-03-01T12:00:00+07:00"),
        ("20240301073000", "2024-03-01T07:30:00+07:00"),
        ("20240301T073000Z", "2024-03-01T07:30:00+00:00"),
        ("20240301T073000+0800", "2024-03-01T07:30:00+08:00"),
        ("1 Agust 2024", "2024-08-01"),
        ("Sept. 1, 2024", "2024-09-01"),
        ("1 Sept. 2024", "2024-09-01"),
        ("1 Septem 2024", "2024-09-01"),
        ("1 Febuari 2024", "2024-02-01"),
        ("1 Agusuts 2024 10:00", "2024-08-01T10:00:00+07:00"),
        ("Feburary 1, 2024", "2024-02-01"),
        ("Rabu Pon, 1 Mei 2024", "2024-05-01"),
        ("1/Mei/2024", "2024-05-01"),
        ("01MAY2024", "2024-05-01"),
        ("2024-05-01T09:30:00 WIB", "2024-05-01T09:30:00+07:00"),
        ("2024-05-01 09:30:00 WITA", "2024-05-01T09:30:00+08:00"),
        ("2024-05-01T09:30:00.250+07:00 WIB", "2024-05-01T09:30:00+07:00"),
        ("2024-05-01 09:30:00+07", "2024-05-01T09:30:00+07:00"),
        ("2024-05-01 09:30:00,123", "2024-05-01T09:30:00+07:00"),
        ("Wed May 01 2024 09:30:00 GMT+0700 (WIB)", "2024-05-01T09:30:00+07:00"),
        ("01/05/24 09.30", "2024-05-01T09:30:00+07:00"),
        ("2024.05.01", "2024-05-01"),
        ("datetime.datetime(2024, 5, 1, 9, 30)", "2024-05-01T09:30:00+07:00"),
        ("datetime.datetime(2024, 5, 1, 9, 30, 5, tzinfo=datetime.timezone.utc)", "2024-05-01T09:30:05+00:00"),
        ("datetime.date(2024, 5, 1)", "2024-05-01"),
        ("Timestamp('2024-05-01 09:30:00')", "2024-05-01T09:30:00+07:00"),
        ("numpy.datetime64('2024-05-01')", "2024-05-01"),
        ("2024-05-01 00:00:00", "2024-05-01"),
        ("2024-05-01T00:00:00+07:00", "2024-05-01"),
        ("31 Februari 2024", None),
        ("31/02/2024", None),
        ("2024-02-31", None),
        ("1970-01-01T00:00:00", None),
        ("1970-01-01T00:00:00Z", None),
        ("1970-01-01 07:00:00+07:00", None),
        ("1900-01-01", None),
        ("0000-00-00 00:00:00", None),
        ("2099-01-01", None),
        ("NaT", None),
        ("12345", None),
        ("1.72E+09", None),
    ],
)
def test_dates_as_tools_write_them(tmp_path: Path, cell: str, expected: str | None) -> None:
    assert dates_of(tmp_path, [cell]) == [expected]


def test_midnight_is_a_day_unless_the_column_has_times(tmp_path: Path) -> None:
    assert dates_of(tmp_path, ["2024-05-01 00:00:00", "2024-05-02 00:00:00"]) == ["2024-05-01", "2024-05-02"]
    with_times = ["2024-05-01 00:00:00", "2024-05-02 09:30:00", "2024-05-03"]
    assert dates_of(tmp_path, with_times) == ["2024-05-01T00:00:00+07:00", "2024-05-02T09:30:00+07:00", "2024-05-03"]
    path = tmp_path / "laut.parquet"
    pq.write_table(pa.table({"isi": [BODY], "tanggal": pa.array([datetime(2024, 5, 1)], pa.timestamp("ns"))}), path)
    [article] = read_articles([str(path)])
    assert isinstance(article, Article) and article.published == date(2024, 5, 1)


def test_days_and_moments_are_compared_and_kept() -> None:
    day, moment = date(2024, 5, 1), datetime.fromisoformat("2024-05-01T09:30:00+07:00")
    assert sorted([moment, day], key=moment_of) == [day, moment]
    assert [published_from(each.isoformat()) for each in (day, moment)] == [day, moment]


@given(st.text("0123456789/-.: TZWIBamp", max_size=24), st.sampled_from(["day", "month", None]))
def test_any_cell_is_a_date_or_none(text: str, order: object) -> None:
    found = read_date(text, DateStyle(order))  # type: ignore[arg-type]
    assert found is None or published_from(found.isoformat()) == found


@pytest.mark.parametrize(
    "nothing",
    ["nan", "NaN", "NULL", "None", "N/A", "n/a", "#N/A", "<NA>", "-", "--", "undefined", "[]", "{}", "Konten tidak ditemukan.",
     "KONTEN TIDAK TERSEDIA", "Isi berita tidak ditemukan", "Subscribe to read", "Page not found", "404 Not Found", "403 Forbidden", "Access Denied",
     "Just a moment...", "Halaman tidak ditemukan!", "...", "[removed]", "#REF!", "\\N"],
)  # fmt: skip
def test_placeholders_are_no_values(tmp_path: Path, nothing: str) -> None:
    row = {"id": nothing, "isi": BODY, "judul": nothing, "media": nothing, "tanggal": nothing, "url": nothing}
    article, reject = read_rows(tmp_path, [row, row | {"id": "2", "isi": nothing}])
    assert isinstance(article, Article) and article.id == "laut-2"
    assert (article.title, article.outlet, article.published, article.url) == (None, None, None, None)
    assert isinstance(reject, Reject)
    assert reject.reason.startswith("no text in column 'isi'") and repr(nothing)[1:-1].split()[0] in reject.reason


@pytest.mark.parametrize(
    "text", ["Nanas", "Tidak ada korban", "No", "404 warga mengungsi", "😀😀", "null pointer", "Loading dok"]
)
def test_what_only_resembles_a_placeholder_is_a_value(tmp_path: Path, text: str) -> None:
    article = read_row(tmp_path, isi=text, judul=text)
    assert (article.body, article.title) == (text, text)


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("<p>Satu.</p><p>Dua.</p>", "Satu.\n\nDua."),
        ("Satu.<br><br/>Dua.<br />Tiga.", "Satu.\n\nDua.\nTiga."),
        ("<div class='isi'>Satu <b>dua</b>\n tiga.<script>var a = '<p>';</script><style>p{}</style></div>", "Satu dua tiga."),
        ("<figure><img src=a.jpg><figcaption>Foto: warga</figcaption></figure><p>Satu.</p><iframe src=x></iframe>", "Satu."),
        ("<ul><li>Satu</li><li>Dua</li></ul>", "Satu\nDua"),
        ("&lt;p&gt;Satu&lt;/p&gt;&lt;p&gt;Dua &amp;amp; tiga&lt;/p&gt;", "Satu\n\nDua & tiga"),
        ("Satu&nbsp;&ndash; dua &#8211; tiga &quot;empat&quot;", 'Satu – dua – tiga "empat"'),
        ("**Satu** dan [dua](https://contoh.id/2) ![foto](https://contoh.id/f.jpg)", "Satu dan dua"),
        ("## Satu\n\nDua **tiga**.", "Satu\n\nDua tiga."),
        ("['Satu.', \"Dua 'kutip'.\", None, 'Tiga.']", "Satu.\n\nDua 'kutip'.\n\nTiga."),
        ('["<p>Satu.<\\/p>", "Dua \\u2013 tiga"]', "Satu.\n\nDua – tiga"),
        ("['Satu.' 'Dua.'\n 'Tiga.']", "Satu.\n\nDua.\n\nTiga."),
        ("<!-- wp:paragraph --><p>Satu.</p><!-- /wp:paragraph -->", "Satu."),
        ("<![CDATA[<p>Satu.</p>]]>", "Satu."),
        ("<p>Satu.</p><a href=\"https://conto", "Satu."),
    ],
)  # fmt: skip
def test_markup_in_a_cell_becomes_paragraphs(tmp_path: Path, marked: str, plain: str) -> None:
    assert plain_text(marked) == plain
    article = read_row(tmp_path, isi=f"{marked}", judul="<b>Kapal</b> &amp; <i>nelayan</i>")
    assert (article.body, article.title) == (plain, "Kapal & nelayan")


@pytest.mark.parametrize(
    "prose",
    ["Jika a < b dan c > d, maka a <b.", "R&D, AT&T; dan P&G", "Harga 2*3*4 = 24 * 1", "[FOTO] Kapal (lihat) [1]", "<3 laut", "snake_case_nama", "#laut #nelayan\n# bukan", "['", "Rp. 5 < 6 & 7", "['tanpa' tutup"],
)  # fmt: skip
def test_prose_with_signs_stays_as_it_is(prose: str) -> None:
    assert plain_text(prose) == prose


@given(st.lists(st.sampled_from(["laut", "ikan", " < ", " > ", " & ", " * ", "[", "]", "[FOTO]", " <3 ", "x<y ", ". ", "\n", "\n\n", "(", ")", "'", '"', "#", " = ", "2*3", "P&G"])).map("".join))  # fmt: skip
def test_ordinary_prose_is_byte_for_byte_the_same(text: str) -> None:
    if not text.lstrip().startswith(("[", "# ", "#")):
        assert plain_text(text) == text or re.search(r"\n#{1,6} ", text)


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for wrapped in (text, f"<p>{text}</p>", f"['{text}']", f"**a** {text}"):
        plain_text(wrapped)


def test_files_and_pasted_texts_lose_their_markup_too(tmp_path: Path) -> None:
    path = tmp_path / "laut.txt"
    path.write_text(f"<p>{BODY}</p>\n<p>Kapal &amp; jala <em>siap</em>.</p><script>x()</script>", encoding="utf-8")
    [article] = read_articles([str(path)])
    assert isinstance(article, Article) and article.body == f"{BODY}\n\nKapal & jala siap."
    path.write_text(f"Laporan:\n{BODY} <a href='https://contoh.id'>Kapal</a>&nbsp;siap.", encoding="utf-8")
    [article] = read_articles([str(path)])
    assert isinstance(article, Article) and article.body == f"Laporan:\n{BODY} Kapal siap."
    assert prepare_text(f"<p>{BODY}</p><p>Kapal siap berangkat.</p>").body == f"{BODY}\n\nKapal siap berangkat."
    json_file = tmp_path / "laut.json"
    json_file.write_text(json.dumps([{"isi": f"<p>{BODY}</p><figcaption>Foto</figcaption>"}]), encoding="utf-8")
    [article] = read_articles([str(json_file)])
    assert isinstance(article, Article) and article.body == BODY


def test_a_cell_of_markup_alone_holds_no_text(tmp_path: Path) -> None:
    [reject] = read_rows(tmp_path, [{"isi": "<img src='a.jpg'>"}])
    assert isinstance(reject, Reject) and "only markup" in reject.reason


def test_the_outlet_is_that_of_the_address_if_nothing_else_says(tmp_path: Path) -> None:
    assert read_row(tmp_path, url="https://finance.detik.com/a/1").outlet == "detik.com"
    assert read_row(tmp_path, url="https://www.kabarlaut.co.id/a", media="").outlet == "kabarlaut.co.id"
    assert read_row(tmp_path, url="https://www.kabarlaut.co.id/a", media="Kabar Laut").outlet == "Kabar Laut"
    assert read_row(tmp_path, url="bukan alamat").outlet is None
    path = tmp_path / "laut.csv"
    path.write_text(f'isi,url\n"{BODY}",https://kabarlaut.co.id/a\n', encoding="utf-8")
    [article] = read_articles([str(path)], columns=Columns(outlet=""))
    assert isinstance(article, Article) and article.outlet is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [("detikInet", "detik.com"), ("Detik News", "detik.com"), ("news.detik.com", "detik.com"), ("https://www.detik.com/", "detik.com"),
     ("KOMPAS.com", "Kompas.com"), ("nasional.kompas.com", "Kompas.com"), ("tribunnews", "Tribunnews.com"), ("CNN INDONESIA", "CNN Indonesia"),
     ("Kabar Petang", "Kabar Petang"), ("kabar.example", "kabar.example"), (" Harian  Jala ", " Harian  Jala ")],
)  # fmt: skip
def test_ways_to_write_an_outlet_are_joined(given: str, expected: str) -> None:
    assert join_outlet(given) == expected


@given(st.text(max_size=80))
def test_any_address_has_a_host_or_none(text: str) -> None:
    assert outlet_of_url(text) != "" and isinstance(join_outlet(text), str)


@pytest.mark.parametrize(
    "header",
    [
        "stories_id,text,title,publish_date,media_name,url",
        "id,body,subject,timestamp,domain,link",
        "guid,article_body,og:title,article:published_time,og:site_name,og:url",
        "ID,Article Text,Article Title,Publication Date,Outlet Name,Article URL",
        "Nomor,Isi Berita,Judul Berita,Tanggal Publish,Situs,Permalink",
        "idberita,konten_berita,judul,seendate,sourcecommonname,DocumentIdentifier",
        "doc_id,full_text,headline,pub_date,source_name,page_url",
    ],
)
def test_names_that_tools_give(tmp_path: Path, header: str) -> None:
    path = tmp_path / "laut.csv"
    path.write_text(f'{header}\n7,"{BODY}",Kapal,2024-05-01,Kabar Jala,https://jala.example/7\n', encoding="utf-8")
    [article] = read_articles([str(path)])
    assert isinstance(article, Article)
    assert (article.id, article.body, article.title, article.outlet) == ("7", BODY, "Kapal", "Kabar Jala")
    assert (article.published, article.url) == (date(2024, 5, 1), "https://jala.example/7")


def test_an_empty_column_gives_way_to_the_next(tmp_path: Path) -> None:
    rows = [
        {"text": "", "content": BODY, "date": "", "published_at": f"3/{n}/2024", "title": "nan", "judul": "Kapal"}
        for n in (4, 17)
    ]
    found = read_rows(tmp_path, rows)
    assert all(isinstance(a, Article) and (a.body, a.title) == (BODY, "Kapal") for a in found)
    assert [a.published for a in found if isinstance(a, Article)] == [date(2024, 3, 4), date(2024, 3, 17)]
    # Where the first of them has values, a row without one stays without.
    mixed, gap = read_rows(tmp_path, [{"text": BODY, "content": "lain"}, {"text": "", "content": "lain"}])
    assert isinstance(mixed, Article) and mixed.body == BODY and isinstance(gap, Reject)


def test_notes_say_what_was_taken_for_what_and_what_looks_wrong(tmp_path: Path) -> None:
    notes = ReadingNotes()
    rows = [
        {"id": "1.87E+18", "isi": BODY, "media": "" if n else "Kabar", "tanggal": "entah 5" if n == 3 else "2024-05-01"}
        for n in range(25)
    ]
    assert len(read_rows(tmp_path, rows, notes)) == 25
    taken, *warnings = notes.lines()
    assert taken.endswith("laut.csv: text = isi, title = not found, date = tanggal, outlet = media, url = not found, id = id")
    assert any("'media'" in line and "24 of 25" in line for line in warnings)
    assert any("1 date could not be read" in line and "'entah 5'" in line for line in warnings)
    assert any("1.87E+18 occurs 25 times" in line for line in warnings)
    assert any("rounded" in line for line in warnings) and len(warnings) == 4


def test_a_sound_table_has_one_note_and_tables_alike_share_it(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.csv").write_text(f'isi,url\n"{BODY}",https://jala.example/7\n', encoding="utf-8")
    notes = ReadingNotes()
    assert len(list(read_articles([str(tmp_path)], notes=notes))) == 3
    [line] = notes.lines()
    assert line.endswith(
        "a.csv and 2 more: text = isi, title = not found, date = not found, outlet = site of the url, url = url, id = not found"
    )


@pytest.mark.parametrize(
    "body",
    ["\n   Semarang, Kabar Jala -- ,\n,\n, ,\n", "SEMARANG, JALA.com –", "Jala.co.id, Semarang -", "Jala.com, Semarang", "[Gambas:Instagram]\nBaca juga:\n", ", ,\n-"],
)  # fmt: skip
def test_a_dateline_alone_is_no_body(body: str) -> None:
    prepared = prepare(Article(id="1", body=body, title="Kapal Karam"))
    assert prepared.body == "" and prepare(prepared) == prepared


@pytest.mark.parametrize(
    "body", ["MERDEKA", "Semarang", "😀", "Semarang hujan deras -", "Baca buku itu perlu.", "Kapal karam, nelayan selamat"]
)
def test_a_short_text_is_a_body(body: str) -> None:
    assert prepare(Article(id="1", body=body)).body == body


def test_pasted_remains_are_refused_or_empty() -> None:
    with pytest.raises(UnreadableTextError):
        prepare_text("   ")
    assert prepare_text("Semarang, Kabar Jala -- ,\n,").body == ""


@pytest.mark.parametrize(
    ("address", "outlet"),
    [
        ("https://pos-laut-id.cdn.ampproject.org/c/s/pos-laut.id/kota/7", "pos-laut.id"),
        ("https://www.google.com/url?q=https%3A%2F%2Fwww.poslaut.id%2F7&sa=D", "poslaut.id"),
        ("https://www.google.co.id/amp/s/amp.poslaut.id/7", "poslaut.id"),
        ("https://webcache.googleusercontent.com/search?q=cache:https://poslaut.id/7", "poslaut.id"),
        ("https://pos--laut-id.translate.goog/7?_x_tr_sl=id", "pos-laut.id"),
        ("https://archive.ph/2024/https://poslaut.id/7", "poslaut.id"),
        ("https://web.archive.org/web/2024id_/poslaut.id/7", "poslaut.id"),
        ("https://news.google.com/rss/articles/CBMiXyz?oc=5", None),
        ("https://archive.ph/AbCd", None),
        ("https://bit.ly/3xYz", None),
    ],
)
def test_what_passes_on_a_page_is_not_its_outlet(address: str, outlet: str | None) -> None:
    assert outlet_of_url(address) == outlet


@pytest.mark.parametrize(
    "nothing", ["N.A.", "Belum diisi", "NoneType", "Gagal mengambil isi artikel", "Halaman tidak bisa dibuka", "Isi belum ada"]
)
def test_what_a_scraper_writes_when_it_failed_is_no_text(tmp_path: Path, nothing: str) -> None:
    (tmp_path / "a.csv").write_text(f"judul,isi\nTaman Dibuka,{nothing}\n")
    [item] = read_articles([str(tmp_path / "a.csv")])
    assert isinstance(item, Reject) and "holds only" in item.reason


def test_a_tuple_that_python_wrote_is_paragraphs_and_a_remark_in_brackets_is_not() -> None:
    assert plain_text("('Taman dibuka.', 'Warga datang.')") == "Taman dibuka.\n\nWarga datang."
    assert plain_text("('Taman dibuka', kata warga.)") == "('Taman dibuka', kata warga.)"
