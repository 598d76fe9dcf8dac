"""The JSON form of an article's quotes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sorot.data.article import Article
from sorot.serving.quotes.quote import Quote


def quotes_record(article: Article, quotes: Sequence[Quote]) -> dict[str, Any]:
    """A cleaned article and its quotes; `start` and `end` are offsets in `body`."""
    return {"id": article.id, "title": article.title, "body": article.body, "quotes": [quote_record(q) for q in quotes]}


def quote_record(quote: Quote) -> dict[str, Any]:
    """The JSON form of one quote; each task's label stands under the task's key."""
    return {
        "type": quote.type,
        "start": quote.start,
        "end": quote.end,
        "text": quote.text,
        "speaker": quote.speaker,
        "cue": quote.cue,
        **quote.labels,
    }
