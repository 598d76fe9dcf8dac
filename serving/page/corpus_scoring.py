"""Scores a corpus in steps, so that a person sees how far it is and can stop it; topics follow thresholds that can be moved."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from data.article import Article, Reject
from data.cleaning import clean_article
from data.errors import SorotError
from data.language import detect_language
from serving.analysis import Analysis
from serving.analyze import Scores
from serving.page.corpus_reading import Reading
from serving.rows import Row, make_row
from serving.service.problems import RefusedError

CHUNK = 32
FULL = 429
MAX_WAIT_SECONDS = 120.0
MAX_PAUSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Item:
    """A scored article: its row, its text for searching, and the topics' probabilities as the model gave them, not rounded."""

    row: Row
    text: str
    topics: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Corpus:
    """What is scored so far of `total` articles, in `seconds`."""

    name: str
    items: tuple[Item, ...]
    rejects: tuple[Reject, ...]
    total: int
    seconds: float


def score_corpus(
    scorer: Scores, reading: Reading, name: str, *, pause: Callable[[float], None] = time.sleep, chunk: int = CHUNK
) -> Iterator[Corpus]:
    """The corpus after each step, the first time with nothing in it; a text that stands in it twice is scored once.

    An article that cannot be scored becomes a reject. Where the service's queue is full this waits, up to MAX_WAIT_SECONDS.
    """
    begun = time.perf_counter()
    known: dict[tuple[str | None, str], Analysis | None] = {}
    items: list[Item] = []
    rejects = list(reading.rejects)
    total = len(reading.articles)
    yield Corpus(name, (), tuple(rejects), total, 0.0)
    for start in range(0, total, chunk):
        part = [_cleaned(article) for article in reading.articles[start : start + chunk]]
        new = list({(a.title, a.body): a for a in part if (a.title, a.body) not in known}.values())
        for article, found in zip(new, _score(scorer, new, pause), strict=True):
            # The shares of all sentences are many, and nothing here shows them.
            known[article.title, article.body] = replace(found, contributions=()) if found else None
        for article in part:
            analysis = known[article.title, article.body]
            if analysis is None:
                rejects.append(Reject(article.id, article.source.row if article.source else None, "could not be scored"))
                continue
            row = make_row(article, analysis, scorer.taxonomy)
            items.append(Item(row, article.body, analysis.probabilities.get("topics", {})))
        yield Corpus(name, tuple(items), tuple(rejects), total, time.perf_counter() - begun)


def topics_at(item: Item, thresholds: Mapping[str, float]) -> list[str]:
    """The topics of an article at these thresholds, in the taxonomy's order; at the manifest's they are the scorer's."""
    return [topic for topic, probability in item.topics.items() if probability >= thresholds[topic]]


def at_thresholds(values: Sequence[object], defaults: Mapping[str, float], step: float) -> dict[str, float]:
    """Thresholds by topic from what sliders say; a slider on the mark nearest to the manifest's threshold means that one."""
    found = dict(defaults)
    for (topic, default), value in zip(defaults.items(), values, strict=False):
        if isinstance(value, int | float) and 0 <= value <= 1 and abs(value - default) > step / 2 + 1e-9:
            found[topic] = float(value)
    return found


def _cleaned(article: Article) -> Article:
    cleaned = clean_article(article)
    return replace(cleaned, language=cleaned.language or detect_language(cleaned.body))


def _score(scorer: Scores, articles: Sequence[Article], pause: Callable[[float], None]) -> list[Analysis | None]:
    try:
        return list(_patiently(scorer, articles, pause))
    except SorotError:
        raise
    except Exception:
        return [_alone(scorer, article, pause) for article in articles]


def _alone(scorer: Scores, article: Article, pause: Callable[[float], None]) -> Analysis | None:
    try:
        return _patiently(scorer, [article], pause)[0]
    except SorotError:
        raise
    except Exception:
        return None


def _patiently(scorer: Scores, articles: Sequence[Article], pause: Callable[[float], None]) -> list[Analysis]:
    waited = 0.0
    while True:
        try:
            return scorer.score(articles) if articles else []
        except RefusedError as error:
            if error.status != FULL or waited >= MAX_WAIT_SECONDS:
                raise
            seconds = min(MAX_PAUSE_SECONDS, error.retry_after or 1)
            pause(seconds)
            waited += seconds
