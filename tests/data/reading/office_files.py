"""Builds small Office files and PDFs, with the structures that their programs write."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Row = Sequence[str | float | None]
_OOXML = "http://schemas.openxmlformats.org"
_TYPES = f"""<?xml version="1.0"?><Types xmlns="{_OOXML}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/></Types>"""
_RELATION = '<Relationship Id="{}" Type="' + _OOXML + '/officeDocument/2006/relationships/{}" Target="{}"/>'
# The style that shows a number as a date.
DATE_STYLE = 1


def zipped(members: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def xlsx(sheets: Mapping[str, Sequence[Row]], dates: str = "") -> bytes:
    """A workbook; the cells of column `dates` below 1 are numbers shown as dates."""
    return xlsx_of({name: "".join(_xlsx_row(n, row, dates) for n, row in enumerate(rows, 1)) for name, rows in sheets.items()})


def xlsx_of(sheets: Mapping[str, str], strings: Sequence[str] = ()) -> bytes:
    """A workbook whose sheets hold this XML of rows; cells may mean `strings` by their number."""
    numbered = list(enumerate(sheets, 1))
    relations = "".join(_RELATION.format(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n, _ in numbered)
    main = f'xmlns="{_OOXML}/spreadsheetml/2006/main"'
    members = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _relations(_RELATION.format("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{_OOXML}/officeDocument/2006/relationships"><sheets>'
        + "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(
            relations
            + _RELATION.format("rS", "styles", "styles.xml")
            + _RELATION.format("rT", "sharedStrings", "sharedStrings.xml")
        ),
        "xl/sharedStrings.xml": f"<sst {main}>{''.join(f'<si><t>{escape(text)}</t></si>' for text in strings)}</sst>",
        "xl/styles.xml": f'<styleSheet {main}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    }
    for n, rows in enumerate(sheets.values(), 1):
        members[f"xl/worksheets/sheet{n}.xml"] = f"<worksheet {main}><sheetData>{rows}</sheetData></worksheet>"
    return zipped(members)


def shared_string_bomb(rows: int, characters: int) -> bytes:
    """A workbook whose rows all mean the same long text, which it holds once."""
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{min(n - 1, 1)}</v></c></row>' for n in range(1, rows + 2))
    return xlsx_of({"a": cells}, ["teks", "kata " * (characters // 5)])


def _relations(inside: str) -> str:
    return f'<Relationships xmlns="{_OOXML}/package/2006/relationships">{inside}</Relationships>'


def _xlsx_row(number: int, row: Row, dates: str) -> str:
    cells = []
    for letter, value in zip("ABCDEFGHIJ", row, strict=False):
        place = f'r="{letter}{number}"'
        if isinstance(value, str):
            cells.append(f'<c {place} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>')
        elif value is not None:
            style = f' s="{DATE_STYLE}"' if letter == dates else ""
            cells.append(f"<c {place}{style}><v>{value}</v></c>")
    return f'<row r="{number}">{"".join(cells)}</row>'


def ods(sheets: Mapping[str, Sequence[Row]]) -> bytes:
    """A workbook of LibreOffice; text that looks like a date is one."""
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    tables = "".join(
        f'<table:table table:name="{escape(name)}">' + "".join(map(_ods_row, rows)) + "</table:table>"
        for name, rows in sheets.items()
    )
    content = (
        f'<office:document-content xmlns:office="{urn}:office:1.0" xmlns:table="{urn}:table:1.0" xmlns:text="{urn}:text:1.0">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
    manifest = f'<manifest:manifest xmlns:manifest="{urn}:manifest:1.0">{entry}</manifest:manifest>'
    return zipped({"mimetype": mime, "content.xml": content, "META-INF/manifest.xml": manifest}, zipfile.ZIP_STORED)


def _ods_row(row: Row) -> str:
    cells = []
    for value in row:
        if value is None:
            cells.append("<table:table-cell/>")
        elif isinstance(value, float):
            cells.append(f'<table:table-cell office:value-type="float" office:value="{value}"/>')
        elif isinstance(value, str) and value[:4].isdigit():
            cells.append(f'<table:table-cell office:value-type="date" office:date-value="{value}"/>')
        else:
            cells.append(f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>')
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def xls(rows: Sequence[Row]) -> bytes:
    """A workbook of Excel 97 with one sheet."""
    start = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 6)
    name = b"Lembar1"
    head = _record(0x0809, start) + _record(0x0042, struct.pack("<H", 1200))
    length = len(head) + 4 + 8 + len(name) + 4
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 6))
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str):
                text = struct.pack("<HHHHB", number, column, 0, len(value), 1) + value.encode("utf-16-le")
                sheet += _record(0x0204, text)
            elif value is not None:
                sheet += _record(0x0203, struct.pack("<HHHd", number, column, 0, value))
    bound = _record(0x0085, struct.pack("<IBBBB", length, 0, 0, len(name), 0) + name)
    return ole("Workbook", head + bound + _record(0x000A, b"") + sheet + _record(0x000A, b""))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def ole(stream: str, data: bytes = b"") -> bytes:
    """An old Office file with one stream: header, allocation table, directory, data."""
    data = data.ljust(4096, b"\0") + bytes(-len(data) % 512 if len(data) > 4096 else 0)
    n_sectors = len(data) // 512
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    table = [0xFFFFFFFD, end, *range(3, 2 + n_sectors), end]
    assert len(table) <= 128
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    allocation = struct.pack("<128I", *table, *[free] * (128 - len(table)))
    directory = _entry("Root Entry", 5, 1, end, 0) + _entry(stream, 2, free, 2, len(data)) + bytes(256)
    return header + allocation + directory + data


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    free = 0xFFFFFFFF
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text) + 2, kind, 1, free, free, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def pdf(pages: Sequence[Sequence[str]], title: str = "") -> bytes:
    """A PDF with these lines on its pages; a blank line is a gap without text."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", f"<</Title({title})>>"]
    kids = []
    for lines in pages:
        shown = "".join(f"1 0 0 1 50 {800 - 14 * n} Tm ({line}) Tj\n" for n, line in enumerate(lines) if line)
        content = f"BT /F 11 Tf\n{shown}ET"
        objects.append(f"<</Length {len(content)}>>\nstream\n{content}\nendstream")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects)} 0 R/Resources<</Font<</F 3 0 R>>>>>>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>"
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R/Info 4 0 R>>\nstartxref\n{len(out)}\n%%EOF\n"
    return (f"{out}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}").encode("latin-1")
