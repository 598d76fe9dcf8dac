"""Put a finished bundle in the place of the one that is served."""

from __future__ import annotations

import shutil
from pathlib import Path

from serving.bundle import load_bundle
from training.card import calibration_name

CARDS = Path("model_cards")


def release_bundle(bundle: Path, target: Path) -> None:
    """Check a bundle, copy it beside `target`, and swap the two; its card is kept in model_cards/ as well."""
    manifest = load_bundle(bundle).manifest
    fresh, old = (target.with_name(f".{target.name}.{state}") for state in ("new", "old"))
    for folder in (fresh, old):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(bundle, fresh)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    if CARDS.is_dir():
        shutil.copyfile(target / "README.md", CARDS / f"{manifest.name}-{manifest.version}.md")
        picture = target / calibration_name(manifest)
        if picture.is_file():
            shutil.copyfile(picture, CARDS / picture.name)
