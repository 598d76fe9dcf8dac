"""The page, mounted at the root of the service: no file of the machine is offered and no other machine is asked for anything."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from starlette.routing import Mount

from sorot.serving.analyze import ArticleScorer
from sorot.serving.limits import Limits
from sorot.serving.review.store import Store

if TYPE_CHECKING:
    import gradio as gr

    from sorot.serving.host.page_sessions import Sessions

POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Page:
    """A mounted page, and which visitors have it open."""

    blocks: gr.Blocks
    sessions: Sessions

    @property
    def busy(self) -> bool:
        """Whether it works on what someone has asked for."""
        queue = self.blocks._queue
        return len(queue) > 0 or any(job is not None for job in queue.active_jobs)

    async def close(self, seconds: float) -> None:
        """End its streams once all who wait have their answer, after `seconds` at the latest."""
        until = asyncio.get_running_loop().time() + seconds
        quiet = 0
        # Seen twice, as an answer that is made has still to be sent.
        while quiet < 2 and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(POLL_SECONDS)
            quiet = 0 if self.busy else quiet + 1
        self.blocks.close(verbose=False)


def mount_page(app: FastAPI, scorer: ArticleScorer, limits: Limits, review: Store | None = None) -> Page:
    """Mount the page below the application's own routes. With `review` it has the tab of reviews."""
    # Read when Gradio is imported.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    from sorot.serving.host.page_sessions import Sessions, forget_for_ever
    from sorot.serving.page.app import build_page, page_options
    from sorot.serving.page.common.errors import hush_gradio

    hush_gradio()
    page = build_page(scorer, review, limits).queue(default_concurrency_limit=2, max_size=64, api_open=False)
    page.state_session_capacity = limits.sessions
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        **page_options(),
        allowed_paths=[],
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        # What went wrong inside may be told with what was sent, or with paths of this machine.
        show_error=False,
        max_file_size=limits.upload_bytes,
    )
    # Mounting makes an application of its own, and the page still refers to another: closing it would end no heartbeat.
    page.app = next(route.app for route in app.routes if isinstance(route, Mount) and isinstance(route.app, gr.routes.App))
    # Until this is said, Gradio takes any file of the machine for an upload.
    page.has_launched = True
    sessions = Sessions()
    lifespan = app.router.lifespan_context

    @asynccontextmanager
    async def forgetting(app: FastAPI) -> AsyncIterator[Any]:
        async with lifespan(app) as state:
            task = asyncio.create_task(forget_for_ever(page, sessions, limits.session_seconds))
            try:
                yield state
            finally:
                task.cancel()

    app.router.lifespan_context = forgetting
    return Page(page, sessions)
