"""Of all addresses that Gradio has, those that the page uses; and nothing but uploads is named to it as a file.

Mounted in an application, Gradio reads any file of the machine that a call names as an upload, and fetches any address. It has
doors that write what was pasted to the disk, ask other machines, or lead to what the page does not have.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator

from anyio.to_thread import run_sync
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sorot.serving.host.body_limit import UPLOADS
from sorot.serving.host.page_sessions import Sessions
from sorot.serving.limits import Limits
from sorot.serving.page.common.uploads import held_bytes, is_upload
from sorot.serving.service.problems import RefusedError

NAME = r"[\w-]{1,64}"
# Two letters at least: one is a drive.
SCHEME = r"[A-Za-z][A-Za-z0-9+.-]+:"
READ = re.compile(
    rf"/|/(config|theme\.css|favicon\.ico|robots\.txt|manifest\.json)|/(assets|static)/.+"
    rf"|/gradio_api/(info|app_id|upload_progress|queue/data|heartbeat/{NAME}|call/{NAME}/{NAME})"
    rf"|/gradio_api/file=(?!{SCHEME}).+"
)
# The page's own calls that need not wait, of its examples, come to run/predict; those that have to wait Gradio refuses there.
ASKED = re.compile(rf"/gradio_api/(queue/join|run/predict|cancel|reset|call/{NAME})")
HEARTBEAT = "/gradio_api/heartbeat/"
# Gradio deletes files some time after they came.
NO_ROOM = RefusedError(
    503, "the page holds as many files as it may; try again in ten minutes, or use sorot score for a corpus", retry_after=600
)


class GradioRoutes:
    """ASGI middleware before the page; `named` are the service's own addresses, which are none of its business."""

    def __init__(self, app: ASGIApp, named: Collection[str], sessions: Sessions, limits: Limits) -> None:
        self._app, self._named, self._sessions, self._limits = app, frozenset(named), sessions, limits
        self._arriving = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in self._named:
            await self._app(scope, receive, send)
            return
        path, method = scope["path"], scope["method"]
        if method == "POST" and ASKED.fullmatch(path):
            await self._ask(scope, receive, send)
        elif method == "POST" and path == UPLOADS:
            await self._take(scope, receive, send)
        elif method in ("GET", "HEAD") and READ.fullmatch(path):
            with self._sessions.opened(path.removeprefix(HEARTBEAT) if path.startswith(HEARTBEAT) else None):
                await self._app(scope, receive, send)
        else:
            problem = RefusedError(404, "there is nothing at this address; /openapi.json lists what there is")
            await problem.response({"Connection": "close"})(scope, receive, send)

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a file, if it and those that are on their way will have room, however large each of them turns out."""
        self._arriving += 1
        try:
            expected = await run_sync(held_bytes) + self._arriving * self._limits.upload_bytes
            answer = self._app if expected <= self._limits.held_bytes else NO_ROOM.response({"Connection": "close"})
            await answer(scope, receive, send)
        finally:
            self._arriving -= 1

    async def _ask(self, scope: Scope, receive: Receive, send: Send) -> None:
        messages: list[Message] = []
        while not messages or messages[-1].get("more_body"):
            messages.append(await receive())
            if messages[-1]["type"] == "http.disconnect":
                return
        body = b"".join(message.get("body", b"") for message in messages)
        if problem := await run_sync(check_call, body):
            await problem.response()(scope, receive, send)
            return
        left = iter(messages)

        async def again() -> Message:
            return next(left, None) or await receive()

        await self._app(scope, again, send)


def check_call(body: bytes) -> RefusedError | None:
    """What is wrong with a call of one of the page's functions, if anything."""
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return RefusedError(422, "the body is not valid JSON; send an object")
    session = asked.get("session_hash") if isinstance(asked, dict) else None
    if session is not None and not (isinstance(session, str) and re.fullmatch(NAME, session)):
        return RefusedError(422, "session_hash is no name of up to 64 letters, digits and hyphens; send one", "session_hash")
    # Its other address is for showing, and nothing here follows it.
    if not all(is_upload(path) for path in _paths(asked)):
        return RefusedError(422, "a path names no uploaded file; upload it to /gradio_api/upload first", "data")
    return None


def _paths(asked: object) -> Iterator[str]:
    """Every path of a file in a call, wherever it stands."""
    left = [asked]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            if isinstance(path := one.get("path"), str):
                yield path
            left += one.values()
        elif isinstance(one, list):
            left += one
