"""What a page without an article is: a front page, an error, a login, a page that a script would have filled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sorot.data.reading.pages.tree import Block, Element, text_of

# Pages with more words than this hold an article, whatever else is on them.
FEW_WORDS = 120
MANY_CARDS = 5
# With fewer words in sentences, a page of many cards has no article of its own.
PROSE_WORDS = 25
_TEMPLATE = re.compile(r"\{\{.{0,80}?\}\}|\{%.{0,80}?%\}|<%.{0,80}?%>|\$\{[\w.]{1,60}\}|\[\[\s*\w+\.\w+\s*\]\]")
_SCRIPT = re.compile(
    r"(?:enable|activate|turn on|requires?|aktifkan|mengaktifkan|membutuhkan|memerlukan)\b.{0,40}\bjavascript"
    r"|javascript\b.{0,60}\b(?:enabled?|required?|disabled|diaktifkan|aktif|dimatikan|nonaktif)",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"\b(?:404|403|410|500|502|503|504)\b.{0,40}(?:not found|error|forbidden|gateway|unavailable|tidak)|(?:^"
    r"|\berror )(?:404|403|410|50\d)\b"
    r"|(?:halaman|artikel|berita|laman|konten).{0,30} (?:tidak|tak) (?:dapat |bisa )?(?:ditemukan|tersedia|ada)\b"
    r"|page not found|not found$|access denied|akses ditolak"
    r"|just a moment|attention required|service unavailable|bad gateway|internal server error|terjadi kesalahan"
    r"|are you (?:a )?(?:human|robot)|verify you are human|dalam perbaikan|under maintenance",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"\b(?:login|log in|sign in|masuk ke akun|masuk akun|lupa (?:kata sandi|password)|kata sandi|daftar akun"
    r"|berlangganan untuk)\b|^masuk\b",
    re.IGNORECASE,
)
_CONSENT = re.compile(r"\b(?:cookies?|kuki|privasi|consent|privacy|persetujuan)\b", re.IGNORECASE)
_SEARCH = re.compile(r"\b(?:hasil (?:pencarian|penelusuran)|search results?|pencarian untuk|cari berita)\b", re.IGNORECASE)
_INDEX = re.compile(
    r"^(?:indeks|index|tag|topik|arsip|archives?|kategori|category|kanal|kumpulan berita|berita terkini)\b", re.IGNORECASE
)
_PHOTO = re.compile(r"\b(?:foto|galeri|gallery|photos?)\b", re.IGNORECASE)


def unfilled(blocks: Sequence[Block]) -> str | None:
    """Says that a page is a template or needs a script, or None."""
    marked = sum(len(block.text) for block in blocks if _TEMPLATE.search(block.text))
    if marked and marked * 2 >= sum(len(block.text) for block in blocks):
        return "a template that a script would have filled"
    if _words(blocks) <= FEW_WORDS and any(_SCRIPT.search(block.text) for block in blocks):
        return "a page that a script fills; save it from a browser"
    return None


@dataclass(frozen=True, slots=True)
class Signs:
    """What tells a page's kind: its headings and <title> as one text, whether it asks for a password, and its pictures."""

    named: str
    password: bool
    pictures: int


def read_signs(tree: Element) -> Signs:
    """The signs of a whole page, before anything is removed from it."""
    named = " ".join(text_of(heading) for heading in tree.iter("title", "h1"))
    password = any((field.get("type") or "").lower() == "password" for field in tree.iter("input"))
    return Signs(named, password, sum(1 for _ in tree.iter("figure", "picture")))


def kind_of_page(
    signs: Signs, title: str | None, meta: Mapping[str, str], blocks: Sequence[Block], cards: int, body: str, *, is_article: bool
) -> str | None:
    """What the page is if it holds no article, or None; `cards` links to other articles, `body` is what extraction found.

    `is_article`: the page's JSON-LD says that it is one.
    """
    named, words = f"{title or ''} {signs.named}", len(body.split())
    is_article = (
        is_article or meta.get("og:type", "").lower() == "article" or any(key.startswith("article:published") for key in meta)
    )
    if words <= FEW_WORDS and not (is_article and _has_prose(body)):
        short = " ".join(block.text for block in blocks)[:2000]
        if _ERROR.search(named) or (words < 40 and _ERROR.search(short)):
            return "an error page"
        if signs.password or (words < 60 and _LOGIN.search(named)):
            return "a login page"
        if words < 60 and len(_CONSENT.findall(short)) >= 3:
            return "a page that asks for consent"
    if is_article and _has_prose(body):
        return None
    if _SEARCH.search(named) and cards >= MANY_CARDS - 2:
        return "a page of search results"
    if _PHOTO.search(named) and not _has_prose(body):
        return "a photo page"
    if cards >= MANY_CARDS and ((words <= FEW_WORDS // 2 and _INDEX.search(title or "")) or _prose_words(body) < PROSE_WORDS):
        return "a front or index page"
    if signs.pictures >= 3 and _PHOTO.search(named) and words <= FEW_WORDS // 2:
        return "a photo page"
    return None if _has_prose(body) else "without a paragraph of text"


def _prose_words(body: str) -> int:
    """Words in the lines that are whole sentences."""
    lines = [line.split() for line in body.split("\n") if re.search(r"[.!?][\"'”’)\]]*$", line)]
    return sum(len(line) for line in lines if len(line) >= 8)


def _words(blocks: Sequence[Block]) -> int:
    return sum(len(block.text.split()) for block in blocks)


def _has_prose(body: str) -> bool:
    """Whether one line at least is a sentence or as long as one."""
    return any(
        len(line.split()) >= 8 or (len(line.split()) >= 4 and re.search(r"[.!?][\"'”’)\]]*$", line)) for line in body.split("\n")
    )
