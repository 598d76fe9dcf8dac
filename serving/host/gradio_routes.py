"""Lets through only the Gradio addresses that the page uses, and only calls whose files are uploads.

Mounted in an application, Gradio reads any file of this machine that a call names as an upload, and fetches any URL. Some of its
routes write pasted text to disk, contact other machines, or belong to features that the page does not have.
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
from sorot.serving.page.common.upload_folder import is_upload, upload_folder_bytes
from sorot.serving.service.problems import RefusedError

SESSION_NAME = r"[\w-]{1,64}"
# At least two letters: one letter is a Windows drive.
SCHEME = r"[A-Za-z][A-Za-z0-9+.-]+:"
READ_PATHS = re.compile(
    rf"/|/(config|theme\.css|favicon\.ico|robots\.txt|manifest\.json)|/(assets|static)/.+"
    rf"|/gradio_api/(info|app_id|upload_progress|queue/data|heartbeat/{SESSION_NAME}|call/{SESSION_NAME}/{SESSION_NAME})"
    rf"|/gradio_api/file=(?!{SCHEME}).+"
)
# run/predict is for calls that skip the queue, such as the page's examples; Gradio refuses queued calls there.
CALL_PATHS = re.compile(rf"/gradio_api/(queue/join|run/predict|cancel|reset|call/{SESSION_NAME})")
HEARTBEAT = "/gradio_api/heartbeat/"
# Gradio deletes files some time after their upload.
UPLOADS_FULL = RefusedError(
    503,
    "the page holds as many uploaded files as it may; try again in ten minutes, or use sorot score for a corpus",
    retry_after=600,
)


class GradioRoutes:
    """ASGI middleware in front of the page. Requests to `api_paths`, the service's own addresses, pass through unchecked."""

    def __init__(self, app: ASGIApp, api_paths: Collection[str], sessions: Sessions, limits: Limits) -> None:
        self._app, self._api_paths, self._sessions, self._limits = app, frozenset(api_paths), sessions, limits
        self._uploading = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in self._api_paths:
            await self._app(scope, receive, send)
            return
        path, method = scope["path"], scope["method"]
        if method == "POST" and CALL_PATHS.fullmatch(path):
            await self._forward_call(scope, receive, send)
        elif method == "POST" and path == UPLOADS:
            await self._forward_upload(scope, receive, send)
        elif method in ("GET", "HEAD") and READ_PATHS.fullmatch(path):
            with self._sessions.opened(path.removeprefix(HEARTBEAT) if path.startswith(HEARTBEAT) else None):
                await self._app(scope, receive, send)
        else:
            problem = RefusedError(404, "there is nothing at this address; /openapi.json lists all addresses")
            await problem.response({"Connection": "close"})(scope, receive, send)

    async def _forward_upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Accept a file if it and all others on their way fit, each counted at the largest size allowed."""
        self._uploading += 1
        try:
            expected = await run_sync(upload_folder_bytes) + self._uploading * self._limits.upload_bytes
            answer = self._app if expected <= self._limits.held_bytes else UPLOADS_FULL.response({"Connection": "close"})
            await answer(scope, receive, send)
        finally:
            self._uploading -= 1

    async def _forward_call(self, scope: Scope, receive: Receive, send: Send) -> None:
        messages: list[Message] = []
        while not messages or messages[-1].get("more_body"):
            messages.append(await receive())
            if messages[-1]["type"] == "http.disconnect":
                return
        body = b"".join(message.get("body", b"") for message in messages)
        if problem := await run_sync(check_call, body):
            await problem.response()(scope, receive, send)
            return
        replayed = iter(messages)

        async def replay() -> Message:
            return next(replayed, None) or await receive()

        await self._app(scope, replay, send)


def check_call(body: bytes) -> RefusedError | None:
    """Why a call of one of the page's functions is refused; None if it is not."""
    try:
        call = json.loads(body)
    except (ValueError, RecursionError):
        return RefusedError(422, "the body is not valid JSON; send an object")
    session = call.get("session_hash") if isinstance(call, dict) else None
    if session is not None and not (isinstance(session, str) and re.fullmatch(SESSION_NAME, session)):
        return RefusedError(422, "session_hash must be up to 64 letters, digits and hyphens; send such a name", "session_hash")
    # A file's `url` is only shown; nothing here fetches it.
    if not all(is_upload(path) for path in _file_paths(call)):
        return RefusedError(422, "a path names a file that was not uploaded; upload it to /gradio_api/upload first", "data")
    return None


def _file_paths(call: object) -> Iterator[str]:
    """Every file path in a call, at any depth."""
    pending = [call]
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            if isinstance(path := one.get("path"), str):
                yield path
            pending += one.values()
        elif isinstance(one, list):
            pending += one
