"""Feeds, web archives, saved pages, mails, Markdown, chats and subtitles."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.article import Article, Reject
from sorot.data.errors import InputError
from sorot.data.prepare import prepare
from sorot.data.reading.readers import read_articles

FIRST = "Dinas pendidikan membuka perpustakaan keliling di empat kecamatan."
SECOND = "Nelayan melepas tukik di pantai selatan. Kegiatan itu sudah berjalan sejak tahun lalu."
PAGE = (
    "<!DOCTYPE html><html><head><title>Perpustakaan keliling dibuka</title></head><body><article>"
    f"<h1>Perpustakaan keliling dibuka</h1><p>{FIRST} Anak sekolah boleh meminjam dua buku sekaligus, kata kepala dinas.</p>"
    f"<p>{SECOND} Ratusan warga hadir “bersama” keluarga mereka pada pagi hari.</p></article></body></html>"
)


def read(data: str | bytes, path: Path | None = None) -> list[Article | Reject]:
    raw = data.encode() if isinstance(data, str) else data
    if path is None:
        return list(read_articles(["-"], stdin=io.BytesIO(raw)))
    path.write_bytes(raw)
    return list(read_articles([str(path)]))


def articles(found: list[Article | Reject]) -> list[Article]:
    return [item for item in found if isinstance(item, Article)]


def moment(article: Article) -> str | None:
    return article.published.isoformat() if article.published else None


RSS = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Warta Bukit</title><item><title>Tukik &amp; pantai</title><link>http://a.id/1</link>
<pubDate>Mon, 03 Feb 2025 12:05:00 +0800</pubDate><description>Ringkas saja.</description>
<content:encoded><![CDATA[<p>{FIRST}</p><p>{SECOND}</p>]]></content:encoded></item>
<item><title>Tanpa isi</title><link>http://a.id/2</link></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Warta Bukit</title><entry><title>Tukik &amp; pantai</title>
<link href="http://a.id/1"/><published>2025-02-03T12:05:00+08:00</published>
<content type="html">&lt;p&gt;{FIRST}&lt;/p&gt;&lt;p&gt;{SECOND}&lt;/p&gt;</content></entry>
<entry><title>Tanpa isi</title></entry></feed>"""
RDF = f"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Warta Bukit</title></channel><item><title>Tukik &amp; pantai</title>
<link>http://a.id/1</link><dc:date>2025-02-03T12:05:00+08:00</dc:date>
<description>&lt;p&gt;{FIRST}&lt;/p&gt;&lt;p&gt;{SECOND}&lt;/p&gt;</description></item>
<item><title>Tanpa isi</title></item></rdf:RDF>"""


@pytest.mark.parametrize("feed", [RSS, ATOM, RDF], ids=["rss", "atom", "rdf"])
def test_feeds_give_an_article_an_item(feed: str) -> None:
    article, reject = read(feed)
    assert isinstance(article, Article) and isinstance(reject, Reject)
    assert (article.title, article.outlet, article.url) == ("Tukik & pantai", "Warta Bukit", "http://a.id/1")
    assert article.body == f"{FIRST}\n\n{SECOND}" and moment(article) == "2025-02-03T12:05:00+08:00"
    assert reject.reason == "no text in this feed item; fetch the page that it links to"


def test_a_broken_feed_gives_what_can_be_read() -> None:
    found = read(RSS[: RSS.index("<item><title>Tanpa isi")])
    assert [a.title for a in articles(found)] == ["Tukik & pantai"]
    assert any(isinstance(item, Reject) and "not well-formed XML" in item.reason for item in found)


def warc(*, packed: bool) -> bytes:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    for url, status, kind, body in (
        ("https://warta.example/1", "200 OK", "text/html; charset=windows-1252", PAGE.encode("cp1252")),
        ("https://warta.example/a.css", "200 OK", "text/css", b"a{}"),
        ("https://warta.example/2", "404 Not Found", "text/html", b"<p>Tidak ada</p>"),
        ("https://warta.example/3", "301 Moved", "text/html", b""),
    ):
        headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=headers))
    return out.getvalue()


@pytest.mark.parametrize("packed", [True, False])
def test_web_archives_give_their_pages(packed: bool, tmp_path: Path) -> None:
    article, reject = read(warc(packed=packed), tmp_path / ("a.warc.gz" if packed else "a.warc"))
    assert isinstance(article, Article) and isinstance(reject, Reject)
    assert article.url == "https://warta.example/1" and article.outlet == "warta.example" and "“bersama”" in article.body
    assert "https://warta.example/2 was answered with error 404" in reject.reason


MHTML = (
    "From: <Saved by {by}>\r\nSnapshot-Content-Location: https://warta.example/1\r\nSubject: =?utf-8?Q?Perpustakaan?=\r\n"
    'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="B"\r\n\r\n--B\r\n'
    "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: {how}\r\nContent-Location: https://warta.example/1\r\n\r\n"
)


@pytest.mark.parametrize("how", ["quoted-printable", "base64"])
@pytest.mark.parametrize("by", ["Blink", "Windows Internet Explorer 8"])
def test_pages_saved_as_one_file(how: str, by: str, tmp_path: Path) -> None:
    import base64
    import quopri

    body = quopri.encodestring(PAGE.encode()) if how == "quoted-printable" else base64.encodebytes(PAGE.encode())
    data = MHTML.format(by=by, how=how).encode() + body + b"\r\n--B\r\nContent-Type: text/css\r\n\r\na{}\r\n--B--\r\n"
    [article] = read(data, tmp_path / "a.mhtml")
    assert isinstance(article, Article) and article.url == "https://warta.example/1"
    assert "“bersama”" in article.body and "=3D" not in article.body and article.title == "Perpustakaan keliling dibuka"


def test_mails_give_subject_date_and_text(tmp_path: Path) -> None:
    head = "From: a@b.id\nTo: c@d.id\nSubject: Kabar tukik\nDate: Mon, 03 Feb 2025 12:05:00 +0800\n"
    mail = head + f"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{FIRST}\n\n{SECOND}\n-- \nTanda tangan\n"
    [article] = read(mail, tmp_path / "a.eml")
    assert isinstance(article, Article) and (article.title, article.body) == ("Kabar tukik", f"{FIRST}\n\n{SECOND}")
    assert moment(article) == "2025-02-03T12:05:00+08:00"
    [article] = read(head + f"MIME-Version: 1.0\nContent-Type: text/html\n\n<p>{FIRST}</p><p>{SECOND}</p>")
    assert isinstance(article, Article) and article.body == f"{FIRST}\n\n{SECOND}"


HEADS = {
    "yaml": "---\ntitle: Tukik: dilepas\ndate: 2025-02-03\nauthor: Redaksi\nsource: http://a.id/1\nsitename: Warta\ntags: [a]\n---\n",
    "quoted yaml": '---\njudul: "Tukik: dilepas"\ntanggal: 3 Februari 2025\nurl: http://a.id/1\npublisher: Warta\n---\n',
    "toml": '+++\ntitle = "Tukik: dilepas"\ndate = 2025-02-03\nlink = "http://a.id/1"\noutlet = "Warta"\n+++\n',
    "jina": "Title: Tukik: dilepas\n\nURL Source: http://a.id/1\n\nPublished Time: 2025-02-03\n\nMarkdown Content:\n",
}


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_markdown_with_a_head(head: str, name: str, tmp_path: Path) -> None:
    long = f"{FIRST} Anak sekolah boleh meminjam dua buku sekaligus, kata kepala dinas."
    text = (
        f"# Tukik: dilepas\n\n**{long}**\n\n![Foto](http://a.id/a.jpg)\n\n> Baca juga: [Berita lain](http://a.id/2)\n\n{SECOND}\n"
    )
    [article] = read(HEADS[head] + "\n" + text, tmp_path / name)
    assert isinstance(article, Article)
    assert (article.title, article.url, moment(article)) == ("Tukik: dilepas", "http://a.id/1", "2025-02-03")
    assert article.outlet == (None if head == "jina" else "Warta")
    assert article.body == f"{long}\n\nBaca juga: Berita lain\n\n{SECOND}"
    assert prepare(article).body == f"{long}\n\n{SECOND}"


def test_markdown_without_a_head_and_without_markup(tmp_path: Path) -> None:
    [article] = read(
        f"# Tukik\n\n{FIRST} `kode` dan [tautan](http://a.id).\n\n- satu\n- dua\n\n|a|b|\n|-|-|\n|c|d|\n", tmp_path / "a.md"
    )
    assert isinstance(article, Article) and article.title == "Tukik"
    assert article.body == f"{FIRST} kode dan tautan.\n\n- satu\n\n- dua\n\na | b\n\nc | d"
    plain = f"Beranda\nNasional\n\n{FIRST}\n{SECOND}"
    [article] = read(plain, tmp_path / "b.md")
    assert isinstance(article, Article) and (article.id, article.body, article.title) == ("b", plain, None)


CHATS = {
    "android": ("27/10/24 21.06 - +62 800-0000-0001: ", "28/10/24 08.01 - Budi: ", "27/10/24 21.05 - "),
    "american": ("10/27/24, 9:06\u202fPM - Ani: ", "10/28/24, 8:01\u202fAM - Budi: ", "10/27/24, 9:05\u202fPM - "),
    "iphone": ("[27/10/24 21.06.00] Ani: ", "\u200e[28/10/24 08.01.00] Budi: ", "[27/10/24 21.05.00] Warga: \u200e"),
    "iphone english": ("[27/10/2024, 9:06:00 PM] Ani: ", "[28/10/2024, 8:01:00 AM] Budi: ", "[27/10/2024, 9:05:00 PM] "),
}


@pytest.mark.parametrize("kind", CHATS)
def test_chats_give_an_article_a_message(kind: str, tmp_path: Path) -> None:
    first, second, service = CHATS[kind]
    media = "<Media tidak disertakan>" if kind == "android" else "image omitted"
    chat = f"{service}Pesan dan panggilan dienkripsi secara end-to-end.\n{first}{FIRST}\n{SECOND}\n{second}{media}\n{second}Selamat pagi\n"
    found = read(chat, tmp_path / "chat.txt")
    [article] = articles(found)
    assert article.body == f"{FIRST}\n{SECOND}" and moment(article) == "2024-10-27T21:06:00+07:00"
    assert article.title is article.outlet is None
    reasons = [item.reason for item in found if isinstance(item, Reject)]
    assert len(reasons) == 3 and all("no text" in reason for reason in reasons[:2]) and "2 of the 5 words" in reasons[2]


def test_the_whole_chat_tells_day_from_month() -> None:
    chat = "".join(f"{date}, 10:00 - Ani: {FIRST}\n" for date in ("1/2/24", "1/3/24", "1/4/24", "1/13/24"))
    assert next(moment(a) for a in articles(read(chat))) == "2024-01-02T10:00:00+07:00"
    chat = "".join(f"{date} 10.00 - Ani: {FIRST}\n" for date in ("01/02/24", "05/02/24", "01/03/24"))
    assert [moment(a) for a in articles(read(chat))][1] == "2024-02-05T10:00:00+07:00"


SUBTITLES = {
    "srt": "1\n00:00:01,000 --> 00:00:04,000\n<i>Nelayan melepas tukik</i>\n\n2\n00:00:04,000 --> 00:00:06,000\ndi pantai selatan.\n\n3\n00:00:06,000 --> 00:00:08,000\n[Musik]\n",
    "vtt": "WEBVTT\nKind: captions\n\nNOTE catatan\n\nintro\n00:01.000 --> 00:04.000 align:start position:0%\nNelayan<00:00:02.000><c> melepas</c> tukik\n\n00:04.000 --> 00:06.000\nNelayan melepas tukik\ndi pantai selatan.\n",
    "sbv": "0:00:01.000,0:00:04.000\nNelayan melepas tukik\n\n0:00:04.000,0:00:06.000\ndi pantai selatan.\n",
}


@pytest.mark.parametrize("kind", SUBTITLES)
@pytest.mark.parametrize("suffix", [None, ".txt"])
def test_subtitles_are_sentences(kind: str, suffix: str | None, tmp_path: Path) -> None:
    [article] = read(SUBTITLES[kind], tmp_path / f"a{suffix or '.' + kind}")
    assert isinstance(article, Article) and article.body == "Nelayan melepas tukik di pantai selatan."


BEGINNINGS = [
    "<rss>",
    "WARC/1.0\r\n",
    "MIME-Version: 1.0\nFrom: a\n",
    "---\na: b\n",
    "# ",
    "WEBVTT\n",
    "27/10/24 21.06 - A: b\n",
    "From a 2024\nDate: x\n",
]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(BEGINNINGS), st.text(max_size=200) | st.text("<>[]*_`#|-:/.0123 \naA!&;", max_size=200))
def test_no_text_breaks_a_reader(begin: str, rest: str) -> None:
    for data in (begin + rest, begin * 2 + rest):
        found = read(data)
        assert all(isinstance(item, Reject) or item.body.strip() for item in found)


def test_packed_feeds_are_read() -> None:
    assert len(articles(read(gzip.compress(RSS.encode())))) == 1


def test_a_json_feed_and_a_crawlers_answer_need_no_options() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Warta Bukit",
        "items": [
            {"id": "7", "url": "https://a.id/7", "title": "Perpustakaan keliling dibuka", "content_html": f"<p>{FIRST}</p><p>{SECOND}</p>",
             "date_published": "2025-02-03T12:05:00+08:00", "authors": [{"name": "Sari"}]},
        ],
    }  # fmt: skip
    crawled = {
        "success": True,
        "data": [
            {"markdown": f"# Perpustakaan keliling dibuka\n\n{FIRST}\n\n{SECOND}", "metadata": {"title": "Perpustakaan keliling dibuka", "sourceURL": "https://a.id/7",
             "publishedTime": "2025-02-03T12:05:00+08:00", "statusCode": 200}},
        ],
    }  # fmt: skip
    for export in (feed, crawled):
        (article,) = map(prepare, articles(read(json.dumps(export))))
        assert (article.title, article.url, moment(article)) == (
            "Perpustakaan keliling dibuka",
            "https://a.id/7",
            "2025-02-03T12:05:00+08:00",
        )
        assert article.body == f"{FIRST}\n\n{SECOND}"


def test_a_table_of_nothing_but_metadata_gives_its_titles(tmp_path: Path) -> None:
    export = "id,indexed_date,language,media_name,media_url,publish_date,title,url\n"
    row = "a1,2025-02-04 01:00:00,id,Warta Bukit,a.id,2025-02-03,Dinas membuka perpustakaan keliling di desa,https://a.id/7\n"
    (article,) = articles(read(export + row, tmp_path / "stories.csv"))
    assert (article.body, article.outlet, str(article.published)) == (
        "Dinas membuka perpustakaan keliling di desa", "Warta Bukit", "2025-02-03",
    )  # fmt: skip
    # A column that may hold the text is never passed over.
    with pytest.raises(InputError, match="no column looks like an article's text"):
        read(export.replace("media_url", "uraian") + row, tmp_path / "other.csv")
