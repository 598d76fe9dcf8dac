"""Reads articles of any format in `formats`: files, folders, glob patterns, addresses, standard input.

Everything streams. An unreadable row or file becomes a `Reject`, and reading goes on. Two things stop it with an
InputError: an input that does not exist, found before reading begins, and a missing column if only one file is readable.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from sorot.data.article import Article, Reject
from sorot.data.budget import BUDGET, OverBudgetError, each_within
from sorot.data.errors import InputError
from sorot.data.reading.bounds_met import BoundsMet
from sorot.data.reading.columns import Columns, too_long
from sorot.data.reading.files import (
    PARQUET_SUFFIXES,
    STDIN,
    AnyFile,
    InputFile,
    fault_of_suffix,
    find_files,
    find_inputs,
    stem_of,
    suffix_of,
    unique_stems,
)
from sorot.data.reading.formats import read_stream
from sorot.data.reading.html import read_html
from sorot.data.reading.notes import ReadingNotes
from sorot.data.reading.origin import Origin
from sorot.data.reading.remote import RemoteFile
from sorot.data.reading.streams import READ_ERRORS, is_packed, open_stream
from sorot.data.reading.tables.parquet_rows import MAGIC, read_parquet
from sorot.data.text.encodings import valid_name

__all__ = ["find_files", "read_articles", "read_file", "read_html"]


def read_articles(
    inputs: Sequence[str],
    *,
    columns: Columns | None = None,
    stdin: BinaryIO | None = None,
    leave_out: Collection[Path] = (),
    notes: ReadingNotes | None = None,
    met: BoundsMet | None = None,
) -> Iterator[Article | Reject]:
    """Articles and rejects of all inputs, in order; the files of a folder come sorted by name, '-' is standard input.

    A file named by several inputs is read once; files in `leave_out` are skipped. `columns` default to detection by
    usual names. An article without an id gets one from its file's stem, unique among the files. `notes` collects which
    column was taken for what, and what looks wrong; `met` which inputs took more than their budget, so that they are not tried
    again.
    Raises InputError if an input does not exist or cannot be read, and if the only readable file lacks a column.
    """
    chosen = columns or Columns()
    files = _list_inputs(inputs, leave_out)
    readable = sum(not file.fault for file in files)
    for file in files:
        name = valid_name(str(file.path))
        unknown = fault_of_suffix(suffix_of(file.path)) if file.fault else ""
        if file.fault != unknown:
            yield Reject(name, None, file.fault)
            continue
        try:
            if file == STDIN:
                yield from _read_stdin(stdin or sys.stdin.buffer, chosen, notes, met)
            else:
                yield from read_file(file.path, chosen, stem=file.stem, notes=notes, met=met, unsure=unknown)
        except InputError as error:
            if readable == 1 and not unknown:
                raise
            yield Reject(name, None, str(error).removeprefix(f"{name}: "))


def read_file(
    path: AnyFile,
    columns: Columns,
    *,
    stem: str | None = None,
    notes: ReadingNotes | None = None,
    met: BoundsMet | None = None,
    unsure: str = "",
) -> Iterator[Article | Reject]:
    """Articles and rejects of one file. Its content, then its suffix decide the format (`formats`).

    `stem` begins the ids of articles without one; by default the file's name without suffix. `unsure` is the reason of the reject
    that a file becomes whose content shows no format but text. Reading stops with a reject where
    the next article takes more than its budget (BUDGET).
    Raises InputError if a table's header is unreadable or lacks a column, and if the extra `html` is needed but missing.
    """
    name = valid_name(str(path))
    suffix = suffix_of(path)
    origin = Origin(
        name, stem or stem_of(path if isinstance(path, Path) else path.below), suffix, notes=notes, met=met, unsure=unsure
    )

    def items() -> Iterator[Article | Reject]:
        with path.open("rb") as raw:
            if suffix in PARQUET_SUFFIXES and _is_uncompressed(raw):
                yield from read_parquet(path if isinstance(path, Path) else raw, name, origin.stem, columns, notes)
            else:
                yield from read_stream(open_stream(raw), origin, columns)

    yield from _within_budget(items(), origin, columns)


def _within_budget(items: Iterator[Article | Reject], origin: Origin, columns: Columns) -> Iterator[Article | Reject]:
    """The items, up to one that takes more than its budget; texts beyond `columns.characters` and read errors are rejects."""
    count = 0

    def stopped(error: OverBudgetError) -> Reject:
        reason = f"{origin.description} {error} after {count:,} articles and rejects, so it was read no further; split it"
        if origin.met:
            origin.met.add(origin.file, count, reason)
        return Reject(origin.file, None, reason)

    try:
        for item in each_within(_known(items, origin), BUDGET.file_seconds, stopped):
            count += 1
            if isinstance(item, Article) and (length := len(item.body) + len(item.title or "")) > columns.characters:
                source = item.source
                yield Reject(source.file if source else origin.file, source.row if source else None, too_long(length, columns))
            else:
                yield item
    except READ_ERRORS as error:
        yield origin.reject(f"cannot be read: {getattr(error, 'strerror', None) or error}")


def _known(items: Iterator[Article | Reject], origin: Origin) -> Iterator[Article | Reject]:
    """The items up to the one at which an earlier run stopped."""
    count = 0
    while True:
        if origin.met and (reason := origin.met.reason(origin.file, count)):
            yield Reject(origin.file, None, reason)
            return
        try:
            item = next(items)
        except StopIteration:
            return
        yield item
        count += 1


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


def _read_stdin(raw: BinaryIO, columns: Columns, notes: ReadingNotes | None, met: BoundsMet | None) -> Iterator[Article | Reject]:
    origin = Origin("-", STDIN.stem, description="standard input", notes=notes, met=met)

    def items() -> Iterator[Article | Reject]:
        yield from read_stream(open_stream(raw), origin, columns)

    yield from _within_budget(items(), origin, columns)
