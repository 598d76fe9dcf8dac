"""A page that is made to take minutes is refused in a moment, and a large one of the usual kind is not."""

from __future__ import annotations

import time

import pytest

pytest.importorskip("lxml")
from sorot.data.article import Article, Reject
from sorot.data.reading.html import read_html
from sorot.data.reading.pages.markup_limits import MAX_ATTRIBUTES, MAX_ELEMENTS, exceeded_limit

SENTENCE = "Pemerintah kota membuka taman baru di tepi sungai pada hari Minggu, dan warga datang sejak pagi."
SIZE = 2_000_000


def attributes(n: int, quote: str = "") -> str:
    return "<p " + " ".join(f"a{i}={quote}>{quote}" if quote else f"a{i}=1" for i in range(n)) + ">x</p>"


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<span>a</span>" * (SIZE // 14), "elements"),
        ("<p>a</p>" * (SIZE // 8), "elements"),
        ("<br>" * (SIZE // 4), "elements"),
        (attributes(SIZE // 10), "attributes"),
        # Quotes and what looks like a script hide no tag.
        (attributes(SIZE // 12, '"'), "attributes"),
        ('<script>"<p x=\'"</script>' + attributes(SIZE // 10) + "'>", "attributes"),
    ],
)
def test_hostile_markup_is_refused_at_once(page: str, words: str) -> None:
    for data in (page, page.encode()):
        begun = time.process_time()
        found = read_html(data, "a.html", "a")
        assert isinstance(found, Reject) and words in found.reason and "too much for an article" in found.reason
        assert time.process_time() - begun < 15


@pytest.mark.parametrize(
    "page",
    ["<" * SIZE, "</p>" * (SIZE // 4), "<div>" * 15_000, "&amp;" * (SIZE // 5), "<!--" * (SIZE // 4), "<table><tr><td>" * 6_000],
)
def test_what_is_hostile_in_other_ways_is_read_in_bounded_time(page: str) -> None:
    begun = time.process_time()
    read_html(page, "a.html", "a")
    assert time.process_time() - begun < 60


def test_a_large_page_is_read() -> None:
    links = '<li class="x" data-a="<b>" href="y"><a href="z">Berita lain</a></li>' * (MAX_ELEMENTS // 3)
    page = f"<html><body><ul>{links}</ul><article><h1>Taman</h1>{f'<p>{SENTENCE}</p>' * 5}</article></body></html>"
    found = read_html(page, "a.html", "a")
    assert isinstance(found, Article) and SENTENCE in found.body


def test_the_limits_are_exact() -> None:
    # html and body are elements too.
    assert exceeded_limit("<html><body>" + "<br>" * (MAX_ELEMENTS - 2)) is None
    assert exceeded_limit("<html><body>" + "<br>" * (MAX_ELEMENTS - 1)) == f"more than {MAX_ELEMENTS} elements"
    assert exceeded_limit(attributes(MAX_ATTRIBUTES)) is None
    assert exceeded_limit(attributes(MAX_ATTRIBUTES + 1)) == f"an element with more than {MAX_ATTRIBUTES} attributes"


@pytest.mark.parametrize("data", ["", b"", "\x00", b"\xff\xfe", "<?xml version='1.0' encoding='x'?><p>a", "\ud800"])
def test_what_is_no_page_is_not_heavy(data: str | bytes) -> None:
    assert exceeded_limit(data) is None
