"""The body of a page's article: what extraction finds, and the lead that it leaves out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sorot.data.cleaning.boilerplate import kind_of
from sorot.data.cleaning.datelines import find_dateline
from sorot.data.cleaning.head import is_date_line
from sorot.data.reading.pages.tree import HEADINGS, Block, Element, text_of

LEAD_WORDS = 8
# A caption is no longer than this, and stands in so many blocks before the dateline.
CAPTION_WORDS = 60
BLOCKS_BEFORE_DATELINE = 8
# So many words beside a picture are buttons.
FEW_WORDS = 10
# Without a title on the page, the lead is looked for in so many blocks before the body.
BLOCKS_WITHOUT_TITLE = 4
# Letters that tell one paragraph from another.
KEY = 60
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’)\]]*$")


def title_block(blocks: Sequence[Block], title: str | None) -> int | None:
    """Index of the block that is the title: the <h1>, else the first heading or block with the same words; or None."""
    wanted = _key(title or "")
    for i, block in enumerate(blocks):
        if wanted and _key(block.text) == wanted:
            return i
    headings = [i for i, block in enumerate(blocks) if block.element.tag == "h1"]
    return headings[-1] if len(headings) == 1 else None


def drop(blocks: Sequence[Block]) -> None:
    """Removes the text of these blocks from the page."""
    for block in blocks:
        for element in [block.element, *block.element.iterdescendants()]:
            element.text = None
            if element is not block.element:
                element.tail = None


def find_captions(blocks: Sequence[Block], title: int | None) -> list[Block]:
    """The captions between the title and the paragraph with the dateline: short texts beside a picture.

    Without a dateline there are none, as a lead may stand beside a picture too.
    """
    if title is None:
        return []
    below = blocks[title + 1 : title + 1 + BLOCKS_BEFORE_DATELINE]
    dated = next((i for i, block in enumerate(below) if len(block.text.split()) >= LEAD_WORDS and find_dateline(block.text)), 0)
    return [block for block in below[:dated] if len(block.text.split()) <= CAPTION_WORDS and _beside_picture(block.element)]


def _beside_picture(element: Element) -> bool:
    if next(element.iter("img", "amp-img", "picture"), None) is not None:
        return True
    text = text_of(element)
    while (before := element.getprevious()) is None and (above := element.getparent()) is not None and text_of(above) == text:
        element = above
    return (
        before is not None
        and next(before.iter("img", "amp-img", "picture"), None) is not None
        and _count([text_of(before)]) <= FEW_WORDS
    )


def _plain_rows(paragraphs: Sequence[str]) -> list[str]:
    """The paragraphs, those that are rows of a table without bars at their ends and without the names of who wrote."""
    plain = [paragraph.strip("| ") if paragraph.startswith("|") else paragraph for paragraph in paragraphs]
    return [
        text
        for text, paragraph in zip(plain, paragraphs, strict=True)
        if text.strip("-|: ") and not (text != paragraph and kind_of(text.replace(" | ", " ")))
    ]


def complete(paragraphs: Sequence[str], blocks: Sequence[Block], title: int | None) -> list[str]:
    """The extracted paragraphs, and before them the sentences that stand between the title and the first of them.

    If extraction found less than half of the page's prose below the title, the prose itself.
    """
    if title is not None:
        prose = [block.text for block in blocks[title + 1 :] if _is_lead(block)]
        if _count(paragraphs) * 2 < _count(prose):
            return prose
    paragraphs = _plain_rows(paragraphs)
    if not paragraphs:
        return []
    keys = {_key(p) for p in paragraphs}
    joined = _letters("".join(paragraphs))
    places: dict[str, int] = {}
    for i, block in enumerate(blocks):
        places.setdefault(_key(block.text), i)
    # Extraction may append a lead that it finds late: paragraphs stand as on the page; one that is no block stays where it is.
    at, order = -1, []
    for number, paragraph in enumerate(paragraphs):
        at = places.get(_key(paragraph), at)
        order.append((at, number))
    paragraphs = [paragraphs[number] for _, number in sorted(order)]
    first = next((i for i, b in enumerate(blocks) if (title is None or i > title) and _key(b.text) in keys), None)
    if first is None:
        return list(paragraphs)
    start = max(0, first - BLOCKS_WITHOUT_TITLE) if title is None else title + 1
    lead = [block.text for block in blocks[start:first] if _is_lead(block) and _letters(block.text) not in joined]
    return [*lead, *paragraphs]


def is_sentence(text: str) -> bool:
    """Whether a text ends like a sentence."""
    return _SENTENCE_END.search(text) is not None


def _is_lead(block: Block) -> bool:
    text, element = block.text, block.element
    if len(text.split()) < LEAD_WORDS or not is_sentence(text) or kind_of(text) is not None or is_date_line(text):
        return False
    linked = sum(len(text_of(link)) for link in element.iter("a"))
    return linked * 2 <= len(text) and element.tag not in HEADINGS[:1]


def _count(paragraphs: Sequence[str]) -> int:
    return sum(len(paragraph.split()) for paragraph in paragraphs)


def _key(text: str) -> str:
    return _letters(text[: KEY * 3])[:KEY]


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())
