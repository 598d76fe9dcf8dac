"""Replace the bundle in service by another one, without a moment in which it is half copied."""

from __future__ import annotations

import shutil
from pathlib import Path

from sorot.serving.model.bundle import Bundle, BundleError, load_bundle, sha256
from sorot.serving.model.manifest import CARD_FILE, MANIFEST_FILE
from sorot.training.release.card_data import calibration_name
from sorot.training.release.registry import RegistryError, manifest_hash

CARDS = Path("model_cards")


def swap_in_bundle(bundle: Path, target: Path) -> None:
    """Check a bundle, copy it beside `target`, and swap the two; its card is also copied to model_cards/."""
    manifest = load_bundle(bundle).manifest
    undo_swap(target)
    incoming, old = _beside(target)
    shutil.copytree(bundle, incoming)
    if target.exists():
        target.rename(old)
    incoming.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    if CARDS.is_dir() and (target / CARD_FILE).is_file():
        shutil.copyfile(target / CARD_FILE, CARDS / f"{manifest.name}-{manifest.version}.md")
        picture = target / calibration_name(manifest.name, manifest.version)
        if picture.is_file():
            shutil.copyfile(picture, CARDS / picture.name)


def undo_swap(target: Path) -> None:
    """Undo an interrupted swap: put the bundle that was in service back, and remove partial copies."""
    incoming, old = _beside(target)
    if old.exists() and not target.exists():
        old.rename(target)
    for folder in (incoming, old):
        shutil.rmtree(folder, ignore_errors=True)


def archive_bundle(bundle: Bundle, folder: Path) -> None:
    """Copy a bundle that leaves service to `folder`/NAME-VERSION, for a rollback, unless it is there already.

    RegistryError if another bundle is there.
    """
    kept = folder / f"{bundle.manifest.name}-{bundle.manifest.version}"
    if (kept / MANIFEST_FILE).is_file():
        if sha256(kept / MANIFEST_FILE) != manifest_hash(bundle):
            raise RegistryError(f"{kept}: holds another bundle with the same version; move it away and run again")
        if _is_whole(kept):
            return
    part = kept.with_name(f"{kept.name}.part")
    for stale in (part, kept):
        shutil.rmtree(stale, ignore_errors=True)
    shutil.copytree(bundle.path, part)
    part.rename(kept)


def _is_whole(folder: Path) -> bool:
    try:
        load_bundle(folder)
    except BundleError:
        return False
    return True


def _beside(target: Path) -> tuple[Path, Path]:
    """Temporary folders of the new and the old bundle during the swap."""
    return target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")
