"""One pasted text, from dump to analysis: what the page and the service call."""

from __future__ import annotations

from dataclasses import replace

from data.article import Article, Reject
from data.cleaning import clean_article
from data.encodings import mend
from data.errors import SorotError
from data.language import detect_language
from data.readers import read_html
from serving.analysis import Analysis
from serving.scorer import Scorer


class UnreadableTextError(SorotError):
    """A text in which there is no article; the message says why."""


def analyze_text(scorer: Scorer, text: str, *, html: bool = False) -> tuple[Article, Analysis]:
    """Clean a pasted text (or HTML source) and analyse it; UnreadableTextError where nothing is left to read."""
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
    article = clean_article(article)
    article = replace(article, language=detect_language(article.body))
    return article, scorer.score([article])[0]
