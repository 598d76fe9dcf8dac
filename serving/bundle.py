"""A bundle on disk: checked against its hashes before anything of it is loaded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from data.errors import SorotError
from data.taxonomy import TASKS, Taxonomy, TaxonomyError
from serving.manifest import MANIFEST_FILE, MODEL_FILE, TOKENIZER_FILE, WIDE_FILE, Manifest

SHIPPED = Path(__file__).with_name("bundle")


class BundleError(SorotError):
    """A bundle cannot be used; the message names folder or file, and the cure."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose files are what its manifest says."""

    path: Path
    manifest: Manifest
    taxonomy: Taxonomy


def load_bundle(path: Path | None = None) -> Bundle:
    """Read and check a bundle, the shipped one by default; BundleError for one that is absent, incomplete or altered."""
    path = path or SHIPPED
    if not path.is_dir():
        raise BundleError(f"{path}: there is no such bundle folder; name one with --bundle, or make one with: sorot train")
    file = path / MANIFEST_FILE
    try:
        manifest = Manifest.model_validate_json(file.read_bytes())
        taxonomy = Taxonomy.from_dict(manifest.taxonomy)
    except FileNotFoundError as error:
        raise BundleError(f"{path}: no {MANIFEST_FILE} in it, so it is no bundle; name the folder that holds one") from error
    except OSError as error:
        raise BundleError(f"{file}: cannot be read ({error.strerror}); mend its permissions") from error
    except (ValidationError, TaxonomyError) as error:
        reason = (
            f"{error.error_count()} mistakes, first: {error.errors()[0]['msg']}"
            if isinstance(error, ValidationError)
            else str(error)
        )
        raise BundleError(f"{file}: not a manifest that this version reads ({reason}); restore the bundle") from error
    _check_labels(file, manifest, taxonomy)
    for name in (MODEL_FILE, TOKENIZER_FILE, WIDE_FILE):
        if name not in manifest.files:
            raise BundleError(f"{file}: lists no hash for {name}; restore the bundle")
    for name, expected in manifest.files.items():
        if Path(name).name != name:
            raise BundleError(f"{file}: names the file {name!r}, which is not in its folder; restore the bundle")
        _check_hash(path / name, expected)
    return Bundle(path, manifest, taxonomy)


def sha256(path: Path) -> str:
    """Hash of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_labels(file: Path, manifest: Manifest, taxonomy: Taxonomy) -> None:
    fits = (
        set(manifest.thresholds) == set(taxonomy.labels("topics"))
        and set(manifest.temperatures) == set(TASKS) == set(manifest.bias)
        and all(len(manifest.bias[task]) == len(taxonomy.labels(task)) for task in TASKS)
    )
    if not fits:
        raise BundleError(f"{file}: thresholds, temperatures or bias do not fit its taxonomy; restore the bundle")


def _check_hash(path: Path, expected: str) -> None:
    try:
        found = sha256(path)
    except OSError as error:
        raise BundleError(f"{path}: missing or unreadable ({error.strerror}); restore the bundle") from error
    if found != expected:
        raise BundleError(
            f"{path}: altered: sha256 {found[:12]}..., where the manifest says {expected[:12]}...; restore the bundle"
        )
