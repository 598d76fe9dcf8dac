"""Refuses request bodies that are too large or too slow, before reading them whole, with or without a Content-Length."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sorot.serving.limits import Limits
from sorot.serving.service.problems import RefusedError

# Gradio's address for file uploads.
UPLOADS = "/gradio_api/upload"


class BodyLimit:
    """ASGI middleware: 413 beyond `body_bytes` (uploads: `upload_bytes`), 408 if a body takes longer than `body_seconds`."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        limit = self._limits.upload_bytes if scope["path"] == UPLOADS else self._limits.body_bytes
        # Digits only: the server has already refused an invalid length.
        if length.isdigit() and int(length) > limit:
            await too_large(limit).response({"Connection": "close"})(scope, receive, send)
            return
        body = _Body(receive, limit, self._limits.body_seconds)
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            # If the body broke off, the caller gets our reason and not what the application made of it.
            if body.problem is None or started:
                started = True
                await send(message)

        try:
            await self._app(scope, body.receive, answer)
        except Exception:
            if body.problem is None or started:
                raise
        if body.problem is not None and not started:
            await body.problem.response({"Connection": "close"})(scope, receive, send)


class _Body:
    """The body of one request while it arrives."""

    def __init__(self, receive: Receive, limit: int, seconds: float) -> None:
        self._receive, self._limit, self._seconds = receive, limit, seconds
        self._deadline = asyncio.get_running_loop().time() + seconds
        self._n_bytes = 0
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
                self._n_bytes += len(message.get("body", b""))
                self._complete = not message.get("more_body", False)
                if self._n_bytes <= self._limit:
                    return message
                self.problem = too_large(self._limit)
        raise self.problem


def too_large(limit: int) -> RefusedError:
    """The refusal of a body of more than `limit` bytes."""
    return RefusedError(413, f"the body is larger than {limit} bytes; send less at once, or use sorot score for a corpus")
