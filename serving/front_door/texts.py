"""One text, HTML page or article, made ready to be analysed."""

from __future__ import annotations

import re
from dataclasses import replace

from sorot.data.article import Article
from sorot.serving.front_door.checks import WrongTypeError, kind_of

# Enough for a declaration, a doctype and a comment.
HEAD_CHARACTERS = 4_000
_WHOLE_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_BLOCK = re.compile(r"<(article|main|section|div|header|h1|p)(?:\s[^<>]*)?>", re.IGNORECASE)


def clean(article: str | Article, *, title: str | None = None, outlet: str | None = None, html: bool | None = None) -> Article:
    """The article in a text, an HTML page or an `Article`: mended, without menus and related links, with its language.

    `title` and `outlet` replace those found in the text. `html` says whether a text is HTML; by default it is recognised
    by its first tag. Cleaning an article twice changes nothing.

    Raises sorot.data.prepare.UnreadableTextError if a text holds no article, and WrongTypeError for other types.
    """
    return as_article(article, title=title, outlet=outlet, html=html, clean=True)


def as_article(
    given: object, *, title: str | None = None, outlet: str | None = None, html: bool | None = None, clean: bool = True
) -> Article:
    """The article in a text, an HTML page or an `Article`, cleaned or as it is. Raises as `clean` does."""
    from sorot.data.prepare import prepare, prepare_text

    if isinstance(given, str):
        return prepare_text(given, html=is_html(given) if html is None else html, title=title, outlet=outlet, clean=clean)
    if not isinstance(given, Article):
        raise WrongTypeError(f"an article is a text, HTML or a sorot.Article, not {kind_of(given)}; {_cure(given)}")
    return prepare(replace(given, title=title or given.title, outlet=outlet or given.outlet), clean=clean)


def is_html(text: str) -> bool:
    """Whether a text is HTML: it starts like a page, or with a block element that is closed later.

    News text may hold stray tags and signs such as '<'; only the beginning decides.
    """
    start = _after_comments(text[:HEAD_CHARACTERS])
    if _WHOLE_PAGE.match(start):
        return True
    block = _BLOCK.match(start)
    return block is not None and f"</{block[1]}>".lower() in text.lower()


def _after_comments(text: str) -> str:
    """The text after an XML declaration and any comments."""
    text = text.lstrip("\ufeff \t\r\n")
    for opening, closing in (("<?xml", "?>"), ("<!--", "-->")):
        while text.startswith(opening) and closing in text:
            text = text.partition(closing)[2].lstrip()
    return text


def _cure(given: object) -> str:
    if isinstance(given, bytes):
        return "decode it first, or read its file with sorot.read"
    if isinstance(given, list | tuple | set | dict):
        return "give one at a time, or several to analyze_many"
    if hasattr(given, "columns") or hasattr(given, "to_frame"):
        return "score a DataFrame with score_frame"
    if hasattr(given, "__fspath__"):
        return "read files with sorot.read"
    return "give the text as a string"
