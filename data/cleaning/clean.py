"""Find the article in what a scraper left: body paragraphs, title, outlet, date and place; the rest goes to `removed`.

Two ways. A *dump* (a whole page saved as text) is known by its structure: short lines before the first paragraph or
lists after the last. There the body is what stands between, and the fields are looked for in the head. Any other text
loses only lines that are leftovers and nothing else, its dateline, and the reporter's initials; where none of these
occurs, it passes unchanged, character for character.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sorot.data.article import Article, Removed
from sorot.data.cleaning.boilerplate import ASIDE, INITIALS, take_inline
from sorot.data.cleaning.datelines import find_dateline
from sorot.data.cleaning.head import find_lead, is_dated, read_head
from sorot.data.cleaning.structure import Line, classify_lines, find_leftovers, find_tail, is_section
from sorot.data.text.dates import parse_date


def clean_article(article: Article) -> Article:
    """The article without what is not article; fields that it already has are kept. Idempotent."""
    # Twice over its own result must change nothing: a second dateline or menu line is looked for until none is left.
    for _ in range(8):
        rows = article.body.split("\n")
        lines = classify_lines(rows)
        paragraphs = [i for i, line in enumerate(lines) if line.paragraph]
        if not paragraphs:
            return article
        first, last = paragraphs[0], paragraphs[-1]
        dump = article.title is None and _is_dump(lines, first, last)
        cleaned = _clean_dump(article, lines, first) if dump else _clean_text(article, rows, lines, first)
        if cleaned.body == article.body:
            return cleaned
        article = cleaned
    return article


def _is_dump(lines: list[Line], first: int, last: int) -> bool:
    tail = range(last + 1, len(lines))
    headings = any(is_section(lines, i) or ASIDE.fullmatch(lines[i].text) for i in tail)
    leftover = headings or any(line.kind is not None for line in lines[:first] + lines[last + 1 :])
    return headings or (first >= 2 and (leftover or is_dated(lines[:first])))


def _clean_text(article: Article, rows: list[str], lines: list[Line], first: int) -> Article:
    """Take whole leftover lines, the dateline and initials out of a text that is otherwise an article already."""
    kinds = find_leftovers(lines)
    # The title is repeated above the text; below, the same words are a sentence.
    for i in range(first):
        if kinds[i] is None and article.title and _same_words(lines[i].text, article.title):
            kinds[i] = "repeated_title"
    full = [at for at, row in enumerate(rows) if row.strip()]
    gone = {at: Removed(kind, line.text) for at, kind, line in zip(full, kinds, lines, strict=True) if kind is not None}
    body = article.body
    if gone:
        body = "\n".join(row for at, row in enumerate(rows) if at not in gone)
        body = re.sub(r"\n{3,}", "\n\n", body).strip("\n")
    return _finish(article, body, list(gone.values()))


def _clean_dump(article: Article, lines: list[Line], first: int) -> Article:
    first = find_lead(lines, first)
    stop = find_tail(lines, first)
    head = read_head(lines[:first])
    removed = list(head.removed)
    kept = []
    for line, kind in zip(lines[first:stop], find_leftovers(lines[first:stop]), strict=True):
        if kind is None and head.title and _same_words(line.text, head.title):
            kind = "repeated_title"
        if kind is None:
            kept.append(line.text)
        else:
            removed.append(Removed(kind, line.text))
    section = "related"
    for i in range(stop, len(lines)):
        if is_section(lines, i):
            section = "partner" if re.search(r"partner|mitra|network|jaringan", lines[i].text, re.IGNORECASE) else "related"
        removed.append(Removed(lines[i].kind or section, lines[i].text))
    article = replace(
        article,
        title=article.title or head.title,
        outlet=article.outlet or head.outlet,
        published=article.published or (parse_date(head.date) if head.date else None),
    )
    return _finish(article, "\n\n".join(kept), removed)


def _finish(article: Article, body: str, removed: list[Removed]) -> Article:
    """Take inline leftovers, the dateline and initials out of the body."""
    body, taken = take_inline(body)
    removed.extend(Removed(kind, text) for kind, text in taken)
    dateline = find_dateline(body)
    place, outlet = article.place, article.outlet
    if dateline:
        removed.append(Removed("dateline", body[: dateline.end].strip()))
        # 'LENSA – ' on a page of Lensa.co.id names the outlet, not a place.
        own_name = outlet is not None and dateline.place is not None and _same_words(outlet.split(".")[0], dateline.place)
        place, outlet = place or (None if own_name else dateline.place), outlet or dateline.outlet
        body = body[dateline.end :]
    initials = INITIALS.search(body[-40:])
    if initials and len(body) > 200:
        removed.append(Removed("initials", initials[0].strip()))
        body = body[: len(body) - len(initials[0])]
    return replace(article, body=body, place=place, outlet=outlet, removed=article.removed + tuple(removed))


def _same_words(line: str, title: str) -> bool:
    return re.findall(r"\w+", line.lower()) == re.findall(r"\w+", title.lower()) != []
