"""Answers the articles of a request: cleans them in workers, scores them in the shared queue, drops them if the caller leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import nullcontext
from typing import TypeVar

import anyio
from anyio.to_thread import run_sync
from fastapi import Request

from sorot.data.article import Article
from sorot.data.errors import SorotError
from sorot.data.taxonomy import Taxonomy
from sorot.data.text.windows import segment_article
from sorot.serving.answers import AnalysisOut, Options, make_answer
from sorot.serving.article_scorer import BusyError
from sorot.serving.limits import Limits
from sorot.serving.model.runtime import usable_cores
from sorot.serving.service.batching import Batcher
from sorot.serving.service.problems import RefusedError
from sorot.serving.service.request_log import CLIENT_GONE, COUNTS_KEY, RequestCounts
from sorot.serving.service.schemas import ArticleIn
from sorot.serving.workers.articles import PreparedArticle, prepare_and_count
from sorot.serving.workers.bounds import WorkerFailedError, WorkStoppedError
from sorot.serving.workers.lanes import Lanes

Result = TypeVar("Result")


class ArticleAnswerer:
    """Prepares articles, scores them through a batcher, and makes the answers."""

    def __init__(self, batcher: Batcher, taxonomy: Taxonomy, limits: Limits, lanes: Lanes) -> None:
        self._batcher, self._taxonomy, self._limits, self._lanes = batcher, taxonomy, limits, lanes
        # What waits for a worker waits in the event loop, in order, and holds no thread.
        self._places = {id(lane): anyio.CapacityLimiter(lane.size) for lane in (lanes.texts, lanes.pages)}
        # Making answers is pure Python: more threads than cores would only wait for each other.
        self._writing = anyio.CapacityLimiter(usable_cores())

    async def analyze(self, request: Request, articles: list[ArticleIn], options: Options) -> list[AnalysisOut | RefusedError]:
        """The answer or the refusal of each article, in order.

        Raises RefusedError if no article is accepted, if the caller has disconnected, or after `answer_seconds`.
        """
        with self._batcher.places(len(articles)):
            outcomes = await _until_disconnect(request, self._answer_all(articles, options))
        counts: RequestCounts = request.scope[COUNTS_KEY]
        for outcome in outcomes:
            if isinstance(outcome, AnalysisOut):
                counts.count(outcome.n_tokens)
        return outcomes

    async def answer(self, article: ArticleIn, options: Options) -> AnalysisOut:
        """The answer for one article, even if its caller has disconnected. Raises RefusedError if it is refused."""
        with self._batcher.places(1):
            [outcome] = await self._answer_all([article], options)
        if isinstance(outcome, RefusedError):
            raise outcome
        return outcome

    async def _answer_all(self, given: Sequence[ArticleIn], options: Options) -> list[AnalysisOut | RefusedError]:
        try:
            async with asyncio.timeout(self._limits.answer_seconds):
                # One at a time, so that one caller's batch leaves workers to others.
                turn = asyncio.Lock()
                articles = await asyncio.gather(*(self._prepare(one, options, turn) for one in given))
                if options.contributions:
                    self._check_contributions(sum(one.sentences for one in articles if isinstance(one, PreparedArticle)))
                return await asyncio.gather(*(self._answer_one(one, options) for one in articles))
        except TimeoutError as error:
            raise RefusedError(
                503, f"no answer within {self._limits.answer_seconds:g} s; send fewer or shorter articles", retry_after=5
            ) from error

    def _check_contributions(self, sentences: int) -> None:
        if sentences > self._limits.sentences:
            raise RefusedError(
                422,
                f"the articles have {sentences} sentences together, and a request gets the contributions of at most "
                f"{self._limits.sentences}; send fewer articles at once, or leave out contributions",
                "options.contributions",
            )

    async def _prepare(self, given: ArticleIn, options: Options, turn: asyncio.Lock) -> PreparedArticle | RefusedError:
        """The article, prepared in a worker: the request's heavy articles one after the other, as `turn` allows."""
        field, text = ("text", given.text or "") if given.html is None else ("html", given.html)
        limits = self._limits
        limit = limits.characters if field == "text" else limits.html_characters
        if len(text) > limit:
            return RefusedError(413, f"{field} has {len(text)} characters, more than {limit}; send a shorter one", field)
        lane = self._lanes.for_article(text, html=field == "html")

        def work() -> PreparedArticle | None:
            return lane.run(
                prepare_and_count,
                text,
                html=field == "html",
                title=given.title,
                outlet=given.outlet,
                clean=options.clean,
                most_characters=limits.characters,
            )

        try:
            async with turn if lane is self._lanes.pages else nullcontext():
                prepared = await run_sync(work, limiter=self._places[id(lane)], abandon_on_cancel=True)
        except (WorkStoppedError, BusyError, WorkerFailedError) as error:
            return _refusal(error, field)
        except SorotError as error:
            cure = "send the article's text, or the source of its page"
            return RefusedError(422, f"{field} cannot be read ({error}); {cure}", field)
        if prepared is None:
            return RefusedError(
                413, f"the article in {field} has more than {limits.characters} characters; send a shorter one", field
            )
        if prepared.sentences > limits.sentences:
            return too_many_sentences(prepared.sentences, limits.sentences, field)
        return prepared

    async def _answer_one(self, prepared: PreparedArticle | RefusedError, options: Options) -> AnalysisOut | RefusedError:
        if isinstance(prepared, RefusedError):
            return prepared
        article = prepared.article
        try:
            analysis = await asyncio.wrap_future(self._batcher.submit(article, contributions=options.contributions))
            # In a thread: contributions are one object per sentence and label.
            return await run_sync(make_answer, article, analysis, options, self._taxonomy, limiter=self._writing)
        except Exception as error:
            return _refusal(error)


def _refusal(error: Exception, field: str | None = None) -> RefusedError:
    """The refusal to send for an error; errors of unknown kinds show only their type."""
    if isinstance(error, RefusedError):
        return error
    if isinstance(error, WorkStoppedError):
        return RefusedError(422, f"{field or 'the article'} {error}; send the article alone, as plain text", field)
    if isinstance(error, BusyError):
        return RefusedError(503, str(error), retry_after=error.retry_after)
    if isinstance(error, WorkerFailedError):
        return RefusedError(500, f"internal error ({error}); report it with the request's id")
    if isinstance(error, SorotError):
        return RefusedError(500, f"the article cannot be scored: {error}")
    return RefusedError(500, f"internal error ({type(error).__name__}); report it with the request's id")


def check_sentences(article: Article, limit: int, field: str) -> int:
    """The number of sentences of a cleaned article. Raises RefusedError (422) if it is above the limit."""
    n = len(segment_article(article))
    if n > limit:
        raise too_many_sentences(n, limit, field)
    return n


def too_many_sentences(n: int, limit: int, field: str) -> RefusedError:
    """The refusal of an article of n sentences."""
    return RefusedError(422, f"the article in {field} has {n} sentences, more than {limit}; send it in parts", field)


async def _until_disconnect(request: Request, work: Coroutine[None, None, Result]) -> Result:
    """The result of `work`. If the caller disconnects first, cancels it and raises RefusedError."""
    working = asyncio.create_task(work)
    watching = asyncio.create_task(_wait_for_disconnect(request))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise RefusedError(CLIENT_GONE, "the caller has disconnected")
    finally:
        for task in (working, watching):
            task.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)


async def _wait_for_disconnect(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
