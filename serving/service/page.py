"""The page, mounted at the root of the service: no file of the machine is offered and no other machine is asked for anything."""

from __future__ import annotations

import os
from collections.abc import Callable

from fastapi import FastAPI

from serving.analyze import Scores
from serving.review.store import Store
from serving.service.limits import Limits


def mount_page(app: FastAPI, scorer: Scores, limits: Limits, review: Store | None = None) -> Callable[[], None]:
    """Mount the page below the application's own routes; what is returned ends its event streams, and has to run in the loop.

    With `review` it has the tab of reviews.
    """
    # Read when Gradio is imported.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    from serving.page.app import build_page, page_options

    page = build_page(scorer, review, limits).queue(default_concurrency_limit=2, max_size=64)
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
        max_file_size=limits.upload_bytes,
    )
    return lambda: page.close(verbose=False)
