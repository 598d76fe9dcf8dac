"""The fingerprint of a batch run: model, options, columns and input, so that no output mixes two of them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from sorot.data.reading.files import AnyFile
from sorot.data.reading.remote import RemoteFile, find_again
from sorot.serving.model.bundle import Bundle, sha256
from sorot.serving.model.manifest import MANIFEST_FILE
from sorot.serving.output.columns import hash_columns, output_columns
from sorot.serving.output.rows import writable


class RunFingerprint(BaseModel):
    """`model` is its name with the start of its manifest's hash. `columns` hashes the column table; the user's own columns follow
    from options and input. `inputs` hashes name, size and modification time of each file, for an address size and tags as
    its store reports them.

    `repeatable` is false if standard input is read, which no second run can read again.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    sorot: str
    model: str
    options: dict[str, Any]
    columns: str
    files: int
    inputs: str
    repeatable: bool


def run_fingerprint(bundle: Bundle, files: Sequence[AnyFile | None], options: dict[str, Any]) -> RunFingerprint:
    """The fingerprint of scoring `files` (None: standard input) as they are now."""
    manifest = bundle.manifest
    return RunFingerprint(
        sorot=version("sorot"),
        model=f"{manifest.name}-{manifest.version} ({sha256(bundle.path / MANIFEST_FILE)[:12]})",
        options=json.loads(json.dumps(writable(options))),
        columns=hash_columns(output_columns(bundle.taxonomy, with_body=True, quotes=True)),
        files=len(files),
        inputs=_digest(files),
        repeatable=None not in files,
    )


def has_changed(fingerprint: RunFingerprint, files: Sequence[AnyFile | None]) -> bool:
    """Whether an input file was changed or deleted. Raises sorot.data.errors.InputError if a store does not answer."""
    now = find_again(file for file in files if isinstance(file, RemoteFile))
    try:
        return _digest([now[file] if isinstance(file, RemoteFile) else file for file in files]) != fingerprint.inputs
    except (OSError, KeyError):
        return True


def _digest(files: Sequence[AnyFile | None]) -> str:
    digest = hashlib.sha256()
    for file in files:
        if isinstance(file, RemoteFile):
            digest.update(f"{file} {file.stamp}\n".encode(errors="backslashreplace"))
        elif file is not None:
            status = file.stat()
            digest.update(f"{os.fsencode(file)!r} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def read_fingerprint(path: Path) -> RunFingerprint | None:
    """The fingerprint that a run left; None if there is no readable one."""
    try:
        return RunFingerprint.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def describe_difference(earlier: RunFingerprint, now: RunFingerprint) -> str:
    """The differences between an earlier fingerprint and the present one, in words."""
    differences = []
    if earlier.sorot != now.sorot:
        differences.append(f"sorot {earlier.sorot} (now {now.sorot})")
    if earlier.model != now.model:
        differences.append(f"model {earlier.model} (now {now.model})")
    for name in sorted({*earlier.options, *now.options}):
        if earlier.options.get(name) != now.options.get(name):
            differences.append(f"{name} {earlier.options.get(name)} (now {now.options.get(name)})")
    if earlier.columns != now.columns:
        differences.append("other output columns")
    if (earlier.files, earlier.inputs) != (now.files, now.inputs):
        changed = "" if earlier.files == now.files else f", {earlier.files} files (now {now.files})"
        differences.append(f"other input{changed}")
    return ", ".join(differences)
