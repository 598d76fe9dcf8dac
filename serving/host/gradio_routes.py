"""Lets through only the Gradio addresses that the page uses, and only calls whose files are uploads.

Mounted in an application, Gradio reads any file of this machine that a call names as an upload, and fetches any URL. Some of its
routes write pasted text to disk, contact other machines, or belong to features that the page does not have.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from anyio.to_thread import run_sync
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sorot.serving.host.body_limit import UPLOADS
from sorot.serving.host.page_mount import Page
from sorot.serving.limits import Limits
from sorot.serving.page.common.upload_folder import delete_closed_strays, free_bytes, is_upload, upload_folder_bytes
from sorot.serving.service.bodies import read_json, read_values, replay_body
from sorot.serving.service.problems import RefusedError
from sorot.serving.workers.pool import Runner

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
JOIN = "/gradio_api/queue/join"
CALLS = "/gradio_api/call/"
# The page's own calls have some dozens.
MOST_VALUES = 1_000
# Gradio deletes files some time after their upload.
UPLOADS_FULL = RefusedError(
    503,
    "the page holds as many uploaded files as it may; try again in ten minutes, or use sorot score for a corpus",
    retry_after=600,
)
DISK_FULL = RefusedError(503, "the file cannot be stored now: there is no room on the disk; try again later", retry_after=600)
ODD_CALL = RefusedError(422, "the call does not have the form that the page sends; /gradio_api/info shows it")


class GradioRoutes:
    """ASGI middleware in front of the page. Requests to `api_paths`, the service's own addresses, pass through unchecked."""

    def __init__(self, app: ASGIApp, api_paths: Collection[str], page: Page, limits: Limits, worker: Runner) -> None:
        self._app, self._api_paths, self._page, self._limits = app, frozenset(api_paths), page, limits
        self._worker = worker
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
            with self._page.sessions.opened(path.removeprefix(HEARTBEAT) if path.startswith(HEARTBEAT) else None):
                await self._app(scope, receive, send)
        else:
            problem = RefusedError(404, "there is nothing at this address; /openapi.json lists all addresses")
            await problem.response({"Connection": "close"})(scope, receive, send)

    async def _forward_upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Accept a file if it and all others on their way fit, each counted at the largest size allowed."""
        self._uploading += 1
        try:
            on_their_way = self._uploading * self._limits.upload_bytes
            stored, free = await run_sync(upload_folder_bytes), await run_sync(free_bytes)
            if stored + on_their_way > self._limits.held_bytes:
                await UPLOADS_FULL.response({"Connection": "close"})(scope, receive, send)
            elif on_their_way > free:
                await DISK_FULL.response({"Connection": "close"})(scope, receive, send)
            else:
                await self._store_upload(scope, receive, send)
        finally:
            self._uploading -= 1

    async def _store_upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        failed = False

        async def send_unless_failed(message: Message) -> None:
            nonlocal failed
            failed = failed or message.get("status", 0) >= 500
            if not failed:
                await send(message)

        try:
            await self._app(scope, receive, send_unless_failed)
        except OSError:
            failed = True
        if failed:
            await run_sync(delete_closed_strays)
            await DISK_FULL.response({"Connection": "close"})(scope, receive, send)

    async def _forward_call(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            body = await request.body()
            session = await read_json(self._worker, body, check_call, body)
        except ClientDisconnect:
            return
        except RefusedError as problem:
            await problem.response()(scope, receive, send)
            return
        queued = scope["path"] == JOIN or scope["path"].startswith(CALLS)
        if queued and (full := self._page.queue.refusal(session, len(body))):
            await full.response()(scope, receive, send)
            return
        refused = False

        async def send_no_details(message: Message) -> None:
            """Gradio's own refusals repeat what was sent."""
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] == 422:
                refused = True
                await ODD_CALL.response()(scope, receive, send)
            elif not refused:
                await send(message)

        await self._app(scope, replay_body(body, receive), send_no_details)


def check_call(body: bytes) -> str | None:
    """The session of a call of one of the page's functions, None if it names none. Raises RefusedError if it is refused."""
    call = read_values(body, MOST_VALUES)
    session = call.get("session_hash") if isinstance(call, dict) else None
    if session is not None and not (isinstance(session, str) and re.fullmatch(SESSION_NAME, session)):
        raise RefusedError(422, "session_hash must be up to 64 letters, digits and hyphens; send such a name", "session_hash")
    # A file's `url` is only shown; nothing here fetches it.
    if not all(is_upload(path) for path in _file_paths(call)):
        raise RefusedError(422, "a path names a file that was not uploaded; upload it to /gradio_api/upload first", "data")
    return session


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
