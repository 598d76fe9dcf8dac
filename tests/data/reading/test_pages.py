"""Pages: title, date, outlet and body of an article, and what a page without one is."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("trafilatura")
from sorot.data.article import Article, Reject
from sorot.data.prepare import prepare
from sorot.data.reading.html import read_html
from tests.benchmarks.page_manners import BUILT, DAY_ALONE, HELD
from tests.benchmarks.page_stories import stories
from tests.data.read_inputs import read

TITLE = "Nelayan Teluk Seruni Menolak Jaring Baru"
FIRST = "Para nelayan di Teluk Seruni menolak jaring baru yang dibagikan dinas perikanan pada Senin pagi."
SECOND = "Mereka mengatakan lubang jaring itu terlalu kecil sehingga ikan muda ikut tertangkap dan mati."
THIRD = "Kepala dinas berjanji meninjau ulang pembagian itu setelah bertemu perwakilan nelayan pekan depan."
BODY = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
PROSE = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
LINE = "Kamis, 05/11/2015 10:08 WIB"


def page(head: str = "", body: str = "", title: str = TITLE) -> str:
    return f'<!DOCTYPE html><html lang="id"><head><title>{title}</title>{head}</head><body>{body}</body></html>'


def article_of(html: str) -> Article:
    found = read_html(html, "a.html", "a")
    assert isinstance(found, Article), found
    return prepare(found, detect=False)


def cards(number: int, extra: str = "") -> str:
    one = '<div class="item"><h3><a href="/{i}">Kabar Nomor {i} dari Pelabuhan</a></h3>{extra}<p>Ringkasan kabar {i}, dibaca sejak pagi.</p></div>'
    return "".join(one.format(i=i, extra=extra) for i in range(number))


@pytest.mark.parametrize(
    ("head", "heading", "title", "outlet"),
    [
        ("", TITLE, f"{TITLE} | Lentera.com", "Lentera.com"),
        ('<meta property="og:site_name" content="LENTERA News">', TITLE, f"{TITLE} - LENTERA News", "LENTERA News"),
        ('<meta property="og:site_name" content="Lentera.com">', "", f"Lentera.com: {TITLE}", "Lentera.com"),
        ('<meta property="og:site_name" content="Lentera.com">', "", f"{TITLE} Halaman all - Lentera.com", "Lentera.com"),
        ('<meta property="og:site_name" content="detikTeluk">', "", f"{TITLE} – Nasional | detikTeluk", "detikTeluk"),
        ('<script type="application/ld+json">{"@type":"NewsArticle","publisher":{"name":"Kabar Teluk"}}</script>', "", f"{TITLE} - Kabar Teluk", "Kabar Teluk"),
        ('<link rel="canonical" href="https://www.kabarteluk.example/1">', TITLE, f"{TITLE} » Kabar Teluk", "kabarteluk.example"),
    ],
)  # fmt: skip
def test_the_outlet_is_no_part_of_the_title(head: str, heading: str, title: str, outlet: str) -> None:
    body = f"<article>{f'<h1>{heading}</h1>' if heading else ''}{PROSE}</article>"
    found = article_of(page(head, body, title))
    if "–" in title:
        # The section that stands between title and outlet is not known as a name.
        assert found.title is not None and found.title.startswith(TITLE)
    else:
        assert found.title == TITLE
    assert found.outlet == outlet


@pytest.mark.parametrize(
    "title",
    [
        "Festival Angin - Pesta yang Dirindukan Warga",
        "Gubernur: Jalan Lingkar Selesai Tahun Ini",
        "Derbi Kota: Merah - Biru Berakhir Imbang",
    ],
)
@pytest.mark.parametrize("heading", [True, False])
def test_a_dash_or_colon_of_the_title_stays(title: str, heading: bool) -> None:
    body = f"<article>{f'<h1>{title}</h1>' if heading else ''}{PROSE}</article>"
    assert article_of(page('<meta property="og:site_name" content="Lentera">', body, title)).title == title


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2015-11-05T10:08:00+07:00"}</script>', ""),
        (
            '<script type="application/ld+json">{"@graph":[{"@type":["ReportageNewsArticle"],"datePublished":"2015-11-05T03:08:00Z"}]}</script>',
            "",
        ),
        ('<meta property="article:published_time" content="2015-11-05T10:08:00+07:00">', ""),
        ('<meta itemprop="datePublished" content="2015-11-05T10:08:00+07:00">', ""),
        ('<meta name="dcterms.created" content="2015-11-05T10:08:00+07:00">', ""),
        ('<meta name="parsely-pub-date" content="2015-11-05T03:08:00Z">', ""),
        ("", '<time datetime="2015-11-05T10:08:00+07:00">kemarin</time>'),
        ("", f'<div class="date">{LINE}</div>'),
        ("", "<span>Kamis, 5 November 2015 | 10:08 WIB</span>"),
        ("", "<h5>Kamis, 05 Nov 2015 10:08 WIB</h5>"),
        ('<meta property="article:published_time" content="2015-11-05">', f"<div>{LINE}</div>"),
    ],
)
def test_the_moment_of_publication(head: str, body: str) -> None:
    related = '<ul class="terkait"><li>Kabar lama <span>12 Januari 2020 08:00</span></li><li>Lain <span>3 Februari 2021</span></li></ul>'
    found = article_of(page(head, f"<article><h1>{TITLE}</h1>{body}{PROSE}</article>{related}"))
    assert isinstance(found.published, datetime) and found.published == datetime.fromisoformat("2015-11-05T10:08:00+07:00")
    assert found.body == BODY


def test_a_line_above_the_title_is_its_date() -> None:
    found = article_of(page("", f'<div class="date">{LINE}</div><h1>{TITLE}</h1><div>{PROSE}</div>'))
    assert found.published == datetime.fromisoformat("2015-11-05T10:08:00+07:00") and found.body == BODY


@pytest.mark.parametrize(
    "rest",
    [
        '<ul class="terkait"><li>Berita lama <span>12 Januari 2020</span></li><li>Lain <span>3 Februari 2021</span></li></ul>',
        '<aside><img src="https://x.example/visual/2023/08/20/b.jpg"></aside>',
        '<img src="https://x.example/2023/08/20/b.jpg">',
        "<footer>Copyright © 2021 Lentera</footer>",
        "<p>Aturan itu berlaku sejak 2016 dan direvisi pada 2021, kata kementerian itu.</p>",
        '<div class="kartu"><a href="/1"><h3>Kabar Lain Hari Ini</h3></a><time datetime="2020-01-12T08:00:00Z">12 Jan</time></div>',
        "<div>Pertandingan 12 Mei 2019 itu dikenang warga.</div>",
    ],
)
def test_a_date_of_something_else_is_not_the_pages(rest: str) -> None:
    for title in (TITLE, "Festival Angin 2024"):
        assert article_of(page("", f"<article><h1>{title}</h1>{PROSE}</article>{rest}", title)).published is None


def test_a_day_alone_has_no_time() -> None:
    found = article_of(page("", f"<article><h1>{TITLE}</h1><i>5 November 2015</i>{PROSE}</article>"))
    assert found.published == date(2015, 11, 5) and not isinstance(found.published, datetime)


@pytest.mark.parametrize(
    "body",
    [
        f'<div class="headline"><h1>{TITLE}</h1><div class="lead"><strong>{FIRST}</strong></div></div><div class="content"><p>{SECOND}</p><p>{THIRD}</p></div>',
        f"<h1>{TITLE}</h1><div><br><strong>Kupang, HarianLentera</strong> &ndash; {FIRST} <p>{SECOND}</p><p>{THIRD}</p></div>",
        f"<h1>{TITLE}</h1><div>{FIRST}<br><br>{SECOND}<br><br>{THIRD}</div>",
        f"<h1>{TITLE}</h1><div><div>{FIRST}</div><div>{SECOND}</div><div>{THIRD}</div></div>",
        f"<h1>{TITLE}</h1><section><p>{FIRST}</p></section><section><p>{SECOND}</p></section><section><p>{THIRD}</p></section>",
        f"<h1>{TITLE}</h1><h2>{FIRST}</h2><article><p>{SECOND}</p><p>{THIRD}</p></article>",
        f"<h1>{TITLE}</h1><span>{FIRST}</span><div><p>{SECOND}</p><p>{THIRD}</p></div>",
        f"<table><tr><td><h1>{TITLE}</h1>{FIRST}<br><br>{SECOND}<br><br>{THIRD}</td></tr></table>",
    ],
)
def test_the_lead_is_kept_whatever_it_stands_in(body: str) -> None:
    assert article_of(page("", body)).body == BODY


@pytest.mark.parametrize(
    "extra",
    [
        "<ul>" + "".join(f'<li><img src="a.jpg"> Kamis, 0{i}/11/2015 09:2{i} WIB <h6><a href="/{i}">Berita Lain Nomor {i} yang Ramai</a></h6></li>' for i in range(1, 7)) + "</ul>",
        "<div><ul>" + "".join(f"<li>\n 0{i}\n</li>" for i in range(1, 9)) + "</ul></div>",
        '<figure><img src="a.jpg"><figcaption>Perahu bersandar di dermaga, Senin.</figcaption></figure>',
        '<p>Baca juga: <a href="/1">Harga Solar Naik Lagi di Pelabuhan</a></p>',
        '<div class="share"><a href="#">Facebook</a><a href="#">WhatsApp</a><a href="#">Salin tautan</a></div>',
        '<table><tr><td><a href="/1">Harga Solar Naik Lagi di Pelabuhan</a></td></tr><tr><td><a href="/2">Dermaga Baru Belum Dipakai</a></td></tr></table>',
        cards(4),
    ],
)  # fmt: skip
def test_what_stands_beside_the_article_is_left_out(extra: str) -> None:
    assert article_of(page("", f"<div>{extra}<h1>{TITLE}</h1><div>{PROSE}</div>{extra}</div>")).body == BODY


@pytest.mark.parametrize(
    ("html", "what"),
    [
        (page('<meta property="og:site_name" content="Bola Teluk">', f'<div>{cards(12)}</div><div>Copyright © 2021 Bola Teluk. All rights reserved.</div>', "Berita bola, jadwal dan skor"), "front or index page"),
        (page("", "".join(f'<a href="/{i}"><h2>Klub {i} Menang</h2></a>' for i in range(12)), "Lentera"), "front or index page"),
        (page("", f"<h1>Tag: nelayan</h1>{cards(10)}", "Tag nelayan - Lentera"), "front or index page"),
        (page("", f"<h1>Hasil pencarian: jaring</h1>{cards(10)}", "Hasil pencarian - Lentera"), "search results"),
        (page("", "<h1>404</h1><p>Maaf, halaman yang Anda cari tidak ditemukan.</p>", "404 Not Found"), "error page"),
        (page("", "<h1>Halaman tidak ditemukan</h1><p>Kembali ke beranda untuk membaca berita lain.</p>", "Lentera"), "error page"),
        (page("", '<form><input name="a"><input type="password"></form><p>Silakan masuk dengan akun Lentera Anda untuk melanjutkan membaca.</p>', "Masuk - Lentera"), "login page"),
        (page("", "<h1>Privasi Anda</h1><p>Kami dan mitra memakai cookie untuk mengukur iklan. Dengan menekan setuju, Anda memberi persetujuan atas cookie dan kebijakan privasi kami.</p>", "Lentera"), "consent"),
        (page("", "<div><h1>{{ item.title }}</h1><p>{{ item.isi }}</p><p>{{ item.isi2 }}</p></div>", "Lentera"), "template"),
        (page("", '<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div>', "Lentera"), "script"),
    ],
)  # fmt: skip
def test_a_page_without_an_article_is_a_reject_that_says_what_it_is(html: str, what: str, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(html, encoding="utf-8")
    [found] = read(str(tmp_path / "a.html"))
    assert isinstance(found, Reject), found
    assert found.reason.startswith("no article was found in this HTML page") and what in found.reason


def test_an_article_about_errors_or_cookies_is_read() -> None:
    text = "<p>Situs kementerian menampilkan pesan error 404 selama dua jam, kata juru bicaranya kepada wartawan.</p><p>Cookie dan privasi pengguna tidak terdampak menurut kementerian itu, dan persetujuan pengguna tetap berlaku.</p>"
    found = article_of(
        page(
            '<meta property="og:type" content="article">',
            f"<article><h1>Situs Kementerian Error 404</h1>{text}{PROSE}</article>",
            "Situs Kementerian Error 404",
        )
    )
    assert "error 404" in found.body


def test_an_article_with_many_related_ones_is_read() -> None:
    found = article_of(page("", f"{cards(5)}<article><h1>{TITLE}</h1>{PROSE}</article>{cards(20)}"))
    assert (found.title, found.body) == (TITLE, BODY)


@pytest.mark.parametrize("name", [*BUILT, *HELD])
def test_pages_in_the_manner_of_portals(name: str) -> None:
    [story] = stories(1, 3)
    found = article_of((BUILT | HELD)[name](story))
    assert (found.title, found.body) == (story.title, story.body)
    if name in DAY_ALONE:
        assert found.published == story.moment.date()
    else:
        assert found.published == story.moment


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<div>",
                "</div>",
                "<p>",
                "<br>",
                "<ul><li>",
                "<h1>",
                "</h1>",
                "<a href=x>",
                "</a>",
                "<table><tr><td>",
                f"{FIRST} ",
                "{{ a }}",
                LINE,
                '<script type="application/ld+json">{"@type":',
                "<time datetime='x'>",
                "<!--",
            ]
        )
        | st.text(max_size=10),
        max_size=30,
    )
)
def test_any_markup_gives_an_article_or_a_reject(pieces: list[str]) -> None:
    found = read_html("".join(pieces), "a.html", "a")
    assert isinstance(found, Article | Reject)
    if isinstance(found, Reject):
        assert "cannot be read" not in found.reason


@pytest.mark.parametrize(
    ("stated", "line", "moment"),
    [
        # A system's local time with UTC's Z: what readers see is nearer to it in their own zone.
        ("2015-11-05 T10:08:58Z", LINE, "2015-11-05T10:08:58+07:00"),
        ("2015-11-05T10:20:00+00:00", LINE, "2015-11-05T10:20:00+07:00"),
        ("2015-11-05T03:08:58Z", LINE, "2015-11-05T03:08:58+00:00"),
        ("2015-11-05T10:08:58+08:00", LINE, "2015-11-05T10:08:58+08:00"),
        ("2015-11-05T10:08:58Z", "", "2015-11-05T10:08:58+00:00"),
    ],
)
def test_the_zone_is_the_one_that_agrees_with_the_line(stated: str, line: str, moment: str) -> None:
    head = f'<meta name="pubdate" content="{stated}">'
    found = article_of(page(head, f"<article><h1>{TITLE}</h1><div>{line}</div>{PROSE}</article>")).published
    assert isinstance(found, datetime) and found.isoformat() == moment


def test_midnight_in_jakarta_is_a_day() -> None:
    head = '<meta property="article:published_time" content="2015-11-04T17:00:00.000Z">'
    found = article_of(page(head, f"<article><h1>{TITLE}</h1>{PROSE}</article>")).published
    assert found == date(2015, 11, 5) and not isinstance(found, datetime)


def test_a_date_within_the_box_for_sharing_is_the_pages() -> None:
    box = f'<div class="social clearfix"><div class="tgl">{LINE}</div><ul><li><a href="#">Bagikan ke Kabar</a></li></ul></div>'
    found = article_of(page("", f"<div><h2>{TITLE}</h2>{box}<div>{PROSE}</div></div>"))
    assert found.published == datetime.fromisoformat("2015-11-05T10:08:00+07:00") and found.body == BODY


def test_a_box_for_sharing_that_is_never_closed_holds_the_article() -> None:
    others = f'<div class="berita-lainnya">{cards(6)}</div>'
    fourth = "Sampai sore hari belum ada satu pun perahu yang melaut dengan jaring pembagian itu, kata penjaga dermaga."
    box = f'<div class="sticky share"><ul><li><a href="#">Bagikan</a></li></ul>{PROSE}<p>{fourth}</p>'
    found = article_of(page("", f"<h1>{TITLE}</h1>{box}</div>{others}"))
    assert found.body == f"{BODY}\n\n{fourth}"


@pytest.mark.parametrize(
    "picture",
    [
        '<div class="foto"><img src="/a.jpg"><span>Akun @pelabuhan</span> Perahu nelayan bersandar di dermaga lama.</div>',
        '<div><img src="/a.jpg"></div><div class="ket">Perahu nelayan bersandar di dermaga lama. Dok. Pelabuhan.</div>',
    ],
)
def test_a_caption_above_the_dateline_is_no_lead(picture: str) -> None:
    body = f"<h1>{TITLE}</h1>{picture}<p><b>KUPANG, LENTERA.com</b> - {FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
    assert article_of(page("", body)).body == BODY


def test_a_lead_beside_a_picture_stays_where_there_is_no_dateline() -> None:
    body = f'<h1>{TITLE}</h1><div><img src="/a.jpg">{FIRST}</div><p>{SECOND}</p><p>{THIRD}</p>'
    assert article_of(page("", body)).body == BODY


def test_a_table_of_names_is_no_part_and_a_table_of_facts_is() -> None:
    names = "<table><tr><td>Penulis</td><td>: Rini Hapsari</td></tr><tr><td>Editor</td><td>: Budi</td></tr></table>"
    facts = "<table><tr><td>Jaring lama</td><td>lubang tiga sentimeter</td></tr><tr><td>Jaring baru</td><td>lubang satu sentimeter</td></tr></table>"
    body = f"<article><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p>{facts}<p>{THIRD}</p>{names}</article>"
    found = article_of(page("", body))
    assert "Rini" not in found.body and "Jaring baru | lubang satu sentimeter" in found.body
    assert not any(line.startswith("|") for line in found.body.split("\n"))


def test_a_gallery_without_text_is_a_photo_page() -> None:
    body = f'<h1>{TITLE}</h1><div>Oleh Rini</div><img src="/a.jpg"><img src="/b.jpg">{cards(8)}'
    found = read_html(page('<meta property="og:type" content="article">', body, f"{TITLE} - Foto Lentera"), "a.html", "a")
    assert isinstance(found, Reject) and "a photo page" in found.reason


def test_the_outlet_of_a_channel_is_joined() -> None:
    head = '<link rel="canonical" href="http://lifestyle.okezone.com/read/1">'
    assert article_of(page(head, f"<article><h1>{TITLE}</h1>{PROSE}</article>")).outlet == "Okezone"


def test_a_short_sentence_that_tells_of_a_day_is_no_date_line() -> None:
    first = "Dinas perikanan membagikan jaring pada Senin, 6 Mei 2024 setelah nelayan protes."
    found = article_of(page("", f"<article><h1>{TITLE}</h1><p>{first}</p><p>{SECOND}</p></article>"))
    assert found.published is None and found.body.startswith(first)
