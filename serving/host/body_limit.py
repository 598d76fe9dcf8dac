"""Bodies that are too large or too slow are refused before they are read whole, whether they say their length or not."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sorot.serving.limits import Limits
from sorot.serving.service.problems import RefusedError

# Where Gradio takes files for the page.
UPLOADS = "/gradio_api/upload"


class BodyLimit:
    """ASGI middleware: 413 beyond `body_bytes`, of a file `upload_bytes`; 408 where a body has not come in `body_seconds`."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        most = self._limits.upload_bytes if scope["path"] == UPLOADS else self._limits.body_bytes
        # Digits alone; the server has refused a length that is none.
        if length.isdigit() and int(length) > most:
            await too_large(most).response({"Connection": "close"})(scope, receive, send)
            return
        body = _Body(receive, most, self._limits.body_seconds)
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            # What the application makes of a body that broke off is not what the caller should read.
            if body.problem is None or begun:
                begun = True
                await send(message)

        try:
            await self._app(scope, body.receive, answer)
        except Exception:
            if body.problem is None or begun:
                raise
        if body.problem is not None and not begun:
            await body.problem.response({"Connection": "close"})(scope, receive, send)


class _Body:
    """The body of one request, as it comes in."""

    def __init__(self, receive: Receive, most: int, seconds: float) -> None:
        self._receive, self._most, self._seconds = receive, most, seconds
        self._until = asyncio.get_running_loop().time() + seconds
        self._read = 0
        self._whole = False
        self.problem: RefusedError | None = None

    async def receive(self) -> Message:
        """The next message; raises the RefusedError that ends the request."""
        if self._whole:
            # What is waited for now is that the caller goes away.
            return await self._receive()
        if self.problem is None:
            try:
                async with asyncio.timeout_at(self._until):
                    message = await self._receive()
            except TimeoutError:
                self.problem = RefusedError(
                    408, f"the body did not arrive within {self._seconds:g} s; send it again, faster or in parts"
                )
            else:
                self._read += len(message.get("body", b""))
                self._whole = not message.get("more_body", False)
                if self._read <= self._most:
                    return message
                self.problem = too_large(self._most)
        raise self.problem


def too_large(most: int) -> RefusedError:
    """A body beyond the limit."""
    return RefusedError(413, f"the body is larger than {most} bytes; send less at once, or use sorot score for a corpus")
