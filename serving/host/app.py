"""Builds the application. Middleware from the outside in: BodyDrain, Observer, Guard, BodyLimit, GradioRoutes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from anyio.to_thread import run_sync
from fastapi import FastAPI
from starlette.types import ASGIApp

from sorot.data.errors import SorotError
from sorot.data.prepare import prepare_text
from sorot.serving.host.body_drain import BodyDrain
from sorot.serving.host.body_limit import BodyLimit
from sorot.serving.host.guard import Guard
from sorot.serving.host.observing import Observer
from sorot.serving.host.tokens import RateLimiter, StreamLimiter, Tokens
from sorot.serving.limits import Limits
from sorot.serving.model.scorer import Scorer
from sorot.serving.review.store import Store
from sorot.serving.service.answering import ArticleAnswerer
from sorot.serving.service.batching import Batcher
from sorot.serving.service.metrics import Metrics
from sorot.serving.service.queued_scorer import QueuedScorer
from sorot.serving.service.routes import make_api, named_paths
from sorot.serving.service.schemas import EXAMPLE
from sorot.serving.workers.lanes import Lanes, start_lanes

if TYPE_CHECKING:
    from sorot.serving.host.page_mount import Page

# Time for the page to show that waiting articles will not be scored.
LAST_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Service:
    """The application, and `begin_stop`, which the event loop calls at shutdown: accepted articles are still answered."""

    app: ASGIApp
    begin_stop: Callable[[], None]


def build_service(
    scorer: Scorer, limits: Limits, tokens: Tokens, *, page: bool = True, review: Store | None = None, mcp: bool = False,
    sessions: Path | None = None, log: TextIO,
) -> Service:  # fmt: skip
    """The service for a loaded model. Request log lines go to `log`.

    With a `review` store the page has a review tab; its scored corpora are kept in the folder `sessions`. `mcp` adds the tool for
    assistants and needs the extra mcp.
    """
    metrics = Metrics()
    batcher = Batcher(
        scorer,
        capacity=limits.queue,
        budget=limits.batch_tokens,
        observe=metrics.count_batch,
        finished=lambda analysis: metrics.count_article(analysis.n_tokens),
    )
    metrics.watch_queue(lambda: batcher.held)
    lanes = start_lanes(limits)
    answerer = ArticleAnswerer(batcher, scorer.taxonomy, limits, lanes)
    api = make_api(scorer, answerer, batcher, metrics, limits, lanes)
    api_paths = named_paths(api)
    tool: AbstractAsyncContextManager[None] = nullcontext()
    if mcp:
        from sorot.serving.service.mcp_tool import MCP_PATH, add_tool

        tool = add_tool(api, answerer, scorer.taxonomy, limits, scorer.model, lanes)
        api_paths.add(MCP_PATH)
    _run_with(api, batcher, lanes, tool)
    app: ASGIApp = api
    mounted: Page | None = None
    if page:
        from sorot.serving.host.gradio_routes import GradioRoutes
        from sorot.serving.host.page_mount import mount_page

        answers = QueuedScorer(scorer, batcher, limits.sentences, limits.answer_seconds)
        mounted = mount_page(api, answers, limits, lanes, review, sessions)
        app = GradioRoutes(api, api_paths, mounted, limits, lanes.pages)
    closing: list[asyncio.Task[None]] = []

    def begin_stop() -> None:
        batcher.stop_taking()
        loop = asyncio.get_running_loop()
        loop.call_later(limits.stop_seconds, batcher.give_up)
        if mounted:
            # asyncio may drop a task that nothing refers to.
            closing.append(loop.create_task(mounted.close(limits.stop_seconds + LAST_SECONDS)))

    guarded = Guard(BodyLimit(app, limits), tokens, RateLimiter(limits.rate), StreamLimiter(limits.streams))
    return Service(BodyDrain(Observer(guarded, metrics, api_paths, log)), begin_stop)


def _run_with(app: FastAPI, batcher: Batcher, lanes: Lanes, tool: AbstractAsyncContextManager[None]) -> None:
    """Prepare and score one example at startup; stop scoring, workers and tool at shutdown."""

    def start_worker() -> None:
        # Whoever needs a worker finds out what went wrong.
        with suppress(SorotError):
            lanes.pages.run(int)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        batcher.submit(prepare_text(EXAMPLE))
        # The process that workers are forked from takes seconds to load; the service answers short texts meanwhile.
        threading.Thread(target=start_worker, name="sorot-workers", daemon=True).start()
        try:
            async with tool:
                yield
        finally:
            await run_sync(lanes.close)
            await run_sync(batcher.close)

    app.router.lifespan_context = lifespan
