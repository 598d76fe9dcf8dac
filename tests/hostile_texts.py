"""Texts and files of any size that once took, or might take, more than their share of work; and plain ones."""

from __future__ import annotations

import json
from collections.abc import Callable

PARAGRAPH = (
    "Pemerintah kota membuka taman baru di tepi sungai pada hari Minggu, kata wali kota kepada wartawan di Jakarta. "
    "Warga datang sejak pagi dan menikmati udara segar bersama keluarga mereka.\n\n"
)
Make = Callable[[int], str]


def repeated(piece: str, before: str = "", after: str = "") -> Make:
    """A text of about `size` characters that repeats `piece` between `before` and `after`."""
    return lambda size: before + piece * (size // len(piece) + 1) + after


def _page(head: Make | None = None, body: Make | None = None) -> Make:
    def make(size: int) -> str:
        begin = "<html><head><title>Taman baru dibuka di tepi sungai</title>" + (head(size) if head else "")
        return (
            begin
            + "</head><body><article>"
            + f"<p>{PARAGRAPH}</p>" * 4
            + (body(size) if body else "")
            + "</article></body></html>"
        )

    return make


TEXTS: dict[str, Make] = {
    "plain": repeated(PARAGRAPH),
    "one line": repeated(PARAGRAPH.replace("\n", " ")),
    "dates with a zone": repeated("  3-wib T 2015\n", after=PARAGRAPH),
    "dates": repeated("Senin, 17 Juli 2017 10:00 WIB\n", after=PARAGRAPH),
    "digits": repeated("2015 12 "),
    "datelines": repeated("Jakarta, CNN Indonesia -- ", after=PARAGRAPH),
    "initials": repeated(" (abc/def)", before=PARAGRAPH * 3),
    "titles": repeated("Taman Baru Dibuka Wali Kota\n", after=PARAGRAPH),
    "related": repeated("Baca juga: Taman Baru Dibuka\n", before=PARAGRAPH, after=PARAGRAPH),
    "brackets": repeated("[Gambas:"),
    "spaces": repeated(" ", before="kata", after="kata"),
    "line ends": repeated("\n", before="kata", after="kata"),
    "full stops": repeated("."),
    "initial letters": repeated("A. "),
    "closing quotes": repeated('."'),
    "mojibake": repeated("Ã¢â‚¬Å“kata "),
    "opening tags": repeated("<p><div>"),
    "broken tags": repeated("<a href="),
    "escaped tags": repeated("&lt;p "),
    "ampersands": repeated("&amp;"),
    "links": repeated("[a](http://a "),
    "stars": repeated("**a "),
    "list": repeated("'satu', ", before="['", after="]"),
    "open quotes of a list": repeated("\\'", "['"),
    "open sections": repeated("<![CDATA["),
    "addresses": repeated("www.kabar.co.id/a "),
}
# For quotes: marks, words of saying, and names without end.
QUOTED: dict[str, Make] = {
    "quotes": repeated('"Taman itu indah," kata Wali Kota Budi Santoso di Jakarta. '),
    "said": repeated("kata "),
    "said that": repeated("Ia mengatakan bahwa "),
    "open marks": repeated('"Taman itu '),
    "marks of all kinds": repeated("“”‘’\"'«» "),
    "names": repeated("Budi Santoso "),
    "names in commas": repeated("Budi Santoso, Wali Kota, "),
    "one sentence": repeated("kata Budi dan ", after="."),
    "many reports": repeated("Budi mengatakan bahwa hujan turun lagi dan ", after="."),
    "many marks": repeated('kata Budi "hujan turun lagi" dan ', after="."),
    "short answers": repeated('"Ya." "Tidak," kata dia. '),
    "people": lambda size: " ".join(
        f'"Taman," kata Budi{chr(97 + n % 26)}{chr(97 + n // 26 % 26)} Santoso.' for n in range(size // 30)
    ),
}
PAGES: dict[str, Make] = {
    "plain": _page(body=repeated(f"<p>{PARAGRAPH}</p>")),
    "JSON-LD": _page(head=repeated('"Person"', '<script type="application/ld+json">', "</script>")),
    "JSON-LD of many": _page(
        head=repeated('{"@type":"Person","name":"A"},', '<script type="application/ld+json">[', "{}]</script>")
    ),
    "meta": _page(head=repeated('<meta name="author" content="A B">')),
    "nested": _page(body=repeated("<div><b>", after="kata")),
    "links": _page(body=repeated('<li><a href="/a">Taman baru dibuka</a></li>', "<ul>", "</ul>")),
    "breaks": _page(body=repeated("kata yang cukup panjang untuk sebuah paragraf<br>")),
    "dates": _page(body=repeated("<p>17 Juli 2017</p>")),
    "cells": _page(body=repeated("<tr><td>kata</td></tr>", "<table>", "</table>")),
    "comments": _page(body=repeated("<!-- kata -->")),
    "attributes": _page(body=repeated("<p class='share related caption'>kata</p>")),
}
_ITEM = f"<item><title>Taman baru</title><description>{PARAGRAPH}</description></item>"
_ROW = json.dumps({"judul": "Taman baru", "isi": PARAGRAPH})
FILES: dict[str, Make] = {
    "plain.csv": repeated(f'Taman baru,"{PARAGRAPH}"\n', "judul,isi\n"),
    "open quotes.csv": repeated('2,x"y,"z\n' + "x\n" * 5, "id,judul,teks\n"),
    "quotes.csv": repeated('"', "judul,isi\n"),
    "plain.jsonl": repeated(_ROW + "\n"),
    "broken.jsonl": repeated('{"isi": "\n', _ROW + "\n"),
    "open objects.json": repeated('{"a":'),
    "array.json": repeated(_ROW + ",", "[", _ROW + "]"),
    "open array.json": repeated('{"isi": "a", ', "["),
    "rows below.json": repeated(_ROW + ",", '{"data": [', _ROW + "]}"),
    "plain.xml": repeated(_ITEM, '<?xml version="1.0"?><rss><channel>', "</channel></rss>"),
    "entities.xml": repeated("&lt;p&gt;kata", '<?xml version="1.0"?><rss><channel><item><description>', "</description></item></channel></rss>"),
    "open items.xml": repeated("<item><title>", '<?xml version="1.0"?><rss><channel>'),
    "broken.xml": repeated("<item <", '<?xml version="1.0"?><rss><channel>'),
    "headers.eml": repeated("X-Kata: satu\n", "From: a@b.id\nDate: Mon, 17 Jul 2017 10:00:00 +0700\nSubject: Taman\n", f"\n{PARAGRAPH}"),
    "folded.eml": repeated(" satu\n", "From: a@b.id\nDate: Mon, 17 Jul 2017 10:00:00 +0700\nSubject: Taman\n", f"\n{PARAGRAPH}"),
    "many.mbox": repeated(
        f"From a@b.id Mon Jul 17 10:00:00 2017\nFrom: a@b.id\nDate: Mon, 17 Jul 2017 10:00:00 +0700\nSubject: Taman\n\n{PARAGRAPH}"
    ),
    "digits.mbox": repeated(
        "2017", f"From a@b.id 2017\nFrom: a@b.id\nDate: 17 Jul 2017\nSubject: Taman\n\n{PARAGRAPH}From b ", "\nkata\n"
    ),
    "line ends.xml": repeated(
        "\n", '<?xml version="1.0"?><rss><channel><item><description>kata', "kata</description></item></channel></rss>"
    ),
    "plain.md": repeated(PARAGRAPH, "# Taman baru\n\n"),
    "marks.md": repeated("**_`[", "# Taman baru\n\n"),
    "chat.txt": repeated("27/10/24 21.05 - Ani: Taman baru dibuka di tepi sungai\n"),
    "subtitles.srt": repeated("1\n00:00:01,000 --> 00:00:02,000\nTaman baru dibuka\n\n"),
    "pages.warc": repeated(
        "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://a.id/\r\nContent-Type: image/png\r\nContent-Length: 4\r\n\r\nkata\r\n\r\n"
    ),
}  # fmt: skip
