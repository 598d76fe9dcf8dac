"""The quotes of a whole input: by the rules alone in a process per core, or with the model's labels."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sorot.data.article import Article, Reject
from sorot.serving.batch.chunks import map_chunks
from sorot.serving.batch.scoring import reject_article
from sorot.serving.batch.units import UNIT_CHARACTERS, UNIT_ROWS, Failure, Item, cut_runs, plan_item
from sorot.serving.model.runtime import usable_cores
from sorot.serving.model.scorer import Scorer
from sorot.serving.output.rows import writable
from sorot.serving.quotes.find import find_quotes
from sorot.serving.quotes.quote import Quote
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


def label_corpus(items: Iterable[Article | Reject], scorer: Scorer) -> Iterator[QuotedArticle | Reject]:
    """The same for cleaned articles, in this process; the model labels each quote."""
    for run in cut_runs(items, UNIT_ROWS, UNIT_CHARACTERS):
        analyses = scorer.score_each([item for item in run if isinstance(item, Article)], contributions=False)
        for item in run:
            yield _written(item, next(analyses).quotes) if isinstance(item, Article) else item


def quote_chunk(items: Sequence[Item]) -> list[QuotedArticle | Reject]:
    """Consecutive articles, cleaned and with their quotes, and rejects."""
    return [_quoted(plan_item(item, clean=True)) for item in items]


def _quoted(planned: Article | Failure | Reject) -> QuotedArticle | Reject:
    if isinstance(planned, Failure):
        return reject_article(planned.article, str(planned.error))
    if isinstance(planned, Reject):
        return planned
    return _written(planned, find_quotes(planned.title, planned.body))


def _written(article: Article, quotes: Sequence[Quote]) -> QuotedArticle:
    record = writable(quotes_record(article, quotes))
    return QuotedArticle(json.dumps(record, ensure_ascii=False, allow_nan=False), len(quotes))
