"""Settings of the release gate: the frozen files that a release is measured on, and the least score it needs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from sorot.data.atomic_files import write_atomically
from sorot.data.errors import SorotError
from sorot.data.toml_files import read_toml
from sorot.serving.model.bundle import sha256
from sorot.training.release.registry import Sha256, Share

SHIPPED_GATE = Path(__file__).with_name("gate.toml")
# Distance of a floor from the release that sets it: more than another seed moves the score, less than a defect would.
MARGIN = 0.03


class ReleaseGateError(SorotError):
    """The settings of the release gate, or its test files, cannot be used; the message names file and cure."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FrozenFile(_Section):
    """A labelled file to compare on; the comparison goes on without an optional file that is absent, and says so."""

    path: str
    optional: bool = False


class ReleaseGate(_Section):
    """All of gate.toml. `pinned` is always measured on; `floor` holds the least macro-F1 by its hash and by task."""

    registry: str
    keep: str
    pinned: str
    test: tuple[FrozenFile, ...] = ()
    floor: dict[Sha256, dict[str, Share]] = {}

    def pinned_floor(self) -> dict[str, float]:
        """The least macro-F1 by task on the pinned file.

        ReleaseGateError if the file is absent, or has no floor because it was changed.
        """
        try:
            own = sha256(Path(self.pinned))
        except OSError as error:
            raise ReleaseGateError(
                f"{self.pinned}: cannot be read ({error.strerror}); run in the project's folder, or correct 'pinned'"
            ) from error
        if own not in self.floor:
            raise ReleaseGateError(
                f"{self.pinned}: there is no floor for this file (sha256 {own[:12]}...); "
                "restore it, or set new floors with: sorot promote BUNDLE --lower-floor"
            )
        return self.floor[own]


def load_release_gate(path: Path = SHIPPED_GATE) -> ReleaseGate:
    """Read the settings; ReleaseGateError names every wrong or unknown key."""
    return read_toml(
        path,
        ReleaseGate,
        ReleaseGateError,
        kind="gate file",
        if_missing="name one such as training/release/gate.toml with --gate",
    )


def lower_floor(path: Path, corpus: str, scores: Mapping[str, float]) -> dict[str, float]:
    """Let `scores` on the file with hash `corpus` pass; returns the floors that were set.

    A floor above a score, or an absent one, is set to `MARGIN` below the score; no floor is raised.
    """
    # Imported here, as the package comes with the extra `train`.
    import tomlkit

    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    floors = document.setdefault("floor", tomlkit.table(is_super_table=True)).setdefault(corpus, tomlkit.table())
    lowered: dict[str, float] = {}
    for task, score in scores.items():
        if task not in floors or score < floors[task]:
            lowered[task] = floors[task] = max(0.0, math.floor(1000 * (score - MARGIN)) / 1000)
    write_atomically(path, tomlkit.dumps(document))
    return lowered
