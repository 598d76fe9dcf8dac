"""Inputs at addresses (memory://, a web server of this process), inputs that are large, and what may not be told of either."""

from __future__ import annotations

import gzip
import importlib
import io
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import fsspec
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sorot.data.article import Article, Reject
from sorot.data.errors import InputError
from sorot.data.reading.addresses import hide_secrets, shown_address
from sorot.data.reading.readers import find_files, read_articles
from sorot.serving.batch.fingerprint import has_changed, run_fingerprint
from sorot.serving.batch.inputs import list_inputs
from sorot.serving.batch.run import score_files
from sorot.serving.model.scorer import Scorer
from sorot.serving.output.target import as_target
from sorot.serving.output.writers import OutputError
from tests.data.read_inputs import BODY, csv_table, ids, json_lines, parquet, read
from tests.serving.command import GOOD, lines, run


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


def zstd(data: bytes) -> bytes:
    packed = pa.BufferOutputStream()
    with pa.CompressedOutputStream(packed, "zstd") as stream:
        stream.write(data)
    return bytes(packed.getvalue().to_pybytes())


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


def test_no_two_files_at_addresses_are_called_the_same() -> None:
    for name in ("a/x.txt", "a/x.md", "b/x.txt", "b/y.csv", "b/y.csv.gz"):
        put(f"/archive/{name}", gzip.compress(b"teks\nsatu\n") if name.endswith("gz") else "teks\nsatu\n")
    assert ids("memory://archive") == ["a/x.md", "a/x.txt", "b/x", "b/y.csv-2", "b/y.csv.gz-2"]
    assert ids("memory://archive/a/x.txt", "memory://archive/b/x.*") == ["memory://archive/a/x.txt", "memory://archive/b/x.txt"]


def test_files_of_unknown_type_at_an_address_are_rejects() -> None:
    put("/archive/a.txt", BODY)
    put("/archive/b.png", BODY)
    article, reject = read("memory://archive")
    assert isinstance(article, Article) and isinstance(reject, Reject)
    assert (reject.file, reject.reason[:17]) == ("memory://archive/b.png", "unknown type .png")
    assert [str(file) for file in find_files("memory://archive")] == ["memory://archive/a.txt"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("memory://absent.jsonl", "memory://absent.jsonl: no such file or folder, and nothing matches"),
        ("memory://archive/*.csv", "memory://archive/*.csv: no such file or folder, and nothing matches"),
        ("memory://archive", "memory://archive: the folder has no readable file (.txt"),
        ("nosuch://u:geheim@host/x", "nosuch://***@host/x: no file system is known for nosuch://"),
    ],
)
def test_what_is_not_at_an_address_is_one_sentence(name: str, told: str) -> None:
    put("/archive/b.png", BODY)
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

    monkeypatch.setattr("sorot.serving.batch.units.read_articles", changing)
    with pytest.raises(OutputError, match="the input changed while it was read"):
        score_files(tiny_scorer, ["memory://archive"], tmp_path / "third.jsonl")


def test_an_address_on_this_machine_is_a_local_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(BODY, encoding="utf-8")
    assert find_files(f"file://{tmp_path}") == [tmp_path / "a.txt"]
    with pytest.raises(InputError, match="this run writes that file"):
        find_files(f"file://{tmp_path}/a.txt", [tmp_path / "a.txt"])
