"""Attacks through Gradio's routes: files of this machine, other machines, stored text, printed text."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from sorot.serving.host.page_mount import Page, mount_page
from sorot.serving.limits import Limits
from sorot.serving.model.scorer import Scorer
from sorot.serving.service.batching import Batcher
from sorot.serving.service.queued_scorer import QueuedScorer
from sorot.serving.workers.lanes import IN_THIS_PROCESS
from tests.serving.command import GOOD
from tests.serving.running_service import OTHER, TOKEN, Running, running, until
from tests.serving.service.test_service import Slow

SECRET = "rahasiasekali"
MARK = {"_type": "gradio.FileData"}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A temporary folder for Gradio's files."""
    folder = tmp_path_factory.mktemp("gradio")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(folder))
        yield folder


@pytest.fixture(scope="module")
def service(tiny_scorer: Scorer, cache: Path) -> Iterator[Running]:
    assert os.environ["GRADIO_TEMP_DIR"] == str(cache)
    with running(tiny_scorer, tokens=(TOKEN,), page=True) as service:
        yield service


@pytest.fixture(scope="module")
def client(service: Running) -> Iterator[httpx.Client]:
    with service.client(TOKEN) as client:
        yield client


def handlers(client: httpx.Client, kind: str) -> list[dict[str, Any]]:
    """The page's handlers whose first input is a component of this kind."""
    config = client.get("/config").json()
    kinds = {one["id"]: one["type"] for one in config["components"]}
    return [one for one in config["dependencies"] if one["inputs"] and kinds[one["inputs"][0]] == kind and one["backend_fn"]]


def join(client: httpx.Client, handler: dict[str, Any], first: object, session: str = "abc123") -> httpx.Response:
    """Queue a call of a handler, with all other inputs empty."""
    data = [first, *[None] * (len(handler["inputs"]) - 1)]
    return client.post("/gradio_api/queue/join", json={"data": data, "fn_index": handler["id"], "session_hash": session})


def outcome(client: httpx.Client, session: str = "abc123") -> str:
    """The page's event stream until it ends."""
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        return stream.read().decode()


@contextmanager
def counting() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine, and the paths requested from it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(SECRET.encode())

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


