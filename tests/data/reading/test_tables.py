"""Tables as people have them: CSV with every fault, Parquet with values that cannot be read."""

from __future__ import annotations

import csv
import gzip
import io
import random
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sorot.data.article import Article, Reject
from sorot.data.errors import InputError
from sorot.data.reading.columns import Columns
from sorot.data.reading.readers import read_articles, read_file

NO_ROWS = "the file holds no rows"


def read(path: Path, text: str | bytes, columns: Columns | None = None) -> tuple[list[Article], list[Reject]]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    found = list(read_file(path, columns or Columns()))
    return [a for a in found if isinstance(a, Article)], [r for r in found if isinstance(r, Reject)]


def rows_of(articles: list[Article]) -> list[tuple[int, str]]:
    return [(a.source.row if a.source else 0, a.body) for a in articles]


@pytest.mark.parametrize(
    "header",
    [
        "id_artikel,isi_artikel,judul_artikel,tgl_terbit,nama_portal,link_berita",
        "idberita,teks_berita,judul_berita,tanggal_publikasi,sumber_berita,url_berita",
        "Artikel ID,Full Content,News Title,Tanggal Terbit,Nama Media,News URL",
    ],
)
def test_names_with_words_around_the_usual_ones(tmp_path: Path, header: str) -> None:
    [article], _ = read(tmp_path / "a.csv", header + "\n7,Situs dibuka.,Judul,17 Juli 2017,Kabar,http://contoh.id\n")
    assert (article.id, article.body, article.title, article.outlet) == ("7", "Situs dibuka.", "Judul", "Kabar")
    assert article.published is not None and article.url == "http://contoh.id"


def test_an_exact_name_comes_before_one_with_words_around(tmp_path: Path) -> None:
    [article], _ = read(tmp_path / "a.csv", "isi_artikel,berita_berita,teks\nsalah,salah,benar\n")
    assert article.body == "benar"
    [article], _ = read(tmp_path / "a.csv", "teks,jumlah_berita,sumber_foto\nbenar,3,Antara\n")
    assert article.outlet is None


@pytest.mark.parametrize("head", ["\n\n", "sep=;\n", "\ufeffsep=;\r\n\r\n", '"sep=;"\n', " \n\t\n"])
def test_what_stands_above_the_header(tmp_path: Path, head: str) -> None:
    articles, rejects = read(tmp_path / "a.csv", head + "isi;judul\nsatu, dua, tiga;Judul\n")
    assert rows_of(articles) == [(head.count("\n") + 2, "satu, dua, tiga")] and not rejects


def test_the_delimiter_is_the_one_between_names(tmp_path: Path) -> None:
    articles, rejects = read(tmp_path / "a.csv", '"nilai, dalam, juta, rupiah";teks\n1;satu, dua\n')
    assert [a.body for a in articles] == ["satu, dua"] and not rejects
    articles, _ = read(tmp_path / "a.csv", "a,b,c,d;kicauan\n1;satu\n", Columns(text="kicauan"))
    assert [a.body for a in articles] == ["satu"]
    articles, _ = read(tmp_path / "a.tsv", "judul, panjang\tteks\nx\tsatu\n")
    assert [a.body for a in articles] == ["satu"]


def test_rows_are_numbered_by_the_line_they_begin_on(tmp_path: Path) -> None:
    articles, [reject] = read(tmp_path / "a.csv", 'teks,label\n"satu\ndua\n\ntiga",1\n\nempat,2\n"lima\nenam",1,2\n')
    assert rows_of(articles) == [(2, "satu\ndua\n\ntiga"), (7, "empat")]
    assert [a.id for a in articles] == ["a-2", "a-7"]
    assert reject.row == 8 and "3 fields where the header has 2" in reject.reason


@pytest.mark.parametrize("broken", ['5,"Judul tanpa tutup,teks rusak', '5,Judul,"teks tanpa tutup', '5,"Judul ""satu,teks'])
@pytest.mark.parametrize(
    "row", ["{n},Judul {n},teks {n}", '{n},"Judul {n}","teks {n}, lanjut"', '{n},Judul {n},"teks {n}\nlanjut, lagi"']
)
@pytest.mark.parametrize("after", [1, 2, 500])
def test_a_quote_that_is_never_closed_costs_its_own_row(tmp_path: Path, broken: str, row: str, after: int) -> None:
    lines = ["id,judul,teks", row.format(n=1), broken, *(row.format(n=n) for n in range(2, after + 2))]
    articles, rejects = read(tmp_path / "a.csv", "\n".join(lines) + "\n")
    assert [a.id for a in articles] == [str(n) for n in range(1, after + 2)]
    assert all(a.title == f"Judul {a.id}" and a.body.startswith(f"teks {a.id}") for a in articles)
    assert [r.row for r in rejects] == [3 + row.count("\n")] and "quotation mark" in rejects[0].reason


