"""The last thing a connection does: reads on for a moment what its caller still sends, so that the answer arrives.

A connection that is closed while bytes lie unread is reset, and then its caller, who was still sending, may never see the
answer that came early (RFC 9112, section 9.6).
"""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

DRAIN_SECONDS = 2.0
# Whoever sends more than this within that time is cut off.
DRAIN_BYTES = 64_000_000


class BodyDrain:
    """ASGI middleware around all others: where an answer closes the connection before the body was read, it is ended late."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(receive, send)
        await self._app(scope, exchange.receive, exchange.send)
        await exchange.end()


class _Exchange:
    """One request and its answer."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._is_read = self._closes = self._is_held = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._is_read = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._closes = Headers(raw=message["headers"]).get("connection", "").lower() == "close"
        elif self._closes and not self._is_read and not message.get("more_body", False):
            # Its length was told, so that the caller knows that this is all of it.
            self._is_held, message = True, {**message, "more_body": True}
        await self._send(message)

    async def end(self) -> None:
        """End an answer that was held open, once the caller is done."""
        if not self._is_held:
            return
        left = DRAIN_BYTES
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                while not self._is_read and left > 0:
                    left -= len((await self.receive()).get("body", b""))
        except TimeoutError:
            pass
        await self._send({"type": "http.response.body"})
