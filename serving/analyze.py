"""One pasted text, from dump to article, and what scores it: what the page and the service call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from data.article import Article, Reject
from data.cleaning import clean_article
from data.encodings import mend
from data.errors import SorotError
from data.language import detect_language
from data.readers import read_html
from data.taxonomy import Taxonomy
from serving.analysis import Analysis
from serving.bundle import Bundle
from serving.manifest import Manifest


class Scores(Protocol):
    """What labels cleaned articles: a scorer, or the queue before one that many callers share."""

    @property
    def bundle(self) -> Bundle:
        """Its bundle, for the card."""

    @property
    def manifest(self) -> Manifest:
        """The manifest of its bundle."""

    @property
    def taxonomy(self) -> Taxonomy:
        """What its labels mean."""

    def score(self, articles: Sequence[Article]) -> list[Analysis]:
        """The analysis of each article, in order. Raises data.errors.SorotError where they cannot be scored."""


class UnreadableTextError(SorotError):
    """A text in which there is no article; the message says why."""


def read_text(
    text: str, *, html: bool = False, title: str | None = None, outlet: str | None = None, clean: bool = True
) -> Article:
    """The article of a pasted text (or HTML source), with its language; UnreadableTextError where nothing is left to read.

    A given title or outlet takes the place of what HTML says. With `clean` menus and the like are taken out.
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