def test_a_quote_never_closed_in_a_table_of_one_column(tmp_path: Path) -> None:
    lines = ["teks", "satu", '"dua', *(f"baris {n}" for n in range(300))]
    articles, [reject] = read(tmp_path / "a.csv", "\n".join(lines))
    assert (len(articles), reject.row) == (301, 3)


def test_long_texts_in_quotes_are_no_fault(tmp_path: Path) -> None:
    text = "\n".join(f'Baris {n}, dengan koma dan ""kutipan"" di tengah.' for n in range(1000))
    articles, rejects = read(tmp_path / "a.csv", f'id,teks\n1,"{text}"\n2,"{text}"\n')
    assert [a.id for a in articles] == ["1", "2"] and not rejects
    assert articles[0].body == text.replace('""', '"')


def test_a_table_cut_off_within_its_last_row(tmp_path: Path) -> None:
    articles, [reject] = read(tmp_path / "a.csv", 'id,judul,teks\n1,a,satu\n2,b,"dua\nsambungan, lalu putus')
    assert rows_of(articles) == [(2, "satu")] and reject.row == 3


def test_of_two_columns_with_one_name_the_first_is_read(tmp_path: Path) -> None:
    [article], _ = read(tmp_path / "a.csv", "teks,teks,judul,judul\nsatu,dua,tiga,empat\n")
    assert (article.body, article.title) == ("satu", "tiga")
    pq.write_table(pa.table([["satu"], ["dua"]], names=["teks", "teks"]), tmp_path / "a.parquet")
    [article] = read_file(tmp_path / "a.parquet", Columns())
    assert isinstance(article, Article) and article.body == "satu"


def test_a_header_whose_quote_is_never_closed_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="quotation mark in the header"):
        read(tmp_path / "a.csv", 'id,"teks\n' + "1,satu\n" * 50)


@pytest.mark.parametrize(
    ("suffix", "text"), [("csv", "id,teks\n"), ("csv", "\n\n"), ("csv", "id,teks\n,\n\n"), ("jsonl", "\n \n\n"), ("json", "[ ]")]
)
def test_a_table_without_rows_is_one_reject(tmp_path: Path, suffix: str, text: str) -> None:
    path = tmp_path / f"a.{suffix}"
    assert read(path, text) == ([], [Reject(str(path), None, NO_ROWS)])


def test_parquet_without_rows_is_one_reject(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"teks": pa.array([], pa.string())}), path)
    assert list(read_file(path, Columns())) == [Reject(str(path), None, NO_ROWS)]


@pytest.fixture
def spoilt_parquet(tmp_path: Path) -> Path:
    """Two thousand rows; number 701 is not UTF-8 and number 1500 has a date beyond the calendar."""
    texts = [f"teks {n:04}".encode() for n in range(1, 2001)]
    texts[700] = b"teks \xff\xfe01"
    whole = pa.array(texts, pa.binary())
    spoilt = pa.StringArray.from_buffers(len(whole), whole.buffers()[1], whole.buffers()[2])
    moments = pa.array([2**60 if n == 1500 else 1_500_000_000 + n for n in range(1, 2001)], pa.timestamp("ms"))
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table([spoilt, moments], names=["teks", "tanggal"]), path)
    return path


def test_values_of_parquet_that_cannot_be_read_cost_their_row(spoilt_parquet: Path) -> None:
    found = list(read_file(spoilt_parquet, Columns()))
    assert {r.row: r.reason.split(" cannot")[0] for r in found if isinstance(r, Reject)} == {
        701: "column 'teks'",
        1500: "column 'tanggal'",
    }
    assert [a.body for a in found if isinstance(a, Article)] == [f"teks {n:04}" for n in range(1, 2001) if n not in (701, 1500)]


def test_packed_parquet_is_read(spoilt_parquet: Path, tmp_path: Path) -> None:
    packed = tmp_path / "a.parquet.gz"
    packed.write_bytes(gzip.compress(spoilt_parquet.read_bytes()))
    found = list(read_articles([str(packed)]))
    assert len(found) == 2000 and sum(isinstance(item, Reject) for item in found) == 2


def test_nanoseconds_of_parquet_are_no_fault(tmp_path: Path) -> None:
    table = pa.table({"teks": ["satu"], "tanggal": pa.array([1_500_000_000_123_456_789], pa.timestamp("ns", "UTC"))})
    pq.write_table(table, tmp_path / "a.parquet")
    [article] = read_file(tmp_path / "a.parquet", Columns())
    assert isinstance(article, Article) and article.published is not None
    assert article.published.isoformat() == "2017-07-14T02:40:00+00:00"


