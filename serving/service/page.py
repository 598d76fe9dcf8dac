"""The page, mounted at the root of the service: no file of the machine is offered and no other machine is asked for anything."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.resources import files

from fastapi import FastAPI

from serving.scorer import Scorer
from serving.service.limits import Limits


def mount_page(app: FastAPI, scorer: Scorer, limits: Limits) -> Callable[[], None]:
    """Mount the page below the application's own routes; what is returned ends its event streams, and has to run in the loop."""
    # Read when Gradio is imported.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    from serving.page.app import FONT, build_page

    page = build_page(scorer).queue(default_concurrency_limit=2, max_size=64)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=gr.themes.Soft(font=FONT, font_mono=["ui-monospace", "monospace"]),
        css=files("serving.page").joinpath("page.css").read_text(encoding="utf-8"),
        allowed_paths=[],
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        max_file_size=limits.body_bytes,
    )
    return lambda: page.close(verbose=False)
