"""What a run of the batch scorer is bound to: model, options and input, so that no output is mixed of two of them."""

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
from sorot.serving.output.rows import writable


class RunFingerprint(BaseModel):
    """`model` is its name with the start of its manifest's hash; `inputs` hashes name, size and time of change of each file,
    and of one at an address size and tags as its store tells them.

    `repeatable` is false where standard input is read, which no second run would find again.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    sorot: str
    model: str
    options: dict[str, Any]
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
        files=len(files),
        inputs=_digest(files),
        repeatable=None not in files,
    )


def has_changed(fingerprint: RunFingerprint, files: Sequence[AnyFile | None]) -> bool:
    """Whether an input file is not as it was, or gone. Raises sorot.data.errors.InputError where a store does not answer."""
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
            found = file.stat()
            digest.update(f"{os.fsencode(file)!r} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def read_fingerprint(path: Path) -> RunFingerprint | None:
    """The fingerprint that a run left; None where there is none that can be read."""
    try:
        return RunFingerprint.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def describe_difference(then: RunFingerprint, now: RunFingerprint) -> str:
    """What was otherwise then, in words, beside what is now."""
    said = []
    if then.sorot != now.sorot:
        said.append(f"sorot {then.sorot} (now {now.sorot})")
    if then.model != now.model:
        said.append(f"model {then.model} (now {now.model})")
    for name in sorted({*then.options, *now.options}):
        if then.options.get(name) != now.options.get(name):
            said.append(f"{name} {then.options.get(name)} (now {now.options.get(name)})")
    if (then.files, then.inputs) != (now.files, now.inputs):
        changed = "" if then.files == now.files else f", {then.files} files (now {now.files})"
        said.append(f"other input{changed}")
    return ", ".join(said)