def test_values_of_other_types_are_read_for_what_they_mean(tmp_path: Path) -> None:
    """As pandas writes a table: whole numbers beside a missing one are floats, and some exporters write text as bytes."""
    table = pa.table(
        {
            "id": pa.array([1.0, None, 2.5]),
            "teks": pa.array(["satu “café”".encode(), "dua “café”".encode("cp1252"), b"tiga\r\n"]),
            "judul": pa.array([b"Judul", None, bytes(range(16))]),
            "tanggal": pa.array([1_500_301_440_000.0, float("nan"), 20170717.0]),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    articles = [item for item in read_file(tmp_path / "a.parquet", Columns()) if isinstance(item, Article)]
    assert [a.id for a in articles] == ["1", "a-2", "2.5"]
    assert [a.body for a in articles] == ["satu “café”", "dua “café”", "tiga\n"]
    assert [a.title for a in articles] == ["Judul", None, None]
    assert [a.published.isoformat() if a.published else None for a in articles] == [
        "2017-07-17T14:24:00+00:00",
        None,
        "2017-07-17",
    ]


def test_a_column_that_holds_no_text_is_told_with_the_cure(tmp_path: Path) -> None:
    pq.write_table(pa.table({"teks": [bytes(range(32)), b""]}), tmp_path / "a.parquet")
    binary, empty = read_file(tmp_path / "a.parquet", Columns())
    assert isinstance(binary, Reject) and binary.reason == "column 'teks' is binary, not text; name another with --text-column"
    assert isinstance(empty, Reject) and empty.reason == "no text in column 'teks'"
    _, [number] = read(tmp_path / "a.jsonl", '{"teks": 7}')
    assert number.reason == "column 'teks' holds int, not text; name another with --text-column"


def test_missing_parts_of_a_list_are_no_text(tmp_path: Path) -> None:
    [article], _ = read(tmp_path / "a.jsonl", '{"id": 7.0, "teks": ["satu", null, "dua", {"tiga": 3}]}')
    assert (article.id, article.body) == ("7", "satu\n\ndua")


CELL = st.text(st.sampled_from('ab ,;"\n\t.é'), min_size=0, max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CELL, min_size=1, max_size=12), st.sampled_from(",;\t|"))
def test_what_is_quoted_in_full_arrives_whatever_it_holds(tmp_path: Path, texts: list[str], delimiter: str) -> None:
    quoted = [text.replace('"', '""') for text in texts]
    data = delimiter.join(("id", "teks")) + "\n" + "".join(f'"{n}"{delimiter}"x{t}"\n' for n, t in enumerate(quoted))
    articles, rejects = read(tmp_path / "a.csv", data)
    assert [(a.id, a.body) for a in articles] == [(str(n), f"x{text}") for n, text in enumerate(texts)] and not rejects


# Lines as tables within articles have them: with the cells of a row, or nearly.
FIGURES = st.sampled_from(
    [
        "Januari 0,62 persen",
        "Februari;0,17",
        "a|b",
        "x\ty",
        'kata "kutip", lalu',
        '"satu","dua"',
        "",
        "satu , dua",
        "Tanpa apa pun.",
    ]
)
TEXT = st.builds(str.join, st.sampled_from(["\n", "\r\n", "\n\n"]), st.lists(FIGURES, min_size=1, max_size=9))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(TEXT, TEXT.filter(str.strip)), min_size=1, max_size=6),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_csv_writer_wrote_is_read_back_row_for_row(
    tmp_path: Path, rows: list[tuple[str, str]], delimiter: str, quoting: Literal[0, 1]
) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, quoting=quoting).writerows([("judul", "isi"), *rows])
    articles, rejects = read(tmp_path / "a.csv", written.getvalue())
    assert not rejects
    expected = [(title.replace("\r", "").strip() or None, text.replace("\r", "")) for title, text in rows]
    assert [(a.title, a.body) for a in articles] == expected


@pytest.mark.parametrize("others", [1, 1000])
def test_a_table_of_figures_within_a_quoted_text_is_no_row(tmp_path: Path, others: int) -> None:
    figures = "Januari 0,62 persen\nFebruari 0,17 persen\nMaret 0,08 persen"
    text = "\n".join(["Inflasi menurut bulan:"] * others + [figures] + ["Demikian laporan itu."] * others)
    articles, rejects = read(tmp_path / "a.csv", f'judul,isi\nInflasi,"{text}"\nCuaca,Cerah.\n')
    assert rows_of(articles) == [(2, text), (5 + 2 * others, "Cerah.")] and not rejects


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**30))
def test_a_single_stray_quote_never_costs_more_than_its_neighbours(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    data = "id,judul,teks\n" + "".join(f"{n},Judul {n},Teks nomor {n} habis.\n" for n in range(100))
    at = rng.randrange(14, len(data) - 1)
    articles, _ = read(tmp_path / "a.csv", data[:at] + '"' + data[at:])
    assert len(articles) >= 98
