"""When a page was published: by its metadata, or by a line that is a date and stands beside its title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sorot.data.article import JAKARTA
from sorot.data.cleaning.head import is_date_line
from sorot.data.reading.fields.date_order import is_midnight
from sorot.data.reading.pages.tree import Block, Element
from sorot.data.text.dates import find_date

# Names of metadata with the date of publication, the most certain first; compared in lower case.
_NAMES = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published", "datepublished",
    "content_publisheddate", "dtk:publishdate", "parsely-pub-date", "cxenseparse:recs:publishtime", "sailthru.date",
    "publishdate", "publish-date", "publish_date", "published_date", "pubdate", "published_at", "originalpublicationdate",
    "article_date_original", "dc.date.issued", "dcterms.issued", "dcterms.created", "dcterms.date", "dc.date.created", "dc.date",
    "dc.terms.created", "content_date", "date",
)  # fmt: skip
# Blocks before and after the title among which a date line is looked for.
BEFORE_TITLE = 4
AFTER_TITLE = 10
_CLOCK = re.compile(r"(?<![\d./-])(?:[01]?\d|2[0-3])[:.][0-5]\d(?![\d/-]|\.\d{4})|T\d{2}:?\d{2}", re.IGNORECASE)
_ISO_DAY = re.compile(r"\s*\d{4}-\d{2}-\d{2}\s*")


def find_published(
    tree: Element, meta: Mapping[str, str], linked: Sequence[Mapping[str, Any]], blocks: Sequence[Block], title: int | None
) -> date | None:
    """The moment of publication, timezone-aware; a plain date where the page gives the day alone; None if it gives none.

    `linked` are the articles of JSON-LD; `title` is the index of the title among `blocks`.
    """
    stated = next(filter(None, map(_read, _stated(tree, meta, linked))), None)
    lines = [found for block in date_lines(blocks, title) if (found := _read(block.text))]
    timed = [found for found in lines if isinstance(found, datetime)]
    if isinstance(stated, datetime):
        return stated if stated.utcoffset() or not timed else _true_zone(stated, timed[0])
    if stated is not None:
        # The metadata knows the day; a line of the same day knows the time.
        return next((found for found in timed if found.date() == stated), stated)
    return (timed or lines or [None])[0]


def date_lines(blocks: Sequence[Block], title: int | None) -> list[Block]:
    """The blocks beside the title that are a date and little else, those after the title first."""
    if title is None:
        return []
    after = []
    for block in blocks[title + 1 : title + 1 + AFTER_TITLE]:
        if len(block.text.split()) >= 25:
            break
        after.append(block)
    before = blocks[max(0, title - BEFORE_TITLE) : title]
    return [block for block in [*after, *reversed(before)] if is_date_line(block.text)]


def _stated(tree: Element, meta: Mapping[str, str], linked: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Dates of publication in the metadata, the most certain first."""
    for thing in linked:
        if isinstance(value := thing.get("datePublished"), str):
            yield value
    for name in _NAMES:
        if name in meta:
            yield meta[name]
    for element in tree.iter("time", "span", "div", "p", "abbr"):
        names = f"{element.get('itemprop', '')} {element.get('class', '')} {element.get('property', '')}".lower().split()
        if "datepublished" in names or (element.tag == "time" and {"entry-date", "published"} & set(names)):
            yield element.get("datetime") or element.get("content") or " ".join("".join(element.itertext()).split())
    # Any other <time> counts only in the article: elsewhere it may belong to a related one.
    for around in tree.iter("article", "main"):
        if next(around.iter("h1"), None) is not None:
            yield from (element.get("datetime") for element in around.iter("time") if element.get("datetime"))
            return
    for heading in tree.iter("h1"):
        for sibling in heading.itersiblings():
            yield from (element.get("datetime") for element in sibling.iter("time") if element.get("datetime"))
            if sibling.tag == "p":
                return


def _read(text: str) -> date | None:
    """The date in a text: a plain date if no time of day is written, or midnight is."""
    found = find_date(" ".join(text.split())[:120])
    if found is None:
        return None
    moment: date = found.moment
    if not isinstance(moment, datetime):
        return moment
    written = text[found.start : found.end] if not _ISO_DAY.fullmatch(text) else ""
    if not moment.utcoffset() and is_midnight(moment.astimezone(JAKARTA)):
        return moment.astimezone(JAKARTA).date()
    timed = not is_midnight(moment) or (_CLOCK.search(written) and "T00:00" not in written)
    return moment if timed else moment.date()


def _true_zone(stated: datetime, line: datetime) -> datetime:
    """A moment stated in UTC, or its clock in the zone of the line that readers see if that is nearer to the line: some systems
    write their local time with UTC's Z."""
    local = stated.replace(tzinfo=line.tzinfo)
    return local if abs(local - line) < abs(stated - line) else stated
