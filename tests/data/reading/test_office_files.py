"""Workbooks, Word documents and PDFs, as their programs write them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest
from docx.document import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.article import Article, Reject
from sorot.data.errors import InputError
from sorot.data.prepare import prepare
from sorot.data.reading.columns import Columns
from sorot.data.reading.documents.printed_lines import join_lines
from sorot.data.reading.tables.json_rows import NO_ROWS
from tests.data.read_inputs import BODY, read
from tests.data.reading.office_files import ods, ole, pdf, xls, xlsx, xlsx_of, zipped
from tests.serving.command import run

OTHER = "Nelayan di pesisir utara menolak rencana reklamasi pantai. Mereka mengajukan gugatan ke pengadilan tata usaha negara."
HEADER = ["Judul", "Isi", "Media", "Tanggal"]


def write(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


def articles(name: str, columns: Columns | None = None) -> list[Article]:
    found = read(name, columns=columns)
    assert not [item for item in found if isinstance(item, Reject)], found
    return [item for item in found if isinstance(item, Article)]


def reason(name: str) -> str:
    [item] = read(name)
    assert isinstance(item, Reject)
    return item.reason


# Workbooks


def test_a_workbook_gives_what_the_same_table_in_csv_gives(tmp_path: Path) -> None:
    # 45600 is the day 2024-11-04 in Excel.
    data = xlsx({"Lembar1": [HEADER, ["Taman dibuka", BODY, "Suara Kota", 45600], ["Gugatan", OTHER, None, 45601.5]]}, dates="D")
    first, second = articles(write(tmp_path / "berita.xlsx", data))
    assert (first.title, first.body, first.outlet) == ("Taman dibuka", BODY, "Suara Kota")
    assert first.published and first.published.isoformat() == "2024-11-04"
    assert second.published and second.published.isoformat() == "2024-11-05T12:00:00+07:00" and second.outlet is None
    assert first.source and (first.source.file, first.source.row) == (str(tmp_path / "berita.xlsx"), 2)
    assert [first.id, second.id] == ["berita-2", "berita-3"]


def test_the_header_is_found_below_a_caption_and_beside_an_empty_column(tmp_path: Path) -> None:
    rows = [
        [None],
        [None, "Berita"],
        [None, "dikumpulkan 2024"],
        [None],
        [None, "No", *HEADER],
        [None, 7.0, "a", BODY, "b", None],
        [None],
    ]
    [article] = articles(write(tmp_path / "a.xlsx", xlsx({"x": rows})), Columns(keep=True))
    assert article.title == "a" and article.source and article.source.row == 6
    # A whole number is an integer, as in CSV.
    assert dict(article.extra) == {"No": 7}


def test_all_sheets_with_a_table_are_read_and_named(tmp_path: Path) -> None:
    sheets = {
        "Info": [["Catatan"], ["Diunduh kemarin"]],
        "Jan": [HEADER, ["a", BODY]],
        "kosong": [],
        "Feb": [HEADER, ["b", OTHER]],
    }
    name = write(tmp_path / "a.xlsx", xlsx(sheets))
    found = articles(name)
    assert [(a.source.file, a.source.row) for a in found if a.source] == [(f"{name}#Jan", 2), (f"{name}#Feb", 2)]
    assert len({a.id for a in found}) == 2
    [article] = articles(name, Columns(sheet="Feb"))
    assert article.body == OTHER and article.source and article.source.file == name
    with pytest.raises(InputError, match="there is no sheet 'Mar'; the sheets are 'Info', 'Jan', 'kosong', 'Feb'"):
        read(name, columns=Columns(sheet="Mar"))


def test_the_command_line_chooses_a_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = write(tmp_path / "a.xlsx", xlsx({"satu": [HEADER, ["a", BODY]], "dua": [HEADER, ["b", OTHER]]}))
    assert run(monkeypatch, "clean", name, "--sheet", "dua") == 0
    out = capsys.readouterr().out
    assert OTHER in out and BODY not in out
    assert run(monkeypatch, "clean", name, "--sheet", "tiga") == 2
    assert "there is no sheet 'tiga'; the sheets are 'satu', 'dua'" in capsys.readouterr().err


def test_sheets_without_a_text_column_are_told_only_if_no_sheet_has_one(tmp_path: Path) -> None:
    bare = [["kode", "nilai"], ["x", 1.0]]
    name = write(tmp_path / "a.xlsx", xlsx({"satu": bare, "dua": bare}))
    found = read(name)
    assert [item.file for item in found if isinstance(item, Reject)] == [f"{name}#satu", f"{name}#dua"] and len(found) == 2
    with pytest.raises(
        InputError, match="no column looks like an article's text among 'kode', 'nilai'; name it with --text-column"
    ):
        read(write(tmp_path / "b.xlsx", xlsx({"satu": bare})))
    assert reason(write(tmp_path / "c.xlsx", xlsx({"satu": []}))) == NO_ROWS


def test_a_bad_cell_costs_its_row(tmp_path: Path) -> None:
    name = write(tmp_path / "a.xlsx", xlsx({"x": [HEADER, ["a", 5.0], ["b", None], ["c", f"{BODY}\r\n{OTHER}"]]}))
    number, empty, good = read(name)
    assert isinstance(number, Reject) and number.row == 2 and "holds int, not text" in number.reason
    assert isinstance(empty, Reject) and empty.row == 3
    assert isinstance(good, Article) and prepare(good).body.splitlines()[0] == BODY


def test_old_and_open_workbooks_are_read_whatever_their_name(tmp_path: Path) -> None:
    rows = [HEADER, ["Taman dibuka", BODY, "Suara", "2024-05-06"], ["b", OTHER, None, None]]
    for name, data in (
        ("a.xls", xls(rows)),
        ("a.ods", ods({"Lembar1": rows})),
        ("b.csv", xls(rows)),
        ("b.xls", ods({"a": rows})),
    ):
        first, second = articles(write(tmp_path / name, data))
        assert (first.title, first.body, second.body) == ("Taman dibuka", BODY, OTHER)
        assert first.published and first.published.isoformat() == "2024-05-06"


@pytest.mark.parametrize(
    ("stream", "part"),
    [
        ("EncryptedPackage", "protected by a password; save it without one"),
        ("WordDocument", "an old Word document (.doc); save it as .docx"),
        ("PowerPoint Document", "an old PowerPoint presentation (.ppt)"),
        ("Catatan", "an old Office file of an unknown kind"),
    ],
)
def test_old_office_files_are_refused_by_their_kind(tmp_path: Path, stream: str, part: str) -> None:
    assert part in reason(write(tmp_path / "a.xls", ole(stream)))


@pytest.mark.parametrize(
    ("members", "part"),
    [
        ({"[Content_Types].xml": "", "ppt/presentation.xml": ""}, "a PowerPoint presentation; save it as .docx"),
        ({"[Content_Types].xml": "", "xl/workbook.bin": ""}, "a binary workbook (.xlsb); save it as .xlsx"),
        ({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}, "an OpenDocument file; save it as .docx"),
        ({"mimetype": "application/epub+zip", "a.xhtml": ""}, "an e-book (EPUB)"),
        ({"Index/Document.iwa": ""}, "an Apple iWork document"),
    ],
)
def test_documents_that_are_not_read_are_refused_by_their_kind(tmp_path: Path, members: dict[str, str], part: str) -> None:
    assert part in reason(write(tmp_path / "a.zip", zipped(members)))


def test_a_damaged_workbook_and_one_of_too_many_cells_are_rejects(tmp_path: Path) -> None:
    data = xlsx({"x": [HEADER, ["a", BODY]]})
    spoilt = bytearray(data)
    at = data.index(b"xl/worksheets/sheet1.xml") + 30
    spoilt[at : at + 20] = bytes(20)
    assert "a workbook that is damaged; save it again" in reason(write(tmp_path / "b.xlsx", bytes(spoilt)))
    for far in ('<c r="XFD1048576"><v>1</v></c>', "<c><v>1</v></c>" * 100):
        rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">{far}</row>'
        assert "cells, beyond" in reason(write(tmp_path / "c.xlsx", xlsx_of({"x": rows})))
    [item] = read(write(tmp_path / "d.xlsx", zipped({"[Content_Types].xml": "", "xl/workbook.xml": "<"})))
    assert isinstance(item, Reject) and "cannot be read as a workbook" in item.reason


# Word documents


def saved(document: Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_a_word_document_is_one_article(tmp_path: Path) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Kop surat instansi"
    document.core_properties.title = "Word Document"
    document.add_paragraph("SIARAN PERS")
    document.add_heading("Taman di tepi sungai dibuka", 1)
    document.add_paragraph(BODY)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Pengunjung", "1.200 orang"
    document.add_heading("Latar belakang", 1)
    document.add_paragraph(OTHER)
    [article] = articles(write(tmp_path / "rilis.docx", saved(document)))
    assert article.title == "Taman di tepi sungai dibuka" and article.published is None and article.id == "rilis"
    assert article.body.split("\n\n") == ["SIARAN PERS", BODY, "Pengunjung", "1.200 orang", "Latar belakang", OTHER]


def test_the_title_of_a_word_document_comes_from_styles_then_properties(tmp_path: Path) -> None:
    document = docx.Document()
    document.core_properties.title = "Nelayan menolak reklamasi pantai utara"
    document.add_paragraph(BODY)
    document.add_heading("Gugatan", 1)
    document.add_paragraph(OTHER)
    [article] = articles(write(tmp_path / "a.docx", saved(document)))
    assert article.title == "Nelayan menolak reklamasi pantai utara"
    for default in ("Word Document", "Microsoft Word - rilis akhir banget.docx", "Dokumen1", "Dokumen baru saya ini"):
        document.core_properties.title = default
        assert articles(write(tmp_path / "a.docx", saved(document)))[0].title is None
    document.add_paragraph("Judul dengan gaya Title", style="Title")
    assert articles(write(tmp_path / "a.docx", saved(document)))[0].title == "Judul dengan gaya Title"


def test_tracked_changes_boxes_and_links_of_a_word_document(tmp_path: Path) -> None:
    """Inserted text counts and deleted text does not; a text box is read once; content controls and links are text."""
    document = docx.Document()
    document.add_paragraph("PENANDA")
    inside = (
        "<w:p><w:r><w:t xml:space='preserve'>Menteri </w:t></w:r>"
        "<w:ins><w:r><w:t>membatalkan</w:t></w:r></w:ins><w:del><w:r><w:delText>menunda</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>pindahan</w:t></w:r></w:moveFrom>"
        "<w:hyperlink><w:r><w:t xml:space='preserve'> rencana itu</w:t></w:r></w:hyperlink>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>rahasia</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>Isi kendali konten.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:r><mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
        "<mc:Choice><w:txbxContent><w:p><w:r><w:t>Isi kotak teks.</w:t></w:r></w:p></w:txbxContent></mc:Choice>"
        "<mc:Fallback><w:txbxContent><w:p><w:r><w:t>Isi kotak teks.</w:t></w:r></w:p></w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    source = io.BytesIO(saved(document))
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    main = members["word/document.xml"].decode()
    begin = main.index("<w:p>")
    end = main.index("</w:p>") + len("</w:p>")
    members["word/document.xml"] = (main[:begin] + inside + main[end:]).encode()
    [article] = articles(write(tmp_path / "a.docx", zipped(members)))
    assert article.body.split("\n\n") == ["Menteri membatalkan rencana itu", "Isi kendali konten.", "Isi kotak teks."]


def test_an_empty_and_a_broken_word_document_are_rejects(tmp_path: Path) -> None:
    assert "holds no text" in reason(write(tmp_path / "a.docx", saved(docx.Document())))
    broken = zipped({"[Content_Types].xml": "", "word/document.xml": "<w:p>"})
    assert "a Word document that cannot be read; save it as .docx again" in reason(write(tmp_path / "b.docx", broken))


# PDFs

LINES = [
    "Pemerintah kota membuka taman baru di tepi sungai pada hari Minggu dan meng-",
    "undang warga. Anak-anak datang sejak pagi bersama orang tua. Kata mereka, anak-",
    "anak perlu tempat bermain.",
    "Nelayan di pesisir utara menolak rencana reklamasi pantai yang akan dimulai tahun",
    "depan, dan mengajukan gugatan ke",
]


def test_a_pdf_is_read_by_its_text_layer(tmp_path: Path) -> None:
    pages = [
        ["Kabar Kota edisi 1", *LINES, "1"],
        ["Kabar Kota edisi 1", "pengadilan tata usaha negara.", "2"],
        ["Kabar Kota edisi 1", "Sidang pertama pekan depan.", "3"],
    ]
    name = write(tmp_path / "a.pdf", pdf(pages, "Taman di tepi sungai"))
    [article] = articles(name)
    assert article.title == "Taman di tepi sungai" and article.id == "a" and article.source and article.source.row == 1
    first, second, third = article.body.split("\n\n")
    assert first.endswith(
        "pada hari Minggu dan mengundang warga. Anak-anak datang sejak pagi bersama orang tua. Kata mereka, anak-anak perlu tempat bermain."
    )
    assert second == f"{LINES[3]} {LINES[4]} pengadilan tata usaha negara." and third == "Sidang pertama pekan depan."
    # Whatever its name, and after a few other bytes.
    assert articles(write(tmp_path / "b.txt", b"\r\n" + pdf(pages)))[0].title is None


def test_a_title_that_is_a_file_name_is_none(tmp_path: Path) -> None:
    for title in ("Microsoft Word - rilis pers akhir.docx", "untitled", "rilis-pers", "C:/berita/hari ini"):
        assert articles(write(tmp_path / "a.pdf", pdf([LINES], title)))[0].title is None


def test_scans_locked_and_damaged_pdfs_are_rejects(tmp_path: Path) -> None:
    assert "run text recognition (OCR) on it" in reason(write(tmp_path / "a.pdf", pdf([[], []])))
    for password, part in (("rahasia", "a PDF protected by a password; save it without one"), ("", "")):
        writer = pypdf.PdfWriter(io.BytesIO(pdf([LINES])))
        writer.encrypt(password, "pemilik", algorithm="RC4-128")
        buffer = io.BytesIO()
        writer.write(buffer)
        name = write(tmp_path / "b.pdf", buffer.getvalue())
        assert part in reason(name) if part else articles(name)
    assert "a PDF that cannot be read" in reason(write(tmp_path / "c.pdf", b"%PDF-1.4\nsampah"))


def test_a_pdf_of_too_many_pages_or_too_slow_is_a_reject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = write(tmp_path / "a.pdf", pdf([LINES, LINES]))
    monkeypatch.setattr("sorot.data.reading.documents.pdf.MAX_PAGES", 1)
    assert "more than 1 pages; split it" in reason(name)
    monkeypatch.undo()
    monkeypatch.setattr("sorot.data.reading.documents.pdf.MAX_SECONDS", -1)
    assert "takes longer than" in reason(name)


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("meng-", "undang", "mengundang"),
        ("anak-", "anaknya", "anak-anaknya"),
        ("berlari-", "lari", "berlari-lari"),
        ("sayur-", "mayur", "sayur-mayur"),
        ("Jakarta-", "Bandung", "Jakarta-Bandung"),
        ("ke-", "20", "ke-20"),
        ("COVID-19-", "nya", "COVID-19-nya"),
        ("peme\u00ad", "rintah", "pemerintah"),
        ("warga –", "kata dia", "warga – kata dia"),
    ],
)
def test_hyphens_at_the_end_of_a_line(first: str, second: str, joined: str) -> None:
    assert join_lines(
        [[f"Kalimat panjang yang memenuhi lebar halaman ini {first}", f"{second} lalu berlanjut sampai ujung baris ini."]]
    ) == (f"Kalimat panjang yang memenuhi lebar halaman ini {joined} lalu berlanjut sampai ujung baris ini.")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.text(max_size=60), max_size=12), max_size=2))
def test_joining_lines_loses_no_letter(pages: list[list[str]]) -> None:
    joined = join_lines(pages)
    # Lines with digits may be page numbers.
    if not any(c.isdigit() for page in pages for line in page for c in line):
        assert [c for c in joined if c.isalpha()] == [c for page in pages for line in page for c in line if c.isalpha()]
