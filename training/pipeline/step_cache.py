"""Cached steps: re-run only when settings, code or inputs change.

A step's key is a hash of its settings, its code and its input files. Its record in `steps.json` holds the key and the hash
of every output file. A step runs again if its key or one of its outputs changes; an earlier step that runs again with the
same result does not affect it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from sorot.data.atomic_files import write_atomically
from sorot.data.errors import SorotError
from sorot.serving.model.bundle import sha256
from sorot.training.pipeline.code_hash import hash_code
from sorot.training.pipeline.processes import broadcast_from_main, is_main

STEPS_FILE = "steps.json"
Say = Callable[[str], None]
Run = TypeVar("Run")


class StepError(SorotError):
    """A step cannot run; the message says what is missing and the fix."""


@dataclass(frozen=True, slots=True)
class Step(Generic[Run]):
    """One step: `act` writes `outputs` (paths in the run's folder) from `settings` and `needs`, which are earlier outputs.

    `modules` are the ones whose code determines the result. `message` is shown at the start. With `all_processes`, every
    process of a run takes part; otherwise only the main one.
    """

    name: str
    message: str
    needs: tuple[str, ...]
    modules: tuple[str, ...]
    outputs: tuple[str, ...]
    settings: Callable[[Run], str]
    act: Callable[[Run], None]
    all_processes: bool = False


class Record(BaseModel):
    """A finished step: its key, the hash of each output, its duration, and whether it was kept in spite of changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: str
    outputs: dict[str, str]
    seconds: float
    kept: bool = False


Records = dict[str, Record]
_RECORDS = TypeAdapter(Records)


def read_records(folder: Path) -> Records:
    """Records by step name; empty for a new run. Raises StepError if `steps.json` is invalid."""
    path = folder / STEPS_FILE
    if not path.is_file():
        return {}
    try:
        return _RECORDS.validate_json(path.read_bytes())
    except ValidationError as error:
        raise StepError(f"{path}: not a valid record of a run; delete it to run all steps again") from error


def run_steps(
    steps: Sequence[Step[Run]], run: Run, folder: Path, say: Say, *, only: str | None = None, keep: frozenset[str] = frozenset()
) -> None:
    """Run all steps that are not up to date, in order; with `only`, just that step, whose needs must be up to date.

    Steps in `keep` are not run again even if their key changed, provided their outputs exist. Raises StepError for an unknown
    step, for needs that are not up to date, and for a step in `keep` without its outputs.
    """
    names = [step.name for step in steps]
    for name in {only, *keep} - {None}:
        if name not in names:
            raise StepError(f"no step {name!r}; the steps of this recipe are {', '.join(names)}")
    records = read_records(folder)
    for step in steps:
        key = _key(step, run, records) if is_main() else None
        current = is_main() and _is_current(step, key, folder, records)
        stale = not broadcast_from_main(current)
        if only is not None and step.name != only:
            if stale and names.index(step.name) < names.index(only) and step.name in _dependencies(steps, only):
                raise StepError(f"the step {only!r} needs {step.name!r}, which is not up to date; run that first, or all steps")
            continue
        if not stale:
            say(f"{step.name}: up to date")
            continue
        kept = step.name in keep
        start = time.monotonic()
        if kept:
            say(f"{step.name}: kept as it is")
        else:
            say(f"{step.name}: {step.message}")
            if step.all_processes or is_main():
                step.act(run)
        if is_main():
            _record(step, key, folder, records, time.monotonic() - start, kept=kept)
    # The other processes wait here for the main one's last step.
    broadcast_from_main(True)


def _dependencies(steps: Sequence[Step[Run]], name: str) -> frozenset[str]:
    """All steps that a step depends on, directly or not."""
    producers = {output: step.name for step in steps for output in step.outputs}
    needs = frozenset(producers[need] for step in steps if step.name == name for need in step.needs)
    return needs.union(*(_dependencies(steps, need) for need in needs))


def _key(step: Step[Run], run: Run, records: Records) -> str | None:
    """Hash of settings, code and inputs; None if an input does not exist yet."""
    hashes = {output: digest for record in records.values() for output, digest in record.outputs.items()}
    if any(need not in hashes for need in step.needs):
        return None
    parts = [step.name, step.settings(run), hash_code(step.modules), *(hashes[need] for need in step.needs)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _is_current(step: Step[Run], key: str | None, folder: Path, records: Records) -> bool:
    record = records.get(step.name)
    if record is None or record.key != key:
        return False
    return set(record.outputs) == set(step.outputs) and all(_hash(folder / name) == record.outputs[name] for name in step.outputs)


def _record(step: Step[Run], key: str | None, folder: Path, records: Records, seconds: float, *, kept: bool) -> None:
    outputs = {name: _hash(folder / name) for name in step.outputs}
    missing = [name for name, digest in outputs.items() if digest is None]
    if missing:
        raise StepError(f"the step {step.name!r} cannot be kept: {folder / missing[0]} is absent; run it without --keep")
    before = records.get(step.name)
    if key is None:
        raise StepError(f"the step {step.name!r} cannot be kept: earlier steps have not run; run it without --keep")
    records[step.name] = Record(
        key=key,
        outputs={name: digest for name, digest in outputs.items() if digest},
        seconds=before.seconds if kept and before else seconds,
        kept=kept,
    )
    write_atomically(folder / STEPS_FILE, _RECORDS.dump_json(records, indent=1) + b"\n")


def _hash(path: Path) -> str | None:
    return sha256(path) if path.is_file() else None
