"""Inputs at addresses (memory://, a web server of this process), inputs that are large, and what may not be told of either."""

from __future__ import annotations

import gzip
import importlib
import io
import json
import random
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.addresses import hide_secrets, shown_address
from data.article import Article, Reject
from data.columns import Columns, InputError
from data.parquet_rows import read_parquet
from data.readers import find_files, read_articles
from serving.batch import score_files
from serving.fingerprint import has_changed, run_fingerprint
from serving.inputs import list_inputs
from serving.scorer import Scorer
from serving.target import as_target
from serving.writers import OutputError
from tests.serving.command import GOOD, lines, run

BODY = "Pemerintah kota membuka taman baru di tepi sungai pada hari Minggu. Warga datang sejak pagi dan menikmati udara segar."


@pytest.fixture(autouse=True)
def memory() -> Iterator[fsspec.AbstractFileSystem]:
    """The file system memory://, empty."""
    files = fsspec.filesystem("memory")
    files.store.clear()
    files.pseudo_dirs[:] = [""]
    yield files
    files.store.clear()


def put(name: str, data: bytes | str) -> None:
    fsspec.filesystem("memory").pipe(name, data.encode() if isinstance(data, str) else data)


def read(*inputs: str, columns: Columns | None = None) -> list[Article | Reject]:
    return list(read_articles(list(inputs), columns=columns))


def ids(*inputs: str) -> list[str]:
    return [item.id for item in read(*inputs) if isinstance(item, Article)]


def parquet(rows: list[dict[str, str]]) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(
        pa.Table.from_pylist(rows, schema=pa.schema([("judul", pa.string()), ("teks", pa.string())])), buffer, row_group_size=200
    )
    return buffer.getvalue()


def zstd(data: bytes) -> bytes:
    packed = pa.BufferOutputStream()
    with pa.CompressedOutputStream(packed, "zstd") as stream:
        stream.write(data)
    return bytes(packed.getvalue().to_pybytes())


def json_lines(rows: list[dict[str, str]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def csv_table(rows: list[dict[str, str]]) -> bytes:
    return ("judul,teks\n" + "".join(f'"{row["judul"]}","{row["teks"]}"\n' for row in rows)).encode()


def pages(rows: list[dict[str, str]]) -> bytes:
    return "".join(f"<article><h1>{row['judul']}</h1><p>{row['teks']}</p><p>{BODY}</p></article>" for row in rows).encode()


KINDS: dict[str, Callable[[list[dict[str, str]]], bytes]] = {
    "a.jsonl": json_lines,
    "sub/b.csv": csv_table,
    "sub/deep/c.parquet": parquet,
    "d.txt": csv_table,
    "e.html": pages,
    "f.jsonl.gz": lambda rows: gzip.compress(json_lines(rows)),
    "sub/g.csv.zst": lambda rows: zstd(csv_table(rows)),
    "h.parquet": lambda rows: gzip.compress(parquet(rows)),
    "i.bin": json_lines,
    ".hidden.jsonl": json_lines,
    "sub/.cache/j.jsonl": json_lines,
    "k.run.json": json_lines,
    "sub b/l.json": lambda rows: json.dumps(rows).encode(),
}
TEXTS = st.text(st.sampled_from("aku dé.\n"), max_size=12)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    files=st.dictionaries(
        st.sampled_from(sorted(KINDS)),
        st.lists(st.fixed_dictionaries({"judul": TEXTS, "teks": TEXTS}), max_size=3),
        min_size=1,
    ),
    cut=st.integers(0, 40),
    pattern=st.sampled_from(["", "/", "/*", "/**", "/**/*.csv*", "/sub/*/c.parquet", "/[a-d]*", "/sub*/?.*"]),
)
def test_rows_of_addresses_are_those_of_local_files(
    memory: fsspec.AbstractFileSystem,
    tmp_path_factory: pytest.TempPathFactory,
    files: dict[str, list[dict[str, str]]],
    cut: int,
    pattern: str,
) -> None:
    root = tmp_path_factory.mktemp("files")
    memory.store.clear()
    for name, rows in files.items():
        data = KINDS[name](rows)
        # Every now and then one is cut off.
        data = data[: len(data) - (cut if cut > 30 else 0)]
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
        put(f"/archive/{name}", data)

    def outcome(place: str) -> object:
        try:
            found = read(place + pattern)
        except InputError as error:
            return str(error).replace(place, "PLACE").replace("check the path", "check the address")
        return [
            replace(item, source=item.source and replace(item.source, file=item.source.file.replace(place, "PLACE")))
            if isinstance(item, Article)
            else replace(item, file=item.file.replace(place, "PLACE"), reason=item.reason.replace(place, "PLACE"))
            for item in found
        ]

    assert outcome("memory://archive") == outcome(str(root))


def test_a_file_at_an_address_is_called_as_the_user_calls_it() -> None:
    for name in ("a/x.txt", "b/x.txt", "b/y z.csv"):
        put(f"/archive/{name}", "teks\nsatu\n")
    assert ids("memory://archive") == ids("memory://archive/") == ["a/x", "b/x", "b/y z-2"]
    assert ids("memory://archive/*/x.txt") == ["a/x", "b/x"]
    assert ids("memory://archive/b/*") == ["x", "y z-2"]
    assert ids("memory://archive/a/x.txt", "memory://archive/", "memory://archive/**") == ["x", "b/x", "b/y z-2"]
    found = [
        item.source.file
        for item in read("memory://archive/", "memory://archive/*/*.csv")
        if isinstance(item, Article) and item.source
    ]
    assert found == ["memory://archive/a/x.txt", "memory://archive/b/x.txt", "memory://archive/b/y z.csv"]
    assert [str(file) for file in find_files("memory://archive/b")] == found[1:]


def test_files_of_unknown_type_at_an_address_are_rejects() -> None:
    put("/archive/a.txt", BODY)
    put("/archive/b.pdf", BODY)
    article, reject = read("memory://archive")
    assert isinstance(article, Article) and isinstance(reject, Reject)
    assert (reject.file, reject.reason[:17]) == ("memory://archive/b.pdf", "unknown type .pdf")
    assert [str(file) for file in find_files("memory://archive")] == ["memory://archive/a.txt"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("memory://absent.jsonl", "memory://absent.jsonl: no such file or folder, and nothing matches"),
        ("memory://archive/*.csv", "memory://archive/*.csv: no such file or folder, and nothing matches"),
        ("memory://archive", "memory://archive: the folder holds no file that can be read (.txt"),
        ("nosuch://u:geheim@host/x", "nosuch://***@host/x: no file system is known for nosuch://"),
    ],
)
def test_what_is_not_at_an_address_is_one_sentence(name: str, told: str) -> None:
    put("/archive/b.pdf", BODY)
    with pytest.raises(InputError) as stop:
        read(name)
    assert str(stop.value).startswith(told)


