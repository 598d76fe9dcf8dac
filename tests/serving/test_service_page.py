"""Attacks through the page's own doors: files of the machine, other machines, what it keeps, and what is printed of it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from serving.scorer import Scorer
from tests.serving.command import GOOD
from tests.serving.service import TOKEN, Running, running

SECRET = "rahasiasekali"
MARK = {"_type": "gradio.FileData"}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of its own for what Gradio keeps."""
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
    """What the page calls with a component of this kind as its first input."""
    config = client.get("/config").json()
    kinds = {one["id"]: one["type"] for one in config["components"]}
    return [one for one in config["dependencies"] if one["inputs"] and kinds[one["inputs"][0]] == kind and one["backend_fn"]]


def join(client: httpx.Client, handler: dict[str, Any], first: object, session: str = "abc123") -> httpx.Response:
    """Ask the page's queue for a handler, whose other inputs are left empty."""
    data = [first, *[None] * (len(handler["inputs"]) - 1)]
    return client.post("/gradio_api/queue/join", json={"data": data, "fn_index": handler["id"], "session_hash": session})


def outcome(client: httpx.Client, session: str = "abc123") -> str:
    """All that the page's stream says until it ends."""
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        return stream.read().decode()


@contextmanager
def counting() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine, and the paths that it is asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(SECRET.encode())

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


def test_no_file_of_the_machine_comes_back_as_an_upload(client: httpx.Client, cache: Path, tmp_path: Path) -> None:
    texts = {"secret.txt": f"{GOOD} {SECRET}", "secret.csv": f"text,outlet\n{GOOD} {SECRET},a\n"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = handlers(client, "file")
    # Of one article, and of a corpus: its columns, its first rows, its scores.
    assert len(found) >= 4
    for handler in found:
        for name in texts:
            for path in (str(tmp_path / name), f"{cache}/../{os.path.relpath(tmp_path / name, cache.parent)}"):
                answer = join(client, handler, {"path": path, "meta": MARK})
                told = outcome(client) if answer.status_code == 200 else answer.text
                assert SECRET not in told and "Pemerintah" not in told, (handler["id"], name)
    assert not [one for one in cache.rglob("*") if one.is_file() and SECRET in one.read_text("utf-8", "replace")]


def test_what_was_uploaded_is_read(client: httpx.Client) -> None:
    [path] = client.post("/gradio_api/upload", files={"files": ("a.txt", GOOD.encode())}).json()
    drop = next(one for one in handlers(client, "file") if len(one["inputs"]) == 2 and len(one["outputs"]) > 8)
    url = f"{client.base_url}gradio_api/file={path}"
    assert join(client, drop, {"path": path, "url": url, "orig_name": "a.txt", "meta": MARK}).status_code == 200
    assert "Pemerintah" in outcome(client)


def test_no_other_machine_is_asked(client: httpx.Client) -> None:
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


def test_what_the_page_does_not_use_is_not_there(client: httpx.Client, cache: Path) -> None:
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


@pytest.mark.parametrize("data", [[SECRET], [], [SECRET, "id", SECRET], [[SECRET], {SECRET: SECRET}]])
def test_nothing_of_a_wrong_call_is_printed(client: httpx.Client, capfd: pytest.CaptureFixture[str], data: list[Any]) -> None:
    config = client.get("/config").json()
    for handler in config["dependencies"]:
        if handler["backend_fn"]:
            body = {"data": data, "fn_index": handler["id"], "session_hash": "wrong1"}
            if client.post("/gradio_api/queue/join", json=body).status_code == 200:
                outcome(client, "wrong1")
    said = capfd.readouterr()
    assert SECRET not in said.err + said.out and "Traceback" not in said.err + said.out
