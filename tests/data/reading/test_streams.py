"""Bytes without a type of their own: standard input and .json are known by how they begin; encodings and mojibake."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import tracemalloc
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sorot.data.article import Article, Reject
from sorot.data.errors import InputError
from sorot.data.reading.columns import Columns
from sorot.data.reading.readers import read_articles, read_file
from sorot.data.text.encodings import decode, guess_encoding, mend

PROSE = "Pemerintah kota membuka taman baru di tepi sungai. Warga datang sejak pagi, dan menikmati udara segar."
ROWS = [{"teks": "satu, “dua”"}, {"teks": "tiga é"}]
LINES = "\n".join(json.dumps(r, ensure_ascii=False) for r in ROWS)


def read_stdin(data: bytes, columns: Columns | None = None) -> list[Article | Reject]:
    return list(read_articles(["-"], stdin=io.BytesIO(data), columns=columns))


def bodies(found: list[Article | Reject]) -> list[str]:
    assert all(isinstance(item, Article) for item in found), found
    return [item.body for item in found if isinstance(item, Article)]


def parquet(rows: list[dict[str, str]]) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), buffer)
    return buffer.getvalue()


def zstd(data: bytes) -> bytes:
    packed = pa.BufferOutputStream()
    with pa.CompressedOutputStream(packed, "zstd") as stream:
        stream.write(data)
    return bytes(packed.getvalue().to_pybytes())


PACKERS = {"": bytes, "gz": gzip.compress, "zst": zstd}
LAYOUTS = {
    "lines": LINES.encode(),
    "blank lines": b"\n\n" + LINES.replace("\n", "\n\n").encode() + b"\n",
    "array": json.dumps(ROWS).encode(),
    "array over lines": json.dumps(ROWS, indent=2).encode(),
    "csv": 'id,teks\n1,"satu, “dua”"\n2,tiga é\n'.encode(),
    "sep": "sep=;\nid;teks\n1;satu, “dua”\n2;tiga é\n".encode(),
    "tsv": "id\tisi_artikel\n1\tsatu, “dua”\n2\ttiga é\n".encode(),
    "parquet": parquet(ROWS),
    "utf-16 lines": LINES.encode("utf-16"),
    "utf-16 lines without a mark": LINES.encode("utf-16-le"),
    "utf-16 csv without a mark": 'id,teks\r\n1,"satu, “dua”"\r\n2,tiga é\r\n'.encode("utf-16-be"),
    "marked": b"\xef\xbb\xbf" + LINES.encode(),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("packer", PACKERS)
def test_standard_input_is_known_by_how_it_begins(layout: str, packer: str) -> None:
    assert bodies(read_stdin(PACKERS[packer](LAYOUTS[layout]))) == ["satu, “dua”", "tiga é"]


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if "lines" in name or "array" in name])
@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".json.gz", ".jsonl.zst"])
def test_json_files_are_known_by_how_they_begin(tmp_path: Path, layout: str, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    _, _, packer = suffix[1:].partition(".")
    path.write_bytes(PACKERS[packer](LAYOUTS[layout]))
    assert bodies(list(read_file(path, Columns()))) == ["satu, “dua”", "tiga é"]


@pytest.mark.parametrize("suffix", [".json", ".jsonl", None])
def test_one_object_over_many_lines_is_one_record(tmp_path: Path, suffix: str | None) -> None:
    data = json.dumps({"judul": "Judul", "isi": "satu\ndua"}, indent=2).encode()
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    assert bodies(read_stdin(data) if suffix is None else list(read_file(path, Columns()))) == ["satu\ndua"]


def test_a_broken_first_line_costs_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"isi": "putus\n{"isi": "satu"}\n[1, 2]\n{"isi": "dua"}\n', encoding="utf-8")
    found = list(read_file(path, Columns()))
    assert [(item.row, type(item)) if isinstance(item, Reject) else item.body for item in found] == [
        (1, Reject),
        "satu",
        (3, Reject),
        "dua",
    ]
    path.write_text('[1, 2]\n{"isi": "satu"}\n', encoding="utf-8")
    assert [isinstance(item, Article) for item in read_file(path, Columns())] == [False, True]


def test_a_broken_array_gives_what_stands_before_the_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for fault in ('{"isi": tiga}]', '{"isi": "tiga', ""):
        path.write_text('[{"isi": "satu"}, {"isi": "dua"}, ' + fault, encoding="utf-8")
        *good, reject = read_file(path, Columns())
        assert bodies(good) == ["satu", "dua"]
        assert isinstance(reject, Reject) and reject.row == 3 and "not valid JSON" in reject.reason


@pytest.mark.parametrize("key", ["data", "berita"])
@pytest.mark.parametrize("indent", [None, 1])
def test_rows_within_an_object_are_read(key: str, indent: int | None) -> None:
    found = read_stdin(json.dumps({"status": "ok", "total": 2, key: ROWS}, indent=indent).encode())
    assert bodies(found) == ["satu, “dua”", "tiga é"]
    assert [(item.id, item.source.row) for item in found if isinstance(item, Article) and item.source] == [
        ("stdin-1", 1),
        ("stdin-2", 2),
    ]


def test_an_object_with_a_text_of_its_own_holds_no_rows() -> None:
    [reject] = read_stdin(json.dumps({"uraian": PROSE * 3, "balasan": ROWS}).encode())
    assert isinstance(reject, Reject) and reject.reason.endswith("among 'uraian', 'balasan'; name it with --text-column")


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        "[FOTO] " + PROSE,
        "{sponsor} " + PROSE,
        "Berita, foto, dan video hari ini\n" + PROSE,
        "JAKARTA, KABAR - " + PROSE,
        "Judul: berita; isi: kosong\n" + PROSE,
        "Teks\n" + PROSE,
    ],
)
def test_prose_on_standard_input_is_one_text(text: str) -> None:
    assert bodies(read_stdin(text.encode())) == [text]


def test_a_given_column_tells_a_table_on_standard_input() -> None:
    data = b"kicauan|angka\nsatu|1\n"
    assert bodies(read_stdin(data, Columns(text="kicauan"))) == ["satu"]
    assert bodies(read_stdin(data)) == [data.decode().strip()]
    assert bodies(read_stdin(b"kicauan\nsatu\n", Columns(text="kicauan"))) == ["satu"]


def test_html_and_nothing_on_standard_input() -> None:
    page = f"<!doctype html><html><body><article><h1>Taman</h1><p>{PROSE}</p><p>{PROSE} Lagi.</p></article></body></html>"
    assert "taman baru" in bodies(read_stdin(page.encode()))[0]
    for data, reason in (
        (b"", "is empty"),
        (gzip.compress(b""), "is empty"),
        (zstd(b""), "is empty"),
        (b" \n", "holds no text"),
        (bytes(range(32)) * 9, "binary"),
    ):
        [reject] = read_stdin(data)
        assert isinstance(reject, Reject) and reject.file == "-" and reason in reject.reason


@pytest.mark.parametrize("packer", ["gz", "zst"])
def test_what_stands_before_a_break_in_a_packed_file_is_read(tmp_path: Path, packer: str) -> None:
    path = tmp_path / f"a.jsonl.{packer}"
    lines = "\n".join(json.dumps({"id": n, "teks": os.urandom(400).hex()}) for n in range(2000))
    path.write_bytes(PACKERS[packer](lines.encode())[:-200_000])
    *articles, reject = read_file(path, Columns())
    assert len(articles) > 1000 and all(isinstance(a, Article) for a in articles)
    assert isinstance(reject, Reject) and "cannot be read" in reject.reason


@pytest.mark.parametrize("suffix", [".txt", ".csv", ".jsonl"])
def test_a_bad_byte_does_not_spoil_a_file(tmp_path: Path, suffix: str) -> None:
    text = "“Kami menolak,” kata André – warga Désa."
    before = {".txt": "", ".csv": "teks\n", ".jsonl": '{"teks": "'}[suffix]
    after = {".txt": "", ".csv": "\n", ".jsonl": '"}'}[suffix]
    quoted = f'"{text}"' if suffix == ".csv" else text
    path = tmp_path / f"a{suffix}"
    path.write_bytes((before + quoted).encode() + b"\xff" + after.encode())
    [body] = bodies(list(read_file(path, Columns())))
    assert body == text + "\ufffd"


def test_the_encoding_of_json_lines_is_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    plain = json.dumps({"teks": "biasa"}).encode()
    legacy = '{"teks": "Désa “kita”"}'.encode("cp1252")
    path.write_bytes(b"\n".join([plain] * 60_000 + [legacy]))
    assert bodies(list(read_file(path, Columns())))[-1] == "Désa “kita”"
    path.write_bytes(b"\n".join(['{"teks": "Désa “kita” é"}'.encode()] * 3 + [b'{"teks": "Caf\xe9"}']))
    assert bodies(list(read_file(path, Columns()))) == ["Désa “kita” é"] * 3 + ["Caf\ufffd"]


@pytest.mark.parametrize("text", ["Kafé di Désa", "“Saya” – kata Müller", "harga naik 5½ persen…", "Señor João"])
def test_legacy_bytes_are_western(text: str) -> None:
    assert guess_encoding(text.encode("cp1252")) == "cp1252"
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    ("spoilt", "text"),
    [
        ("â€œKami menolak,â€\x9d kata AndrÃ© â€“ warga DÃ©sa.", "“Kami menolak,” kata André – warga Désa."),
        ("Itâ€™s 5Â°C â€¦", "It’s 5°C …"),
        ("‚ÄúYa‚Äù kata D√©sa ‚Äì", "“Ya” kata Désa –"),
        ("Ã¢â‚¬Å“Ya", "“Ya"),
        ("Mesut Ã–zil", "Mesut Özil"),
        ("ðŸ˜€ Ø§Ù„Ù„Ù‡", "😀 الله"),
    ],
)
def test_what_was_misread_is_restored(spoilt: str, text: str) -> None:
    assert mend(spoilt) == text


@pytest.mark.parametrize(
    "text",
    ["“café…” kata ‘André’", "AMANHÃ”", "São Paulo, «ê» à “x”", "x = √π", "â€ yatim", "Ünal “é” ‹à›", "naïve—ï…", "RM5‚ ¬x"],
)
def test_what_was_not_misread_stays(text: str) -> None:
    assert mend(text) == text


@given(st.text(st.sampled_from("aZ é“”’–…ñÖü°½€"), max_size=30))
def test_mending_restores_what_cp1252_made_of_utf8(text: str) -> None:
    spoilt = "".join(
        c
        if c < "\x80"
        else "".join(chr(b) if b in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([b]).decode("cp1252") for b in c.encode())
        for c in text
    )
    # 'KÃ–LN' may as well end a word in a capital and a dash.
    assume(not re.search("[ZÖÑ]Ö", text) and mend(text) == text)
    assert mend(spoilt) == text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=200), st.sampled_from([b"", b"[", b"{", b'{"isi":', b"PAR1", b"\x1f\x8b", b"sep=;\n", b"<p", b"id,teks\n"])
)
def test_no_bytes_whatever_break_standard_input(data: bytes, head: bytes) -> None:
    try:
        found = read_stdin(head + data)
    except InputError:
        return
    assert found and all(isinstance(item, (Article, Reject)) for item in found)


@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".csv"])
def test_large_files_are_never_held_whole(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    text = "é" + "kata " * 2000
    with path.open("w", encoding="utf-8") as file:
        file.write({".json": "[", ".csv": "teks\n", ".jsonl": ""}[suffix])
        for n in range(3000):
            file.write(
                text + "\n" if suffix == ".csv" else ("," if n and suffix == ".json" else "") + json.dumps({"teks": text}) + "\n"
            )
        file.write("]" if suffix == ".json" else "")
    tracemalloc.start()
    count = sum(isinstance(item, Article) for item in read_file(path, Columns()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 3000 and peak < 25_000_000 < path.stat().st_size
