"""Cleans scraped text: finds body, title, outlet, date and place; the rest goes to `removed`.

There are two paths. A *dump* is a whole page saved as text: it has short lines before the first paragraph or lists after
the last. Its body is the part between, and its head gives title, outlet and date. Any other text loses only boilerplate,
its dateline, the reporters' initials, and a title on its first line; without any of these it stays unchanged, character for
character.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sorot.data.article import Article, Removed
from sorot.data.cleaning.boilerplate import ASIDE, INITIALS, remove_inline
from sorot.data.cleaning.datelines import DATELINE_CHARACTERS, find_dateline
from sorot.data.cleaning.head import find_lead, is_dated, read_head
from sorot.data.cleaning.structure import Line, classify_lines, find_boilerplate, find_tail, is_section
from sorot.data.cleaning.title_lines import (
    Fields,
    is_title_line,
    mark_summaries,
    may_be_title,
    read_fields,
    removed_lines,
    without_affix,
)
from sorot.data.text.dates import parse_date

MIN_TITLE_WORDS = 3
# Rounds that every text gets, and characters that short texts may take beyond them.
MAX_ROUNDS = 8
MAX_WORK = 20_000
# The name of the last field above a text: 'Isi: ...'.
_TEXT_FIELD = re.compile(r"\A\W{0,3}(?:isi(?: berita)?|teks|naskah|body|content)\s*:\s+", re.IGNORECASE)


def clean_article(article: Article) -> Article:
    """The article without boilerplate. Fields already set stay; missing ones are filled if found. Idempotent."""
    # Repeats until nothing changes, so that cleaning is idempotent: removing a line may expose a second dateline or menu.
    # A long text that was built to change with every round stops earlier.
    work = MAX_WORK + MAX_ROUNDS * len(article.body)
    while work > 0:
        work -= len(article.body) + 1
        rows = article.body.split("\n")
        lines = mark_summaries(classify_lines(rows))
        paragraphs = [i for i, line in enumerate(lines) if line.paragraph]
        if not paragraphs:
            if not _begins_with(lines, article.title):
                return article
            article = _without_first_line(article, rows, lines)
            continue
        if article.title is None and (fields := read_fields(lines)) and fields.lines < len(lines):
            article = _take_fields(article, rows, lines, fields)
            continue
        first, last = paragraphs[0], paragraphs[-1]
        filled = [n for n, row in enumerate(rows) if row.strip()]
        if article.title is None and first == 0 and len(paragraphs) > 1 and _begins_with_title(lines, filled):
            first = paragraphs[1]
        if article.title is not None:
            cleaned = _clean_text(article, rows, lines, first)
        elif _is_dump(lines, first, last):
            cleaned = _clean_dump(article, lines, first)
        elif first and _begins_with_title(lines, filled):
            cleaned = _take_title(article, rows, lines, filled, first)
        else:
            cleaned = _clean_text(article, rows, lines, first)
        if cleaned.body == article.body:
            return cleaned
        article = cleaned
    return article


def _is_dump(lines: list[Line], first: int, last: int) -> bool:
    tail = range(last + 1, len(lines))
    headings = any(is_section(lines, i) or ASIDE.fullmatch(lines[i].text) for i in tail)
    boilerplate = headings or any(line.kind is not None for line in lines[:first] + lines[last + 1 :])
    return headings or (first >= 2 and (boilerplate or is_dated(lines[:first])))


def _take_fields(article: Article, rows: list[str], lines: list[Line], fields: Fields) -> Article:
    """Moves the fields above the text ('Judul: ...') to the article."""
    filled = [n for n, row in enumerate(rows) if row.strip()]
    return replace(
        article,
        body=_TEXT_FIELD.sub("", "\n".join(rows[filled[fields.lines] :])),
        title=article.title or fields.title,
        outlet=article.outlet or fields.outlet,
        published=article.published or (parse_date(fields.date) if fields.date else None),
        removed=(*article.removed, *removed_lines(lines[: fields.lines])),
    )


def _begins_with_title(lines: list[Line], filled: list[int]) -> bool:
    """Whether the first line is the title of the text; `filled` are the rows of the lines."""
    if len(lines) < 2:
        return False
    return is_title_line(lines, 0, blank_after=filled[1] > filled[0] + 1, dated_after=is_dated(lines[1:3]))


def _take_title(article: Article, rows: list[str], lines: list[Line], filled: list[int], first: int) -> Article:
    """Moves the title on the first line, and what stands between it and the text, from the body."""
    first = find_lead(lines, first)
    head = read_head(lines[:first])
    return replace(
        article,
        body="\n".join(rows[filled[first] :]),
        title=without_affix(lines[0].text),
        outlet=article.outlet or head.outlet,
        published=article.published or (parse_date(head.date) if head.date else None),
        removed=(*article.removed, *removed_lines(lines[:first])),
    )


def _begins_with(lines: list[Line], title: str | None) -> bool:
    """Whether the first of several lines repeats the title, or begins with it above a dateline."""
    if title is None or len(lines) < 2 or not (words := _words(title)):
        return False
    found = _words(lines[0].text)
    longer = len(words) >= MIN_TITLE_WORDS and found[: len(words)] == words and may_be_title(lines[0].text)
    return found == words or (longer and find_dateline(lines[1].text) is not None)


def _without_first_line(article: Article, rows: list[str], lines: list[Line]) -> Article:
    second = [n for n, row in enumerate(rows) if row.strip()][1]
    removed = Removed("repeated_title", lines[0].text)
    return replace(article, body="\n".join(rows[second:]), removed=(*article.removed, removed))


def _clean_text(article: Article, rows: list[str], lines: list[Line], first: int) -> Article:
    """Remove boilerplate lines, the dateline and initials from a text that is not a dump."""
    kinds = find_boilerplate(lines)
    # On the first line and above the first paragraph the title's words repeat the title; further down they are a sentence.
    title = _words(article.title or "")
    for i in range(max(first, min(1, len(lines) - 1)) if title else 0):
        if kinds[i] is None and (_words(lines[i].text) == title or (i == 0 and _begins_with(lines, article.title))):
            kinds[i] = "repeated_title"
    filled = [n for n, row in enumerate(rows) if row.strip()]
    removed = {n: Removed(kind, line.text) for n, kind, line in zip(filled, kinds, lines, strict=True) if kind is not None}
    body = article.body
    if removed:
        body = "\n".join(row for n, row in enumerate(rows) if n not in removed)
        body = re.sub(r"\n{3,}", "\n\n", body).strip("\n")
    return _finish(article, body, list(removed.values()))


def _clean_dump(article: Article, lines: list[Line], first: int) -> Article:
    first = find_lead(lines, first)
    stop = find_tail(lines, first)
    head = read_head(lines[:first])
    removed = list(head.removed)
    title = _words(head.title or "")
    body_lines = []
    for line, kind in zip(lines[first:stop], find_boilerplate(lines[first:stop]), strict=True):
        if kind is None and title and _words(line.text) == title:
            kind = "repeated_title"
        if kind is None:
            body_lines.append(line.text)
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
    return _finish(article, "\n\n".join(body_lines), removed)


def _finish(article: Article, body: str, removed: list[Removed]) -> Article:
    """Remove inline boilerplate, the dateline and initials from the body, and set its place and outlet."""
    body, inline = remove_inline(body)
    removed.extend(Removed(kind, text) for kind, text in inline)
    place, outlet = article.place, article.outlet
    begin, end = 0, len(body)
    # Several may stand in a row, each beginning where the one before ends.
    while dateline := find_dateline(body[begin : begin + DATELINE_CHARACTERS]):
        removed.append(Removed("dateline", body[begin : begin + dateline.end].strip()))
        # 'LENSA – ' on a page of Lensa.co.id names the outlet, not a place.
        own_name = outlet is not None and dateline.place is not None and _words(outlet.split(".")[0]) == _words(dateline.place)
        place, outlet = place or (None if own_name else dateline.place), outlet or dateline.outlet
        begin += dateline.end
    while end - begin > 200 and (initials := INITIALS.search(body, end - 40, end)):
        removed.append(Removed("initials", initials[0].strip()))
        end -= len(initials[0])
    return replace(article, body=body[begin:end], place=place, outlet=outlet, removed=article.removed + tuple(removed))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
