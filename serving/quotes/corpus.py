"""The quotes of a whole input: articles are read here; cleaning and finding go to a process per core."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sorot.data.article import Article, Reject
from sorot.serving.batch.chunks import map_chunks
from sorot.serving.batch.scoring import reject_article
from sorot.serving.batch.units import Failure, Item, plan_item
from sorot.serving.model.runtime import usable_cores
from sorot.serving.output.rows import writable
from sorot.serving.quotes.record import quotes_record

QUOTED_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class QuotedArticle:
    """An article's line of JSON, and how many quotes it holds."""

    line: str
    quotes: int


def quote_corpus(items: Iterable[Item], *, workers: int | None = None) -> Iterator[QuotedArticle | Reject]:
    """Each article with its quotes, or a reject, in order; `workers` is the number of cores by default."""
    for chunk in map_chunks(quote_chunk, items, size=QUOTED_AT_ONCE, workers=workers or usable_cores()):
        yield from chunk


def quote_chunk(items: Sequence[Item]) -> list[QuotedArticle | Reject]:
    """Consecutive articles, cleaned and with their quotes, and rejects."""
    return [_quoted(plan_item(item, clean=True)) for item in items]


def _quoted(planned: Article | Failure | Reject) -> QuotedArticle | Reject:
    if isinstance(planned, Failure):
        return reject_article(planned.article, str(planned.error))
    if isinstance(planned, Reject):
        return planned
    record = writable(quotes_record(planned))
    return QuotedArticle(json.dumps(record, ensure_ascii=False, allow_nan=False), len(record["quotes"]))
