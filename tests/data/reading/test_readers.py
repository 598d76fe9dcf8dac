from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sorot.data.article import Article, Reject
from sorot.data.errors import InputError
from sorot.data.reading.columns import Columns
from sorot.data.reading.fields.placeholders import is_placeholder
from sorot.data.reading.readers import read_articles, read_file
from sorot.data.text.encodings import decode, mend
from sorot.data.text.language import detect_language

BODY = "Pemerintah kota membuka taman baru di tepi sungai pada hari Minggu. Warga datang sejak pagi dan menikmati udara segar."


def articles(*inputs: object, columns: Columns | None = None) -> list[Article]:
    found = list(read_articles([str(i) for i in inputs], columns=columns))
    assert all(isinstance(a, Article) for a in found), found
    return [a for a in found if isinstance(a, Article)]


def test_tables_are_read_by_their_usual_column_names(tmp_path: Path) -> None:
    record = {
        "Judul": "Taman baru",
        "Isi Berita": BODY,
        "Tanggal": "17 Juli 2017",
        "Media": "Kabar",
        "Link": "http://contoh.id/1",
        "id": 7,
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps([record], indent=1), encoding="utf-8")
    pq.write_table(pa.Table.from_pylist([record]), tmp_path / "c.parquet")
    for suffix, delimiter in (("csv", ";"), ("tsv", "\t")):
        lines = [delimiter.join(map(str, record)), delimiter.join(f'"{v}"' for v in record.values())]
        (tmp_path / f"d.{suffix}").write_text("\ufeff" + "\r\n".join(lines), encoding="utf-8")
    with gzip.open(tmp_path / "e.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps(record))
    found = articles(tmp_path)
    assert len(found) == 6
    for article in found:
        assert (article.id, article.title, article.body, article.outlet) == ("7", "Taman baru", BODY, "Kabar")
        assert article.published is not None and article.published.isoformat() == "2017-07-17"
        assert article.url == "http://contoh.id/1"


def test_named_columns_win_and_wrong_ones_stop(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,lain\nsatu,dua\n", encoding="utf-8")
    assert articles(path, columns=Columns(text="lain"))[0].body == "dua"
    with pytest.raises(InputError, match="no column 'isi'; the columns are 'text', 'lain'"):
        list(read_articles([str(path)], columns=Columns(text="isi")))


def test_a_wrong_table_among_others_costs_only_itself(tmp_path: Path) -> None:
    wrong, good = tmp_path / "a.csv", tmp_path / "b.csv"
    wrong.write_text("x,y\n1,2\n")
    good.write_text("isi\nCuaca cerah.\n")
    reject, article = read_articles([str(wrong), str(good)])
    assert isinstance(reject, Reject)
    assert reject.reason == "no column looks like an article's text among 'x', 'y'; name it with --text-column"
    assert isinstance(article, Article)
    with pytest.raises(InputError, match="no such file"):
        next(read_articles([str(good), str(tmp_path / "absent.csv")]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-32"])
def test_any_encoding_a_scraper_leaves(tmp_path: Path, encoding: str) -> None:
    text = "“Kami menolak,” kata André – warga Désa Café. " + BODY
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(encoding))
    assert articles(path)[0].body == text


def test_html_gives_the_article_and_its_fields(tmp_path: Path) -> None:
    page = f"""<html><head><title>Taman baru dibuka</title><meta property="og:site_name" content="Kabar Kota"></head><body>
    <nav><a href="/">Beranda</a> <a href="/bola">Bola</a></nav><article><h1>Taman baru dibuka</h1>
    <p>{BODY}</p><p>{BODY.replace("Minggu", "Senin")}</p></article><footer>Hak cipta</footer><script>alert(1)</script></body></html>"""
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    [article] = articles(tmp_path / "a.html")
    assert "taman baru di tepi sungai" in article.body and "alert" not in article.body and "Beranda" not in article.body
    assert (article.title, article.outlet) == ("Taman baru dibuka", "Kabar Kota")


@pytest.mark.parametrize(("data", "n"), [(BODY.encode(), 1), (b'{"text": "satu"}\n{"text": "dua"}\n', 2)])
def test_standard_input(data: bytes, n: int) -> None:
    found = list(read_articles(["-"], stdin=io.BytesIO(data)))
    assert len(found) == n and all(isinstance(a, Article) for a in found)


def test_globs_folders_and_what_is_not_there(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "sub/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(BODY, encoding="utf-8")
    assert [a.id for a in articles(tmp_path)] == ["a", "b", "sub/c"]
    assert [a.id for a in articles(tmp_path / "*.txt")] == ["a", "b"]
    for missing in ("nothing.txt", "*.csv"):
        with pytest.raises(InputError, match="no such file or folder"):
            list(read_articles([str(tmp_path / missing)]))


@pytest.mark.parametrize("suffix", [".txt", ".jsonl", ".json", ".csv", ".tsv", ".parquet", ".html", ".jsonl.gz"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300))
def test_no_bytes_whatever_break_a_reader(tmp_path: Path, suffix: str, data: bytes) -> None:
    path = tmp_path / f"x{suffix}"
    path.write_bytes(data)
    try:
        found = list(read_file(path, Columns()))
    except InputError:
        return
    assert all(isinstance(item, (Article, Reject)) for item in found)
    for item in found:
        if isinstance(item, Article):
            assert item.body.strip() and "\x00" not in item.body
            item.body.encode("utf-8")


@given(st.lists(st.text(min_size=1).filter(lambda t: mend(t).strip() and not is_placeholder(t)), min_size=1, max_size=20))
def test_every_good_row_arrives_in_order(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("rows") / "a.jsonl"
    path.write_text("\n".join(json.dumps({"text": t}) for t in texts), encoding="utf-8")
    assert [a.body for a in articles(path)] == [mend(t) for t in texts]


def test_five_megabytes_on_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "kata " * 1_000_000}), encoding="utf-8")
    assert len(articles(path, columns=Columns(characters=5_000_000))[0].body) == 5_000_000


def test_mending_text() -> None:
    assert mend("a\x00b\r\nc\rd") == "ab\nc\nd"
    assert mend("x\ud83dy").encode("utf-8")
    assert decode("ya".encode("utf-16")) == "ya"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (BODY, "id"),
        ("gak ngerti lagi deh sama layanan ini, lemot banget padahal udah bayar mahal tiap bulan", "id"),
        ("The government has blocked access to several websites after a court ruling on Tuesday, officials said.", "en"),
        (
            "Menteri berkata kerajaan akan memperkenalkan akta baharu kerana pihak polis menerima banyak aduan, dan beliau bersetuju.",
            "ms",
        ),
        ("oke sip", None),
    ],
)
def test_language(text: str, code: str | None) -> None:
    assert detect_language(text) == code
