"""The service put together, from the outermost layer: observing, guarding, limiting bodies, then the routes and the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import TextIO

from fastapi import FastAPI
from starlette.types import ASGIApp

from serving.analyze import read_text
from serving.review.store import Store
from serving.scorer import Scorer
from serving.service.answering import Desk
from serving.service.batching import Batcher
from serving.service.bodies import BodyLimit
from serving.service.guard import Guard
from serving.service.limits import Limits
from serving.service.metrics import Metrics
from serving.service.observing import Observer
from serving.service.queued import QueuedScorer
from serving.service.routes import make_api, named_paths
from serving.service.schemas import EXAMPLE
from serving.service.tokens import Rates, Tokens


@dataclass(frozen=True, slots=True)
class Service:
    """An application to run, and what to call in its loop when it begins to stop: what is taken is still answered for a while."""

    app: ASGIApp
    begin_stop: Callable[[], None]


def build_service(
    scorer: Scorer, limits: Limits, tokens: Tokens, *, page: bool = True, review: Store | None = None, mcp: bool = False,
    log: TextIO,
) -> Service:  # fmt: skip
    """The service over a loaded model, which logs to `log`.

    Its page has the tab of reviews where there is a store for them; with `mcp`, which needs the extra, assistants have a tool.
    """
    metrics = Metrics()
    batcher = Batcher(scorer, capacity=limits.queue, budget=limits.batch_tokens, observe=metrics.count_batch)
    metrics.watch_queue(lambda: batcher.held)
    desk = Desk(batcher, limits)
    api = make_api(scorer, desk, batcher, metrics, limits)
    named = named_paths(api)
    tool: AbstractAsyncContextManager[None] = nullcontext()
    if mcp:
        from serving.service.tool import MCP_PATH, add_tool

        tool = add_tool(api, desk, limits, scorer.model)
        named.add(MCP_PATH)
    _run_with(api, batcher, tool)
    close_page = None
    if page:
        from serving.service.page import mount_page

        close_page = mount_page(api, QueuedScorer(scorer, batcher), limits, review)

    def begin_stop() -> None:
        batcher.stop_taking()
        asyncio.get_running_loop().call_later(limits.stop_seconds, batcher.give_up)
        if close_page:
            close_page()

    guarded = Guard(BodyLimit(api, limits), tokens, Rates(limits.rate))
    return Service(Observer(guarded, metrics, named, log), begin_stop)


def _run_with(app: FastAPI, batcher: Batcher, tool: AbstractAsyncContextManager[None]) -> None:
    """Have the model answer once at the start, and the scoring thread and the tool end with the application."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        batcher.submit(read_text(EXAMPLE))
        try:
            async with tool:
                yield
        finally:
            batcher.close()

    app.router.lifespan_context = lifespan
