"""Office files, PDFs, archives and saved pages of any size, plain ones and such as once took, or might take, more than their share."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import docx

from tests.data.reading.office_files import ods, pdf, shared_string_bomb, xlsx, xlsx_of, zipped
from tests.hostile_texts import PARAGRAPH, TEXTS

MakeBytes = Callable[[int], bytes]
LINE = PARAGRAPH.split("\n")[0]
PAGE = f"<html><head><title>Taman baru dibuka</title></head><body><article>{f'<p>{PARAGRAPH}</p>' * 3}</article></body></html>"


def _times(size: int, piece: str) -> int:
    return size // len(piece) + 1


def _table(size: int) -> list[list[str | float | None]]:
    return [["judul", "isi"], *([["Taman baru", LINE]] * _times(size, LINE))]


def _word(body: Callable[[int], str]) -> MakeBytes:
    """A document of Word with this XML in its body."""

    def make(size: int) -> bytes:
        empty = io.BytesIO()
        docx.Document().save(empty)
        with zipfile.ZipFile(empty) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        main = members["word/document.xml"].decode()
        at = main.index("<w:body>") + len("<w:body>")
        members["word/document.xml"] = (main[:at] + body(size) + main[at:]).encode()
        return zipped(members)

    return make


def _w(inside: str) -> str:
    return f"<w:p><w:r><w:t>{inside}</w:t></w:r></w:p>"


def _nested_tables(size: int) -> str:
    opened, closed = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    return (opened * 40 + _w("kata") * 20 + closed * 40) * _times(size, (opened + closed) * 40)


def _pdf(content: Callable[[int], str]) -> MakeBytes:
    """A PDF of one page with these instructions."""

    def make(size: int) -> bytes:
        packed = zlib.compress(content(size).encode())
        plain = pdf([["Taman baru dibuka"]]).decode("latin-1")
        begin = plain.index("<</Length")
        end = plain.index("endstream") + len("endstream")
        stream = f"<</Length {len(packed)}/Filter/FlateDecode>>\nstream\n{packed.decode('latin-1')}\nendstream"
        # The table of places is then wrong, which readers mend by searching.
        return (plain[:begin] + stream + plain[end:]).encode("latin-1")

    return make


def _archive(members: Callable[[int], Mapping[str, bytes | str]]) -> MakeBytes:
    return lambda size: zipped(members(size))


def _same_names(size: int) -> bytes:
    """Many members of one name, of which the last counts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for _ in range(_times(size, "0" * 100)):
            info = zipfile.ZipInfo("a.txt")
            archive.NameToInfo.pop("a.txt", None)
            archive.writestr(info, LINE[:50])
    return buffer.getvalue()


def _saved_page(parts: Callable[[int], str]) -> MakeBytes:
    """A page as one file (MHTML), with these parts before its own."""

    def make(size: int) -> bytes:
        head = 'From: <Saved by Blink>\nSubject: Taman\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n'
        return f"{head}{parts(size)}--b\nContent-Type: text/html\n\n{PAGE}\n--b--\n".encode()

    return make


def _encoded_page(size: int) -> bytes:
    page = base64.encodebytes(PAGE.replace("</article>", f"<p>{PARAGRAPH}</p>" * _times(size, PARAGRAPH) + "</article>").encode())
    head = "From: <Saved by Blink>\nSubject: Taman\nMIME-Version: 1.0\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\n"
    return head.encode() + page


def _warc(size: int) -> bytes:
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{PAGE}"
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.id/\r\nContent-Length: {len(answer)}\r\n"
    record = f"{head}Content-Type: application/http; msgtype=response\r\n\r\n{answer}\r\n\r\n"
    return (record * _times(size, record)).encode()


