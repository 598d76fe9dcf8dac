"""Mounts the Gradio page at the root of the service, without access to files of this machine or to other machines."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from starlette.routing import Mount

from sorot.serving.article_scorer import ArticleScorer
from sorot.serving.limits import Limits
from sorot.serving.review.store import Store
from sorot.serving.workers.lanes import Lanes

if TYPE_CHECKING:
    import gradio as gr

    from sorot.serving.host.page_queue import PageQueue
    from sorot.serving.host.page_sessions import Sessions

POLL_SECONDS = 0.1
# How often the page's queue looks for a call, and for progress to show. At Gradio's own 1 ms an idle page takes 8 % of a core.
QUEUE_SECONDS, PROGRESS_SECONDS = 0.02, 0.1


@dataclass(frozen=True, slots=True)
class Page:
    """A mounted page and its open sessions."""

    blocks: gr.Blocks
    sessions: Sessions
    queue: PageQueue

    @property
    def busy(self) -> bool:
        """Whether a call is queued or running."""
        queue = self.blocks._queue
        return len(queue) > 0 or any(job is not None for job in queue.active_jobs)

    async def close(self, seconds: float) -> None:
        """End the page's streams once all waiting calls are answered, after `seconds` at the latest."""
        deadline = asyncio.get_running_loop().time() + seconds
        idle_polls = 0
        # Idle twice in a row: a finished answer still has to be sent.
        while idle_polls < 2 and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(POLL_SECONDS)
            idle_polls = 0 if self.busy else idle_polls + 1
        self.blocks.close(verbose=False)


def mount_page(
    app: FastAPI,
    scorer: ArticleScorer,
    limits: Limits,
    lanes: Lanes,
    review: Store | None = None,
    sessions_folder: Path | None = None,
) -> Page:
    """Mount the page behind the application's own routes. With a `review` store it has a review tab.

    Scored corpora are kept in `sessions_folder`, if there is one.
    """
    # Gradio reads this on import.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    # Gradio sums up all past calls after each one, for a page that the guard does not let through.
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000000"
    os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "100"
    import gradio as gr

    from sorot.serving.host.page_queue import PageQueue
    from sorot.serving.host.page_sessions import Sessions, sweep_sessions
    from sorot.serving.page.app import build_page, page_options
    from sorot.serving.page.common.errors import silence_gradio_tracebacks

    silence_gradio_tracebacks()
    page = build_page(scorer, review, limits, lanes, sessions_folder).queue(
        default_concurrency_limit=2, max_size=64, api_open=False
    )
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
        # Error messages may quote the request or paths of this machine.
        show_error=False,
        max_file_size=limits.upload_bytes,
    )
    page._queue.sleep_when_free, page._queue.progress_update_sleep_when_free = QUEUE_SECONDS, PROGRESS_SECONDS
    # Mounting creates a new application but leaves page.app as it was; closing the page would then end no heartbeat.
    page.app = next(route.app for route in app.routes if isinstance(route, Mount) and isinstance(route.app, gr.routes.App))
    # Until this is set, Gradio accepts any file of this machine as an upload.
    page.has_launched = True
    sessions = Sessions()
    lifespan = app.router.lifespan_context

    @asynccontextmanager
    async def sweeping(app: FastAPI) -> AsyncIterator[Any]:
        async with lifespan(app) as state:
            task = asyncio.create_task(sweep_sessions(page, sessions, limits.session_seconds))
            try:
                yield state
            finally:
                task.cancel()

    app.router.lifespan_context = sweeping
    return Page(page, sessions, PageQueue(page, sessions, limits))
