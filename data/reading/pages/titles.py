"""The title of a page without its outlet's name, and the outlet as the page writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from sorot.data.reading.pages.metadata import kinds_of
from sorot.data.reading.pages.tree import Element, text_of

_DOMAIN = re.compile(
    r"(?:www\.)?[\w-]+(?: [\w-]+)?\.(?:com|co\.id|co|id|net|org|tv|news|or\.id|go\.id)(?:/\w+)?\+?", re.IGNORECASE
)
# Outlets that often stand in titles of pages that do not name themselves elsewhere.
_KNOWN = re.compile(
    r"(?:antara|antara news|antaranews|bbc news indonesia|berita satu|beritasatu|bisnis|bola|cnbc indonesia"
    r"|cnn indonesia|detik\w*|fajar"
    r"|idn times|ihram|inews|jawa ?pos|jpnn|kapanlagi|katadata|kompas|kompas tv|kontan|kumparan|liputan ?6"
    r"|media indonesia|merdeka"
    r"|metro ?tv\w*|okezone|pikiran rakyat|rakyat merdeka|republika|republika online|rmol|sindonews|solopos|suara|suara merdeka"
    r"|tempo|tirto|tribun\w*|tribun \w+|viva|voa indonesia|waspada|line today)(?: (?:news|online|indonesia|regional"
    r"|nasional|id))?",
    re.IGNORECASE,
)
_PAGE = re.compile(
    r"\s*(?:[-–|(]\s*)?(?:halaman|page|hal\.?) (?:all|semua|\d+)(?: (?:dari|of) \d+)?\)?(?=\s*(?:$|[-–—|]))", re.IGNORECASE
)
_SEPARATOR = re.compile(r"\s+[-–—|»·•]\s+|\s*(?:\||::|»)\s*")
_BEFORE = re.compile(r"\s*(?::|\s[-–—]|\||»)\s+")
# A page's name for a section, as in 'Judul | Nasional | Kabar'.
PIPE_WORDS = 4


def find_outlet(meta: Mapping[str, str], things: Sequence[Mapping[str, Any]], title: str | None, url: str | None) -> str | None:
    """The outlet as the page writes it: its own name, its publisher's in JSON-LD, the name in its title, or its address."""
    name = next(_names(meta, things), None)
    if name is None and title:
        parts = [part.strip() for part in _SEPARATOR.split(title)]
        name = next((part for part in reversed(parts[1:]) if _DOMAIN.fullmatch(part) or _KNOWN.fullmatch(part)), None)
        first = _BEFORE.split(title, maxsplit=1)
        if name is None and len(first) > 1 and _DOMAIN.fullmatch(first[0].strip()):
            name = first[0].strip()
    return name or _host(url)


def find_title(
    tree: Element,
    meta: Mapping[str, str],
    articles: Sequence[Mapping[str, Any]],
    things: Sequence[Mapping[str, Any]],
    url: str | None,
) -> str | None:
    """The title of the page's article: og:title first, compared with the page's <h1>, without the outlet's name."""
    names = {_plain(name) for name in [*_names(meta, things), _host(url) or ""] if name}
    names |= {_plain(name.split(".")[0]) for name in [*_names(meta, things), _host(url) or ""] if "." in name}
    headings = [text for h in tree.iter("h1") if (text := text_of(h)) and _plain(text) not in names]
    headline = next((str(a["headline"]) for a in articles if isinstance(a.get("headline"), str)), "")
    stated = [meta.get("og:title", ""), headline, *headings[:1], meta.get("twitter:title", ""), *map(text_of, tree.iter("title"))]
    for text in (" ".join(text.split()) for text in stated):
        if text and _plain(text) not in names and (title := _without_affixes(text, headings, names)):
            return title
    return None


def _without_affixes(text: str, headings: Iterable[str], names: set[str]) -> str:
    for heading in headings:
        # The heading is the title; what stands beside it in another field is the outlet.
        if len(heading.split()) >= 2 and _plain(heading) in _plain(text) and len(heading) >= 0.4 * len(text):
            return _PAGE.sub("", heading).strip()
    text = _PAGE.sub("", text).strip()
    before = _BEFORE.split(text, maxsplit=1)
    if len(before) == 2 and _is_name(before[0], names, known=False) and len(before[1].split()) >= 2:
        text = before[1]
    while cuts := list(_SEPARATOR.finditer(text)):
        cut = cuts[-1]
        last = text[cut.end() :].strip()
        piped = "|" in cut[0] and len(last.split()) <= PIPE_WORDS
        if not (piped or _is_name(last, names)) or not text[: cut.start()].strip():
            break
        text = text[: cut.start()].strip()
    return text


def _is_name(text: str, names: set[str], *, known: bool = True) -> bool:
    """Whether a part of a title names the outlet."""
    text = text.strip()
    plain = _plain(text)
    if plain in names or _DOMAIN.fullmatch(text) or (known and _KNOWN.fullmatch(text)):
        return True
    # 'Kabar Kota Online' on a page of 'Kabar Kota', 'Bola Kabar Kota'.
    return any(len(name) >= 5 and name in plain and len(text.split()) <= 5 for name in names)


def _names(meta: Mapping[str, str], things: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for key in ("og:site_name", "application-name", "apple-mobile-web-app-title"):
        if meta.get(key):
            yield meta[key]
            break
    organisations = {t.get("@id"): t for t in things if "@id" in t and "name" in t}
    for thing in things:
        publisher = thing.get("publisher")
        if isinstance(publisher, list):
            publisher = publisher[0] if publisher else None
        if isinstance(publisher, dict):
            publisher = publisher if "name" in publisher else organisations.get(publisher.get("@id"), {})
            publisher = publisher.get("name")
        if isinstance(publisher, str) and publisher.strip() and not publisher.startswith("http"):
            yield " ".join(publisher.split())
            return
    for thing in things:
        if (
            {"website", "newsmediaorganization"} & set(kinds_of(dict(thing)))
            and isinstance(thing.get("name"), str)
            and thing["name"].strip()
        ):
            yield " ".join(thing["name"].split())
            return


def _host(url: str | None) -> str | None:
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return re.sub(r"^(?:www|m|amp)\.", "", host) if host else None


def _plain(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())
