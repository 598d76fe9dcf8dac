"""Reads on for a moment after an early answer, so that a caller who is still sending receives it.

Closing a connection with unread bytes resets it, and the caller may lose the answer (RFC 9112, section 9.6).
"""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

DRAIN_SECONDS = 2.0
# A caller that sends more than this in that time is cut off.
DRAIN_BYTES = 64_000_000


class BodyDrain:
    """Outermost ASGI middleware: if an answer closes the connection before a body of known length was read, drains it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # A body in chunks has no end that is known: reading on would be work for whoever sends, with or without a token.
        if "transfer-encoding" in Headers(scope=scope):
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(receive, send)
        await self._app(scope, exchange.receive, exchange.send)
        await exchange.end()


class _Exchange:
    """One request and its answer."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._body_read = self._closes = self._held_open = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._body_read = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._closes = Headers(raw=message["headers"]).get("connection", "").lower() == "close"
        elif self._closes and not self._body_read and not message.get("more_body", False):
            # Its Content-Length tells the caller that this is the end.
            self._held_open, message = True, {**message, "more_body": True}
        await self._send(message)

    async def end(self) -> None:
        """End an answer that was held open, once the caller has sent its body or the limits are reached."""
        if not self._held_open:
            return
        remaining = DRAIN_BYTES
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                while not self._body_read and remaining > 0:
                    remaining -= len((await self.receive()).get("body", b""))
        except TimeoutError:
            pass
        await self._send({"type": "http.response.body"})
