"""Prepares every article before it is trained on, scored, served or shown."""

from __future__ import annotations

from dataclasses import replace

from sorot.data.article import Article, Reject, Removed
from sorot.data.cleaning.clean import clean_article
from sorot.data.cleaning.datelines import is_remains
from sorot.data.errors import SorotError
from sorot.data.reading.fields.markup import plain_text
from sorot.data.reading.fields.outlets import join_outlet
from sorot.data.reading.html import read_html
from sorot.data.text.encodings import mend
from sorot.data.text.language import detect_language


class UnreadableTextError(SorotError):
    """The text holds no article; the message says why."""


def prepare(article: Article, *, clean: bool = True, detect: bool = True) -> Article:
    """The article with its encoding repaired, menus and related links moved to `removed`, and its language.

    A language that the article has already is kept. Preparing an article twice changes nothing. `clean` and `detect` switch
    steps off: batch scoring leaves the language to the scorer, which needs it only for articles that pass the gate.
    """
    body, title = mend(article.body), None if article.title is None else mend(article.title)
    if (body, title) != (article.body, article.title):
        article = replace(article, body=body, title=title)
    if clean:
        cleaned = clean_article(article)
        if article.outlet is None and cleaned.outlet:
            cleaned = replace(cleaned, outlet=join_outlet(cleaned.outlet))
        article = _without_remains(cleaned)
    if detect and article.language is None:
        article = replace(article, language=detect_language(article.body))
    return article


def prepare_text(
    text: str, *, html: bool = False, title: str | None = None, outlet: str | None = None, clean: bool = True
) -> Article:
    """The prepared article of a pasted text or the HTML source of a page; UnreadableTextError if it holds none.

    A given title or outlet replaces the one found in HTML.
    """
    text = mend(text)
    if html:
        found = read_html(text, "page", "page")
        if isinstance(found, Reject):
            raise UnreadableTextError(found.reason)
        article = found
    else:
        article = Article(id="text", body=plain_text(text.strip()))
    if not article.body.strip():
        raise UnreadableTextError("the text is empty")
    article = replace(article, title=_field(title) or article.title, outlet=_field(outlet) or article.outlet)
    return prepare(article, clean=clean)


def _without_remains(article: Article) -> Article:
    """The article with an empty body if there is nothing in it but a dateline, or the labels of what was not scraped."""
    if not article.body.strip() or not is_remains(article.body):
        return article
    return replace(article, body="", removed=(*article.removed, Removed("dateline", article.body.strip())))


def _field(given: str | None) -> str | None:
    return mend(given).strip() if given else None
