"""Writes files atomically: readers, and runs after a crash, find the whole new file or the earlier one."""

from __future__ import annotations

import os
from pathlib import Path


def write_atomically(path: Path, content: str | bytes, *, staging: Path | None = None) -> None:
    """Write a file by way of a temporary one that is flushed to disk and renamed; text is written as UTF-8.

    `staging` is the folder of the temporary file, on the same file system; by default the folder of `path`.
    Raises OSError and leaves an earlier file unchanged if anything goes wrong.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary = (staging or path.parent) / f".{path.name}.part"
    try:
        temporary.write_bytes(data)
        flush_to_disk(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def flush_to_disk(path: Path) -> None:
    """Wait until a file's bytes are on disk, so that a power cut after a rename does not leave it empty."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
