"""Reads articles from text, HTML, JSON, CSV and Parquet: files, folders, glob patterns, addresses, standard input.

Everything streams. An unreadable row or file becomes a `Reject`, and reading goes on. Two things stop it with an
InputError: an input that does not exist, found before reading begins, and a missing column if only one file is readable.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from sorot.data.article import Article, Reject, Source
from sorot.data.errors import InputError
from sorot.data.reading.columns import Columns
from sorot.data.reading.csv_rows import looks_like_table, read_csv
from sorot.data.reading.files import (
    CSV_SUFFIXES,
    HTML_SUFFIXES,
    JSON_SUFFIXES,
    PARQUET_SUFFIXES,
    STDIN,
    AnyFile,
    InputFile,
    find_files,
    find_inputs,
    stem_of,
    suffix_of,
    unique_stems,
)
from sorot.data.reading.html import read_html
from sorot.data.reading.json_rows import read_json
from sorot.data.reading.parquet_rows import MAGIC, read_parquet, read_parquet_stream
from sorot.data.reading.remote import RemoteFile
from sorot.data.reading.streams import READ_ERRORS, Stream, is_packed, open_stream
from sorot.data.text.encodings import decode, looks_binary, valid_name

__all__ = ["find_files", "read_articles", "read_file", "read_html"]

Kind = Literal["text", "html", "json", "table", "parquet"]
MAX_FILE_BYTES = 50_000_000


def read_articles(
    inputs: Sequence[str],
    *,
    columns: Columns | None = None,
    stdin: BinaryIO | None = None,
    leave_out: Collection[Path] = (),
) -> Iterator[Article | Reject]:
    """Articles and rejects of all inputs, in order; the files of a folder come sorted by name, '-' is standard input.

    A file named by several inputs is read once; files in `leave_out` are skipped. `columns` default to detection by
    usual names. An article without an id gets one from its file's stem, unique among the files.
    Raises InputError if an input does not exist or cannot be read, and if the only readable file lacks a column.
    """
    chosen = columns or Columns()
    files = _list_inputs(inputs, leave_out)
    readable = sum(not file.fault for file in files)
    for file in files:
        name = valid_name(str(file.path))
        if file.fault:
            yield Reject(name, None, file.fault)
            continue
        try:
            if file == STDIN:
                yield from _read_stdin(stdin or sys.stdin.buffer, chosen)
            else:
                yield from read_file(file.path, chosen, stem=file.stem)
        except InputError as error:
            if readable == 1:
                raise
            yield Reject(name, None, str(error).removeprefix(f"{name}: "))


def read_file(path: AnyFile, columns: Columns, *, stem: str | None = None) -> Iterator[Article | Reject]:
    """Articles and rejects of one file. The suffix decides the format, text by default; gzip and zstd are decompressed.

    `stem` begins the ids of articles without one; by default the file's name without suffix.
    Raises InputError if a table's header is unreadable or lacks a column, and if the extra `html` is needed but missing.
    """
    name = valid_name(str(path))
    suffix = suffix_of(path)
    origin = _Origin(name, stem or stem_of(path if isinstance(path, Path) else path.below), "the file")
    try:
        with path.open("rb") as raw:
            if suffix in PARQUET_SUFFIXES and _is_uncompressed(raw):
                yield from read_parquet(path if isinstance(path, Path) else raw, name, origin.stem, columns)
            else:
                yield from _read(open_stream(raw), _kind_by(suffix), suffix, origin, columns)
    except READ_ERRORS as error:
        yield Reject(name, None, f"the file cannot be read: {getattr(error, 'strerror', None) or error}")


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where bytes come from: the file for sources, the stem for ids, and a description for messages."""

    file: str
    stem: str
    description: str

    def reject(self, reason: str, row: int | None = None) -> Reject:
        return Reject(self.file, row, f"{self.description} {reason}")

    def empty(self) -> Reject:
        return self.reject("is empty")


def _list_inputs(inputs: Sequence[str], leave_out: Collection[Path]) -> list[InputFile]:
    found = [file for name in inputs for file in ([STDIN] if name == "-" else find_inputs(name, leave_out))]
    unique: dict[AnyFile, InputFile] = {}
    for file in found:
        unique.setdefault(file.path if file == STDIN or isinstance(file.path, RemoteFile) else file.path.resolve(), file)
    return unique_stems(list(unique.values()))


def _is_uncompressed(file: BinaryIO) -> bool:
    """Whether the file is neither empty nor compressed."""
    head = file.read(len(MAGIC))
    file.seek(0)
    return bool(head) and not is_packed(head)


def _kind_by(suffix: str) -> Kind:
    kinds: dict[Kind, tuple[str, ...]] = {
        "html": HTML_SUFFIXES,
        "json": JSON_SUFFIXES,
        "table": CSV_SUFFIXES,
        "parquet": PARQUET_SUFFIXES,
    }
    return next((kind for kind, suffixes in kinds.items() if suffix in suffixes), "text")


def _read_stdin(raw: BinaryIO, columns: Columns) -> Iterator[Article | Reject]:
    """Articles and rejects of standard input; without a suffix, the first characters decide the format."""
    origin = _Origin("-", STDIN.stem, "standard input")
    try:
        stream = open_stream(raw)
        yield from _read(stream, _kind_of(stream, columns), "", origin, columns)
    except READ_ERRORS as error:
        yield origin.reject(f"cannot be read: {getattr(error, 'strerror', None) or error}")


def _kind_of(stream: Stream, columns: Columns) -> Kind:
    if stream.head.startswith(MAGIC):
        return "parquet"
    start = stream.start
    # Prose may begin with '[FOTO]' or '{sponsor}'; in JSON another bracket or a quoted key follows.
    if start[:1] in ("[", "{") and start[1:].lstrip()[:1] in ("{" if start[0] == "[" else '"', "]" if start[0] == "[" else "}"):
        return "json"
    if start.startswith("<") and ("html" in start[:200].lower() or "<p" in start.lower()):
        return "html"
    return "table" if looks_like_table(start, columns) else "text"


def _read(stream: Stream, kind: Kind, suffix: str, origin: _Origin, columns: Columns) -> Iterator[Article | Reject]:
    if not stream.head:
        # Raises the error if reading failed before the first byte.
        stream.file.read(1)
        yield origin.empty()
    elif kind == "parquet":
        yield from read_parquet_stream(stream.file, origin.file, origin.stem, columns)
    elif looks_binary(stream.head):
        yield origin.reject("is binary, not " + {"json": "JSON", "table": "CSV"}.get(kind, "text"))
    elif kind == "json":
        yield from read_json(stream, origin.file, origin.stem, columns)
    elif kind == "table":
        yield from read_csv(stream, suffix, origin.file, origin.stem, columns)
    else:
        yield _read_single(stream, origin, html=kind == "html")


def _read_single(stream: Stream, origin: _Origin, *, html: bool) -> Article | Reject:
    data = stream.file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        return origin.reject(f"is larger than {MAX_FILE_BYTES // 1_000_000} MB, too large for one article")
    if html:
        return read_html(data, origin.file, origin.stem)
    text = decode(data).strip("\ufeff \t\n\r")
    if all(c == "\ufffd" or c.isspace() for c in text):
        return origin.reject("holds no text", 1)
    return Article(id=origin.stem, body=text.strip(), source=Source(origin.file, 1))
