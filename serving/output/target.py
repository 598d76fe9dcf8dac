"""Where a run writes: one file, a folder of parts or a DuckDB database, and the files beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sorot.data.errors import SorotError
from sorot.data.reading.files import RECORD

# Marks a folder that a run made and a later run may replace. The dot hides it from programs that read the folder.
MARK = ".sorot"
# The output's name on the command line that means standard output.
STANDARD_OUTPUT = "-"
PART_NAME = re.compile(r"part-\d{5,}\.(jsonl|csv|parquet)")


class OutputError(SorotError):
    """The output cannot be written; the message names it and what to do."""


class Format(StrEnum):
    """Format of the rows; the value is the file suffix."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    DUCKDB = "duckdb"


@dataclass(frozen=True, slots=True)
class Target:
    """An output: `path` is a file in `format`, or a folder of parts in it."""

    path: Path
    format: Format
    is_folder: bool = False

    def __str__(self) -> str:
        return str(self.path)


def parse_target(name: str, chosen: Format | None = None) -> Target:
    """The output that a name means: a folder if it ends in a slash, has no suffix or exists and is ours, else a file.

    A file's format is its suffix, a folder's is `chosen`, Parquet by default. Raises OutputError if the format is unknown.
    """
    if name == STANDARD_OUTPUT:
        raise OutputError(f"{name}: is standard output, which only the command line writes to; name a file, or ./{name}/")
    path = Path(name)
    if name.endswith(("/", os.sep)) or not path.suffix or is_ours(path):
        if chosen is Format.DUCKDB:
            raise OutputError(f"{name}: a DuckDB database is one file; end its name in .{chosen}")
        return Target(path, chosen or Format.PARQUET, is_folder=True)
    try:
        form = Format(path.suffix.lower()[1:])
    except ValueError as error:
        known = ", ".join(f".{one}" for one in Format)
        raise OutputError(f"{path}: cannot tell the format; end the output's name in {known}, or in / for a folder") from error
    if chosen not in (None, form):
        raise OutputError(f"{path}: the name says {form}, --format {chosen}; end it in .{chosen}, or in / for a folder")
    return Target(path, form)


def as_target(output: Path | Target) -> Target:
    """The target itself, or the output that a path means as in `parse_target`."""
    return output if isinstance(output, Target) else parse_target(str(output))


def is_ours(path: Path) -> bool:
    """Whether a run made this folder."""
    return (path / MARK).is_file()


def part_name(number: int, form: Format) -> str:
    """File name of a part in a folder; names sort by number."""
    return f"part-{number:05d}.{form}"


def written_files(target: Target) -> Iterator[Path]:
    """The existing files that hold the rows, in order."""
    if not target.is_folder:
        yield from [target.path] if target.path.is_file() else []
    elif is_ours(target.path):
        yield from sorted(file for file in target.path.iterdir() if PART_NAME.fullmatch(file.name))


def written_bytes(target: Target) -> int:
    """Total size in bytes of the files in the output's format; 0 without any."""
    return sum(file.stat().st_size for file in written_files(target) if file.suffix.lower() == f".{target.format}")


def rejects_path(output: Path) -> Path:
    """The file beside an output that lists what could not be read, with reasons."""
    return output.with_name(output.name + ".rejects.jsonl")


def record_path(output: Path) -> Path:
    """The file beside an output that records the run that made it."""
    return output.with_name(output.name + RECORD)
