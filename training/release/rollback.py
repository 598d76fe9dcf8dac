"""Go back to the release before the one in service, without any package of the extra `train`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sorot.serving.model.bundle import BundleError, load_bundle, sha256
from sorot.serving.model.manifest import MANIFEST_FILE
from sorot.training.release.bundle_swap import archive_bundle, swap_in_bundle, undo_swap
from sorot.training.release.gate import load_release_gate
from sorot.training.release.registry import RegistryError, Release, make_release, read_registry, with_current, write_registry
from sorot.training.release.release_lock import only_release


def rollback(target: Path, settings: Path, reason: str | None, say: Callable[[str], None]) -> Release:
    """Put the release before the one in service back, byte for byte as the registry has it, and record that.

    Raises RegistryError if there is no such release, or its files are gone or were changed.
    """
    gate = load_release_gate(settings)
    path = Path(gate.registry)
    with only_release(target, path):
        return _rollback(target, Path(gate.keep), path, reason, say)


def _rollback(target: Path, keep: Path, path: Path, reason: str | None, say: Callable[[str], None]) -> Release:
    undo_swap(target)
    try:
        current = load_bundle(target)
    except BundleError as error:
        # A damaged bundle is not worth keeping, and is a reason to go back.
        say(f"{error}; going back without keeping it")
        current = None
    registry = with_current(read_registry(path), current)
    line = registry.line
    if len(line) < 2:
        raise RegistryError(f"{path}: names no release before the one in service; release another first: sorot promote BUNDLE")
    now, before = line[-1], line[-2]
    kept = keep / before.label
    cure = f"put that bundle there (git has the bundles that were committed in {target}) and run again"
    if not (kept / MANIFEST_FILE).is_file():
        raise RegistryError(f"{kept}: the files of {before.label} are gone; {cure}")
    if sha256(kept / MANIFEST_FILE) != before.manifest_sha256:
        raise RegistryError(f"{kept}: holds another bundle than the {before.label} of {path}; {cure}")
    load_bundle(kept)
    if current is not None:
        archive_bundle(current, keep)
    swap_in_bundle(kept, target)
    why = reason or f"taken back: {now.label}"
    release = make_release(load_bundle(target), "rollback", why, before.metrics)
    write_registry(registry.add(release), path)
    return release
