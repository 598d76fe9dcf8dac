"""HTML pages in the manner of Indonesian portals, with invented outlets. HELD manners took no part in building
the reader until their first run, which found that sections side by side were taken for cards of other articles (title and day
0.80, body F1 0.90); that is mended, so they are no longer unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape as e

from tests.benchmarks.page_stories import Story

Maker = Callable[[Story], str]


def _page(head: str, body: str) -> str:
    return f'<!DOCTYPE html><html lang="id"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def _menu() -> str:
    names = ("Beranda", "Nasional", "Ekonomi", "Olahraga", "Gaya Hidup", "Indeks")
    return "<header><nav><ul>" + "".join(f'<li><a href="/{n}">{n}</a></li>' for n in names) + "</ul></nav></header>"


def _related(s: Story, dated: bool = True) -> str:
    date = "<span>Senin, 03/02/2020 09:11 WIB</span>" if dated else ""
    items = "".join(f'<li><a href="/{i}"><h4>{e(o)}</h4></a>{date}</li>' for i, o in enumerate(s.others))
    return f'<div class="berita-terkait"><h3>Berita Terkait</h3><ul>{items}</ul></div>'


def _ps(s: Story, first: str = "", middle: str = "") -> str:
    paragraphs = [f"<p>{first if i == 0 else ''}{e(p, quote=False)}</p>" for i, p in enumerate(s.paragraphs)]
    paragraphs.insert(2, middle)
    return "".join(paragraphs)


def _ld(s: Story, outlet: str, **more: object) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": s.title, "datePublished": s.moment.isoformat(),
            "dateModified": "2026-01-01T00:00:00+07:00", "publisher": {"@type": "Organization", "name": outlet}} | more  # fmt: skip
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


FOOT = "<footer><p>Copyright © 2026 Lentera Grup. Hak cipta dilindungi undang-undang.</p></footer>"


def detik(s: Story) -> str:
    head = f'<title>{e(s.title)}</title><meta property="og:title" content="{e(s.title)}"><meta property="og:site_name" content="lenteracom"><meta name="dtk:publishdate" content="{s.moment:%Y/%m/%d %H:%M:%S}">'
    body = f'<article class="detail"><div class="detail__header"><h1 class="detail__title">{e(s.title)}</h1><div class="detail__author">{s.author} - lenteraNews</div><div class="detail__date">{s.day}, {s.moment:%d} {s.month[:3]} {s.moment:%Y %H:%M} WIB</div></div><figure><img src="/a.jpg"><figcaption>Foto: Ilustrasi (Dok. Lentera)</figcaption></figure><div class="detail__body-text">{_ps(s, f"<strong>{s.place}</strong> - ", "<p>ADVERTISEMENT</p><p>SCROLL TO CONTINUE WITH CONTENT</p>")}<p><strong>(abc/def)</strong></p></div></article>'
    return _page(head, _menu() + body + _related(s) + FOOT)


def detik_old(s: Story) -> str:
    text = "<br><br>".join(e(p, quote=False) for p in s.paragraphs)
    body = f'<div id="content"><div class="date">{s.day}, {s.moment:%d/%m/%Y %H:%M} WIB</div><h1>{e(s.title)}</h1><div class="author">{s.author} - lenteraNews</div><div class="text_detail"><strong>{s.place}</strong> - {text}<br><br><strong>(abc/def)</strong></div></div>'
    return _page(f"<title>{e(s.title)}</title>", _menu() + body + _related(s) + FOOT)


def kompas(s: Story) -> str:
    head = f'<title>{e(s.title)} Halaman all - Lentera.com</title><meta property="og:title" content="{e(s.title)} Halaman all - Lentera.com"><meta property="og:site_name" content="LENTERA.com"><meta name="content_PublishedDate" content="{s.moment:%Y-%m-%d %H:%M:%S}">'
    body = f'<div class="read"><h1 class="read__title">{e(s.title)}</h1><div class="read__time">Lentera.com - {s.moment:%d/%m/%Y}, {s.moment:%H:%M} WIB</div><div class="credit">{s.author}</div><div class="read__content">{_ps(s, f"<strong>{s.place.upper()}, LENTERA.com</strong> - ", "<p><strong>Baca juga: <a href=/x>Harga Emas Turun Tipis di Pasar</a></strong></p>")}</div></div>'
    return _page(head, _menu() + body + _related(s) + FOOT)


def tempo(s: Story) -> str:
    head = f'<title>{e(s.title)} - Nasional Lentera.co</title><meta property="og:title" content="{e(s.title)}"><meta property="og:site_name" content="Lentera"><meta property="article:published_time" content="{s.moment.isoformat()}">'
    body = f'<article><h1>{e(s.title)}</h1><p class="date">{s.moment.day} {s.month} {s.moment:%Y} | {s.moment:%H.%M} WIB</p><div class="detail-in">{_ps(s, f"<strong>LENTERA.CO</strong>, <strong>{s.place}</strong> - ")}<p>Baca juga:</p><ul><li><a href="/1">{e(s.others[0])}</a></li><li><a href="/2">{e(s.others[1])}</a></li></ul></div></article>'
    return _page(head, _menu() + body + _related(s) + FOOT)


def tribun(s: Story) -> str:
    head = f'<title>{e(s.title)} - Tribunlentera.com</title><meta property="og:title" content="{e(s.title)} - Tribunlentera.com"><meta property="og:site_name" content="Tribunlentera.com">'
    body = f'<div id="article"><h1>{e(s.title)}</h1><div class="mt10"><time>{s.day}, {s.moment.day} {s.month} {s.moment:%Y %H:%M} WIB</time></div><div>Penulis: {s.author}</div><div class="txt-article">{_ps(s, f"<strong>TRIBUNLENTERA.COM, {s.place.upper()}</strong> - ")}</div></div>'
    return _page(head, _menu() + body + _related(s) + FOOT)


def liputan(s: Story) -> str:
    head = f'<title>{e(s.title)} - News Lentera6.com</title><meta property="og:title" content="{e(s.title)}"><meta property="og:site_name" content="lentera6.com">{_ld(s, "Lentera6")}'
    body = f'<article><header><h1>{e(s.title)}</h1><p class="deck">{e(s.paragraphs[0])}</p><span><time datetime="{s.moment:%Y-%m-%d %H:%M:%S}">{s.moment:%d} {s.month[:3]} {s.moment:%Y, %H:%M} WIB</time></span></header><div class="content">{"".join(f"<p>{e(p, quote=False)}</p>" for p in s.paragraphs[1:])}</div></article>'
    return _page(head, _menu() + body + _related(s) + FOOT)


def cnn(s: Story) -> str:
    text = "".join(f"<p>{e(p, quote=False)}</p>" for p in s.paragraphs[1:])
    head = f'<title>{e(s.title)}</title><meta property="og:title" content="{e(s.title)}"><meta property="og:site_name" content="nasional"><meta name="publishdate" content="{s.moment:%Y/%m/%d %H:%M:%S}">'
    body = f'<div class="content_detail"><h1 class="title">{e(s.title)}</h1><div class="date">{s.day}, {s.moment:%d} {s.month[:3]} {s.moment:%Y %H:%M} WIB</div><div class="detail_text"><strong>{s.place}, Lentera Indonesia</strong> -- {e(s.paragraphs[0], quote=False)}{text}<div class="paradetail">[Gambas:Video Lentera]</div></div></div>'
    return _page(head, _menu() + body + _related(s) + FOOT)


def republika(s: Story) -> str:
    head = f'<title>{e(s.title)} | Lentera Online</title><meta property="og:title" content="{e(s.title)} | Lentera Online"><meta property="og:site_name" content="Lentera Online">'
    body = f'<div class="main-content__left"><div class="max-card__title"><h1>{e(s.title)}</h1></div><div class="date date-item__headline">{s.day} {s.moment:%d %b %Y %H:%M} WIB</div><div class="article-content"><article>{_ps(s, f"LENTERA.CO.ID, {s.place.upper()} -- ")}</article></div></div>'
    return _page(head, _menu() + body + _related(s) + FOOT)


def antara(s: Story) -> str:
    text = "<br/><br/>".join(e(p, quote=False) for p in s.paragraphs)
    head = f'<title>{e(s.title)} - LENTERA News</title><meta property="og:title" content="{e(s.title)}"><meta property="og:site_name" content="Lentera News">'
    body = f'<article class="post-wrapper"><header><h1 class="post-title">{e(s.title)}</h1><p class="simple-share"><span class="article-date"><i class="fa"></i> {s.day}, {s.moment.day} {s.month} {s.moment:%Y %H:%M} WIB</span></p></header><div class="post-content">{s.place} (LENTERA) - {text}<br/><br/><p class="text-muted">Pewarta: {s.author}<br>Editor: Budi<br>COPYRIGHT © LENTERA 2024</p></div></article>'
    return _page(head, _menu() + body + _related(s) + FOOT)


def wordpress(s: Story) -> str:
    head = f'<title>{e(s.title)} - Kabar Teluk</title><link rel="canonical" href="https://kabarteluk.example/berita/1">{_ld(s, "Kabar Teluk")}'
    body = f'<article class="post"><header class="entry-header"><h1 class="entry-title">{e(s.title)}</h1><div class="entry-meta">oleh <a href="/a">admin</a> <time class="entry-date published" datetime="{s.moment.isoformat()}">{s.moment.day} {s.month} {s.moment:%Y}</time></div></header><div class="entry-content">{_ps(s)}<div class="sharedaddy"><ul><li><a href="#">Facebook</a></li><li><a href="#">WhatsApp</a></li></ul></div></div></article>'
    return _page(head, _menu() + body + _related(s, False) + FOOT)


def plain(s: Story) -> str:
    body = f"<table><tr><td><h1>{e(s.title)}</h1><i>{s.moment:%d-%m-%Y}</i><br>{'<br><br>'.join(e(p, quote=False) for p in s.paragraphs)}</td></tr></table>"
    return _page(f"<title>Koran Teluk: {e(s.title)}</title>", body)


def okezone(s: Story) -> str:
    head = f'<title>{e(s.title)} : Lentera Nasional</title><meta property="og:title" content="{e(s.title)} : Lentera Nasional"><meta property="og:site_name" content="https://nasional.lentera.com/">{_ld(s, "Lenterazone")}'
    body = f'<div class="detail"><div class="title"><h1>{e(s.title)}</h1></div><div class="namerep">{s.author}, Jurnalis · {s.day} {s.moment:%d} {s.month} {s.moment:%Y %H:%M} WIB</div><div id="contentx">{_ps(s, f"<strong>{s.place.upper()}</strong> - ")}</div></div>'
    return _page(head, _menu() + body + _related(s) + FOOT)


def viva(s: Story) -> str:
    head = f'<title>{e(s.title)}</title><meta property="og:title" content="{e(s.title)}"><meta property="og:site_name" content="VIVA Lentera"><meta itemprop="datePublished" content="{s.moment.isoformat()}">'
    body = f'<div class="main-content-title"><h1>{e(s.title)}</h1></div><div class="main-content-date">{s.day}, {s.moment.day} {s.month} {s.moment:%Y} - {s.moment:%H:%M} WIB</div><div class="lead"><b>{s.place}</b> – {e(s.paragraphs[0], quote=False)}</div><div class="main-content-detail">{"".join(f"<div>{e(p, quote=False)}</div>" for p in s.paragraphs[1:])}</div>'
    return _page(head, _menu() + body + _related(s) + FOOT)


def idn(s: Story) -> str:
    data = {
        "@graph": [
            {"@type": "WebSite", "name": "LTN Times"},
            {"@type": "Article", "headline": s.title, "datePublished": s.moment.isoformat(), "publisher": {"@id": "#o"}},
            {"@id": "#o", "@type": "Organization", "name": "LTN Times"},
        ]
    }
    head = f'<title>{e(s.title)} | LTN Times</title><script type="application/ld+json">{json.dumps(data)}</script>'
    middle = "".join(f"<section><p>{e(p, quote=False)}</p></section>" for p in s.paragraphs)
    return _page(
        head,
        _menu()
        + f"<main><h1>{e(s.title)}</h1><span>{s.moment:%d %b %Y, %H:%M} WIB</span><div>{middle}</div></main>"
        + _related(s)
        + FOOT,
    )


def katadata(s: Story) -> str:
    head = f'<title>{e(s.title)} - Ekonomi Lenteradata.co.id</title><meta property="og:title" content="{e(s.title)} - Ekonomi Lenteradata.co.id"><meta property="og:site_name" content="Lenteradata"><meta name="parsely-pub-date" content="{s.moment.isoformat()}">'
    body = f'<article><h1>{e(s.title)}</h1><div>{s.author}</div><div>{s.moment.day} {s.month} {s.moment:%Y, %H:%M}</div><div class="detail-body">{_ps(s, "", "<div class=baca-juga>Baca juga <a href=/z>Harga Emas Turun Tipis di Pasar</a></div>")}</div></article>'
    return _page(head, _menu() + body + _related(s) + FOOT)


def amp(s: Story) -> str:
    head = f'<title>{e(s.title)} - Merdeka Lentera</title><meta property="og:site_name" content="Merdeka Lentera"><link rel="canonical" href="https://merdekalentera.example/a">{_ld(s, "Merdeka Lentera")}'
    body = f'<div class="amp-wrap"><h1>{e(s.title)}</h1><amp-img src="a.jpg"></amp-img><div class="content">{_ps(s)}</div><amp-social-share type="email"></amp-social-share></div>'
    return _page(head, body + _related(s)).replace("<html", "<html amp")


BUILT: dict[str, Maker] = {
    m.__name__: m for m in (detik, detik_old, kompas, tempo, tribun, liputan, cnn, republika, antara, wordpress, plain)
}
HELD: dict[str, Maker] = {m.__name__: m for m in (okezone, viva, idn, katadata, amp)}
# Manners that give the day alone.
DAY_ALONE = frozenset({"plain"})
