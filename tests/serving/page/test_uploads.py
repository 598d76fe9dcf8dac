"""Files that browsers send to the page: one that is too large gets a message with the command to run instead."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from sorot.serving.limits import DEFAULT_LIMITS, Limits
from sorot.serving.model.scorer import Scorer
from sorot.serving.page.common.upload_folder import KEPT_SECONDS
from tests.serving.running_service import Running, running, until

LIMITS = Limits(body_bytes=100_000)


@pytest.fixture(scope="module")
def service(tiny_scorer: Scorer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """With the page, and a folder of its own for what is uploaded."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("uploads")))
        with running(tiny_scorer, LIMITS, page=True) as service:
            yield service


def uploaded(client: httpx.Client, name: str, content: bytes) -> dict[str, Any]:
    """A file on its way to the page, as Gradio's own script sends it."""
    answer = client.post("/gradio_api/upload", files={"files": (name, content)})
    assert answer.status_code == 200, answer.text
    return {"path": answer.json()[0], "meta": {"_type": "gradio.FileData"}}


def changed(client: httpx.Client, element: str, *data: Any) -> list[Any]:
    """What the page answers to a change of one of its parts."""
    config = client.get("/config").json()
    part = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == element)
    called = next(d["id"] for d in config["dependencies"] if [part, "change"] in d["targets"])
    session = f"{element}-{called}"
    client.post(
        "/gradio_api/queue/join", json={"data": list(data), "fn_index": called, "session_hash": session}
    ).raise_for_status()
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        for line in stream.iter_lines():
            told = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
            if told.get("msg") == "process_completed":
                assert told["success"], told
                return list(told["output"]["data"])
    raise AssertionError("nothing was answered")


def test_a_file_that_is_too_large_is_told_by_the_page_with_the_command(service: Running) -> None:
    content = b"isi\n" + b"polisi menangkap\n" * 6_500
    assert LIMITS.body_bytes < len(content) < LIMITS.upload_bytes
    with service.client() as client:
        said, *_ = changed(client, "corpus-file", uploaded(client, "korpus besar.csv", content), "id")
        assert "lebih besar dari" in said and "sorot score 'korpus besar.csv' -o out.parquet" in unescape(said)
        assert client.post("/gradio_api/upload", files={"files": ("a.csv", b"x" * LIMITS.upload_bytes)}).status_code == 413
        # Nothing else may be as large.
        assert client.post("/gradio_api/queue/join", content=content).status_code == 413
    assert DEFAULT_LIMITS.upload_bytes > 9_000_000 > DEFAULT_LIMITS.body_bytes


def test_a_file_that_was_deleted_meanwhile_is_told_plainly(service: Running) -> None:
    with service.client() as client:
        sent = uploaded(client, "hilang.csv", b"isi\npolisi\n")
        Path(sent["path"]).unlink()
        said, *_ = changed(client, "corpus-file", sent, "en")
    assert "The file has been deleted. Upload it again." in said


def test_files_have_room_in_sum(service: Running) -> None:
    with service.client() as client:
        folder = Path(uploaded(client, "k.csv", b"isi\npolisi\n")["path"]).parents[1]
        with (folder / "besar").open("wb") as large:
            # It takes no room on most disks, and counts nevertheless.
            large.truncate(LIMITS.held_bytes - LIMITS.upload_bytes // 2)
        answer = client.post("/gradio_api/upload", files={"files": ("a.csv", b"isi\npolisi\n")})
        assert answer.status_code == 503 and answer.headers["Retry-After"] == "600"
        assert "as many uploaded files as it may; try again" in answer.json()["error"]["message"]
        (folder / "besar").unlink()
        uploaded(client, "k.csv", b"isi\npolisi\n")
    assert DEFAULT_LIMITS.held_bytes < 2.1e9


def test_what_gradio_forgets_is_swept_when_a_file_comes(service: Running) -> None:
    with service.client() as client:
        sent = uploaded(client, "k.csv", b"isi\npolisi\n")
        folder = Path(sent["path"]).parents[1]
        old, new, other = folder / "tmpabcd_123", folder / "tmpabcd_124", folder / "tmpabcd_125.csv"
        for path in (old, new, other):
            path.write_bytes(b"isi\n")
        for path in (old, other):
            os.utime(path, (time.time() - KEPT_SECONDS - 60,) * 2)
        changed(client, "corpus-file", sent, "id")
    assert not old.exists() and new.exists() and other.exists()


def test_uploads_are_deleted_when_they_are_old(tiny_scorer: Scorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    monkeypatch.setattr("sorot.serving.page.app.KEPT_SECONDS", 1)
    with running(tiny_scorer, LIMITS, page=True) as service, service.client() as client:
        sent = Path(uploaded(client, "k.csv", b"isi\npolisi\n")["path"])
        assert sent.is_relative_to(tmp_path)
        until(lambda: not sent.exists())
