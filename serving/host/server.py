"""Runs the service until a signal; accepted requests are answered before it stops."""

from __future__ import annotations

import asyncio
import logging
import math
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from sorot.serving.host.app import Service
from sorot.serving.host.listen_address import page_url
from sorot.serving.limits import Limits

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
NOISY_LOGGERS = ("uvicorn", "asyncio", "trafilatura", "htmldate", "justext", "courlan", "mcp")
HEADER_SECONDS = 10
CONNECTIONS = 1024
# A body in chunks of less than CHUNK_BYTES on average ends after FREE_CHUNKS of them.
FREE_CHUNKS = 256
CHUNK_BYTES = 64
# For running scoring to finish, after waiting callers were refused.
GRACE_SECONDS = 3


class _Connection(h11.Connection):
    """Refuses what costs far more than its bytes, or means two things: tiny chunks, and a length together with chunks."""

    _chunks = _chunk_bytes = 0

    def next_event(self) -> Any:
        event = super().next_event()
        if isinstance(event, h11.Request):
            self._chunks = self._chunk_bytes = 0
            if {b"content-length", b"transfer-encoding"} <= {name for name, _ in event.headers}:
                raise h11.RemoteProtocolError("a length and chunks", error_status_hint=400)
        elif isinstance(event, h11.Data):
            self._chunks += event.chunk_start
            self._chunk_bytes += len(event.data)
            if self._chunks > FREE_CHUNKS and self._chunk_bytes < CHUNK_BYTES * self._chunks:
                raise h11.RemoteProtocolError("tiny chunks", error_status_hint=400)
        return event


class _Protocol(H11Protocol):
    """Closes a connection whose next request does not start within HEADER_SECONDS; the library would wait for headers forever."""

    _idle_timer: asyncio.TimerHandle | None = None

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.conn = _Connection(h11.SERVER)

    def send_400_response(self, msg: str) -> None:
        """Answer a request that cannot be read, unless it is being answered already; then only close."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.close()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._update_timer()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._update_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel_timer()
        super().connection_lost(exc)

    def _between_requests(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _update_timer(self) -> None:
        if not self._between_requests():
            self._cancel_timer()
        elif self._idle_timer is None:
            self._idle_timer = self.loop.call_later(HEADER_SECONDS, self._close_idle)

    def _cancel_timer(self) -> None:
        if self._idle_timer is not None:
            self._idle_timer.cancel()
            self._idle_timer = None

    def _close_idle(self) -> None:
        self._idle_timer = None
        if self._between_requests():
            self.transport.close()


class Server(uvicorn.Server):
    """A uvicorn server of the service; calls `announce` with its URL once it accepts requests."""

    def __init__(self, service: Service, limits: Limits, *, host: str, port: int, announce: Callable[[str], None]) -> None:
        self._service, self._announce = service, announce
        # The service writes its own log and reports its own errors; warnings of libraries may quote requests.
        for name in NOISY_LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        super().__init__(
            uvicorn.Config(
                service.app,
                host=host,
                port=port,
                http=_Protocol,
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                limit_concurrency=CONNECTIONS,
                # By then every waiting caller has been answered or refused.
                timeout_graceful_shutdown=math.ceil(limits.stop_seconds) + GRACE_SECONDS,
            )
        )

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Like uvicorn's, but does not raise the signal again at the end: a requested stop is no error."""
        # Python allows signal handlers in the main thread only.
        numbers = STOP_SIGNALS if threading.current_thread() is threading.main_thread() else ()
        before = {number: signal.signal(number, self.handle_exit) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening."""
        await super().startup(sockets)
        if self.started:
            self._announce(page_url(self.config.host, self.config.port))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept nothing more, answer accepted requests, and stop."""
        self._service.begin_stop()
        await super().shutdown(sockets)