@pytest.mark.parametrize(("protocol", "package"), [("s3", "s3fs"), ("gs", "gcsfs"), ("https", "aiohttp")])
def test_a_missing_package_is_named(
    protocol: str, package: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    # By its name `fsspec.registry` is the table in that module.
    module = importlib.import_module("fsspec.registry")
    monkeypatch.setattr(module, "_import_class", absent)
    monkeypatch.delitem(module._registry, protocol, raising=False)
    assert run(monkeypatch, "score", f"{protocol}://bucket/berita.jsonl", "-o", tmp_path / "out.jsonl") == 2
    error = capfd.readouterr().err
    assert error.startswith(f"sorot: {protocol}://bucket/berita.jsonl: a package is missing: ") and package in error
    assert error.count("\n") == 1


class Failing(io.RawIOBase):
    """A file of a store whose connection breaks at a place of it, with an error that is no OSError."""

    def __init__(self, data: bytes, breaks_at: int, message: str) -> None:
        super().__init__()
        self.inner, self.breaks_at, self.message = io.BytesIO(data), breaks_at, message

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self.inner.tell() <= self.breaks_at < self.inner.tell() + size:
            raise LookupError(self.message)
        return self.inner.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.inner.seek(offset, whence)

    def tell(self) -> int:
        return self.inner.tell()


@pytest.mark.parametrize(
    ("name", "pack"), [("a.jsonl", bytes), ("a.jsonl.gz", gzip.compress), ("a.jsonl.zst", zstd), ("a.parquet", None)]
)
def test_a_connection_that_breaks_costs_the_rest_of_its_file(
    name: str, pack: Callable[[bytes], bytes] | None, memory: fsspec.AbstractFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"judul": "Judul", "teks": random.Random(n).randbytes(400).hex()} for n in range(3000)]
    data = pack(json_lines(rows)) if pack else parquet(rows)
    put(f"/archive/{name}", data)
    put("/archive/b.txt", BODY)
    whole = type(memory)._open
    message = 'read of "https://host/a?X-Signature=geheim" timed out\nat once'

    def breaking(self: fsspec.AbstractFileSystem, path: str, *arguments: object, **options: object) -> object:
        return Failing(data, len(data) * 2 // 3, message) if name in path else whole(self, path, *arguments, **options)

    monkeypatch.setattr(type(memory), "_open", breaking)
    *articles, reject, last = read("memory://archive")
    assert isinstance(last, Article) and last.id == "b"
    assert reject == Reject(
        f"memory://archive/{name}", None, 'the file cannot be read: read of "https://host/a?***" timed out at once'
    )
    assert len(articles) > 500 and all(isinstance(item, Article) for item in articles)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (
            PermissionError(13, "Access Denied"),
            "cannot be read: Access Denied; check the address, your permission and the connection",
        ),
        (RuntimeError("Unable to locate credentials"), "cannot be read: Unable to locate credentials; check the address"),
        (ConnectionError("no route to geheim"), "cannot be read: no route to ***; check"),
        (RuntimeError(), "cannot be read: RuntimeError; check"),
    ],
)
def test_a_store_that_does_not_answer_is_one_sentence(
    error: Exception, reason: str, memory: fsspec.AbstractFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(type(memory), "info", fail)
    with pytest.raises(InputError) as stop:
        read("memory://saya:geheim@archive/a.jsonl")
    assert str(stop.value).startswith(f"memory://***@archive/a.jsonl: {reason}")
    assert stop.value.__cause__ is None


@settings(max_examples=200, deadline=None)
@given(
    secret=st.text(st.sampled_from("geHEIM0123/:?#%=&+ é*'\""), min_size=4, max_size=20).filter(lambda s: len(s.strip()) > 3),
    form=st.sampled_from(
        [
            "https://saya:{}@host/a.jsonl",
            "sftp://saya:{}@host:22/a.jsonl",
            "https://host/a b.jsonl?X-Signature={}&n=1",
            "s3://bucket/a.jsonl?versionId={}",
            "zip://a.csv::https://saya:{}@host/a.zip?k=1",
        ]
    ),
)
def test_no_secret_of_an_address_is_told(secret: str, form: str) -> None:
    address = form.format(f"QQ{secret}QQ")
    assert "QQ" not in shown_address(address)
    assert "QQ" not in hide_secrets(f"cannot read '{address}' at {address}, alone", address)
    assert shown_address(address).startswith(form[:5])


@pytest.mark.parametrize(
    "address",
    [
        "s3://bucket/year=202?/a.jsonl",
        "memory://a/b c.txt",
        "https://host:8000/a@b.jsonl",
        "abfs://container@account/x.csv",
        "gs://b/a:b@c",
    ],
)
def test_what_is_no_secret_stays(address: str) -> None:
    assert shown_address(address) == address


def test_a_signed_address_is_told_nowhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tiny_bundle: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = "geheim" * 60
    name = f"memory://saya:geheim@archive/a.jsonl?X-Signature={secret}"
    put(f"/saya:geheim@archive/a.jsonl?X-Signature={secret}", "".join(json.dumps({"isi": t}) + "\n" for t in (GOOD, "")) + "{\n")
    out = tmp_path / "out.jsonl"
    assert run(monkeypatch, "score", name, "-o", out, "--bundle", tiny_bundle, "--json") == 0
    assert run(monkeypatch, "score", name + "x", "-o", tmp_path / "no.jsonl", "--bundle", tiny_bundle) == 2
    told = "".join(capfd.readouterr()) + "".join(path.read_text() for path in tmp_path.iterdir())
    assert "memory://***@archive/a.jsonl?***" in told and "geheim" not in told
    assert {row["source"] for row in lines(out)} == {"memory://***@archive/a.jsonl?***"}


def test_a_run_over_addresses_is_resumed_and_knows_its_input(
    tmp_path: Path, tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("/archive/a.jsonl", json.dumps({"isi": GOOD}))
    put("/archive/b.txt", GOOD)
    out = tmp_path / "out.jsonl"
    inputs = ["memory://archive/b.txt", "memory://archive/"]
    assert score_files(tiny_scorer, inputs, out).articles == 2
    assert score_files(tiny_scorer, inputs, out).repeated
    files = list_inputs(inputs, as_target(tmp_path / "other.jsonl"))
    fingerprint = run_fingerprint(tiny_scorer.bundle, files, {})
    assert not has_changed(fingerprint, files)
    put("/archive/c.txt", GOOD)
    assert not has_changed(fingerprint, files)
    put("/archive/a.jsonl", json.dumps({"isi": GOOD}))
    assert has_changed(fingerprint, files)
    again = list_inputs(inputs, as_target(tmp_path / "other.jsonl"))
    assert not has_changed(run_fingerprint(tiny_scorer.bundle, again, {}), again)
    assert not score_files(tiny_scorer, inputs, out).repeated
    fsspec.filesystem("memory").rm("/archive/b.txt")
    assert has_changed(fingerprint, files)

    def changing(*arguments: object, **options: object) -> Iterator[Article | Reject]:
        yield from read_articles(*arguments, **options)  # type: ignore[arg-type]
        put("/archive/a.jsonl", "{}")

    monkeypatch.setattr("serving.units.read_articles", changing)
    with pytest.raises(OutputError, match="the input changed while it was read"):
        score_files(tiny_scorer, ["memory://archive"], tmp_path / "third.jsonl")


def test_an_address_on_this_machine_is_a_local_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(BODY, encoding="utf-8")
    assert find_files(f"file://{tmp_path}") == [tmp_path / "a.txt"]
    with pytest.raises(InputError, match="what this run writes"):
        find_files(f"file://{tmp_path}/a.txt", [tmp_path / "a.txt"])


# Large inputs.


class Counting(io.BytesIO):
    """A file that says how much of it was read."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


@pytest.mark.parametrize("group", [500, 16_000])
def test_rows_of_parquet_arrive_before_the_file_is_read(group: int) -> None:
    rng = random.Random(0)
    rows = 16_000
    noise = pa.array([rng.randbytes(500) for _ in range(rows)])
    table = pa.table(
        {"judul": [f"judul {n}" for n in range(rows)], "teks": [rng.randbytes(500).hex() for _ in range(rows)], "gambar": noise}
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer, row_group_size=group, use_dictionary=False)
    file = Counting(buffer.getvalue())
    size = len(file.getvalue())
    del table, noise, buffer
    before = pa.total_allocated_bytes()
    found = read_parquet(file, "a.parquet", "a", Columns())
    first = next(found)
    assert isinstance(first, Article) and file.taken < size / 6
    peak = 0
    for number, _ in enumerate(found, 2):
        if number % 256 == 0:
            peak = max(peak, pa.total_allocated_bytes() - before)
    assert number == rows and peak < 10_000_000
    # The column that nobody asked for, half of the file, was not read.
    assert file.taken < size * 0.75


@pytest.mark.parametrize(
    "row", ["{n},Judul {n},{text} {n}", '{n},"Judul {n}","{text}, {n}"', '{n},Judul {n},"{text}\nlanjut, {n}"']
)
@pytest.mark.parametrize(
    "broken", ['rusak,"Judul tanpa tutup,teks', 'rusak,Judul,"teks tanpa tutup', 'rusak,Judul "dua",teks" dan "lagi']
)
def test_a_broken_quote_in_a_large_table_costs_a_few_rows(tmp_path: Path, row: str, broken: str) -> None:
    path = tmp_path / "a.csv"
    n_rows, text = 2400, "kata " * 900
    made = [row.format(n=n, text=text) for n in range(n_rows)]
    made[n_rows // 2 : n_rows // 2] = [broken]
    path.write_text("id,judul,teks\n" + "\n".join(made) + "\n", encoding="utf-8")
    assert path.stat().st_size > 10_000_000
    articles = [item for item in read(str(path)) if isinstance(item, Article) and item.id != "rusak"]
    assert len(articles) >= n_rows - 5
    assert all(item.title == f"Judul {item.id}" and item.body.endswith(item.id) for item in articles)
    assert {item.id for item in articles} >= {str(n) for n in range(n_rows // 2 + 5, n_rows)}


def test_broken_lines_in_a_large_file_cost_themselves(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    made = [json.dumps({"id": str(n), "teks": "kata " * 900}) for n in range(2400)]
    for at, broken in ((7, '{"teks": "putus'), (1200, '{"teks": "'), (1201, '"}'), (2000, "[" * 5000), (2399, "{")):
        made[at] = broken
    path.write_text("\n".join(made) + "\n", encoding="utf-8")
    assert path.stat().st_size > 10_000_000
    found = read(str(path))
    assert [item.row for item in found if isinstance(item, Reject)] == [8, 1201, 1202, 2001, 2400]
    assert sum(isinstance(item, Article) for item in found) == 2395


# A web server.


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
