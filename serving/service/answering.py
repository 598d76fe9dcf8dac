"""From what a caller sends to what it gets: cleaned in threads, scored with what others sent, dropped where it goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import TypeVar

import anyio
from anyio.to_thread import run_sync
from fastapi import Request

from sorot.data.article import Article
from sorot.data.errors import SorotError
from sorot.data.text.windows import segment_article
from sorot.serving.analyze import read_text
from sorot.serving.answers import AnalysisOut, Options, make_answer
from sorot.serving.limits import Limits
from sorot.serving.model.runtime import usable_cores
from sorot.serving.service.batching import Batcher
from sorot.serving.service.problems import RefusedError
from sorot.serving.service.request_log import CLIENT_GONE, COUNTS_KEY, RequestCounts
from sorot.serving.service.schemas import ArticleIn

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Read:
    """An article that can be scored, and how many sentences it has."""

    article: Article
    sentences: int


class ArticleAnswerer:
    """Takes articles of requests to a batcher and back."""

    def __init__(self, batcher: Batcher, limits: Limits) -> None:
        self._batcher, self._limits = batcher, limits
        # Cleaning is done in Python, so more threads than cores would only take turns.
        self._cleaning = anyio.CapacityLimiter(usable_cores())

    async def analyze(self, request: Request, articles: list[ArticleIn], options: Options) -> list[AnalysisOut | RefusedError]:
        """What becomes of each article, in order; RefusedError where none is taken, or where the caller has gone away."""
        with self._batcher.places(len(articles)):
            found = await _unless_gone(request, self._all(articles, options))
        told: RequestCounts = request.scope[COUNTS_KEY]
        for one in found:
            if isinstance(one, AnalysisOut):
                told.count(one.n_tokens)
        return found

    async def answer(self, article: ArticleIn, options: Options) -> AnalysisOut:
        """What becomes of one article, whether its caller waits for it or not; RefusedError where it is not taken."""
        with self._batcher.places(1):
            [found] = await self._all([article], options)
        if isinstance(found, RefusedError):
            raise found
        return found

    async def _all(self, given: Sequence[ArticleIn], options: Options) -> list[AnalysisOut | RefusedError]:
        read = await asyncio.gather(*(self._one_read(one, options) for one in given))
        if options.contributions:
            self._check_contributions(sum(one.sentences for one in read if isinstance(one, _Read)))
        return await asyncio.gather(*(self._one(one, options) for one in read))

    def _check_contributions(self, sentences: int) -> None:
        if sentences > self._limits.sentences:
            raise RefusedError(
                422,
                f"the articles have {sentences} sentences together, and one request tells the contributions of at most "
                f"{self._limits.sentences}; send fewer articles at once, or leave contributions out",
                "options.contributions",
            )

    async def _one_read(self, given: ArticleIn, options: Options) -> _Read | RefusedError:
        try:
            return await run_sync(self._read, given, options, limiter=self._cleaning)
        except Exception as error:
            return _refusal(error)

    async def _one(self, read: _Read | RefusedError, options: Options) -> AnalysisOut | RefusedError:
        if isinstance(read, RefusedError):
            return read
        try:
            analysis = await asyncio.wrap_future(self._batcher.submit(read.article, contributions=options.contributions))
            # An answer may have as many parts as the article has sentences times labels.
            return await run_sync(make_answer, read.article, analysis, options, limiter=self._cleaning)
        except Exception as error:
            return _refusal(error)

    def _read(self, given: ArticleIn, options: Options) -> _Read:
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
        return _Read(article, check_sentences(article, limits.sentences, field))


def _refusal(error: Exception) -> RefusedError:
    """Why an article has no answer, as it is told."""
    if isinstance(error, RefusedError):
        return error
    if isinstance(error, SorotError):
        return RefusedError(500, f"the article cannot be scored: {error}")
    return RefusedError(500, f"the article cannot be scored ({type(error).__name__}); report it with the request's id")


def check_sentences(article: Article, limit: int, field: str) -> int:
    """How many sentences a cleaned article has; RefusedError 422 where they are too many."""
    n = len(segment_article(article))
    if n > limit:
        raise RefusedError(422, f"the article in {field} has {n} sentences, more than {limit}; send it in parts", field)
    return n


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
