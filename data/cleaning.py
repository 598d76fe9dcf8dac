"""Find the article in what a scraper left: body paragraphs, title, outlet, date and place; the rest goes to `removed`.

Two ways. A *dump* (a whole page saved as text) is known by its structure: short lines before the first paragraph or
lists after the last. There the body is what stands between, and the fields are looked for in the head. Any other text
loses only lines that are leftovers and nothing else, its dateline, and the reporter's initials; where none of these
occurs, it passes unchanged, character for character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from data.article import Article, Removed
from data.boilerplate import INITIALS, INLINE_RELATED, SECTION, kind_of
from data.fields import find_dateline, parse_date

PARAGRAPH_WORDS = 15
UNFINISHED_PARAGRAPH_WORDS = 25
CLOSING_WORDS = 4
HEAD_LINES = 40
_TIME = re.compile(r"\d{1,2}[:.]\d{2}(?!\d|[./-])")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_OUTLET_DATE = re.compile(r"(?P<outlet>[\w .&'-]{2,40}?)\s*[-–—|,]\s*(?=(?:[A-Za-z]+,?\s*)?\d)")


def clean_article(article: Article) -> Article:
    """The article without what is not article; fields that it already has are kept. Idempotent."""
    lines = article.body.split("\n")
    # Twice over its own result must change nothing: a second dateline or menu line is looked for until none is left.
    for _ in range(8):
        cleaned = _clean_dump(article, lines) if _is_dump(article, lines) else _clean_text(article, lines)
        if cleaned.body == article.body:
            return cleaned
        article, lines = cleaned, cleaned.body.split("\n")
    return article


def _is_paragraph(line: str) -> bool:
    line = line.strip()
    words = len(line.split())
    whole = words >= PARAGRAPH_WORDS and _ends_sentence(line)
    return (whole or words >= UNFINISHED_PARAGRAPH_WORDS) and kind_of(line) is None


def _is_dump(article: Article, lines: list[str]) -> bool:
    if article.title is not None:
        return False
    full = [line.strip() for line in lines if line.strip()]
    paragraphs = [i for i, line in enumerate(full) if _is_paragraph(line)]
    if not paragraphs:
        return False
    head, tail = full[: paragraphs[0]], full[paragraphs[-1] + 1 :]
    leftover = sum(kind_of(line) is not None or SECTION.fullmatch(line) is not None for line in head + tail)
    dated = any(parse_date(line) is not None for line in head if len(line) <= 80)
    return (len(head) >= 2 and (leftover > 0 or dated)) or any(SECTION.fullmatch(line) for line in tail)


def _clean_text(article: Article, lines: list[str]) -> Article:
    """Take whole leftover lines, the dateline and initials out of a text that is otherwise an article already."""
    removed: list[Removed] = []
    kept: list[str] = []
    prose = any(_is_paragraph(line) for line in lines)
    for line in lines:
        kind = kind_of(line) if prose else None
        if kind is None and prose and article.title and _same_words(line, article.title):
            kind = "repeated_title"
        if kind is None:
            kept.append(line)
        else:
            removed.append(Removed(kind, line.strip()))
    body = "\n".join(kept)
    if removed:
        body = re.sub(r"\n{3,}", "\n\n", body).strip("\n")
    return _finish(article, body, removed) if prose else article


def _clean_dump(article: Article, lines: list[str]) -> Article:
    full = [line.strip() for line in lines if line.strip()]
    first = next(i for i, line in enumerate(full) if _is_paragraph(line))
    stop = _find_tail(full, first)
    head = _read_head(full[:first])
    removed = list(head.removed)
    kept = []
    skipping = False
    for line in full[first:stop]:
        kind = kind_of(line)
        if SECTION.fullmatch(line):
            skipping = True
            kind = "related"
        elif _is_paragraph(line):
            skipping = False
        elif skipping:
            kind = "related"
        if kind is None and head.title and _same_words(line, head.title):
            kind = "repeated_title"
        if kind is None:
            kept.append(line)
        else:
            removed.append(Removed(kind, line))
    section = "related"
    for line in full[stop:]:
        if SECTION.fullmatch(line):
            section = "partner" if re.search(r"partner|mitra|network|jaringan", line, re.IGNORECASE) else "related"
        removed.append(Removed(kind_of(line) or section, line))
    article = replace(
        article,
        title=article.title or head.title,
        outlet=article.outlet or head.outlet,
        published=article.published or (parse_date(head.date) if head.date else None),
    )
    return _finish(article, "\n\n".join(kept), removed)


def _find_tail(full: list[str], first: int) -> int:
    """Where the page's offers begin: the first heading or leftover that no two paragraphs follow."""
    paragraphs = [i for i, line in enumerate(full) if _is_paragraph(line)]
    for i in range(first + 1, len(full)):
        if SECTION.fullmatch(full[i]) and sum(p > i for p in paragraphs) < 2:
            return i
    stop = paragraphs[-1] + 1
    # A short closing sentence or quotation after the last long paragraph is still article, a leftover between or not.
    for i in range(stop, len(full)):
        if kind_of(full[i]) is not None:
            continue
        if not _ends_sentence(full[i]) or len(full[i].split()) < CLOSING_WORDS:
            break
        stop = i + 1
    return stop


