"""Put a bundle in service if it is not significantly worse than the current one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from sorot.data.labels.records import LabelledArticle
from sorot.serving.model.bundle import Bundle, load_bundle, sha256
from sorot.serving.model.manifest import MANIFEST_FILE
from sorot.serving.model.scorer import Scorer
from sorot.training.input.sources import read_rows
from sorot.training.measure.baselines import Indicators, indicators, is_labelled
from sorot.training.measure.comparison import Comparison, compare_labels
from sorot.training.measure.evaluate import analyse_rows, given_labels
from sorot.training.measure.metrics import macro_f1
from sorot.training.release.bundle_swap import archive_bundle, swap_in_bundle, undo_swap
from sorot.training.release.gate import ReleaseGate, ReleaseGateError, load_release_gate, lower_floor
from sorot.training.release.registry import (
    Action,
    FileScores,
    check_unchanged,
    check_version,
    make_release,
    manifest_hash,
    read_registry,
    summarise_comparison,
    with_current,
    write_registry,
)
from sorot.training.release.release_lock import only_release

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Consent:
    """What the user allows: a reason to release a significantly worse bundle, and whether floors may be lowered."""

    force: str | None = None
    lower_floor: bool = False


@dataclass(frozen=True, slots=True)
class PromotionResult:
    """What happened to a candidate. `reasons` are sentences: why it was refused, or why it passed."""

    status: Literal["released", "refused", "in service already"]
    reasons: tuple[str, ...]
    metrics: dict[str, FileScores]
    comparison: Comparison | None = None
    action: Action | None = None


def promote(bundle: Path, target: Path, settings: Path, on: Sequence[Path], consent: Consent, say: Say) -> PromotionResult:
    """Measure a bundle beside the one in service in `target`, and swap it in if it may pass; a refusal changes nothing.

    `settings` is gate.toml; `on` replaces its test files, except the pinned one. `say` gets the progress.
    Raises sorot.data.errors.SorotError if the bundle cannot be compared or released at all.
    """
    if consent.force is not None and not consent.force.strip():
        raise ReleaseGateError("--force needs a reason, for the registry; write: --force 'why this is right'")
    gate = load_release_gate(settings)
    with only_release(target, Path(gate.registry)):
        return _promote(bundle, target, settings, gate, on, consent, say)


def _promote(
    bundle: Path, target: Path, settings: Path, gate: ReleaseGate, on: Sequence[Path], consent: Consent, say: Say
) -> PromotionResult:
    floor = {} if consent.lower_floor else gate.pinned_floor()
    undo_swap(target)
    scorer = Scorer.load(bundle)
    current = load_bundle(target) if (target / MANIFEST_FILE).is_file() else None
    path = Path(gate.registry)
    read = read_registry(path)
    registry = with_current(read, current)
    served = manifest_hash(current) if current is not None else None
    if served == manifest_hash(scorer.bundle):
        if registry != read:
            write_registry(registry, path)
        return PromotionResult("in service already", (f"{scorer.model}, so nothing was done",), {})
    check_version(registry, scorer.bundle, path)
    files = _read_files(gate, on, scorer, say)
    rows = {name: part for name, (_, part) in files.items()}
    found = _label_rows(scorer, rows, say)
    metrics = _measure(files, found, scorer)
    comparison = _compare(scorer, found, current, rows, say) if current is not None else None
    worse = _objections(comparison, scorer, current)
    pinned = metrics[Path(gate.pinned).name]
    fallen = tuple(
        f"{task} scores {pinned.macro_f1.get(task, 0.0):.3f} on {gate.pinned}, below its floor of {least:.3f}, "
        "which --lower-floor alone lowers"
        for task, least in floor.items()
        if pinned.macro_f1.get(task, 0.0) < least
    )
    if fallen or (worse and consent.force is None):
        return PromotionResult("refused", (*fallen, *worse), metrics, comparison)
    reason = consent.force or ("first release" if current is None else f"nothing significantly worse than {_label(current)}")
    # Measuring takes minutes: what was compared has to be what is replaced.
    check_unchanged(target, served, path, read)
    if consent.lower_floor:
        lowered = lower_floor(settings, pinned.sha256, pinned.macro_f1)
        reason += "".join(f"; floor of {task} set to {least:.3f}" for task, least in lowered.items())
    # Before the swap: afterwards the folder of `current` holds the new bundle.
    compared = summarise_comparison(comparison, current) if comparison is not None and current is not None else None
    if current is not None:
        archive_bundle(current, Path(gate.keep))
    swap_in_bundle(bundle, target)
    action: Action = "force" if worse else "promote"
    write_registry(registry.add(make_release(load_bundle(target), action, reason, metrics, compared)), path)
    return PromotionResult("released", (reason,), metrics, comparison, action)


def _read_files(gate: ReleaseGate, on: Sequence[Path], scorer: Scorer, say: Say) -> dict[str, tuple[Path, list[LabelledArticle]]]:
    """The test files by name, the pinned one first, each read once; optional files that are absent are reported and skipped."""
    wanted = [(Path(gate.pinned), False)]
    wanted += [(path, False) for path in on] if on else [(Path(file.path), file.optional) for file in gate.test]
    files: dict[str, tuple[Path, list[LabelledArticle]]] = {}
    seen: set[Path] = set()
    for path, optional in wanted:
        if path.resolve() in seen:
            continue
        seen.add(path.resolve())
        if optional and not path.is_file():
            say(f"{path} is absent: compared without it")
            continue
        rows = read_rows(path, "labelled", scorer.taxonomy)
        if not any(is_labelled(rows, task).any() for task in scorer.taxonomy.keys):
            raise ReleaseGateError(f"{path}: holds no labelled article; name a file that does")
        files[path.as_posix() if path.name in files else path.name] = (path, rows)
    return files


def _label_rows(scorer: Scorer, files: Mapping[str, Sequence[LabelledArticle]], say: Say) -> Indicators:
    """The labels that a model gives to the articles of all files, by task (n, labels of the task)."""
    parts = []
    for name, rows in files.items():
        say(f"scoring {name} ({len(rows)} articles) with {scorer.model}")
        parts.append(given_labels(analyse_rows(scorer, rows), scorer.taxonomy))
    return {task: np.concatenate([part[task] for part in parts]) for task in scorer.taxonomy.keys}


def _measure(
    files: Mapping[str, tuple[Path, Sequence[LabelledArticle]]], found: Indicators, scorer: Scorer
) -> dict[str, FileScores]:
    metrics: dict[str, FileScores] = {}
    at = 0
    for name, (path, rows) in files.items():
        truth = indicators(rows, scorer.taxonomy)
        scores: dict[str, float] = {}
        for task in scorer.taxonomy.keys:
            known = np.flatnonzero(is_labelled(rows, task))
            if len(known):
                scores[task] = round(macro_f1(truth[task][known], found[task][at + known]), 6)
        metrics[name] = FileScores(sha256=sha256(path), articles=len(rows), macro_f1=scores)
        at += len(rows)
    return metrics


def _compare(
    candidate: Scorer, found: Indicators, current: Bundle, files: Mapping[str, Sequence[LabelledArticle]], say: Say
) -> Comparison | None:
    """The comparison with the model in service; None if the two do not have the same tasks and labels."""
    ours, theirs = ([(task.key, task.kind, task.keys) for task in t.tasks] for t in (candidate.taxonomy, current.taxonomy))
    if ours != theirs:
        return None
    served = _label_rows(Scorer.load(current.path), files, say)
    return compare_labels(files, found, served, candidate.taxonomy)


def _objections(comparison: Comparison | None, candidate: Scorer, current: Bundle | None) -> tuple[str, ...]:
    """Reasons against the candidate, compared with the bundle in service."""
    if current is None:
        return ()
    if comparison is None:
        return (f"{candidate.model} gives other labels than {_label(current)}, so the two cannot be compared",)
    return tuple(
        f"{d.task} is significantly worse on {d.where} ({d.articles} articles): {d.candidate:.3f} after {d.current:.3f}, "
        f"{d.difference:+.3f}, interval {d.low:+.3f} to {d.high:+.3f}"
        for d in comparison.worse
    )


def _label(bundle: Bundle) -> str:
    return f"{bundle.manifest.name}-{bundle.manifest.version}"