def test_no_file_of_the_machine_is_read_as_an_upload(client: httpx.Client, cache: Path, tmp_path: Path) -> None:
    texts = {"secret.txt": f"{GOOD} {SECRET}", "secret.csv": f"text,outlet\n{GOOD} {SECRET},a\n"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = handlers(client, "file")
    # The upload of one article, and of a corpus: columns, first rows, scores.
    assert len(found) >= 4
    for handler in found:
        for name in texts:
            for path in (str(tmp_path / name), f"{cache}/../{os.path.relpath(tmp_path / name, cache.parent)}"):
                answer = join(client, handler, {"path": path, "meta": MARK})
                told = outcome(client) if answer.status_code == 200 else answer.text
                assert SECRET not in told and "Pemerintah" not in told, (handler["id"], name)
    assert not [one for one in cache.rglob("*") if one.is_file() and SECRET in one.read_text("utf-8", "replace")]


def test_an_uploaded_file_is_read(client: httpx.Client) -> None:
    [path] = client.post("/gradio_api/upload", files={"files": ("a.txt", GOOD.encode())}).json()
    drop = next(one for one in handlers(client, "file") if len(one["inputs"]) == 2 and len(one["outputs"]) > 8)
    url = f"{client.base_url}gradio_api/file={path}"
    assert join(client, drop, {"path": path, "url": url, "orig_name": "a.txt", "meta": MARK}).status_code == 200
    assert "Pemerintah" in outcome(client)


def test_no_other_machine_is_contacted(client: httpx.Client) -> None:
    with counting() as (url, asked):
        for handler in handlers(client, "file"):
            for given in ({"path": f"{url}/a.txt", "meta": MARK}, {"path": f"{url}/a.csv", "url": f"{url}/b.csv", "meta": MARK}):
                if join(client, handler, given).status_code == 200:
                    assert SECRET not in outcome(client)
        for method in ("GET", "HEAD"):
            for path in (f"file={url}/a", f"file/{url}/a", f"proxy={url}/a", f"file={url.upper()}/a"):
                assert client.request(method, f"/gradio_api/{path}").status_code in (403, 404)
        client.post("/gradio_api/call/analyse", json={"data": [{"path": f"{url}/a.txt", "meta": MARK}, "id"]})
        assert asked == []


def test_gradio_routes_that_the_page_does_not_use_are_not_there(client: httpx.Client, cache: Path) -> None:
    analyse = next(one for one in handlers(client, "textbox") if one["api_name"] == "analyse")
    assert join(client, analyse, f"{GOOD} {SECRET}", "deep1").status_code == 200
    assert SECRET in outcome(client, "deep1")
    for path in (
        "deep_link?session_hash=deep1",
        "openapi.json",
        "vibe-code",
        "dev/reload",
        "token",
        "stream/a/0/1/playlist.m3u8",
    ):
        assert client.get(f"/gradio_api/{path}").status_code == 404, path
    for path in (
        "component_server",
        "process_recording",
        "vibe-edit",
        "run/analyse",
        "api/analyse",
        "call/v2/analyse",
        "stream/a",
    ):
        assert client.post(f"/gradio_api/{path}", json={}).status_code == 404, path
    assert client.post("/login", data={"username": "a", "password": "b"}).status_code == 404
    assert client.get("/monitoring/summary").status_code == 404
    assert not (cache / "deep_links").exists()
    # Calls that must wait in the queue cannot bypass it.
    data = {"data": [GOOD, "id"], "fn_index": analyse["id"], "session_hash": "deep1"}
    assert client.post("/gradio_api/run/predict", json=data).status_code == 404


def test_an_example_fills_the_box_and_is_analysed(client: httpx.Client) -> None:
    [example] = handlers(client, "dataset")
    assert join(client, example, 0, "example1").status_code == 200
    assert "label-chip" in outcome(client, "example1")


@pytest.mark.parametrize("data", [[SECRET], [], [SECRET, "id", SECRET], [[SECRET], {SECRET: SECRET}]])
def test_a_wrong_call_is_not_printed(client: httpx.Client, capfd: pytest.CaptureFixture[str], data: list[Any]) -> None:
    config = client.get("/config").json()
    queued = 0
    for handler in config["dependencies"]:
        if handler["backend_fn"]:
            body = {"data": data, "fn_index": handler["id"], "session_hash": "wrong1"}
            queued += client.post("/gradio_api/queue/join", json=body).status_code == 200
            client.post("/gradio_api/run/predict", json=body)
    # One stream for all, since each takes a while to end.
    assert queued and outcome(client, "wrong1").count("process_completed") == queued
    said = capfd.readouterr()
    assert SECRET not in said.err + said.out and "Traceback" not in said.err + said.out


def test_gradio_itself_accepts_only_uploads(tiny_scorer: Scorer, cache: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(f"{GOOD} {SECRET}", encoding="utf-8")
    api, page, batcher = mounted(tiny_scorer)
    # Without our middleware: a second line of defence.
    with TestClient(api) as bare, closing(batcher):
        for handler in handlers(bare, "file"):
            assert join(bare, handler, {"path": str(tmp_path / "secret.txt"), "meta": MARK}).status_code == 200
            assert SECRET not in outcome(bare)
        assert page.blocks.is_running
    assert not [one for one in cache.rglob("*") if one.is_file() and SECRET in one.read_text("utf-8", "replace")]


def mounted(scorer: Scorer, limits: Limits = Limits()) -> tuple[FastAPI, Page, Batcher]:  # noqa: B008
    batcher = Batcher(scorer, capacity=limits.queue, budget=64)
    api = FastAPI()
    return api, mount_page(api, QueuedScorer(scorer, batcher), limits, IN_THIS_PROCESS), batcher


def test_pasted_text_is_forgotten(tiny_scorer: Scorer, cache: Path) -> None:
    del cache
    api, page, batcher = mounted(tiny_scorer, Limits(sessions=4, session_seconds=1.0))
    holder, queue = page.blocks.state_holder, page.blocks._queue
    with TestClient(api) as client, closing(batcher):
        for number in range(9):
            text = f"{GOOD} {SECRET}"
            # Each is a visitor who never returns; half of the answers are never fetched.
            event = client.post("/gradio_api/call/analyse", json={"data": [text, "id"]}).json()["event_id"]
            if number % 2:
                assert SECRET in client.get(f"/gradio_api/call/analyse/{event}").text
        until(lambda: not page.busy)
        assert 1 <= len(holder.session_data) <= 4
        assert any(SECRET in str(state.config_values) for state in holder.session_data.values())
        until(lambda: not holder.session_data)
        assert not holder.time_last_used
        until(lambda: not queue.pending_messages_per_session and not queue.pending_event_ids_session)
        assert not queue.event_ids_to_events


def test_a_visitor_with_the_page_open_is_remembered(tiny_scorer: Scorer, cache: Path) -> None:
    del cache
    with running(tiny_scorer, Limits(session_seconds=0.5), page=True) as service, service.client() as client:
        analyse = next(one for one in handlers(client, "textbox") if one["api_name"] == "analyse")
        # The switch of language, which shows the visitor's article again.
        switch = next(one for one in handlers(client, "state") if len(one["inputs"]) == 2 and len(one["outputs"]) > 6)
        with client.stream("GET", "/gradio_api/heartbeat/stays1"):
            join(client, analyse, GOOD, "stays1")
            outcome(client, "stays1")
            time.sleep(2.5)
            join(client, switch, None, "stays1")
            assert "situs judi daring di Jakarta" in outcome(client, "stays1")
        time.sleep(2.5)
        join(client, switch, None, "stays1")
        assert "situs judi daring di Jakarta" not in outcome(client, "stays1")


def test_waiting_visitors_are_answered_before_the_service_stops(tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch)
    with ThreadPoolExecutor(1) as readers, running(tiny_scorer, page=True) as service, service.client() as client:
        analyse = next(one for one in handlers(client, "textbox") if one["api_name"] == "analyse")
        join(client, analyse, GOOD)
        until(lambda: "sorot_queue_articles 1.0" in client.get("/metrics").text)
        told = readers.submit(outcome, client)
        time.sleep(0.3)
        service.server.should_exit = True
        time.sleep(0.7)
        slow.go.set()
        assert "Server stopped" not in told.result(30) and "label-chip" in told.result()


def test_visitors_who_wait_too_long_read_that_the_service_stops(tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch)
    limits = Limits(stop_seconds=0.5)
    with ThreadPoolExecutor(1) as readers, running(tiny_scorer, limits, page=True) as service, service.client() as client:
        analyse = next(one for one in handlers(client, "textbox") if one["api_name"] == "analyse")
        # The startup example is being scored; this article waits behind it.
        assert slow.begun.wait(20)
        join(client, analyse, GOOD)
        until(lambda: "sorot_queue_articles 1.0" in client.get("/metrics").text)
        told = readers.submit(outcome, client)
        time.sleep(0.3)
        service.server.should_exit = True
        assert "the service is stopping" in told.result(30)
        slow.go.set()


def test_an_open_page_does_not_delay_the_shutdown(tiny_scorer: Scorer) -> None:
    with (
        running(tiny_scorer, page=True) as service,
        service.client() as client,
        client.stream("GET", "/gradio_api/heartbeat/open") as heartbeat,
    ):
        lines = heartbeat.iter_lines()
        assert next(lines) == "data: ALIVE"
        begun = time.monotonic()
        service.server.should_exit = True
        assert not [line for line in lines if line and line != "data: ALIVE"]
        # A stream cut off at the end of the grace period, after 13 s, would be an error here.
        assert time.monotonic() - begun < 9


def test_articles_of_the_page_are_counted(client: httpx.Client) -> None:
    def count(name: str) -> float:
        [line] = [one for one in client.get("/metrics").text.splitlines() if one.startswith(f"sorot_{name}_total ")]
        return float(line.split()[1])

    until(lambda: count("articles") >= 1)
    articles, tokens = count("articles"), count("tokens")
    analyse = next(one for one in handlers(client, "textbox") if one["api_name"] == "analyse")
    join(client, analyse, GOOD, "count1")
    outcome(client, "count1")
    assert count("articles") == articles + 1 and count("tokens") > tokens


def test_open_streams_per_token_are_limited(tiny_scorer: Scorer) -> None:
    with running(tiny_scorer, Limits(streams=2), (TOKEN, OTHER), page=True) as service, service.client(TOKEN) as client:
        with client.stream("GET", "/gradio_api/heartbeat/a"), client.stream("GET", "/gradio_api/heartbeat/b"):
            full = client.get("/v1/model")
            assert (
                full.status_code == 429
                and full.headers["Retry-After"] == "5"
                and "requests with this token are open" in full.text
            )
            assert client.post("/v1/analyze", json={"text": GOOD}).status_code == 200
            with service.client(OTHER) as other:
                assert other.get("/v1/model").status_code == 200
        until(lambda: client.get("/v1/model").status_code == 200)


@pytest.mark.parametrize(
    "asked",
    [
        {"session_hash": "x" * 65},
        {"session_hash": "../a"},
        {"session_hash": 5},
        {"data": [[{"a": {"path": "/etc/hostname"}}]]},
        {"data": [{"path": "relative.txt"}]},
        {"data": [{"path": "a\0b"}]},
        {"data": [{"path": "file:///etc/hostname"}]},
        {"event_data": {"path": "http://127.0.0.1/"}},
    ],
)
def test_a_call_that_no_page_sends_is_refused(client: httpx.Client, asked: dict[str, Any]) -> None:
    answer = client.post("/gradio_api/queue/join", json={"data": [], "fn_index": 0, "session_hash": "a", **asked})
    assert answer.status_code == 422 and ";" in answer.json()["error"]["message"]
    assert client.post("/gradio_api/queue/join", content=b"[" * 99_999).status_code == 422
