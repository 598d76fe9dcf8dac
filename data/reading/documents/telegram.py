"""Reads the pages of messages that Telegram exports as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sorot.data.article import Article, Reject, Source
from sorot.data.reading.documents.chat import MIN_WORDS
from sorot.data.reading.fields.markup import plain_text
from sorot.data.reading.origin import Origin
from sorot.data.text.dates import parse_date

_MESSAGE = re.compile(r"""<div class="message (?:default|service)\b[^"]*" id="message-?\d+">""")


def looks_like_telegram(page: str) -> bool:
    """Whether a page of HTML is such an export."""
    return _MESSAGE.search(page) is not None


def read_telegram(page: str, origin: Origin) -> Iterator[Article | Reject]:
    """An article per message of at least MIN_WORDS words, with its date and without its sender's name; `row` counts messages.

    Service messages and media without a text are rejects.
    """
    from lxml import etree, html

    try:
        tree = html.fromstring(page)
    except (etree.LxmlError, ValueError):
        yield origin.reject("is a page of Telegram messages that cannot be read; export it again")
        return
    for number, message in enumerate(_by_class(tree, "message"), 1):
        text = next((_text(part) for part in _by_class(message, "text")), "")
        if len(text.split()) < MIN_WORDS:
            has = f"has {len(text.split())} of the {MIN_WORDS} words that an article needs" if text else "has no text"
            yield Reject(origin.file, number, f"this Telegram message {has}")
            continue
        written = next((date.get("title") or "" for date in _by_class(message, "date")), "")
        published = parse_date(written) if written else None
        yield Article(f"{origin.stem}-{number}", text, published=published, source=Source(origin.file, number))


def _by_class(element: Any, name: str) -> Iterator[Any]:
    return (part for part in element.iter("div") if name in (part.get("class") or "").split())


def _text(element: Any) -> str:
    from lxml import html

    return plain_text(html.tostring(element, encoding="unicode", with_tail=False)).strip()
