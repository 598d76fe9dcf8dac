"""Turns a pasted text into an article, and says what a scorer of the page and the service must offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from sorot.data.article import Article, Reject
from sorot.data.cleaning.clean import clean_article
from sorot.data.errors import SorotError
from sorot.data.reading.readers import read_html
from sorot.data.taxonomy import Taxonomy
from sorot.data.text.encodings import mend
from sorot.data.text.language import detect_language
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.bundle import Bundle
from sorot.serving.model.manifest import Manifest


class ArticleScorer(Protocol):
    """Labels cleaned articles: a Scorer, or a queue of one that many callers share."""

    @property
    def bundle(self) -> Bundle:
        """Its bundle."""

    @property
    def manifest(self) -> Manifest:
        """The manifest of its bundle."""

    @property
    def taxonomy(self) -> Taxonomy:
        """The taxonomy of its labels."""

    def score(self, articles: Sequence[Article]) -> list[Analysis]:
        """The analysis of each article, in order. Raises sorot.data.errors.SorotError if they cannot be scored."""


class BusyError(SorotError):
    """Scoring is not possible now. If `stopping`, it will not be again; else retry after `retry_after` seconds."""

    retry_after: int | None
    stopping: bool


class UnreadableTextError(SorotError):
    """The text holds no article; the message says why."""


def read_text(
    text: str, *, html: bool = False, title: str | None = None, outlet: str | None = None, clean: bool = True
) -> Article:
    """The article in a pasted text or HTML source, with its language. Raises UnreadableTextError if it holds none.

    A given title or outlet replaces that of the HTML. `clean` removes menus and other page remains.
    """
    text = mend(text)
    if html:
        found = read_html(text, "page", "page")
        if isinstance(found, Reject):
            raise UnreadableTextError(found.reason)
        article = found
    else:
        article = Article(id="text", body=text.strip())
    if not article.body.strip():
        raise UnreadableTextError("the text is empty")
    article = replace(article, title=_field(title) or article.title, outlet=_field(outlet) or article.outlet)
    if clean:
        article = clean_article(article)
    return replace(article, language=detect_language(article.body))


def _field(given: str | None) -> str | None:
    return mend(given).strip() if given else None