DOCUMENTS: dict[str, MakeBytes] = {
    "plain.xlsx": lambda size: xlsx({"a": _table(size)}),
    "wide.xlsx": lambda size: xlsx_of({"a": f'<row r="1">{"<c><v>1</v></c>" * min(16_000, size // 10)}</row>'}),
    "sheets.xlsx": lambda size: xlsx({f"a{n}": _table(500) for n in range(size // 1_000 + 1)}),
    "one string.xlsx": lambda size: shared_string_bomb(size // 100, 1_000),
    "plain.ods": lambda size: ods({"a": _table(size)}),
    "plain.docx": _word(lambda size: _w(LINE) * _times(size, LINE)),
    "one paragraph.docx": _word(lambda size: f"<w:p>{'<w:r><w:t>kata </w:t></w:r>' * (size // 20)}</w:p>"),
    "nested.docx": _word(_nested_tables),
    "deleted.docx": _word(lambda size: f"<w:del>{_w('kata') * (size // 20)}</w:del>{_w(LINE)}"),
    "long text.odt": _archive(
        lambda size: {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a>" + "kata " * size + "</a>"}
    ),
    "slides.pptx": _archive(
        lambda size: {"[Content_Types].xml": "", **{f"ppt/slides/slide{n}.xml": LINE for n in range(size // 100)}}
    ),
    "chapters.epub": _archive(
        lambda size: {"mimetype": "application/epub+zip", **{f"{n}.html": PAGE for n in range(size // 500)}}
    ),
    "plain.pdf": lambda size: pdf([[LINE] * 40] * (size // 4_000 + 1)),
    "many pages.pdf": lambda size: pdf([["kata"]] * (size // 100 + 1)),
    "states.pdf": _pdf(lambda size: "q " * size),
    "moves.pdf": _pdf(lambda size: "BT /F 11 Tf " + "1 0 0 1 50 800 Tm (kata) Tj " * (size // 20) + "ET"),
    "open arrays.pdf": _pdf(lambda size: "[ " * min(size, 900)),
    "open strings.pdf": _pdf(lambda size: "(" * size),
    "dictionaries.pdf": lambda size: pdf([["kata"]]) + b"<<" * size,
    "references.pdf": lambda size: pdf([["kata"]]) + b"1 0 R " * size,
    "objects.pdf": lambda size: b"%PDF-1.4\n" + b"1 0 obj\n<<>>\nendobj\n" * (size // 20),
    "plain.zip": _archive(lambda size: {f"{n}.txt": LINE for n in range(size // 100)}),
    "folders.zip": _archive(lambda size: {f"{'a/' * 50}{n}.txt": LINE for n in range(size // 100)}),
    "one name.zip": _same_names,
    "pages.zip": _archive(lambda size: {f"{n}.html": PAGE for n in range(size // 1_000 + 1)}),
    "archives.zip": _archive(lambda size: {f"{n}.zip": zipped({"a.txt": LINE}) for n in range(size // 200 + 1)}),
    "plain.csv.gz": lambda size: gzip.compress(("judul,isi\n" + f'Taman,"{LINE}"\n' * _times(size, LINE)).encode()),
    "members.txt.gz": lambda size: gzip.compress(LINE.encode()) * (size // 100 + 1),
    "parts.mhtml": _saved_page(lambda size: "--b\nContent-Type: image/png\n\nkata\n" * min(1_900, size // 30)),
    "headers.mhtml": _saved_page(lambda size: "--b\n" + "Content-Type: image/png\n" * (size // 20) + "\nkata\n"),
    "encoded.mhtml": _encoded_page,
    "pages.warc": _warc,
    "open headers.warc": lambda size: b"WARC/1.0\r\n" + b"A: b\r\n" * (size // 5),
    "chat of one message.txt": lambda size: (
        f"27/10/24 21.05 - Ani: {LINE}\n27/10/24 21.06 - Budi: baik\n" + "baris berikut\n" * (size // 10)
    ).encode(),
    "chat with no names.txt": lambda size: ("27/10/24 21.05 - " + "kata " * 50 + "\n").encode() * (size // 200 + 2),
    "atom.xml": lambda size: (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">'
        + f"<entry><title>Taman</title><content>{LINE}</content></entry>" * _times(size, LINE)
        + "</feed>"
    ).encode(),
    "captions.vtt": lambda size: ("WEBVTT\n\n" + "00:01.000 --> 00:02.000\n<c>kata</c> [musik\n\n" * (size // 40)).encode(),
}


def exports(size: int) -> dict[str, list[dict[str, Any]]]:
    """Rows of each tool's export of labels, by the tool's name: plain ones, and one row with many labels and places."""
    text = TEXTS["one line"](500)
    many = size // 100
    span = {"start": 0, "end": 4, "label": "oppose"}
    choice = {"from_name": "ev", "type": "labels", "value": {"start": 0, "end": 4, "text": text[:4], "labels": ["stance/oppose"]}}
    return {
        "doccano": [{"text": text, "label": ["censorship"]}] * (size // 500) + [{"text": text, "label": [[0, 4, "oppose"]] * many}],
        "label-studio": [{"id": 3, "data": {"teks": text}, "annotations": [{"result": [choice] * n}]} for n in (*[1] * (size // 500), many)],
        "argilla": [
            {"id": "7", "fields": {"text": text}, "vectors": {}, "suggestions": {}, "responses": {
                "topics": [{"value": ["censorship"], "user_id": "u"}], "spans": [{"value": [span] * n, "user_id": "u"}]}}
            for n in (*[1] * (size // 500), many)
        ],
        "prodigy": [
            {"text": text, "options": [{"id": 1, "text": "Penyensoran"}], "accept": [1] * n, "answer": "accept",
             "_annotator_id": "rina", "spans": [span] * n} for n in (*[1] * (size // 500), many)
        ],
    }  # fmt: skip


def write_export(rows: list[dict[str, Any]]) -> str:
    """The rows as JSON lines."""
    return "".join(json.dumps(row) + "\n" for row in rows)
