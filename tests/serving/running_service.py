"""Helpers for tests of the service: a running service, on a free port, in a thread."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from sorot.serving.host.app import build_service
from sorot.serving.host.listen_address import free_port
from sorot.serving.host.server import Server
from sorot.serving.host.tokens import Tokens
from sorot.serving.limits import Limits
from sorot.serving.model.scorer import Scorer

TOKEN = "a-token-of-ours-0123456789"
OTHER = "another-token-of-ours-98765"


@dataclass
class Running:
    """A running service and its log."""

    url: str
    server: Server
    log: io.StringIO = field(repr=False)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def client(self, token: str | None = None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, trust_env=False, timeout=60)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.getvalue().splitlines()]


@contextmanager
def running(
    scorer: Scorer, limits: Limits | None = None, tokens: tuple[str, ...] = (), *, page: bool = False, mcp: bool = False
) -> Iterator[Running]:
    """Serve until the block ends; the service must then stop cleanly."""
    limits = limits or Limits()
    log = io.StringIO()
    up = threading.Event()
    server = Server(
        build_service(scorer, limits, Tokens(tokens), page=page, mcp=mcp, log=log),
        limits,
        host="127.0.0.1",
        port=free_port("127.0.0.1", 0),
        announce=lambda _: up.set(),
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert up.wait(60)
    try:
        yield Running(f"http://127.0.0.1:{server.config.port}", server, log)
    finally:
        server.should_exit = True
        thread.join(60)
        assert not thread.is_alive()


def until(true: Any, seconds: float = 20) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to hold"
        time.sleep(0.02)
