"""Titles, outlets and dates above pasted texts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.article import Article
from sorot.data.cleaning.clean import clean_article
from sorot.data.text.dates import parse_date
from tests.benchmarks.dump_manners import BUILT, DAY_ALONE, HELD, NO_DATE
from tests.benchmarks.page_stories import stories

TITLE = "Nelayan Teluk Seruni Menolak Jaring Baru"
FIRST = (
    "Para nelayan di Teluk Seruni menolak jaring baru yang dibagikan dinas perikanan pada Senin pagi, kata ketua kelompok mereka."
)
SECOND = "Mereka mengatakan lubang jaring itu terlalu kecil sehingga ikan muda ikut tertangkap dan mati sebelum sempat bertelur."
THIRD = "Kepala dinas berjanji meninjau ulang pembagian itu setelah bertemu perwakilan nelayan pekan depan di kantornya."
TEXT = [FIRST, SECOND, THIRD]


def clean(*lines: str, gap: str = "\n") -> Article:
    return clean_article(Article(id="a", body=gap.join(lines)))


def paragraphs(article: Article) -> list[str]:
    return [line for line in article.body.split("\n") if line]


@pytest.mark.parametrize(
    "title",
    [
        TITLE,
        '"Kami Tidak Akan Pindah", Kata Warga Kampung Duku',
        "“Kami Menolak,” Kata Nelayan",
        "Mengapa Nelayan Menolak Jaring Baru?",
        "NELAYAN TOLAK JARING BARU DARI DINAS",
        "Ribuan Nelayan dari Tujuh Kecamatan Datangi Gedung Dewan, Minta Jaring Lama Dikembalikan dan Kepala Dinas Perikanan Dicopot dari Jabatannya Sebelum Akhir Pekan",
        "5 Alasan Nelayan Menolak Jaring Baru",
        "Festival Layang-layang - Pesta Angin yang Dirindukan",
    ],
)
def test_a_title_on_the_first_line(title: str) -> None:
    for found in (
        clean(title, *TEXT),
        clean(title, *TEXT, gap="\n\n"),
        clean(title, "", f"Harianlentera.id, Kupang – {FIRST}", SECOND, THIRD),
        clean(title, "Kamis, 5 November 2015 10:08 WIB", *TEXT),
    ):
        assert (found.title, paragraphs(found)) == (title, TEXT)


def test_a_title_in_small_letters_needs_a_gap_or_a_date_below() -> None:
    title = "nelayan teluk seruni menolak jaring baru"
    assert clean(title, "", *TEXT).title == title
    assert clean(title, f"Kupang - {FIRST}", SECOND, THIRD).title == title
    assert clean(title, *TEXT).title is None


@pytest.mark.parametrize(
    "text",
    [
        "Antre minyak goreng lagi di pasar, padahal kemarin katanya stok aman sampai lebaran dan harganya tidak akan naik sepeser pun.",
        "Gila sih ini\nkatanya mau blokir semua aplikasi obrolan mulai besok, padahal kita kerja pakai itu tiap hari dan tidak ada gantinya",
        f"{FIRST}\n\n{SECOND}\n\n{THIRD}",
        f"{FIRST}\n{SECOND}",
        "Warga mengeluh.\n\nPolisi berjaga.",
    ],
)
def test_a_text_without_title_has_none(text: str) -> None:
    found = clean(text)
    assert (found.title, found.body) == (None, text)


@pytest.mark.parametrize(
    "above",
    [
        "Beranda » Nasional » Nelayan Teluk Seruni",
        "Home > News > Regional",
        "Lentera.com / News / Regional",
        "Baca berita tanpa iklan. Gabung Lentera.com+",
        "Berlangganan sekarang dan nikmati akses tanpa batas",
        "URTekno",
        "12",
        "WhatsApp ShareFacebook ShareTwitter Share",
    ],
)
def test_banners_and_breadcrumbs_are_no_titles(above: str) -> None:
    for found in (
        clean(above, TITLE, "Lentera.com - 31/05/2024, 11:22 WIB", *TEXT),
        clean(above, TITLE, "Sinta Wulandari", "31 Mei 2024 11:22", *TEXT, gap="\n\n"),
    ):
        assert (found.title, paragraphs(found), found.published) == (TITLE, TEXT, parse_date("31 Mei 2024 11:22 WIB"))


@pytest.mark.parametrize("line", ["Sinta Dewi, Minggu, 31 Juli 2022 11.09 | Waktu baca 2 menit", "Sinta Dewi - Minggu, 31 Juli 2022 11.09 WIB", "Sinta Dewi, Jurnalis · Minggu 31 Juli 2022 11:09 WIB"])  # fmt: skip
def test_an_author_is_no_outlet(line: str) -> None:
    found = clean("Kabar", TITLE, line, *TEXT)
    assert (found.title, found.outlet, found.published) == (TITLE, None, parse_date("31 Juli 2022 11:09"))


@pytest.mark.parametrize(
    ("line", "outlet"),
    [
        ("Harian Lentera - Minggu, 31 Juli 2022 11:09 WIB", "Harian Lentera"),
        ("Lentera.com - 31/07/2022, 11:09 WIB", "Lentera.com"),
        ("Sinta Dewi, Lentera Kita · Minggu 31 Juli 2022 11:09 WIB", "Lentera Kita"),
    ],
)
def test_an_outlet_beside_the_date(line: str, outlet: str) -> None:
    assert clean("Kabar", TITLE, line, *TEXT).outlet == outlet


@pytest.mark.parametrize(
    ("dateline", "outlet", "place"),
    [
        ("LENTERAKU - ", "LENTERAKU", None),
        ("LenteraKu – ", "LenteraKu", None),
        ("Lentera, Banyumas - ", "Lentera", "Banyumas"),
        ("Banyumas, Lentera - ", "Lentera", "Banyumas"),
        ("Kupang | ", None, "Kupang"),
        ("KUPANG - ", None, "KUPANG"),
        ("LENTERA.CO.ID, KUPANG -- ", "LENTERA.CO.ID", "KUPANG"),
    ],
)
def test_outlet_and_place_of_a_dateline(dateline: str, outlet: str | None, place: str | None) -> None:
    found = clean(dateline + FIRST, SECOND, THIRD)
    assert (found.outlet, found.place, paragraphs(found)) == (outlet, place, TEXT)


def test_the_fields_of_a_clipping() -> None:
    found = clean(f"Subject: [Kliping] {TITLE}", "Media: Harian Lentera", "Tanggal: 5 November 2015", "Halaman: 5", f"Judul: {TITLE}", "Penulis: Sinta Dewi", "", *TEXT)  # fmt: skip
    assert (found.title, found.outlet, found.published, paragraphs(found)) == (
        TITLE,
        "Harian Lentera",
        parse_date("5 November 2015"),
        TEXT,
    )
    found = clean(f"Subject: [Kliping] {TITLE}", "Sumber: https://lentera.example/1", "", *TEXT)
    assert (found.title, found.outlet) == (TITLE, None)


@pytest.mark.parametrize("heading", ["Ringkasan berita:", "Poin Penting", "Intisari artikel", "Rangkuman:"])
def test_a_summary_is_no_sentence_of_the_article(heading: str) -> None:
    found = clean(TITLE, heading, "- Nelayan menolak jaring baru.", "• Dinas meninjau ulang.", *TEXT)
    assert (found.title, paragraphs(found)) == (TITLE, TEXT)


@pytest.mark.parametrize("name", [*BUILT, *HELD])
def test_dumps_in_the_manner_of_portals(name: str) -> None:
    for story in stories(3, 5):
        found = clean_article(Article(id="a", body=(BUILT | HELD)[name](story)))
        assert (found.title, paragraphs(found)) == (story.title, list(story.paragraphs))
        if name not in NO_DATE:
            written = f"{story.moment:%Y-%m-%d}" if name in DAY_ALONE else story.moment.isoformat()
            assert found.published == parse_date(written)


PIECES = st.sampled_from([TITLE, FIRST, SECOND, "", "Judul: Satu Dua Tiga", "Media: Lentera", "Ringkasan:", "- Satu hal.", "Beranda » Nasional", "Kamis, 5 November 2015 10:08 WIB", "Sinta Dewi,", "LENTERAKU - Satu.", "Apa itu jaring baru?"])  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES | st.text(max_size=30), max_size=10))
def test_cleaning_is_idempotent_with_titles_and_fields(pieces: list[str]) -> None:
    once = clean(*pieces)
    assert clean_article(once).body == once.body
