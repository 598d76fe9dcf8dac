"""Read articles from what users have: text dumps, HTML, JSONL, CSV, Parquet, folders, globs, addresses, standard input.

Everything streams. A row or file that cannot be read becomes a `Reject`, and reading goes on. What stops it (`InputError`)
is an input that does not exist, found before anything is read, or a column that is not there, where there is but one file.
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
    tell_apart,
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
    """Articles and rejects of all inputs, in order; a folder gives its files by name, '-' is standard input.

    A file that several inputs name is read once, one of `leave_out` not at all. Articles without an id of their own are
    called by their file's name, with the folders below the given one; no two files are called the same.
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
    """Articles and rejects of one file, by the file's suffix; else it is read as text. What is gzip or zstd is unpacked.

    `stem` begins the ids of articles that have none of their own; the file's name without suffix by default.
    """
    name = valid_name(str(path))
    suffix = suffix_of(path)
    place = _Place(name, stem or stem_of(path if isinstance(path, Path) else path.below), "the file")
    try:
        with path.open("rb") as raw:
            if suffix in PARQUET_SUFFIXES and _holds_plain(raw):
                yield from read_parquet(path if isinstance(path, Path) else raw, name, place.stem, columns)
            else:
                yield from _read(open_stream(raw), _kind_by(suffix), suffix, place, columns)
    except READ_ERRORS as error:
        yield Reject(name, None, f"the file cannot be read: {getattr(error, 'strerror', None) or error}")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where bytes come from: for sources, for ids, and in words."""

    file: str
    stem: str
    words: str

    def reject(self, reason: str, row: int | None = None) -> Reject:
        return Reject(self.file, row, f"{self.words} {reason}")

    def empty(self) -> Reject:
        return self.reject("is empty")


def _list_inputs(inputs: Sequence[str], leave_out: Collection[Path]) -> list[InputFile]:
    found = [file for name in inputs for file in ([STDIN] if name == "-" else find_inputs(name, leave_out))]
    once: dict[AnyFile, InputFile] = {}
    for file in found:
        once.setdefault(file.path if file == STDIN or isinstance(file.path, RemoteFile) else file.path.resolve(), file)
    return tell_apart(list(once.values()))


def _holds_plain(file: BinaryIO) -> bool:
    """Whether there are bytes, and not packed ones."""
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
    """Standard input has no suffix: what it is shows in how it begins."""
    place = _Place("-", STDIN.stem, "standard input")
    try:
        stream = open_stream(raw)
        yield from _read(stream, _kind_of(stream, columns), "", place, columns)
    except READ_ERRORS as error:
        yield place.reject(f"cannot be read: {getattr(error, 'strerror', None) or error}")


def _kind_of(stream: Stream, columns: Columns) -> Kind:
    if stream.head.startswith(MAGIC):
        return "parquet"
    start = stream.start
    # A text may begin with '[FOTO]' or '{sponsor}' as well: what follows in JSON is another bracket or a quoted key.
    if start[:1] in ("[", "{") and start[1:].lstrip()[:1] in ("{" if start[0] == "[" else '"', "]" if start[0] == "[" else "}"):
        return "json"
    if start.startswith("<") and ("html" in start[:200].lower() or "<p" in start.lower()):
        return "html"
    return "table" if looks_like_table(start, columns) else "text"


def _read(stream: Stream, kind: Kind, suffix: str, place: _Place, columns: Columns) -> Iterator[Article | Reject]:
    if not stream.head:
        # What broke off before the first byte is told as such.
        stream.file.read(1)
        yield place.empty()
    elif kind == "parquet":
        yield from read_parquet_stream(stream.file, place.file, place.stem, columns)
    elif looks_binary(stream.head):
        yield place.reject("is binary, not " + {"json": "JSON", "table": "CSV"}.get(kind, "text"))
    elif kind == "json":
        yield from read_json(stream, place.file, place.stem, columns)
    elif kind == "table":
        yield from read_csv(stream, suffix, place.file, place.stem, columns)
    else:
        yield _read_one(stream, place, html=kind == "html")


def _read_one(stream: Stream, place: _Place, *, html: bool) -> Article | Reject:
    data = stream.file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        return place.reject(f"is larger than {MAX_FILE_BYTES // 1_000_000} MB, too large for one article")
    if html:
        return read_html(data, place.file, place.stem)
    text = decode(data).strip("\ufeff \t\n\r")
    if all(sign == "\ufffd" or sign.isspace() for sign in text):
        return place.reject("holds no text", 1)
    return Article(id=place.stem, body=text.strip(), source=Source(place.file, 1))
