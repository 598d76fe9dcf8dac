"""What workers do with one article, and with a few of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sorot.data.article import Article
from sorot.data.prepare import prepare, prepare_text
from sorot.data.text.windows import segment_article


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """An article ready to be scored, and its number of sentences."""

    article: Article
    sentences: int


def prepare_and_count(
    text: str, *, html: bool, title: str | None, outlet: str | None, clean: bool, most_characters: int
) -> PreparedArticle | None:
    """The prepared article; None if it has more than `most_characters`. Raises UnreadableTextError if there is none."""
    article = prepare_text(text, html=html, title=title, outlet=outlet, clean=clean)
    return PreparedArticle(article, len(segment_article(article))) if len(article.body) <= most_characters else None


def prepare_each(articles: Sequence[Article]) -> list[Article]:
    """The articles, cleaned and with their languages."""
    return [prepare(article) for article in articles]
