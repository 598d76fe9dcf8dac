"""From what a caller sends to what it gets: cleaned in threads, scored with what others sent, dropped where it goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import asdict
from typing import TypeVar

import anyio
from anyio.to_thread import run_sync
from fastapi import Request

from data.article import Article
from data.errors import SorotError
from serving.analysis import Analysis
from serving.analyze import read_text
from serving.runtime import usable_cores
from serving.service.batching import Batcher
from serving.service.limits import Limits
from serving.service.observing import CLIENT_GONE, TOLD, Told
from serving.service.problems import RefusedError
from serving.service.schemas import AnalysisOut, ArticleIn, EvidenceOut, Options, RemovedOut

Result = TypeVar("Result")


class Desk:
    """Takes articles of requests to a batcher and back."""

    def __init__(self, batcher: Batcher, limits: Limits) -> None:
        self._batcher, self._limits = batcher, limits
        # Cleaning is done in Python, so more threads than cores would only take turns.
        self._cleaning = anyio.CapacityLimiter(usable_cores())

    async def analyze(self, request: Request, articles: list[ArticleIn], options: Options) -> list[AnalysisOut | RefusedError]:
        """What becomes of each article, in order; RefusedError where none is taken, or where the caller has gone away."""
        with self._batcher.places(len(articles)):
            work = asyncio.gather(*(self._one(article, options) for article in articles))
            found = await _unless_gone(request, _result(work))
        told: Told = request.scope[TOLD]
        for one in found:
            if isinstance(one, AnalysisOut):
                told.articles += 1
                told.tokens += one.n_tokens
        return found

    async def answer(self, article: ArticleIn, options: Options) -> AnalysisOut:
        """What becomes of one article, whether its caller waits for it or not; RefusedError where it is not taken."""
        with self._batcher.places(1):
            found = await self._one(article, options)
        if isinstance(found, RefusedError):
            raise found
        return found

    async def _one(self, given: ArticleIn, options: Options) -> AnalysisOut | RefusedError:
        try:
            article = await run_sync(self._read, given, options, limiter=self._cleaning)
            analysis = await asyncio.wrap_future(self._batcher.submit(article))
        except RefusedError as problem:
            return problem
        except SorotError as error:
            return RefusedError(500, f"the article cannot be scored: {error}")
        except Exception as error:
            return RefusedError(500, f"the article cannot be scored ({type(error).__name__}); report it with the request's id")
        return make_answer(article, analysis, options)

    def _read(self, given: ArticleIn, options: Options) -> Article:
        field, text = ("text", given.text) if given.html is None else ("html", given.html)
        limits, text = self._limits, text or ""
        limit = limits.characters if field == "text" else limits.html_characters
        if len(text) > limit:
            raise RefusedError(413, f"{field} has {len(text)} characters, more than {limit}; send a shorter one", field)
        try:
            article = read_text(text, html=field == "html", title=given.title, outlet=given.outlet, clean=options.clean)
        except SorotError as error:
            raise RefusedError(
                422, f"{field} cannot be read ({error}); send the article's text, or the source of its page", field
            ) from error
        if len(article.body) > limits.characters:
            raise RefusedError(
                413, f"the article in {field} has more than {limits.characters} characters; send a shorter one", field
            )
        return article


def make_answer(article: Article, analysis: Analysis, options: Options) -> AnalysisOut:
    """What is told of an analysed article: every value as the scorer gave it."""
    return AnalysisOut(
        topics=list(analysis.topics),
        stance=analysis.stance,
        sentiment=analysis.sentiment,
        probabilities=analysis.probabilities,
        evidence=[EvidenceOut(**asdict(e)) for e in analysis.evidence],
        contributions=[EvidenceOut(**asdict(e)) for e in analysis.contributions] if options.contributions else None,
        title=article.title,
        outlet=article.outlet,
        published=article.published.isoformat() if article.published else None,
        place=article.place,
        body=article.body if options.body else None,
        removed=[RemovedOut(kind=removed.kind, text=removed.text) for removed in article.removed],
        n_tokens=analysis.n_tokens,
        n_windows=analysis.n_windows,
        language=analysis.language,
        withheld=analysis.withheld,
        model=analysis.model,
    )


async def _result(work: asyncio.Future[list[Result]]) -> list[Result]:
    return await work


async def _unless_gone(request: Request, work: Coroutine[None, None, Result]) -> Result:
    """The result, unless the caller goes away before; then what still waits is cancelled."""
    working = asyncio.create_task(work)
    watching = asyncio.create_task(_gone(request))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise RefusedError(CLIENT_GONE, "the caller has gone away")
    finally:
        for task in (working, watching):
            task.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
