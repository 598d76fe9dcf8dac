"""Analyses the structure of a scraped page: paragraphs, where the body ends, and boilerplate within it.

A page is a sequence of non-blank lines, each classified once (`Line`); time is linear in their number.
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
# Maximum number of lines that are not sentences between the last long paragraph and a short closing one.
CLOSING_GAP = 3
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
# Unlike a headline: at least two words, and a full stop or closing quotation mark; 'Memuat...' does not match.
_STATEMENT = re.compile(r"\S+\s+(?:\S+[^.…]\.|\S+\s.*(?:[.…][\"'”’)\]]*|[!?][\"'”’]+))$")
_ITEM = re.compile(r"(?:[-•*–]|\d{1,2}[.)])\s")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page. `kind` is its kind of boilerplate, judged without context, or None.

    `sentence`: it ends like a sentence, initials aside. `statement`: it ends like a sentence and unlike a headline.
    `paragraph`: it is long enough to be a paragraph of the article, and no boilerplate.
    """

    text: str
    kind: str | None
    sentence: bool
    statement: bool
    paragraph: bool


def classify_lines(texts: Iterable[str]) -> list[Line]:
    """Classifies the lines that are not blank, stripped of white space."""
    return [_classify_line(text.strip()) for text in texts if text.strip()]


def _classify_line(text: str) -> Line:
    kind = kind_of(text)
    end = INITIALS.sub("", text)
    sentence = _SENTENCE_END.search(end) is not None
    words = len(text.split(maxsplit=UNFINISHED_PARAGRAPH_WORDS))
    long = words >= UNFINISHED_PARAGRAPH_WORDS or (sentence and words >= PARAGRAPH_WORDS)
    return Line(text, kind, sentence, sentence and _STATEMENT.match(end) is not None, long and kind is None)


def is_section(lines: Sequence[Line], i: int) -> bool:
    """Whether line `i` heads a section outside the article; for everyday words, the next line decides."""
    if SECTION.fullmatch(lines[i].text):
        return True
    weak = WEAK_SECTION.fullmatch(lines[i].text) or ENDING.fullmatch(lines[i].text)
    return weak is not None and (i + 1 == len(lines) or not lines[i + 1].sentence)


def find_tail(lines: Sequence[Line], first: int) -> int:
    """Index of the first line after the body that begins at line `first`."""
    stop = _find_sections(lines, first)
    last = max(i for i in range(first, stop) if i == first or lines[i].paragraph)
    kinds = find_boilerplate(lines[last:stop])
    gap = 0
    # A short closing sentence, quotation or list after the last long paragraph still belongs to the article.
    for i, kind in enumerate(kinds[1:], last + 1):
        if kind is not None:
            continue
        if lines[i].statement or (gap == 0 and (lines[i].text.endswith((":", "?")) or _ITEM.match(lines[i].text))):
            last, gap = i, 0
        else:
            gap += 1
            if gap > CLOSING_GAP:
                break
    return last + 1


def _find_sections(lines: Sequence[Line], first: int) -> int:
    """Index of the first section heading after which the prose does not resume.

    Teasers and comments are long too, but a headline or a name separates them. So prose resumes where two sentences are
    adjacent and one of them is a paragraph.
    """
    headings = [i for i in range(first + 1, len(lines)) if is_section(lines, i)]
    totals = list(accumulate((line.paragraph for line in lines), initial=0))
    end = next((i for i in headings if ENDING.fullmatch(lines[i].text) and totals[i] - totals[first] >= 2), len(lines))
    resumed = previous = -1
    for i in range(first, end):
        if lines[i].kind is not None:
            continue
        sentence = lines[i].statement or lines[i].paragraph
        if sentence and previous >= 0 and (lines[i].paragraph or lines[previous].paragraph):
            resumed = previous
        previous = i if sentence else -1
    return next((i for i in headings if i > resumed and i < end), end)


def find_boilerplate(lines: Sequence[Line]) -> list[str | None]:
    """Each body line's kind of boilerplate, or None; also covers links under a heading, skippable blocks and captions."""
    kinds = [line.kind for line in lines]
    lone = [line.kind is not None and is_lone_word(line.text, line.kind) for line in lines]
    for i in range(len(lines)):
        # A lone word between paragraphs is a subhead; next to boilerplate it is boilerplate.
        if lone[i] and not any(0 <= j < len(lines) and (lone[j] or kinds[j] is not None) for j in (i - 1, i + 1)):
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
    """Index after the links that begin at line `i`: at most ASIDE_LINKS, and no prose or subhead."""
    begin = i
    while i < len(lines) and i < begin + ASIDE_LINKS and not _is_prose(lines, i, begin):
        i += 1
    return i


def _is_prose(lines: Sequence[Line], i: int, begin: int) -> bool:
    line = lines[i]
    if line.statement or line.paragraph or line.text.endswith(":"):
        return True
    # A question is a headline if most of its words are capitalised.
    if line.text.endswith(("?", "!")):
        words: list[str] = re.findall(r"\w{4,}", line.text)
        return sum(word[0].isupper() for word in words) * 2 <= len(words)
    subhead = i > begin and len(line.text.split()) <= SUBHEAD_WORDS
    return subhead and i + 1 < len(lines) and (lines[i + 1].statement or lines[i + 1].paragraph)


def _after_block(lines: Sequence[Line], i: int) -> int:
    """Index after the skippable block that begins at line `i`; without its last line, only the first line counts."""
    last = next((j for j in range(i + 1, min(i + BLOCK_LINES, len(lines))) if BLOCK_END.fullmatch(lines[j].text)), i)
    return last + 1
