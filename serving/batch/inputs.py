"""The files a run reads, and checks that it overwrites none of them."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from sorot.data.reading.files import AnyFile, find_files
from sorot.data.reading.remote import is_remote
from sorot.serving.output.check import check_target
from sorot.serving.output.target import OutputError, Target, record_path, rejects_path, written_files


def list_inputs(inputs: Sequence[str], target: Target) -> list[AnyFile | None]:
    """The files that the inputs name, None for standard input, without what an earlier run wrote into an input folder.

    Raises sorot.data.errors.InputError for a missing input, and OutputError for an output that is also an input.
    """
    check_target(target)
    written = outputs(target)
    files: list[AnyFile | None] = []
    for name in inputs:
        if name == "-":
            files.append(None)
        elif not is_remote(name) and Path(name).is_file():
            files.append(Path(name))
        elif target.is_folder and Path(name).is_dir() and Path(name).resolve() == target.path.resolve():
            raise OutputError(_overwritten(target.path))
        else:
            files += find_files(name, leave_out=written)
    # By identity in a dictionary, as a folder may have as many parts as there are inputs.
    known = {_identity(path.stat()): path for path in written if path.exists()}
    for status in map(_stat, files) if known else ():
        if status is not None and (path := known.get(_identity(status))):
            raise OutputError(_overwritten(path))
    # A file named by several inputs is read once.
    return list(dict.fromkeys(files))


def outputs(target: Target) -> tuple[Path, ...]:
    """The files a run may overwrite: the output, or all parts of a folder, its rejects and its record."""
    rows = written_files(target) if target.is_folder else [target.path]
    return *rows, rejects_path(target.path), record_path(target.path)


def _overwritten(path: Path) -> str:
    return f"{path}: is an input and would be overwritten; name another output with -o"


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _stat(file: AnyFile | None) -> os.stat_result | None:
    """The status of an input; None for an address, and for standard input without a file descriptor, as in a program that
    calls these functions."""
    if file is not None:
        return file.stat() if isinstance(file, Path) else None
    try:
        return os.fstat(sys.stdin.fileno())
    except io.UnsupportedOperation:
        return None


def check_log(log: Path, inputs: Sequence[str], files: Sequence[AnyFile | None], target: Target) -> None:
    """Raise OutputError for a log that would be written into an input or over a file of the run."""
    place = log.resolve()
    folders = {Path(name) for name in inputs if not is_remote(name) and Path(name).is_dir()}
    # Linked folders lie elsewhere.
    linked = {file.parent for name in folders for file in find_files(str(name)) if isinstance(file, Path)}
    inside = any(place.is_relative_to(folder.resolve()) for folder in folders | linked)
    taken = {path.resolve() for path in (*outputs(target), *(file for file in files if isinstance(file, Path)))}
    read = {_identity(status) for file in files if (status := _stat(file)) is not None}
    if inside or place in taken or (place.exists() and _identity(place.stat()) in read):
        raise OutputError(f"{log}: is an input, lies in an input folder, or is a file of this run; name another log")
    if not place.parent.is_dir() or place.is_dir():
        raise OutputError(f"{log}: cannot be written; name a file in an existing folder")
