from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.article import Article
from data.cleaning import clean_article
from data.fields import parse_date


@dataclass(frozen=True)
class Dump:
    text: str
    body: str
    outlet: str | None
    title: str | None
    published: str | None
    place: str | None


def read_dumps() -> list[Dump]:
    text = Path(__file__).with_name("dumps").joinpath("dumps.txt").read_text(encoding="utf-8")
    dumps = []
    for block in text.split("\n=== ")[1:]:
        head, *lines = block.strip("\n").split("\n")
        outlet, title, published, place = (None if f == "-" else f for f in head.split(" | "))
        page, body = [], []
        for line in lines:
            if line.startswith("B|"):
                parts = line[2:].split("||")
                # The longest part is the paragraph; what stands beside it is dateline or initials.
                body.append(max(parts, key=len).strip())
                page.append("".join(parts))
            else:
                page.append("" if line == "E|" else line)
        dumps.append(Dump("\n".join(page), "\n\n".join(body), outlet, title, published, place))
    return dumps


DUMPS = read_dumps()


def clean(text: str, title: str | None = None) -> Article:
    return clean_article(Article(id="a", body=text, title=title))


def test_body_tokens_of_the_dumps_are_found_and_nothing_else() -> None:
    assert len(DUMPS) >= 30
    hits = found = true = 0
    for dump in DUMPS:
        have, want = Counter(re.findall(r"\w+", clean(dump.text).body)), Counter(re.findall(r"\w+", dump.body))
        hits += (have & want).total()
        found += have.total()
        true += want.total()
    precision, recall = hits / found, hits / true
    print(f"body tokens of {len(DUMPS)} dumps: precision {precision:.4f}, recall {recall:.4f}")
    assert precision >= 0.97 and recall >= 0.97


@pytest.mark.parametrize("field", ["title", "outlet", "published", "place", "body"])
def test_fields_of_the_dumps(field: str) -> None:
    wrong = []
    for dump in DUMPS:
        expected = getattr(dump, field)
        found = getattr(clean(dump.text), field)
        if field == "published":
            expected = parse_date(expected) if expected else None
        # Where the page names no outlet but its address does in the dateline, that is what is kept.
        if field == "outlet" and expected is None:
            continue
        if found != expected:
            wrong.append((expected, found))
    assert len(wrong) <= 1, wrong


CLEAN = [
    "Harga beras naik.\n\nPedagang mengeluh.",
    "Satu baris saja tanpa titik",
    'Pemerintah mengumumkan aturan baru hari ini, dan warga menyambutnya dengan banyak pertanyaan di kantor kelurahan.\n"Kami bingung," kata Sri.\n\n\nBaris terakhir.  ',
    "mantul bgt gan   #promo",
    "Baca juga buku ini, katanya.",
]


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_passes_character_for_character(text: str) -> None:
    assert clean(text).body == text
    assert clean(text, title="Judul").body == text
    assert clean(text).removed == ()


def test_leftovers_in_an_article_go_and_the_rest_stays() -> None:
    first = "Menteri menjelaskan aturan baru itu kepada para wartawan di kantornya pada Senin siang, dan meminta semua pihak bersabar."
    second = (
        "Sejumlah pengusaha menyambut baik penjelasan itu, tetapi meminta waktu lebih panjang untuk menyesuaikan sistem mereka."
    )
    text = f"Jakarta, Kabar Petang -- {first}\nBaca juga: Aturan Lama Dicabut\nADVERTISEMENT\n{second} (abc/def)"
    found = clean(text, title="Aturan Baru")
    assert found.body == f"{first}\n{second}"
    assert (found.place, found.outlet, found.title) == ("Jakarta", "Kabar Petang", "Aturan Baru")
    assert sorted(r.kind for r in found.removed) == ["advert", "dateline", "initials", "related"]


def test_fields_that_are_there_are_kept() -> None:
    dump = DUMPS[0]
    article = clean_article(Article(id="a", body=dump.text, outlet="Lain", place="Wakatobi"))
    assert (article.outlet, article.place, article.title) == ("Lain", "Wakatobi", dump.title)


PIECES = st.sampled_from(
    ["Baca juga: Lain Hal", "Berita Terkait", "12", "Dilihat: 5", "JAKARTA, KABAR.com - ", "Kabar - 17 Juli 2017 10:00 WIB", "", "(abc/def)", "ADVERTISEMENT",
     "Judul Berita Hari Ini", "Pemerintah kota membuka taman baru di tepi sungai pada hari Minggu dan warga datang sejak pagi untuk menikmati udara segar."]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES | st.text(max_size=40), max_size=12), st.none() | st.just("Judul Berita Hari Ini"))
def test_cleaning_twice_changes_nothing_and_invents_nothing(pieces: list[str], title: str | None) -> None:
    text = "\n".join(pieces)
    once = clean(text, title)
    assert clean_article(once).body == once.body
    assert not Counter(re.findall(r"\S", once.body)) - Counter(re.findall(r"\S", text))


def test_five_megabytes_of_one_line() -> None:
    text = "Pemerintah memblokir situs. " * 190_000
    assert clean(text).body == text
