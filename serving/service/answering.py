"""Answers the articles of a request: cleans them in threads, scores them in the shared queue, drops them if the caller leaves."""

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
from sorot.data.prepare import prepare_text
from sorot.data.taxonomy import Taxonomy
from sorot.data.text.windows import segment_article
from sorot.serving.answers import AnalysisOut, Options, make_answer
from sorot.serving.limits import Limits
from sorot.serving.model.runtime import usable_cores
from sorot.serving.service.batching import Batcher
from sorot.serving.service.problems import RefusedError
from sorot.serving.service.request_log import CLIENT_GONE, COUNTS_KEY, RequestCounts
from sorot.serving.service.schemas import ArticleIn

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An article ready to be scored, and its number of sentences."""

    article: Article
    sentences: int


class ArticleAnswerer:
    """Prepares articles, scores them through a batcher, and makes the answers."""

    def __init__(self, batcher: Batcher, taxonomy: Taxonomy, limits: Limits) -> None:
        self._batcher, self._taxonomy, self._limits = batcher, taxonomy, limits
        # Cleaning is pure Python: more threads than cores would only wait for each other.
        self._cleaning = anyio.CapacityLimiter(usable_cores())

    async def analyze(self, request: Request, articles: list[ArticleIn], options: Options) -> list[AnalysisOut | RefusedError]:
        """The answer or the refusal of each article, in order.

        Raises RefusedError if no article is accepted, or if the caller has disconnected.
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
        articles = await asyncio.gather(*(self._prepare_in_thread(one, options) for one in given))
        if options.contributions:
            self._check_contributions(sum(one.sentences for one in articles if isinstance(one, _Prepared)))
        return await asyncio.gather(*(self._answer_one(one, options) for one in articles))

    def _check_contributions(self, sentences: int) -> None:
        if sentences > self._limits.sentences:
            raise RefusedError(
                422,
                f"the articles have {sentences} sentences together, and a request gets the contributions of at most "
                f"{self._limits.sentences}; send fewer articles at once, or leave out contributions",
                "options.contributions",
            )

    async def _prepare_in_thread(self, given: ArticleIn, options: Options) -> _Prepared | RefusedError:
        try:
            return await run_sync(self._prepare, given, options, limiter=self._cleaning)
        except Exception as error:
            return _refusal(error)

    async def _answer_one(self, prepared: _Prepared | RefusedError, options: Options) -> AnalysisOut | RefusedError:
        if isinstance(prepared, RefusedError):
            return prepared
        article = prepared.article
        try:
            analysis = await asyncio.wrap_future(self._batcher.submit(article, contributions=options.contributions))
            # In a thread: contributions are one object per sentence and label.
            return await run_sync(make_answer, article, analysis, options, self._taxonomy, limiter=self._cleaning)
        except Exception as error:
            return _refusal(error)

    def _prepare(self, given: ArticleIn, options: Options) -> _Prepared:
        field, text = ("text", given.text) if given.html is None else ("html", given.html)
        limits, text = self._limits, text or ""
        limit = limits.characters if field == "text" else limits.html_characters
        if len(text) > limit:
            raise RefusedError(413, f"{field} has {len(text)} characters, more than {limit}; send a shorter one", field)
        try:
            article = prepare_text(text, html=field == "html", title=given.title, outlet=given.outlet, clean=options.clean)
        except SorotError as error:
            raise RefusedError(
                422, f"{field} cannot be read ({error}); send the article's text, or the source of its page", field
            ) from error
        if len(article.body) > limits.characters:
            raise RefusedError(
                413, f"the article in {field} has more than {limits.characters} characters; send a shorter one", field
            )
        return _Prepared(article, check_sentences(article, limits.sentences, field))


def _refusal(error: Exception) -> RefusedError:
    """The refusal to send for an error; errors of unknown kinds show only their type."""
    if isinstance(error, RefusedError):
        return error
    if isinstance(error, SorotError):
        return RefusedError(500, f"the article cannot be scored: {error}")
    return RefusedError(500, f"internal error ({type(error).__name__}); report it with the request's id")


def check_sentences(article: Article, limit: int, field: str) -> int:
    """The number of sentences of a cleaned article. Raises RefusedError (422) if it is above the limit."""
    n = len(segment_article(article))
    if n > limit:
        raise RefusedError(422, f"the article in {field} has {n} sentences, more than {limit}; send it in parts", field)
    return n


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
