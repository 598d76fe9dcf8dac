"""Callers of the service, for locust: each sends the next of the given texts as soon as it is answered, and checks the answer.

Driven by tests.benchmarks.service_load, which says by environment variables which texts, where to write what was found, and how
many requests to send (0: until locust's own time is over).
"""

from __future__ import annotations

import itertools
import json
import os
import time
from pathlib import Path
from typing import Any

import gevent
from locust import FastHttpUser, constant, events, task

TEXTS: list[dict[str, Any]] = json.loads(Path(os.environ["SOROT_LOAD_TEXTS"]).read_text(encoding="utf-8"))
WANTED = int(os.environ.get("SOROT_LOAD_REQUESTS", "0"))
SENT = itertools.count()
BEGUN = time.perf_counter()
# Seconds since the start at which each was answered, how long that took, what it got: its status, 0 for none, -1 for a wrong answer.
ANSWERED: list[tuple[float, float, int]] = []


class Caller(FastHttpUser):
    """One who asks again at once, also where the queue is full, as only that shows what is beyond it."""

    wait_time = constant(0)
    connection_timeout = network_timeout = 120.0

    @task
    def analyze(self) -> None:
        number = next(SENT)
        if WANTED and number >= WANTED:
            # What others still wait for is waited for, too, so nobody may wait here for the end.
            gevent.spawn(self.environment.runner.quit)
            self.stop()
            return
        given = TEXTS[number % len(TEXTS)]
        begun = time.perf_counter()
        answer = self.client.post("/v1/analyze", json={"text": given["text"]}, name="analyze")
        took = time.perf_counter() - begun
        status = int(answer.status_code or 0)
        if status == 200:
            found = answer.json()
            status = 200 if {name: found[name] for name in given["wanted"]} == given["wanted"] else -1
        elif status == 429:
            # One second at most, lest the measurement is of waiting.
            assert int(answer.headers["Retry-After"]) >= 1
            time.sleep(0.2)
        ANSWERED.append((time.perf_counter() - BEGUN, took, status))


@events.test_start.add_listener
def _begin(**_: object) -> None:
    global BEGUN
    BEGUN = time.perf_counter()


@events.quitting.add_listener
def _write(**_: object) -> None:
    sent = next(SENT)
    Path(os.environ["SOROT_LOAD_FOUND"]).write_text(
        json.dumps({"sent": min(sent, WANTED) if WANTED else sent, "answered": ANSWERED}), encoding="utf-8"
    )