def _ends_sentence(line: str) -> bool:
    return _SENTENCE_END.search(INITIALS.sub("", line)) is not None


@dataclass(frozen=True, slots=True)
class _Head:
    title: str | None
    outlet: str | None
    date: str | None
    removed: tuple[Removed, ...]


def _read_head(lines: list[str]) -> _Head:
    """Title, outlet and date from the short lines above the first paragraph."""
    removed: list[Removed] = []
    candidates: list[str] = []
    dates: list[str] = []
    for line in lines[-HEAD_LINES:]:
        kind = kind_of(line)
        if kind is None and len(line) <= 100 and parse_date(line) is not None:
            kind = "date"
            dates.append(line)
        if kind is None:
            candidates.append(line)
        removed.append(Removed(kind or "head", line))
    # A page's own calendar has no time; the article's date has.
    date = next((d for d in dates if _TIME.search(d)), dates[0] if dates else None)
    outlet = _outlet_before(date) if date else None
    title = _pick_title(candidates, outlet)
    if outlet is None:
        outlet = next((c for c in candidates if re.fullmatch(r"[\w-]+\.(?:com|co\.id|id|co|net)", c, re.IGNORECASE)), None)
    return _Head(title, outlet, date, tuple(removed))


_DAYS = frozenset(
    """
    senin selasa rabu kamis jumat jum'at sabtu minggu ahad monday tuesday wednesday thursday friday saturday sunday
    mon tue wed thu fri sat sun
    """.split()
)


def _outlet_before(date: str) -> str | None:
    """'Kabar Petang' of 'Kabar Petang - Senin, 17 Juli 2017 10:00'; None where a date alone stands."""
    found = _OUTLET_DATE.match(date)
    if not found or not found["outlet"][0].isupper() or _is_day(found["outlet"]):
        return None
    return found["outlet"].strip()


def _is_day(word: str) -> bool:
    return word.strip().lower() in _DAYS


def _pick_title(candidates: list[str], outlet: str | None) -> str | None:
    """The line that stands twice, else the longest of the lines that have three words or more."""
    usable = [c for c in candidates if len(c.split()) >= 3 and c != outlet and len(c) <= 200]
    twice = [c for c in usable if usable.count(c) > 1]
    if twice:
        return twice[0]
    return max(usable, key=lambda c: len(c.split()), default=None)


def _finish(article: Article, body: str, removed: list[Removed]) -> Article:
    """Take inline leftovers, the dateline and initials out of the body."""
    for found in INLINE_RELATED.finditer(body):
        removed.append(Removed("related", found[0].strip()))
    body = INLINE_RELATED.sub("", body)
    dateline = find_dateline(body)
    place, outlet = article.place, article.outlet
    if dateline:
        removed.append(Removed("dateline", body[: dateline.end].strip()))
        place, outlet = place or dateline.place, outlet or dateline.outlet
        body = body[dateline.end :]
    initials = INITIALS.search(body[-40:])
    if initials and len(body) > 200:
        removed.append(Removed("initials", initials[0].strip()))
        body = body[: len(body) - len(initials[0])]
    return replace(article, body=body, place=place, outlet=outlet, removed=article.removed + tuple(removed))


def _same_words(line: str, title: str) -> bool:
    return re.findall(r"\w+", line.lower()) == re.findall(r"\w+", title.lower()) != []
