"""Inputs of a web server, one that gives parts of files and one that does not."""

from __future__ import annotations

import gzip
import random
import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sorot.data.article import Article
from sorot.data.errors import InputError
from sorot.data.reading.readers import find_files, read_articles
from sorot.serving.batch.fingerprint import has_changed, run_fingerprint
from sorot.serving.batch.inputs import list_inputs
from sorot.serving.model.scorer import Scorer
from sorot.serving.output.target import as_target
from tests.data.read_inputs import csv_table, json_lines, parquet, read


class Server(BaseHTTPRequestHandler):
    """Serves `files` by path, folders as listings; in parts where `ranges`; to a user alone where a path begins in /secret."""

    files: dict[str, bytes]
    ranges: bool
    served: list[int]
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.answer(with_body=False)

    def do_GET(self) -> None:
        self.answer(with_body=True)

    def answer(self, *, with_body: bool) -> None:
        path = self.path.partition("?")[0]
        status, data, kind = 200, self.files.get(path), "application/octet-stream"
        if path.startswith("/secret"):
            status, data = 403, b"no"
        elif data is None and path.endswith("/"):
            names = sorted(
                {
                    name[len(path) :].partition("/")[0] + "/" * ("/" in name[len(path) :])
                    for name in self.files
                    if name.startswith(path)
                }
            )
            kind, data = "text/html", "".join(f'<a href="{name}">{name}</a>' for name in ["?C=N;O=D", "../", *names]).encode()
            status = 200 if names else 404
        elif data is None:
            inside = any(name.startswith(f"{path}/") for name in self.files)
            status, data = 301 if inside else 404, b"no"
        part = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if part and self.ranges and status == 200:
            status, data = 206, data[int(part[1]) : int(part[2]) + 1]
        self.send_response(status)
        if status == 301:
            self.send_header("Location", f"{path}/")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("ETag", f'"{hash(data) if status == 200 else 0}"')
        self.end_headers()
        if with_body:
            try:
                self.wfile.write(data)
            except OSError:
                self.close_connection = True
                return
            self.served.append(len(data))


@pytest.fixture(params=[True, False], ids=["in parts", "whole"])
def web(request: pytest.FixtureRequest) -> Iterator[tuple[str, type[Server]]]:
    """A web server's address without its protocol, and what it serves."""
    pytest.importorskip("aiohttp", reason="fsspec reads https:// with aiohttp, which is not installed")
    handler = type("Handler", (Server,), {"files": {}, "ranges": request.param, "served": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler))
    thread = threading.Thread(target=partial(server.serve_forever, 0.01), daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}", handler
    server.shutdown()
    server.server_close()
    thread.join()


def test_files_of_a_web_server(web: tuple[str, type[Server]]) -> None:
    host, served = web
    rows = [{"judul": "Judul", "teks": random.Random(n).randbytes(500).hex()} for n in range(4000)]
    served.files |= {
        "/berita/a.jsonl.gz": gzip.compress(json_lines(rows[:5])),
        "/berita/sub/b%20c.csv": csv_table(rows[:2]),
        "/berita/sub/d.parquet": parquet(rows),
        "/berita/besar.jsonl": json_lines(rows),
    }
    n_rows = {"a": 5, "besar": 4000, "sub/b c": 2, "sub/d": 4000}
    found = read(f"http://{host}/berita/")
    assert all(isinstance(item, Article) for item in found)
    assert [item.id.rpartition("-")[0] for item in found if isinstance(item, Article)] == [
        name for name, number in n_rows.items() for _ in range(number)
    ]
    assert [str(file) for file in find_files(f"http://{host}/berita/*.jsonl")] == [f"http://{host}/berita/besar.jsonl"]
    signed = read(f"http://saya:geheim@{host}/berita/a.jsonl.gz?sig=geheim")
    assert len(signed) == 5 and isinstance(signed[0], Article) and signed[0].id == "a-1" and signed[0].source is not None
    assert signed[0].source.file == f"http://***@{host}/berita/a.jsonl.gz?***"


def test_the_first_rows_of_a_large_file_come_without_the_rest(web: tuple[str, type[Server]]) -> None:
    host, served = web
    if not served.ranges:
        pytest.skip("this server gives but whole files")
    rows = [{"judul": "Désa", "teks": random.Random(n).randbytes(1000).hex()} for n in range(8000)]
    served.files |= {"/a.jsonl": json_lines(rows), "/a.parquet": parquet(rows)}
    for path, data in served.files.items():
        served.served.clear()
        assert isinstance(next(read_articles([f"http://{host}{path}"])), Article)
        assert sum(served.served) < len(data) / 2


@pytest.mark.parametrize(
    ("path", "told"),
    [("/absent.jsonl", "no such file"), ("/secret/a.jsonl?sig=geheim", "403 Forbidden"), ("/secret/", "403 Forbidden")],
)
def test_what_a_web_server_refuses_is_one_sentence(web: tuple[str, type[Server]], path: str, told: str) -> None:
    with pytest.raises(InputError) as stop:
        read(f"http://saya:geheim@{web[0]}{path}")
    assert told in str(stop.value) and "geheim" not in str(stop.value)


def test_a_web_server_that_is_not_there_is_one_sentence() -> None:
    pytest.importorskip("aiohttp", reason="fsspec reads https:// with aiohttp, which is not installed")
    with pytest.raises(InputError, match=r"cannot be read: .*onnect.*; check the address") as stop:
        read("http://saya:geheim@127.0.0.1:9/a.jsonl")
    assert "geheim" not in str(stop.value)


def test_a_file_of_a_web_server_that_changes_is_noticed(
    web: tuple[str, type[Server]], tmp_path: Path, tiny_scorer: Scorer
) -> None:
    host, served = web
    served.files |= {"/in/a.txt": b"satu", "/in/b.txt": b"dua"}
    for name in (f"http://{host}/in/", f"http://{host}/in/a.txt?sig=1"):
        served.files["/in/a.txt"] = b"satu"
        files = list_inputs([name], as_target(tmp_path / "out.jsonl"))
        fingerprint = run_fingerprint(tiny_scorer.bundle, files, {})
        assert not has_changed(fingerprint, files)
        served.files["/in/a.txt"] = b"tiga"
        assert has_changed(fingerprint, files)
    again = list_inputs([f"http://{host}/in/a.txt?sig=2"], as_target(tmp_path / "out.jsonl"))
    assert not has_changed(
        run_fingerprint(tiny_scorer.bundle, again, {}),
        list_inputs([f"http://{host}/in/a.txt?sig=3"], as_target(tmp_path / "out.jsonl")),
    )
