"""The structure of a scraped page: which lines are paragraphs, where the body begins and ends, what is no article in it.

A page is the sequence of its non-blank lines, each looked at once (`Line`); time is linear in their number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from sorot.data.cleaning.boilerplate import (
    ASIDE,
    BEFORE_CAPTION,
    BEFORE_TEASER,
    BLOCK_BEGIN,
    BLOCK_END,
    ENDING,
    INITIALS,
    PARAGRAPH_WORDS,
    SECTION,
    WEAK_SECTION,
    is_lone_word,
    kind_of,
)

UNFINISHED_PARAGRAPH_WORDS = 25
ASIDE_LINKS = 3
SUBHEAD_WORDS = 3
BLOCK_LINES = 8
# Lines that are no sentence and yet may stand between the last long paragraph and a short closing one.
CLOSING_GAP = 3
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
# How no headline ends: with a full stop or a closing quotation, after two words or more ('Memuat...' is none).
_STATEMENT = re.compile(r"\S+\s+(?:\S+[^.…]\.|\S+\s.*(?:[.…][\"'”’)\]]*|[!?][\"'”’]+))$")
_ITEM = re.compile(r"(?:[-•*–]|\d{1,2}[.)])\s")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its text, the kind of leftover that it is by itself, and how it ends.

    `sentence`: as a sentence does, reporter's initials aside. `statement`: as a sentence does and no headline.
    `paragraph`: long enough to be an article's and nothing else's.
    """

    text: str
    kind: str | None
    sentence: bool
    statement: bool
    paragraph: bool


def classify_lines(texts: Iterable[str]) -> list[Line]:
    """The lines that are not blank, stripped."""
    return [_classify_line(text.strip()) for text in texts if text.strip()]


def _classify_line(text: str) -> Line:
    kind = kind_of(text)
    end = INITIALS.sub("", text)
    sentence = _SENTENCE_END.search(end) is not None
    words = len(text.split(maxsplit=UNFINISHED_PARAGRAPH_WORDS))
    long = words >= UNFINISHED_PARAGRAPH_WORDS or (sentence and words >= PARAGRAPH_WORDS)
    return Line(text, kind, sentence, sentence and _STATEMENT.match(end) is not None, long and kind is None)


def is_section(lines: Sequence[Line], i: int) -> bool:
    """Whether line `i` heads a page's offers: by its words, and for an everyday word by what follows it."""
    if SECTION.fullmatch(lines[i].text):
        return True
    weak = WEAK_SECTION.fullmatch(lines[i].text) or ENDING.fullmatch(lines[i].text)
    return weak is not None and (i + 1 == len(lines) or not lines[i + 1].sentence)


def find_tail(lines: Sequence[Line], first: int) -> int:
    """Where the page's offers begin, for a body that begins at `first`."""
    stop = _find_offers(lines, first)
    last = max(i for i in range(first, stop) if i == first or lines[i].paragraph)
    leftovers = find_leftovers(lines[last:stop])
    gap = 0
    # A short closing sentence, quotation or list after the last long paragraph is still article.
    for i, leftover in enumerate(leftovers[1:], last + 1):
        if leftover is not None:
            continue
        if lines[i].statement or (gap == 0 and (lines[i].text.endswith((":", "?")) or _ITEM.match(lines[i].text))):
            last, gap = i, 0
        else:
            gap += 1
            if gap > CLOSING_GAP:
                break
    return last + 1


def _find_offers(lines: Sequence[Line], first: int) -> int:
    """The first heading after which the prose does not resume.

    Teasers and readers' comments are long too, but between two of them stands a headline or a name. So the prose has
    resumed where two sentences follow each other, one of them a paragraph.
    """
    headings = [i for i in range(first + 1, len(lines)) if is_section(lines, i)]
    before = list(accumulate((line.paragraph for line in lines), initial=0))
    end = next((i for i in headings if ENDING.fullmatch(lines[i].text) and before[i] - before[first] >= 2), len(lines))
    resumed = previous = -1
    for i in range(first, end):
        if lines[i].kind is not None:
            continue
        sentence = lines[i].statement or lines[i].paragraph
        if sentence and previous >= 0 and (lines[i].paragraph or lines[previous].paragraph):
            resumed = previous
        previous = i if sentence else -1
    return next((i for i in headings if i > resumed and i < end), end)


def find_leftovers(lines: Sequence[Line]) -> list[str | None]:
    """For each line of a body the kind of leftover that it is, or None: leftovers, and the links under a heading."""
    kinds = [line.kind for line in lines]
    alone = [line.kind is not None and is_lone_word(line.text, line.kind) for line in lines]
    for i in range(len(lines)):
        # A lone word between paragraphs is a subhead; among other leftovers it is one of them.
        if alone[i] and not any(0 <= j < len(lines) and (alone[j] or kinds[j] is not None) for j in (i - 1, i + 1)):
            kinds[i] = None
    i = 0
    while i < len(lines):
        if ASIDE.fullmatch(lines[i].text) or SECTION.fullmatch(lines[i].text):
            stop = _after_links(lines, i + 1)
        elif BLOCK_BEGIN.fullmatch(lines[i].text):
            stop = _after_block(lines, i)
        elif BEFORE_CAPTION.fullmatch(lines[i].text):
            stop = i + 1 if i + 1 == len(lines) or lines[i + 1].paragraph else i + 2
        elif BEFORE_TEASER.fullmatch(lines[i].text):
            stop = i + 2 if i + 1 < len(lines) and lines[i + 1].text.endswith(("...", "…")) else i + 1
        else:
            i += 1
            continue
        kind = "caption" if BEFORE_CAPTION.fullmatch(lines[i].text) else kinds[i] or "related"
        for j in range(i, stop):
            kinds[j] = kinds[j] or kind
        i = stop
    return kinds


def _after_links(lines: Sequence[Line], i: int) -> int:
    """The end of the few links that begin at `i`: never a sentence, and not the subhead over one."""
    begin = i
    while i < len(lines) and i < begin + ASIDE_LINKS and not _is_prose(lines, i, begin):
        i += 1
    return i


def _is_prose(lines: Sequence[Line], i: int, begin: int) -> bool:
    line = lines[i]
    if line.statement or line.paragraph or line.text.endswith(":"):
        return True
    # A question may be a headline: in headlines most words have capitals.
    if line.text.endswith(("?", "!")):
        words: list[str] = re.findall(r"\w{4,}", line.text)
        return sum(word[0].isupper() for word in words) * 2 <= len(words)
    subhead = i > begin and len(line.text.split()) <= SUBHEAD_WORDS
    return subhead and i + 1 < len(lines) and (lines[i + 1].statement or lines[i + 1].paragraph)


def _after_block(lines: Sequence[Line], i: int) -> int:
    """The end of a block that the page offers to skip; where its last line is missing, its first line alone."""
    last = next((j for j in range(i + 1, min(i + BLOCK_LINES, len(lines))) if BLOCK_END.fullmatch(lines[j].text)), i)
    return last + 1
