"""Scores a corpus in steps, so that a person sees how far it is and can stop it."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

from sorot.data.article import Article, Reject
from sorot.serving.article_scorer import ArticleScorer, BusyError
from sorot.serving.batch.units import NOT_THE_ARTICLES_FAULT, cut_runs
from sorot.serving.model.analysis import Analysis
from sorot.serving.page.corpus.limits import CorpusError
from sorot.serving.page.corpus.scored_articles import ScoredArticle, keep_possible, make_scored_article
from sorot.serving.page.corpus.uploads.corpus_file import CorpusFile
from sorot.serving.workers.articles import prepare_each
from sorot.serving.workers.lanes import IN_THIS_PROCESS, Lanes

# About as much as the service scores at once: a step is a matter of seconds, and other visitors wait behind one at most.
STEP_ARTICLES = 16
STEP_CHARACTERS = 30_000
MAX_WAIT_SECONDS = 120.0
MAX_PAUSE_SECONDS = 2.0
NOT_SCORED = "could not be scored"
Found = dict[tuple[str | None, str], Analysis | None]


@dataclass(frozen=True, slots=True)
class ScoredCorpus:
    """The articles scored so far, in `seconds`; `done` of `total` articles were tried."""

    items: tuple[ScoredArticle, ...]
    rejects: tuple[Reject, ...]
    done: int
    total: int
    seconds: float


def score_corpus(
    scorer: ArticleScorer, reading: CorpusFile, *, lanes: Lanes = IN_THIS_PROCESS, pause: Callable[[float], None] = time.sleep
) -> Generator[ScoredCorpus, None, None]:
    """The corpus after each step, the first time with nothing done; a text that stands in it twice is scored once.

    An article that cannot be scored becomes a reject. Where the service's queue is full fewer are given to it at once, and at
    last this waits, giving the same corpus again. Raises CorpusError after MAX_WAIT_SECONDS, or where the service stops.
    """
    started = time.perf_counter()
    known: Found = {}
    items: list[ScoredArticle] = []
    rejects = list(reading.rejects)
    last = ScoredCorpus((), tuple(rejects), 0, len(reading.articles), 0.0)
    yield last
    for part in cut_runs(reading.articles, STEP_ARTICLES, STEP_CHARACTERS):
        planned = list(zip(part, _cleaned(part, lanes), strict=True))
        new = {(a.title, a.body): a for _, a in planned if a is not None and (a.title, a.body) not in known}
        for found in _score(scorer, list(new.values()), pause):
            known |= {text: keep_possible(a, scorer.taxonomy) if a else None for text, a in found.items()}
            yield last
        for article, cleaned in planned:
            analysis = known[cleaned.title, cleaned.body] if cleaned else None
            if cleaned and analysis:
                items.append(make_scored_article(cleaned, analysis, scorer.taxonomy))
            else:
                file, row = (article.source.file, article.source.row) if article.source else (article.id, None)
                rejects.append(Reject(file, row, NOT_SCORED))
        last = ScoredCorpus(tuple(items), tuple(rejects), last.done + len(part), last.total, time.perf_counter() - started)
        yield last


def _cleaned(articles: Sequence[Article], lanes: Lanes) -> list[Article | None]:
    """The articles as a model reads them, with their languages; None for one that cannot be made ready within its budget."""
    try:
        return [*lanes.pages.run(prepare_each, articles)]
    except (*NOT_THE_ARTICLES_FAULT, BusyError):
        raise
    except Exception:
        # One of them failed: together they have the budget of one article.
        if len(articles) == 1:
            return [None]
        return [cleaned for article in articles for cleaned in _cleaned([article], lanes)]


def _score(scorer: ArticleScorer, articles: Sequence[Article], pause: Callable[[float], None]) -> Generator[Found, None, None]:
    """What is found of the articles, by their texts: None for one that fails alone; nothing after each pause."""
    parts = [articles] if articles else []
    waited = 0.0
    while parts:
        part = parts.pop()
        seconds = 0.0
        try:
            analyses = scorer.score(part)
        except NOT_THE_ARTICLES_FAULT:
            raise
        except Exception as error:
            if isinstance(error, BusyError) and error.stopping:
                raise CorpusError("stopping") from error
            if isinstance(error, BusyError):
                seconds = min(MAX_PAUSE_SECONDS, error.retry_after or 1)
        else:
            waited = 0.0
            yield {(a.title, a.body): found for a, found in zip(part, analyses, strict=True)}
            continue
        if len(part) > 1:
            # Fewer may have a place in the queue, or the failing one not among them.
            half = len(part) // 2
            parts += [part[half:], part[:half]]
        elif not seconds:
            yield {(part[0].title, part[0].body): None}
        elif waited >= MAX_WAIT_SECONDS:
            raise CorpusError("busy")
        else:
            pause(seconds)
            waited += seconds
            parts.append(part)
            yield {}
