"""In front of everything: a request's id, its line in the log, its counts, and the headers that keep browsers safe.

A line of the log says when, what and how long, and never a word of what was sent: neither address nor headers are in it.
"""

from __future__ import annotations

import json
import os
import re
import time
import traceback
from collections.abc import Collection
from datetime import UTC, datetime
from typing import TextIO
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sorot.data.errors import TRACEBACK
from sorot.serving.service.metrics import Metrics
from sorot.serving.service.problems import RefusedError
from sorot.serving.service.request_log import CLIENT_GONE, COUNTS_KEY, RequestCounts

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
# The page has scripts and styles in its HTML, and Gradio makes functions of its components' templates: without eval it is blank.
PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# What a request is counted and logged as where it is none of the service's own.
PAGE_ROUTE = "page"


class Observer:
    """ASGI middleware; `routes` are the paths that are named, all others are the page's."""

    def __init__(self, app: ASGIApp, metrics: Metrics, routes: Collection[str], log: TextIO) -> None:
        self._app, self._metrics, self._routes, self._log = app, metrics, frozenset(routes), log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid4().hex
        route = scope["path"] if scope["path"] in self._routes else PAGE_ROUTE
        told = scope[COUNTS_KEY] = RequestCounts()
        status: int | None = None

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _dress(MutableHeaders(scope=message), request_id, is_page=route == PAGE_ROUTE)
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except Exception as error:
            # RequestCounts here, as the server's own log would print the message, which may hold what was sent.
            if os.environ.get(TRACEBACK):
                traceback.print_exception(error)
            if status is None:
                await RefusedError(500, f"a fault of ours ({type(error).__name__}); report it with the request's id").response()(
                    scope, receive, answer
                )
        finally:
            seconds = time.perf_counter() - begun
            answered = CLIENT_GONE if status is None else status
            self._metrics.count_request(route, answered, seconds)
            line = {
                "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "request_id": request_id,
                "method": scope["method"],
                "route": route,
                "status": answered,
                "ms": round(seconds * 1000, 1),
                "articles": told.articles,
                "tokens": told.tokens,
            }
            self._log.write(json.dumps(line) + "\n")
            self._log.flush()


def _dress(headers: MutableHeaders, request_id: str, *, is_page: bool) -> None:
    """Add the headers of every answer, and take away leave for other origins, which Gradio gives some."""
    for name in [name for name in headers if name.lower().startswith("access-control-")]:
        del headers[name]
    for name, value in SAFE.items():
        headers[name] = value
    headers["X-Request-ID"] = request_id
    headers["Content-Security-Policy"] = PAGE_POLICY if is_page else API_POLICY
    if not is_page:
        headers["Cache-Control"] = "no-store"
