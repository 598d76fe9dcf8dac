"""The registry: a file with every release, its scores and why it passed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from sorot.data.atomic_files import write_atomically
from sorot.data.errors import SorotError
from sorot.data.validation import describe_validation_error
from sorot.serving.model.bundle import Bundle, sha256
from sorot.serving.model.manifest import MANIFEST_FILE, Name
from sorot.training.measure.comparison import Comparison, Difference

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
# promote: passed the gate; force: released although it was worse; rollback: the release before, back in service;
# adopt: found in service without an entry, or its manifest was added to.
Action = Literal["promote", "force", "rollback", "adopt"]


class RegistryError(SorotError):
    """The registry cannot be read, or does not allow the action; the message names file and cure."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FileScores(_Entry):
    """Macro-F1 by task on a test file with this hash."""

    sha256: Sha256
    articles: int = Field(ge=1)
    macro_f1: dict[str, Share]


class ReleaseComparison(_Entry):
    """The model that a release was compared with, the difference in every task, and the worst of `slices` slices."""

    current: str
    current_manifest_sha256: Sha256
    tasks: tuple[Difference, ...]
    slices: int = Field(ge=0)
    worst_slice: Difference | None


class Release(_Entry):
    """A bundle that was put in service; `metrics` by test file, empty if nothing was measured."""

    action: Action
    name: Name
    version: Name
    time: AwareDatetime
    manifest_sha256: Sha256
    files: dict[str, Sha256]
    metrics: dict[str, FileScores]
    comparison: ReleaseComparison | None
    reason: str = Field(min_length=1)

    @property
    def label(self) -> str:
        """Name and version."""
        return f"{self.name}-{self.version}"


class Registry(_Entry):
    """All releases, in the order in which they were put in service."""

    format: Literal[1] = 1
    releases: tuple[Release, ...] = ()

    @property
    def line(self) -> tuple[Release, ...]:
        """The releases that led to the one in service, which is last; going back to a release removes those after it."""
        line: list[Release] = []
        for release in self.releases:
            places = [n for n, earlier in enumerate(line) if earlier.manifest_sha256 == release.manifest_sha256]
            if places and release.action in ("rollback", "adopt"):
                del line[places[-1] + 1 :]
            else:
                line.append(release)
        return tuple(line)

    def add(self, release: Release) -> Registry:
        """The registry with another release at its end."""
        return self.model_copy(update={"releases": (*self.releases, release)})


def read_registry(path: Path) -> Registry:
    """Read a registry, an empty one if there is no file; RegistryError names every wrong or unknown key."""
    try:
        return Registry.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Registry()
    except ValidationError as error:
        wrong = describe_validation_error(error)
        raise RegistryError(f"{path}: not a registry that this version reads ({wrong}); restore it from git") from error


def write_registry(registry: Registry, path: Path) -> None:
    """Write a registry whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, registry.model_dump_json(indent=1) + "\n")


def manifest_hash(bundle: Bundle) -> str:
    """Hash of a bundle's manifest, which holds the hashes of all its other files."""
    return sha256(bundle.path / MANIFEST_FILE)


def make_release(
    bundle: Bundle, action: Action, reason: str, metrics: dict[str, FileScores], comparison: ReleaseComparison | None = None
) -> Release:
    """The entry of a bundle that goes into service now."""
    return Release(
        action=action,
        name=bundle.manifest.name,
        version=bundle.manifest.version,
        time=datetime.now(UTC).replace(microsecond=0),
        manifest_sha256=manifest_hash(bundle),
        files=bundle.manifest.files,
        metrics=metrics,
        comparison=comparison,
        reason=reason,
    )


def summarise_comparison(comparison: Comparison, current: Bundle) -> ReleaseComparison:
    """The part of a comparison with the bundle in service that the registry keeps."""
    return ReleaseComparison(
        current=f"{current.manifest.name}-{current.manifest.version}",
        current_manifest_sha256=manifest_hash(current),
        tasks=comparison.tasks,
        slices=len(comparison.slices),
        worst_slice=comparison.worst_slice,
    )


def with_current(registry: Registry, current: Bundle | None, reason: str = "found in service without an entry") -> Registry:
    """The registry, with an entry for the bundle in service, for this `reason`, if its last entry is of another bundle."""
    if current is None:
        return registry
    line = registry.line
    if line and line[-1].manifest_sha256 == manifest_hash(current):
        return registry
    return registry.add(make_release(current, "adopt", reason, {}))


def check_unchanged(target: Path, served: str | None, path: Path, registry: Registry) -> None:
    """RegistryError unless the bundle in service still has the manifest with the hash `served`, and `path` holds `registry`."""
    manifest = target / MANIFEST_FILE
    now = sha256(manifest) if manifest.is_file() else None
    if now != served or read_registry(path) != registry:
        raise RegistryError(f"{target}: the bundle in service or {path} changed while the new one was measured; run again")


def check_version(registry: Registry, bundle: Bundle, path: Path) -> None:
    """RegistryError if the registry has the bundle's version with other hashes."""
    manifest, own = bundle.manifest, manifest_hash(bundle)
    for release in registry.releases:
        if (release.name, release.version) == (manifest.name, manifest.version) and release.manifest_sha256 != own:
            raise RegistryError(
                f"{bundle.path}: {release.label} stands in {path} with other hashes; "
                "raise the version in the recipe and train again"
            )
