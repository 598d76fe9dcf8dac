"""Which files a run reads, and that it writes over none of them."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from data.files import AnyFile, find_files
from data.remote import is_remote
from serving.writers import OutputError, check_output, record_path, rejects_path


def list_inputs(inputs: Sequence[str], output: Path) -> list[AnyFile | None]:
    """The files that the inputs name, None for standard input, without what an earlier run wrote into a scored folder.

    Raises data.columns.InputError for an input that is not there, and OutputError for an output that is an input as well:
    it would be lost.
    """
    check_output(output)
    written = outputs(output)
    files: list[AnyFile | None] = []
    for name in inputs:
        if name == "-":
            files.append(None)
        elif not is_remote(name) and Path(name).is_file():
            files.append(Path(name))
        else:
            files += find_files(name, leave_out=written)
    for path in written:
        if path.exists() and any(_is_input(path, file) for file in files):
            raise OutputError(f"{path}: is an input and would be overwritten; name another output with -o")
    # A file that several inputs name is read once.
    return list(dict.fromkeys(files))


def outputs(output: Path) -> tuple[Path, ...]:
    """What a run may write: the output, its rejects and its record."""
    return output, rejects_path(output), record_path(output)


def _is_input(path: Path, file: AnyFile | None) -> bool:
    if file is not None:
        return isinstance(file, Path) and path.samefile(file)
    try:
        return os.path.samestat(path.stat(), os.fstat(sys.stdin.fileno()))
    except io.UnsupportedOperation:
        # Standard input that is no file at all, as where another program calls this one's functions.
        return False
