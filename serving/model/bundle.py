"""A bundle on disk, checked against its hashes before any of it is loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from sorot.data.errors import SorotError
from sorot.data.taxonomy import Taxonomy, TaxonomyError
from sorot.serving.model.manifest import MANIFEST_FILE, MODEL_FILE, TOKENIZER_FILE, Manifest
from sorot.serving.model.manifest_format_1 import read_manifest

SHIPPED = Path(__file__).parents[1] / "bundle"
RESTORE = "restore the bundle"


class BundleError(SorotError):
    """The bundle cannot be used; the message names the folder or file, and the cure."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose files match its manifest."""

    path: Path
    manifest: Manifest
    taxonomy: Taxonomy


def load_bundle(path: Path | str | None = None) -> Bundle:
    """Read and check a bundle, the shipped one by default; BundleError if it is absent, incomplete or altered."""
    path = SHIPPED if path is None else Path(path)
    manifest, taxonomy = _read_manifest(path)
    file = path / MANIFEST_FILE
    _check_labels(file, manifest, taxonomy)
    for name in (MODEL_FILE, TOKENIZER_FILE, manifest.wide_file):
        if name not in manifest.files:
            raise BundleError(f"{file}: lists no hash for {name}; {RESTORE}")
    for name, expected in manifest.files.items():
        if Path(name).name != name:
            raise BundleError(f"{file}: names the file {name!r}, which is not in its folder; {RESTORE}")
        _check_hash(path / name, expected)
    return Bundle(path, manifest, taxonomy)


def shipped_model() -> str:
    """Name and version of the shipped model, from its manifest; BundleError if there is none."""
    manifest, _ = _read_manifest(SHIPPED)
    return f"{manifest.name}-{manifest.version}"


@contextmanager
def loading(file: Path) -> Iterator[None]:
    """Turns a library's error about a file it cannot load into a BundleError that names the file and the cure."""
    try:
        yield
    except BundleError:
        raise
    # The tokenizer's library raises bare Exception, and every other library its own errors.
    except Exception as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise BundleError(f"{file}: cannot be loaded ({lines[0][:200]}); {RESTORE}") from error


def sha256(path: Path) -> str:
    """Hash of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_manifest(path: Path) -> tuple[Manifest, Taxonomy]:
    file = path / MANIFEST_FILE
    if path == SHIPPED and not file.is_file():
        raise BundleError(f"{path}: the installation is incomplete, its model is missing; clone it again, or run: make release")
    if not path.is_dir():
        raise BundleError(f"{path}: no such bundle folder; name one with --bundle, or make one with: sorot train")
    try:
        manifest = read_manifest(file)
        return manifest, Taxonomy.from_dict(manifest.taxonomy)
    except FileNotFoundError as error:
        raise BundleError(f"{path}: no {MANIFEST_FILE} in it, so it is not a bundle; name a folder that holds one") from error
    except OSError as error:
        raise BundleError(f"{file}: cannot be read ({error.strerror}); mend its permissions") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        count = error.error_count()
        reason = f"{count} mistake{'s' * (count > 1)}, first: {where + ': ' if where else ''}{first['msg']}"
        raise BundleError(f"{file}: not a manifest that this version reads ({reason}); {RESTORE}") from error
    except TaxonomyError as error:
        raise BundleError(f"{file}: not a manifest that this version reads ({error}); {RESTORE}") from error


def _check_labels(file: Path, manifest: Manifest, taxonomy: Taxonomy) -> None:
    tasks = set(taxonomy.keys)
    fits = (
        {key: set(labels) for key, labels in manifest.thresholds.items()}
        == {task.key: set(task.keys) for task in taxonomy.many_tasks}
        and set(manifest.temperatures) == tasks == set(manifest.bias)
        and all(len(manifest.bias[task.key]) == len(task.labels) for task in taxonomy.tasks)
        and (manifest.gate is None or manifest.gate.task in [task.key for task in taxonomy.many_tasks])
    )
    if not fits:
        raise BundleError(f"{file}: thresholds, temperatures, bias or gate do not fit its taxonomy; {RESTORE}")


def _check_hash(path: Path, expected: str) -> None:
    try:
        found = sha256(path)
    except OSError as error:
        raise BundleError(f"{path}: missing or unreadable ({error.strerror}); {RESTORE}") from error
    if found != expected:
        raise BundleError(f"{path}: altered: sha256 {found[:12]}..., where the manifest says {expected[:12]}...; {RESTORE}")
