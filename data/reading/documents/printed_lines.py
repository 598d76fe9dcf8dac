"""Joins the lines of printed pages to paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

# A line shorter than this share of the page's usual width may end a paragraph.
SHORT = 0.8
# How many lines at the top and at the bottom of a page may be running heads.
MARGIN = 2
_PAGE_NUMBER = re.compile(r"(?:halaman|hal\.?|page)?\s*[-–—|]?\s*\d{1,4}\s*[-–—|]?\s*(?:(?:dari|of|/)\s*\d{1,4})?", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?:…][\"”’')\]]*$")
_LIST_ITEM = re.compile(r"(?:[•●▪○*–-]|\(?(?:\d{1,2}|[a-z])[.)])\s")
_HYPHENATED = re.compile(r"(\w+)-$")


def join_lines(pages: Sequence[Sequence[str]]) -> str:
    """The paragraphs of all pages, separated by blank lines; a paragraph may go on from one page to the next.

    Words hyphenated at the end of a line are whole again. Page numbers and lines repeated on most pages are left out.
    """
    running = _running_lines(pages)
    paragraphs: list[str] = []
    current: list[str] = []
    for page in pages:
        lines = _without_margins([_tidy(line) for line in page], running)
        width = _usual_width(lines)
        for line, following in zip(lines, [*lines[1:], None], strict=False):
            if not line:
                continue
            if current and _LIST_ITEM.match(line):
                _end(current, paragraphs)
            current.append(line)
            if _ends_paragraph(line, following, width):
                _end(current, paragraphs)
    _end(current, paragraphs)
    return "\n\n".join(paragraphs)


def _ends_paragraph(line: str, following: str | None, width: int) -> bool:
    """Whether a paragraph ends with `line`; `following` is the page's next line, empty for a gap, None at the page's end."""
    ended = _SENTENCE_END.search(line) is not None
    if following is None:
        return ended
    if not following:
        return not line.endswith("-")
    if len(line) >= SHORT * width:
        return False
    # A short line in the middle of a paragraph is a narrow one; a heading is followed by a capital.
    return ended or (not line.endswith((",", "-")) and not following[0].islower() and len(line) < SHORT * width / 1.3)


def _end(current: list[str], paragraphs: list[str]) -> None:
    if current:
        paragraphs.append("".join(_joined(current)))
        current.clear()


def _joined(lines: Sequence[str]) -> Iterator[str]:
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        hyphenated = _HYPHENATED.search(line)
        if not following:
            yield line
        elif line.endswith("\u00ad"):
            yield line[:-1]
        elif hyphenated:
            yield line if _keeps_hyphen(hyphenated[1], following) else line[:-1]
        else:
            yield f"{line} "


def _keeps_hyphen(before: str, following: str) -> bool:
    """Whether the hyphen belongs to the word: in doubled words (anak-anak, sayur-mayur), names and numbers."""
    after = "".join(re.findall(r"^\w+", following)).lower()
    if not after or not following[0].islower() or before[-1].isdigit():
        return True
    before = before.lower()
    # 'berlari-lari', 'rumah-rumahnya', 'sayur-mayur': most of the second half stands in the first.
    return len(after) > 2 and (before.endswith(after[: len(before)]) or after.startswith(before) or before[1:] == after[1:])


def _without_margins(lines: list[str], running: frozenset[str]) -> list[str]:
    """The page's lines from the first to the last that is no page number and no running head."""
    filled = [number for number, line in enumerate(lines) if line]
    margins, ends = {*filled[:MARGIN], *filled[-MARGIN:]}, {*filled[:1], *filled[-1:]}
    kept = [number for number in filled if not _is_margin(lines[number], number in ends, number in margins, running)]
    dropped = set(filled) - set(kept)
    return [line for number, line in enumerate(lines) if number not in dropped and kept[0] <= number <= kept[-1]] if kept else []


def _is_margin(line: str, at_end: bool, in_margin: bool, running: frozenset[str]) -> bool:
    return (at_end and _PAGE_NUMBER.fullmatch(line) is not None) or (in_margin and _pattern(line) in running)


def _running_lines(pages: Sequence[Sequence[str]]) -> frozenset[str]:
    """The lines, with numbers replaced, that stand at the top or the bottom of most of at least three pages."""
    counts: Counter[str] = Counter()
    for page in pages:
        lines = [line for raw in page if (line := _tidy(raw))]
        counts.update({_pattern(line) for line in (*lines[:MARGIN], *lines[-MARGIN:])})
    return frozenset(line for line, count in counts.items() if count >= 3 and 2 * count > len(pages))


def _pattern(line: str) -> str:
    return re.sub(r"\d+", "0", line)


def _tidy(line: str) -> str:
    return " ".join(line.replace("\x00", "").split())


def _usual_width(lines: Sequence[str]) -> int:
    """A length that one line in five reaches."""
    lengths = sorted(len(line) for line in lines if line)
    return lengths[len(lengths) * 4 // 5] if lengths else 0
