"""JSON as interfaces, search engines, databases and messengers write it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.article import Article, Reject
from sorot.data.reading.columns import Columns
from sorot.data.reading.readers import read_articles

FIRST = "Dinas pendidikan membuka perpustakaan keliling di empat kecamatan. Anak sekolah boleh meminjam dua buku."
SECOND = "Nelayan melepas tukik di pantai selatan. Kegiatan itu sudah berjalan sejak tahun lalu."
ROWS = [{"judul": "Perpustakaan", "isi": FIRST}, {"judul": "Tukik", "isi": SECOND}]


def read(value: Any, columns: Columns | None = None, *, lines: bool = False) -> list[Article | Reject]:
    data = "\n".join(map(json.dumps, value)) if lines else json.dumps(value)
    return list(read_articles(["-"], stdin=io.BytesIO(data.encode()), columns=columns))


def only(value: Any, columns: Columns | None = None) -> Article:
    [article] = read(value, columns)
    assert isinstance(article, Article), article
    return article


@pytest.mark.parametrize(
    "value",
    [
        {"status": "ok", "articles": ROWS},
        {"response": {"numFound": 2, "docs": ROWS}},
        {
            "took": 3,
            "hits": {"total": {"value": 2}, "hits": [{"_index": "b", "_id": str(n), "_source": r} for n, r in enumerate(ROWS)]},
        },
        {"result": {"items": ROWS}, "message": "selesai"},
        {"content": ROWS, "totalPages": 1},
        {"0": ROWS[0], "1": ROWS[1]},
        {"berita": {"-Na": ROWS[0], "-Nb": ROWS[1]}},
        {"judul": {"0": "Perpustakaan", "1": "Tukik"}, "isi": {"0": FIRST, "1": SECOND}},
        {"judul": ["Perpustakaan", "Tukik"], "isi": [FIRST, SECOND]},
        {"columns": ["judul", "isi"], "index": [0, 1], "data": [["Perpustakaan", FIRST], ["Tukik", SECOND]]},
        {"schema": {"fields": [{"name": "isi"}]}, "data": ROWS},
    ],
)
@pytest.mark.parametrize("suffix", ["json", "jsonl"])
def test_rows_are_found_wherever_a_tool_puts_them(value: Any, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_text(json.dumps(value, indent=1 if suffix == "json" else None), encoding="utf-8")
    found = [item for item in read_articles([str(path)]) if isinstance(item, Article)]
    assert [(a.title, a.body) for a in found] == [("Perpustakaan", FIRST), ("Tukik", SECOND)]
    assert [a.source.row for a in found if a.source] == [1, 2]
    assert len({a.id for a in found}) == 2


def test_answers_line_by_line_keep_their_lines_and_ids_apart() -> None:
    found = read([{"data": [row, row]} for row in ROWS], lines=True)
    assert [(a.id, a.source.row) for a in found if isinstance(a, Article) and a.source] == [
        ("stdin-1-1", 1),
        ("stdin-1-2", 1),
        ("stdin-2-1", 2),
        ("stdin-2-2", 2),
    ]


def test_of_two_arrays_with_text_none_is_guessed() -> None:
    [reject] = read({"articles": ROWS, "terkait": ROWS})
    assert isinstance(reject, Reject)
    assert reject.reason == "rows with text are under 'articles', 'terkait'; save only the array that you mean"


def test_rows_without_text_name_their_keys() -> None:
    value = {"articles": [{"url": "http://a.id", "title": "Satu", "seendate": "20251103T091500Z"}]}
    [reject] = read(value)
    assert isinstance(reject, Reject)
    assert reject.reason == (
        "the rows under 'articles' have no text column among 'url', 'title', 'seendate'; name it with --text-column"
    )
    assert only(value, Columns(text="title")).body == "Satu"
    [empty] = read({"status": "ok", "articles": []})
    assert isinstance(empty, Reject) and empty.reason == "there are no rows under 'articles'"


def test_outlets_that_are_objects_give_their_name() -> None:
    row = {
        "source": {"id": None, "name": "Warta Bukit"},
        "title": "Tukik",
        "publishedAt": "2025-02-03T04:05:06Z",
        "content": SECOND,
    }
    article = only({"status": "ok", "totalResults": 1, "articles": [row]})
    assert article.outlet == "Warta Bukit" and article.published is not None
    assert article.published.isoformat() == "2025-02-03T04:05:06+00:00"


def test_telegrams_pieces_become_one_text() -> None:
    messages = [
        {"id": 1, "type": "service", "date": "2025-02-03T04:05:00", "action": "pin_message", "text": ""},
        {"id": 2, "type": "message", "date": "2025-02-03T04:06:00", "text": [{"type": "bold", "text": "Tukik"}, "\n\n" + SECOND]},
        {
            "id": 3,
            "type": "message",
            "date": "2025-02-03T04:07:00",
            "text": ["Lihat ", {"type": "link", "text": "http://a.id"}, "."],
        },
    ]
    for value in ({"name": "Kanal", "messages": messages}, {"chats": {"list": [{"name": "Kanal", "messages": messages}]}}):
        reject, first, second = read(value)
        assert isinstance(reject, Reject) and reject.reason == "no text in column 'text'"
        assert isinstance(first, Article) and first.body == f"Tukik\n\n{SECOND}" and first.published is not None
        assert isinstance(second, Article) and second.body == "Lihat http://a.id."


def test_wordpress_posts_lose_their_html_and_keep_their_zone() -> None:
    post = {
        "id": 9,
        "date": "2025-02-03T12:05:00",
        "date_gmt": "2025-02-03T04:05:00",
        "link": "http://a.id/9",
        "title": {"rendered": "Tukik &#8211; pantai"},
        "content": {"rendered": f"<p>{FIRST}</p>\n<p>{SECOND}</p>", "protected": False},
        "excerpt": {"rendered": "<p>Ringkas</p>"},
    }
    article = only([post], Columns(keep=True))
    assert (article.id, article.title, article.body, article.url) == (
        "9",
        "Tukik – pantai",
        f"{FIRST}\n\n{SECOND}",
        "http://a.id/9",
    )
    assert article.published is not None and article.published.isoformat() == "2025-02-03T12:05:00+08:00"
    assert [name for name, _ in article.extra] == ["date_gmt", "excerpt"]
    assert only([post], Columns(text="excerpt.rendered")).body == "Ringkas"


@pytest.mark.parametrize(
    "date", ["2025-02-03T04:05:00Z", 1738555500000, {"$numberLong": "1738555500000"}], ids=["text", "number", "long"]
)
def test_mongos_dates_and_ids(date: Any) -> None:
    [article] = read(
        [{"_id": {"$oid": "ab12"}, "isi": SECOND, "tanggal": {"$date": date}, "sumber": {"nama": "Warta"}}], lines=True
    )
    assert isinstance(article, Article) and (article.id, article.outlet) == ("ab12", "Warta")
    assert article.published is not None and article.published.isoformat() == "2025-02-03T04:05:00+00:00"


def test_paragraphs_that_are_objects_are_joined_and_no_rows() -> None:
    blocks = [{"type": "paragraph", "text": FIRST}, {"type": "paragraph", "data": {"text": SECOND}}]
    assert only({"judul": "Dua", "isi": blocks}).body == f"{FIRST}\n\n{SECOND}"
    assert only({"url": "http://a.id", "article": {"title": "Tukik", "body": SECOND}}).title == "Tukik"
    assert only({"data": {"judul": "Tukik", "isi": SECOND, "tanggal": "3 Februari 2025"}}).body == SECOND


def test_an_object_larger_than_the_limit_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sorot.data.reading.tables.json_rows.MAX_CHARACTERS", 300)
    data = json.dumps({"articles": ROWS}, indent=1).encode()
    [reject] = read_articles(["-"], stdin=io.BytesIO(data))
    assert isinstance(reject, Reject) and "one object larger than" in reject.reason and "save only its array" in reject.reason


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["isi", "judul", "data", "$date", "$oid", "rendered", "_source", "0", "columns", "date_gmt", "date", "type"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(JSON.filter(lambda value: isinstance(value, dict)) | st.lists(JSON, min_size=1).map(lambda rows: [{"isi": "x"}, *rows]))
def test_no_shape_breaks_a_reader(value: Any) -> None:
    found = read(value)
    assert found
    assert all(isinstance(item, Reject) or (item.body.strip() and isinstance(item.body, str)) for item in found)
