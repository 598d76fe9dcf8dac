"""Models on the Hugging Face Hub: from its local cache, and fetched only when asked, from a server that answers as the hub does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import sorot
from sorot.serving.model.bundle import BundleError
from tests.tiny_bundle import build_bundle

COMMIT = "a" * 40


def python(code: str, cwd: Path | None = None, **environment: str) -> list[str]:
    """The lines that a fresh interpreter prints; the hub's client reads its settings when it is imported."""
    settings = {"HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1", "NO_PROXY": "127.0.0.1", **environment}
    outer = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=outer | settings, capture_output=True, text=True, check=False, timeout=120, cwd=cwd
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def hub_cache(root: Path, *revisions: str) -> Path:
    """A cache as huggingface_hub lays it out: blobs, snapshots that link to them, and the commit of each branch."""
    folder = root / "models--user--tiny"
    (folder / "blobs").mkdir(parents=True)
    (folder / "refs").mkdir()
    for seed, name in enumerate(revisions):
        commit = f"{seed + 1:040x}"
        snapshot = folder / "snapshots" / commit
        snapshot.mkdir(parents=True)
        for file in build_bundle(root / f"built-{name}", seed=seed).iterdir():
            blob = folder / "blobs" / f"{seed}-{file.name}"
            file.rename(blob)
            (snapshot / file.name).symlink_to(Path("../../blobs") / blob.name)
        (folder / "refs" / name).write_text(commit)
    return root


def test_load_takes_a_hub_model_from_the_local_cache(tmp_path: Path) -> None:
    cache = hub_cache(tmp_path, "main", "v2")
    code = """
import sorot
main, v2 = sorot.load("user/tiny"), sorot.load("user/tiny", revision="v2")
for model in (main, v2):
    print(model.name, model.scorer.bundle.path.name)
print(main.analyze("Pemerintah memblokir situs judi daring hari ini.").logits != v2.analyze("Pemerintah memblokir situs judi daring hari ini.").logits)
try:
    sorot.load("user/other")
except sorot.SorotError as error:
    print(error)
"""
    first, second, differ, error = python(code, HF_HUB_CACHE=str(cache))
    assert first == f"tiny-0 {1:040x}" and second == f"tiny-0 {2:040x}"
    assert differ == "True"
    assert error == (
        "user/other: no such folder here, and no such model in the Hugging Face cache; "
        "check the name, or fetch the model with download=True"
    )


def test_a_folder_here_comes_before_a_hub_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_bundle(tmp_path / "user" / "tiny")
    monkeypatch.chdir(tmp_path)
    assert sorot.load("user/tiny").scorer.bundle.path == Path("user/tiny")


def test_load_without_the_hub_client_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(BundleError, match="needs huggingface_hub; add it with: pip install huggingface_hub"):
        sorot.load("user/tiny")


@contextmanager
def hub_of(folder: Path, kind: str = "models") -> Iterator[tuple[str, list[str]]]:
    """A server with one model or dataset, `user/tiny`, of the files of `folder`: its address, and the paths that were asked for."""
    files_at = "/user/tiny/resolve/" if kind == "models" else f"/{kind}/user/tiny/resolve/"
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    asked: list[str] = []

    class Hub(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Stay silent."""

        def do_HEAD(self) -> None:
            self.do_GET(with_body=False)

        def do_GET(self, *, with_body: bool = True) -> None:
            asked.append(self.path)
            name = self.path.rpartition("/")[2]
            headers = {"X-Repo-Commit": COMMIT}
            status, body = 200, b""
            if self.path.startswith(f"/api/{kind}/user/tiny/tree/{COMMIT}"):
                tree = [{"type": "file", "path": name, "size": len(data), "oid": COMMIT} for name, data in files.items()]
                body = json.dumps(tree).encode()
            elif self.path.startswith(f"/api/{kind}/user/tiny"):
                siblings = [{"rfilename": name} for name in files]
                body = json.dumps({"id": "user/tiny", "sha": COMMIT, "siblings": siblings}).encode()
            elif self.path.startswith(files_at) and name in files:
                body = files[name]
                headers["ETag"] = f'"{sha256(body).hexdigest()}"'
            else:
                status, headers = 404, {"X-Error-Code": "RepoNotFound"}
            self.send_response(status)
            for key, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(key, value)
            self.end_headers()
            if with_body:
                self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join(20)


def test_a_hub_model_is_fetched_only_when_asked_and_then_stays(tiny_bundle: Path, tmp_path: Path) -> None:
    load = """
import sorot
try:
    print(sorot.load("user/tiny", download=DOWNLOAD).name)
except sorot.SorotError as error:
    print(error)
"""
    with hub_of(tiny_bundle) as (address, asked):
        place = {"HF_ENDPOINT": address, "HF_HUB_CACHE": str(tmp_path)}
        [refused] = python(load.replace("DOWNLOAD", "False"), **place)
        assert refused.endswith("or fetch the model with download=True") and not asked
        assert python(load.replace("DOWNLOAD", "True"), **place) == ["tiny-0"]
        assert any(path.endswith("/model.onnx") for path in asked)
        asked.clear()
        assert python(load.replace("DOWNLOAD", "False"), **place) == ["tiny-0"] and not asked
        [unknown] = python(load.replace("DOWNLOAD", "True").replace("user/tiny", "user/none"), **place)
        assert unknown.startswith("user/none: cannot be fetched (") and unknown.endswith("check the name and your access")
    [gone] = python(load.replace("DOWNLOAD", "True").replace("user/tiny", "user/other"), **place)
    assert gone.startswith("user/other: cannot be fetched") and "check the name" in gone


def test_a_dataset_of_a_recipe_is_fetched_only_when_asked(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    record = {"id": "a", "text": "Situs itu diblokir.", "topics": ["censorship"], "stance": "oppose", "sentiment": "negative"}
    (tmp_path / "set" / "train.jsonl").write_text(json.dumps(record), encoding="utf-8")
    load = """
from sorot.data.taxonomy import load_taxonomy
from sorot.training.input.sources import load_run_data
from sorot.training.recipe import Recipe
data = [{"path": "hf:user/NAME", "download": DOWNLOAD}, {"path": "set/train.jsonl"}]
try:
    print(len(load_run_data(Recipe(name="a", version="1", data=data, dev={"fraction": 0.5}), load_taxonomy()).train))
except Exception as error:
    print(type(error).__name__, error)
"""
    with hub_of(tmp_path / "set", "datasets") as (address, asked):
        place = {"HF_ENDPOINT": address, "HF_HUB_CACHE": str(tmp_path / "cache")}
        fetch = load.replace("NAME", "tiny").replace("DOWNLOAD", "True")
        [refused] = python(fetch.replace("True", "False"), cwd=tmp_path, **place)
        assert refused.startswith("LabelError hf:user/tiny: cannot be read") and not asked
        assert python(fetch, cwd=tmp_path, **place) == ["1"]
        assert any(path.endswith("/train.jsonl") for path in asked)
        [unknown] = python(fetch.replace("tiny", "none"), cwd=tmp_path, **place)
        assert unknown.startswith("LabelError hf:user/none: cannot be downloaded (") and unknown.endswith("and your access")
