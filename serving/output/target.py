"""What a run writes to: one file, a folder of parts, or a DuckDB database; and what lies beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sorot.data.errors import SorotError
from sorot.data.reading.files import RECORD

# Says that a folder is one of ours, which a later run may replace. The dot hides it from those that read the folder.
MARK = ".sorot"
PART_NAME = re.compile(r"part-\d{5,}\.(jsonl|csv|parquet)")


class OutputError(SorotError):
    """The output cannot be written; the message names it and the cure."""


class Format(StrEnum):
    """How rows are written; the value is the suffix of such a file."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    DUCKDB = "duckdb"


@dataclass(frozen=True, slots=True)
class Target:
    """An output: `path` is a file in `format`, or a folder of parts that are."""

    path: Path
    format: Format
    is_folder: bool = False

    def __str__(self) -> str:
        return str(self.path)


def parse_target(name: str, chosen: Format | None = None) -> Target:
    """The output that a name means: a folder where it ends in a slash, has no suffix or is one of ours already, else a file.

    A file's format is its suffix, a folder's is `chosen`, by default Parquet. Raises OutputError where neither tells it.
    """
    path = Path(name)
    if name.endswith(("/", os.sep)) or not path.suffix or is_ours(path):
        if chosen is Format.DUCKDB:
            raise OutputError(f"{name}: a DuckDB database is one file; end its name in .{chosen}")
        return Target(path, chosen or Format.PARQUET, is_folder=True)
    try:
        found = Format(path.suffix.lower()[1:])
    except ValueError as error:
        known = ", ".join(f".{one}" for one in Format)
        raise OutputError(f"{path}: cannot tell the format; end the output's name in {known}, or in / for a folder") from error
    if chosen not in (None, found):
        raise OutputError(f"{path}: the name says {found}, --format {chosen}; end it in .{chosen}, or in / for a folder")
    return Target(path, found)


def as_target(output: Path | Target) -> Target:
    """The output that a path means, as `parse_target` has it."""
    return output if isinstance(output, Target) else parse_target(str(output))


def is_ours(path: Path) -> bool:
    """Whether a run made this folder."""
    return (path / MARK).is_file()


def part_name(number: int, form: Format) -> str:
    """The name of a part in a folder; names sort as numbers do."""
    return f"part-{number:05d}.{form}"


def written_files(target: Target) -> Iterator[Path]:
    """The files that hold the rows, as far as they are there, in order."""
    if not target.is_folder:
        yield from [target.path] if target.path.is_file() else []
    elif is_ours(target.path):
        yield from sorted(file for file in target.path.iterdir() if PART_NAME.fullmatch(file.name))


def written_bytes(target: Target) -> int:
    """How much the files of the output's format hold together; 0 where there are none."""
    return sum(file.stat().st_size for file in written_files(target) if file.suffix.lower() == f".{target.format}")


def rejects_path(output: Path) -> Path:
    """The file beside an output that says what could not be read, and why."""
    return output.with_name(output.name + ".rejects.jsonl")


def record_path(output: Path) -> Path:
    """The file beside an output that says what made it."""
    return output.with_name(output.name + RECORD)
