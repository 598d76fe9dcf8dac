"""Gives each request an id, a log line, its counts and security headers.

A log line holds time, route, status and duration. It never holds anything that was sent: no query, headers or client address.
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
# The page has inline scripts and styles, and Gradio compiles templates with eval: without it the page stays blank.
PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
# The route under which every request outside the API is counted and logged.
PAGE_ROUTE = "page"


class Observer:
    """ASGI middleware. Requests to `api_paths` are logged and counted by path, all others as the page."""

    def __init__(self, app: ASGIApp, metrics: Metrics, api_paths: Collection[str], log: TextIO) -> None:
        self._app, self._metrics, self._api_paths, self._log = app, metrics, frozenset(api_paths), log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid4().hex
        route = scope["path"] if scope["path"] in self._api_paths else PAGE_ROUTE
        counts = scope[COUNTS_KEY] = RequestCounts()
        status: int | None = None

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _set_headers(MutableHeaders(scope=message), request_id, is_page=route == PAGE_ROUTE)
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except Exception as error:
            # Handled here: the server would log the message, which may quote the request.
            if os.environ.get(TRACEBACK):
                traceback.print_exception(error)
            if status is None:
                problem = RefusedError(500, f"internal error ({type(error).__name__}); report it with the request's id")
                await problem.response()(scope, receive, answer)
        finally:
            seconds = time.perf_counter() - started
            final_status = CLIENT_GONE if status is None else status
            self._metrics.count_request(route, final_status, seconds)
            line = {
                "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "request_id": request_id,
                "method": scope["method"] if scope["method"] in METHODS else "other",
                "route": route,
                "status": final_status,
                "ms": round(seconds * 1000, 1),
                "articles": counts.articles,
                "tokens": counts.tokens,
            }
            self._log.write(json.dumps(line) + "\n")
            self._log.flush()


def _set_headers(headers: MutableHeaders, request_id: str, *, is_page: bool) -> None:
    """Add security headers and request id, and remove the CORS permissions that Gradio grants."""
    for name in [name for name in headers if name.lower().startswith("access-control-")]:
        del headers[name]
    for name, value in SECURITY_HEADERS.items():
        headers[name] = value
    headers["X-Request-ID"] = request_id
    headers["Content-Security-Policy"] = PAGE_POLICY if is_page else API_POLICY
    if not is_page:
        headers["Cache-Control"] = "no-store"
