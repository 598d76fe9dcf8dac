"""Checks that an output can be written, before any work is done."""

from __future__ import annotations

from pathlib import Path

from sorot.serving.output.target import MARK, PART_NAME, Format, OutputError, Target, is_ours


def check_target(target: Target) -> None:
    """Raise OutputError if the output could not be written later, or would replace something that no run wrote."""
    path = target.path
    if path.name in ("", ".."):
        raise OutputError(f"{path}: is a folder; name a file or folder in it")
    if not path.parent.is_dir():
        raise OutputError(f"{path}: the folder {path.parent} does not exist; make it first")
    if target.is_folder:
        _check_folder(path)
    elif path.is_dir():
        raise OutputError(f"{path}: is a folder; name a file in it")
    elif target.format is Format.DUCKDB:
        # Imported here, as the package is an extra.
        from sorot.serving.output.database import check_database

        check_database(path)


def _check_folder(path: Path) -> None:
    if not path.is_dir():
        if path.exists():
            raise OutputError(f"{path}: is a file; give it the suffix of its format, or name another folder")
    elif not is_ours(path):
        # An empty folder has nothing to lose.
        if any(path.iterdir()):
            raise OutputError(f"{path}: is a folder that sorot did not make, so nothing in it was touched; name another one")
    elif others := sorted(f.name for f in path.iterdir() if f.name != MARK and not PART_NAME.fullmatch(f.name)):
        raise OutputError(f"{path}: holds {others[0]}, which sorot did not write and would remove; move it elsewhere")
