"""Run the service until it is told to stop; then what it has taken is answered first."""

from __future__ import annotations

import asyncio
import logging
import math
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from sorot.serving.host.app import Service
from sorot.serving.host.listen_address import page_url
from sorot.serving.limits import Limits

STOPPING = (signal.SIGINT, signal.SIGTERM)
TALKING = ("uvicorn", "asyncio", "trafilatura", "htmldate", "justext", "courlan", "mcp")
HEADER_SECONDS = 10
CONNECTIONS = 1024
# For what is being scored to be answered, after those who wait were told that it stops.
GRACE_SECONDS = 3


class _Protocol(H11Protocol):
    """Closes a connection whose next request does not begin within some seconds: the library waits for headers for ever."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._lose_patience()
        super().connection_lost(exc)

    def _between_requests(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _watch(self) -> None:
        if not self._between_requests():
            self._lose_patience()
        elif self._patience is None:
            self._patience = self.loop.call_later(HEADER_SECONDS, self._give_up)

    def _lose_patience(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        self._patience = None
        if self._between_requests():
            self.transport.close()


class Server(uvicorn.Server):
    """A uvicorn server of the service: `announce` is told its address once it answers."""

    def __init__(self, service: Service, limits: Limits, *, host: str, port: int, announce: Callable[[str], None]) -> None:
        self._service, self._announce = service, announce
        # The service has a log of its own, and reports its own faults; warnings of libraries may hold what was sent.
        for name in TALKING:
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
                # By then what waits has been answered that it will not be scored.
                timeout_graceful_shutdown=math.ceil(limits.stop_seconds) + GRACE_SECONDS,
            )
        )

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """A signal to stop is no error, so, unlike uvicorn's own, this raises none in the end."""
        # Python takes signals in its main thread alone.
        numbers = STOPPING if threading.current_thread() is threading.main_thread() else ()
        before = {number: signal.signal(number, self.handle_exit) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        if self.started:
            self._announce(page_url(self.config.host, self.config.port))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more, answer what is taken, and stop."""
        self._service.begin_stop()
        await super().shutdown(sockets)
