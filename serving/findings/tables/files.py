"""The files that hold a scored corpus: one file, a folder of parts or a database, as `sorot score` wrote it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sorot.data.errors import SorotError, install_extra
from sorot.serving.findings.errors import FindingsError
from sorot.serving.output.target import PART_NAME, Format, record_path, rejects_path

REJECTS_SUFFIX = ".rejects.jsonl"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class ScoredFiles:
    """A scored corpus on disk: the path that the user named, and the files that hold its rows, in order."""

    path: Path
    format: Format
    files: tuple[Path, ...]

    def sha256(self) -> str:
        """Hash of all rows' bytes in hexadecimal: of the file, or of the parts one after the other."""
        digest = hashlib.sha256()
        for file in self.files:
            with file.open("rb") as opened:
                while block := opened.read(_BLOCK):
                    digest.update(block)
        return digest.hexdigest()

    def n_rejects(self) -> int:
        """The number of rows that the run could not score, from the rejects beside the output; 0 without such a file."""
        try:
            with rejects_path(self.path).open("rb") as file:
                return sum(1 for line in file if line.strip())
        except OSError:
            return 0

    def run(self) -> dict[str, Any] | None:
        """The fingerprint of the run that made it, from the record beside the output; None without a readable one."""
        try:
            run = json.loads(record_path(self.path).read_bytes())["run"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return run if isinstance(run, dict) else None


def find_scored(path: Path) -> ScoredFiles:
    """The files of a scored corpus. Raises FindingsError if there are none that `sorot score` could have written."""
    if path.name.endswith(REJECTS_SUFFIX):
        scored = path.name.removesuffix(REJECTS_SUFFIX)
        raise FindingsError(f"{path}: lists what could not be scored; name the scored file beside it, {scored}")
    if path.is_dir():
        return _parts(path)
    if not path.exists():
        raise FindingsError(f"{path}: no such file or folder; name the output of sorot score")
    try:
        form = Format(path.suffix.lower()[1:])
    except ValueError as error:
        known = ", ".join(f".{one}" for one in Format)
        raise FindingsError(f"{path}: is no output of sorot score; name a file in {known}, or a folder of parts") from error
    if form is Format.DUCKDB and path.with_name(f"{path.name}.wal").exists():
        raise FindingsError(f"{path}: a program has this database open for writing; close it there and try again")
    return ScoredFiles(path, form, (path,))


def check_libraries(*names: str) -> None:
    """Raise SorotError if a library of the extra `findings` is not installed."""
    from importlib.util import find_spec

    if missing := [name for name in names if find_spec(name) is None]:
        raise SorotError(f"{missing[0]} is not installed; run: {install_extra('findings')}")


def _parts(folder: Path) -> ScoredFiles:
    files = sorted(_named_parts(folder))
    if not files:
        raise FindingsError(f"{folder}: holds no parts of a scored corpus; name the folder that sorot score wrote, or a file")
    forms = sorted({file.suffix[1:] for file in files})
    if len(forms) > 1:
        raise FindingsError(f"{folder}: holds parts in {' and '.join(forms)}; keep those of one format in a folder")
    return ScoredFiles(folder, Format(forms[0]), tuple(files))


def _named_parts(folder: Path) -> Iterator[Path]:
    try:
        yield from (file for file in folder.iterdir() if PART_NAME.fullmatch(file.name))
    except OSError as error:
        raise FindingsError(f"{folder}: cannot be read ({error.strerror}); mend its permissions") from error
