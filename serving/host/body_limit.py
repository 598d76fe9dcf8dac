"""Bounds every request: the size of its body, the time for it to arrive and to be answered, and the bytes of all requests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sorot.serving.limits import Limits
from sorot.serving.service.problems import RefusedError

# Gradio's address for file uploads.
UPLOADS = "/gradio_api/upload"


# Streams of events, which last as long as a page is open.
STREAMS = ("/gradio_api/heartbeat/", "/gradio_api/queue/data", "/gradio_api/call/", "/gradio_api/upload_progress")
# For the answer itself to be sent, after the time to make it.
SEND_SECONDS = 30.0


class BodyLimit:
    """ASGI middleware: 413 beyond `body_bytes` (uploads: `upload_bytes`), 408 if a body takes longer than `body_seconds`.

    429 if the bodies of all requests in progress are more than `waiting_bytes`; uploads go to the disk and are not counted. 503
    if there is no answer within `answer_seconds` after that; streams of events have no such end.
    """

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._limits = app, limits
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        limits, upload = self._limits, scope["path"] == UPLOADS
        limit = limits.upload_bytes if upload else limits.body_bytes
        # Digits only: the server has already refused an invalid length.
        if length.isdigit() and int(length) > limit:
            await too_large(limit).response({"Connection": "close"})(scope, receive, send)
            return
        body = _Body(receive, limit, limits.body_seconds, self._hold if not upload else lambda _: True)
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            # If the body broke off, the caller gets our reason and not what the application made of it.
            if body.problem is None or started:
                started = True
                await send(message)

        is_stream = scope["method"] == "GET" and scope["path"].startswith(STREAMS)
        seconds = limits.body_seconds + limits.answer_seconds + SEND_SECONDS
        try:
            async with asyncio.timeout(None if is_stream else seconds):
                await self._app(scope, body.receive, answer)
        except TimeoutError:
            if started:
                raise
            body.problem = RefusedError(503, f"no answer within {seconds:g} s; send less at once", retry_after=5)
        except Exception:
            if body.problem is None or started:
                raise
        finally:
            if not upload:
                self._waiting -= body.n_bytes
        if body.problem is not None and not started:
            await body.problem.response({"Connection": "close"})(scope, receive, send)

    def _hold(self, n_bytes: int) -> bool:
        """Count bytes that have arrived; whether they are not too many."""
        self._waiting += n_bytes
        return self._waiting <= self._limits.waiting_bytes


class _Body:
    """The body of one request while it arrives."""

    def __init__(self, receive: Receive, limit: int, seconds: float, hold: Callable[[int], bool]) -> None:
        self._receive, self._limit, self._seconds, self._hold = receive, limit, seconds, hold
        self._deadline = asyncio.get_running_loop().time() + seconds
        self.n_bytes = 0
        self._complete = False
        self.problem: RefusedError | None = None

    async def receive(self) -> Message:
        """The next message. Raises the RefusedError that ends the request."""
        if self._complete:
            # The only message left is the disconnect.
            return await self._receive()
        if self.problem is None:
            try:
                async with asyncio.timeout_at(self._deadline):
                    message = await self._receive()
            except TimeoutError:
                self.problem = RefusedError(
                    408, f"the body did not arrive within {self._seconds:g} s; send it again, faster or in parts"
                )
            else:
                n = len(message.get("body", b""))
                self.n_bytes += n
                self._complete = not message.get("more_body", False)
                fits = self._hold(n)
                if self.n_bytes > self._limit:
                    self.problem = too_large(self._limit)
                elif not fits:
                    self.problem = RefusedError(429, "too many bytes of other requests wait; try again in 2 s", retry_after=2)
                else:
                    return message
        raise self.problem


def too_large(limit: int) -> RefusedError:
    """The refusal of a body of more than `limit` bytes."""
    return RefusedError(413, f"the body is larger than {limit} bytes; send less at once, or use sorot score for a corpus")
