"""The tree of a web page: its blocks of text, without lists of links, and with every bare text in a paragraph."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sorot.data.text.dates import find_date

# lxml comes without types.
Element = Any

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_CONTAINERS = frozenset("body div section article main td blockquote center header".split())
BLOCKS = _CONTAINERS | frozenset(
    "p ul ol li table tbody thead tr th dl dt dd pre figure figcaption nav aside footer form hr address html "
    "h1 h2 h3 h4 h5 h6".split()
)
_DROPPED = frozenset(
    "script style noscript template svg math iframe object embed button select textarea input nav aside footer form figcaption "
    "amp-ad amp-embed amp-sidebar amp-iframe amp-social-share amp-analytics dialog map video audio".split()
)
# Words in the class or id of what is no part of an article.
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:related|terkait|bacajuga|baca[_-]juga|share|sharing|sharer?box|social|sosmed|breadcrumbs?|caption"
    r"|komentar|comments?"
    r"|popular|populer|terpopuler|trending|sidebar|newsletter|tags?|tag[_-]?list|copyright|banner|iklan|ads?|advertisement|promo"
    r"|recommend(?:ation|ed)?|rekomendasi|lainnya|berita[_-]?lain|(?:more|other)[_-]?news|terkini|latest|paging|pagination|footer|menu|navbar|nav|cookie"
    r"|wp-caption-text)(?:$|[\s_-])",
    re.IGNORECASE,
)
_FOR_SHARING = re.compile(r"(?:^|[\s_-])(?:share|sharing|sharer?box|social|sosmed)(?:$|[\s_-])", re.IGNORECASE)
# Words in paragraphs from which a box holds an article.
ARTICLE_WORDS = 40
DATE_CHARACTERS = 80
MIN_BARE_TEXT = 40
MIN_CARDS = 3
CARD_WORDS = 60
# A table with a cell this long lays out the page.
LAYOUT_WORDS = 40
HEADLINE_WORDS = 2


@dataclass(frozen=True, slots=True)
class Block:
    """One run of text without a break, white space collapsed; `element` is the block around it."""

    element: Element
    text: str


@dataclass(slots=True)
class _Size:
    """Words in an element, those in links, those that are neither link, number nor date; and what it contains."""

    words: int = 0
    link_words: int = 0
    headline: bool = False
    heading_link: bool = False
    title: bool = False


def body_of(tree: Element) -> Element:
    """The body of a page, or the whole tree if it has none."""
    found = tree.find(".//body")
    return tree if found is None else found


def text_of(element: Element) -> str:
    """The text of an element, white space collapsed."""
    return " ".join("".join(element.itertext()).split())


def walk_blocks(root: Element) -> Iterator[Block]:
    """The blocks of text under `root` in the order of the page."""
    from lxml import etree

    pieces: list[str] = []
    around: list[Element] = [root]

    def flush() -> Iterator[Block]:
        text = " ".join("".join(pieces).split())
        pieces.clear()
        if text:
            yield Block(around[-1], text)

    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        block = element.tag in BLOCKS
        if block or element.tag == "br":
            yield from flush()
        if event == "start":
            if block:
                around.append(element)
            pieces.append(element.text or "")
            continue
        if block and len(around) > 1:
            around.pop()
        if element is not root:
            pieces.append(element.tail or "")
    yield from flush()


def prune(tree: Element) -> int:
    """Removes scripts, menus, comments, and lists of links, dates or ranks from a page; the number of cards removed.

    A card is one of several siblings that each link to another article.
    """
    from lxml import etree

    body = body_of(tree)
    etree.strip_tags(body, etree.Comment, etree.ProcessingInstruction)
    for element in list(body.iter(*_DROPPED)):
        _remove(element)
    sizes = _measure(body)
    whole = sizes[body].words
    for table in list(body.iter("table")):
        if table.tag == "table" and any(sizes[cell].words >= LAYOUT_WORDS for cell in table.iter("td") if cell in sizes):
            _unfold_table(table)
    cards = 0
    for element in list(body.iter()):
        if element not in sizes:
            continue
        size = sizes[element]
        if size.title or element is body:
            group = _cards_in(element, sizes)
        elif _is_beside(element) and size.words * 2 <= whole and not _holds_article(element):
            _remove_but_date(element)
            continue
        elif element.tag in ("ul", "ol", "table", "dl") and _is_list_of_links(size):
            cards += sum(child.tag in ("li", "tr") for child in element) if size.headline else 0
            _remove(element)
            continue
        else:
            group = _cards_in(element, sizes)
        for card in group:
            _remove(card)
        cards += len(group)
    return cards


def _unfold_table(table: Element) -> None:
    """Makes the cells of a table that lays out the page to containers."""
    for part in [table, *table.iter("tbody", "thead", "tr", "td", "th")]:
        part.tag = "div"


def _measure(body: Element) -> dict[Element, _Size]:
    elements = [e for e in body.iter() if isinstance(e.tag, str)]
    sizes = {e: _Size() for e in elements}
    # Children come after their parents, so a reversed walk meets them first: time is linear at any depth.
    for element in reversed(elements):
        size = sizes[element]
        size.words += _count(element.text)
        if element.tag == "a":
            size.link_words = size.words
            size.headline |= size.words >= HEADLINE_WORDS
        if element.tag in HEADINGS:
            size.heading_link |= size.headline
        if element.tag == "a" and any(child.tag in HEADINGS for child in element):
            size.heading_link = size.headline
        size.title |= element.tag == "h1" and not size.headline
        parent = sizes.get(element.getparent())
        if parent is not None:
            parent.words += size.words + _count(element.tail)
            parent.link_words += size.link_words
            parent.headline |= size.headline
            parent.heading_link |= size.heading_link
            parent.title |= size.title
    return sizes


_WORD = re.compile(r"[^\W\d_]+")
_DATE_WORDS = frozenset(
    "senin selasa rabu kamis jumat sabtu minggu ahad januari februari maret april mei juni juli agustus september oktober "
    "november desember jan feb mar apr jun jul agu agt sep okt nov des wib wita wit pukul jam yang lalu menit hari".split()
)


def _count(text: str | None) -> int:
    return sum(word.lower() not in _DATE_WORDS for word in _WORD.findall(text)) if text else 0


def _is_list_of_links(size: _Size) -> bool:
    return size.link_words >= 0.6 * size.words


def _is_beside(element: Element) -> bool:
    if element.tag in ("p", "span", "a", "strong", "em", "b", "i", *HEADINGS, "article", "main"):
        names = element.get("class", "")
        return "caption" in names or "baca-juga" in names
    return any(_BESIDE.search(element.get(name, "")) for name in ("class", "id"))


def _holds_article(element: Element) -> bool:
    """Whether an article stands in a box for sharing, as where a page forgets to close the box."""
    if not _FOR_SHARING.search(f"{element.get('class', '')} {element.get('id', '')}"):
        return False
    paragraphs = [text_of(p) for p in element.iter("p") if not any(text_of(link) for link in p.iterancestors("a", "li"))]
    return sum(len(text.split()) for text in paragraphs if text.endswith((".", '"', "”"))) >= ARTICLE_WORDS


def _remove_but_date(element: Element) -> None:
    """Removes what stands beside an article; of a box for sharing the date of publication stays, if it is in there."""
    if _FOR_SHARING.search(f"{element.get('class', '')} {element.get('id', '')}"):
        for part in list(element):
            text = text_of(part)
            if len(text) <= DATE_CHARACTERS and find_date(text) is not None and next(part.iter("a"), None) is None:
                part.tail = None
                element.addprevious(part)
    _remove(element)


def _cards_in(element: Element, sizes: dict[Element, _Size]) -> list[Element]:
    """The children that are cards, if most children are."""
    children = [child for child in element if child in sizes]
    if len(children) < MIN_CARDS:
        return []
    cards = [child for child in children if _is_card(child, sizes[child])]
    [(_, most)] = Counter(child.tag for child in cards).most_common(1) or [("", 0)]
    return cards if most >= MIN_CARDS else []


def _is_card(child: Element, size: _Size) -> bool:
    if child.tag in ("p", "span", "strong", "em", "b", "i", *HEADINGS) or size.title or not size.headline:
        return False
    return size.words - size.link_words <= CARD_WORDS and (size.heading_link or size.link_words >= 0.4 * size.words)


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if tail := element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = f"{parent.text or ''} {tail}"
        else:
            before.tail = f"{before.tail or ''} {tail}"
    element.tail = None
    parent.remove(element)


def set_paragraphs(tree: Element) -> None:
    """Puts text that stands bare in a container, or between two line breaks, into paragraphs."""
    for parent in list(body_of(tree).iter(*_CONTAINERS)):
        _wrap_bare_text(parent)


def _wrap_bare_text(parent: Element) -> None:
    from lxml import etree

    children = list(parent)
    if not children and len((parent.text or "").strip()) < MIN_BARE_TEXT:
        return
    run = etree.Element("p")
    run.text, parent.text = parent.text, None
    for child in children:
        parent.remove(child)
    previous_break = False
    for child, following in zip_longest(children, children[1:]):
        tail = child.tail
        if not isinstance(child.tag, str) or _is_inline(child):
            run.append(child)
            previous_break = False
        elif child.tag == "br" and not (
            previous_break or (following is not None and following.tag == "br" and not (tail or "").strip())
        ):
            run.append(child)
        else:
            child.tail = None
            _close(parent, run)
            if child.tag != "br":
                parent.append(child)
            run = etree.Element("p")
            run.text = tail
        previous_break = child.tag == "br" and not (tail or "").strip()
    _close(parent, run)


def _is_inline(element: Element) -> bool:
    return element.tag != "br" and element.tag not in BLOCKS and not any(e.tag in BLOCKS for e in element.iter())


def _close(parent: Element, run: Element) -> None:
    """Appends a run of inline content: as a paragraph if it has enough text of its own, else as it is."""
    text = "".join(run.itertext()).strip()
    linked = sum(len("".join(link.itertext())) for link in run.iter("a"))
    if len(text) - linked >= MIN_BARE_TEXT and linked * 2 <= len(text):
        parent.append(run)
        return
    if run.text:
        if len(parent):
            parent[-1].tail = f"{parent[-1].tail or ''}{run.text}"
        else:
            parent.text = f"{parent.text or ''}{run.text}"
    for child in list(run):
        parent.append(child)
