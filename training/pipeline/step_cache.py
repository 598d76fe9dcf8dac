"""Steps of a run: each is done once for the same settings, code and results of the steps before it, and told apart by hashes.

A step's key is a hash of its settings, of its code and of what the steps that it needs have written. Its record in
`steps.json` keeps the key with the hash of every file it wrote, so a step is done anew when anything that it depends
on has changed, or a file of its own has; a step before it that was done anew with the same result changes nothing.
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
from sorot.training.pipeline.code_hash import code_print
from sorot.training.pipeline.processes import agree, is_main

STEPS_FILE = "steps.json"
Say = Callable[[str], None]
Run = TypeVar("Run")


class StepError(SorotError):
    """A step cannot be done; the message says what is missing and how to get it."""


@dataclass(frozen=True, slots=True)
class Step(Generic[Run]):
    """One step: `act` writes `outputs` (below the run's folder) from `settings` and from `needs`, outputs of earlier steps.

    `modules` are those whose code decides the result. A step that is `together` is done by all processes of a run at once,
    any other by the main one alone. `message` is shown when it begins.
    """

    name: str
    message: str
    needs: tuple[str, ...]
    modules: tuple[str, ...]
    outputs: tuple[str, ...]
    settings: Callable[[Run], str]
    act: Callable[[Run], None]
    together: bool = False


class Record(BaseModel):
    """What was done: the key, the hash of each file written, how long it took, and whether it was kept in spite of changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: str
    outputs: dict[str, str]
    seconds: float
    kept: bool = False


Records = dict[str, Record]
_RECORDS = TypeAdapter(Records)


def read_records(folder: Path) -> Records:
    """Records of a run's folder, none where nothing was done yet. Raises StepError where the file cannot be read."""
    path = folder / STEPS_FILE
    if not path.is_file():
        return {}
    try:
        return _RECORDS.validate_json(path.read_bytes())
    except ValidationError as error:
        raise StepError(f"{path}: not the record of a run; delete it to do all steps anew") from error


def do_steps(
    steps: Sequence[Step[Run]], run: Run, folder: Path, say: Say, *, only: str | None = None, keep: frozenset[str] = frozenset()
) -> None:
    """Do what is not up to date, in order; `only` does one step, whose needs must be up to date.

    Steps of `keep` whose files are there are taken as they are, though what they depend on has changed.
    Raises StepError for an unknown step, for needs that are not up to date, and for a kept step without its files.
    """
    names = [step.name for step in steps]
    for name in {only, *keep} - {None}:
        if name not in names:
            raise StepError(f"no step {name!r}; the steps of this recipe are {', '.join(names)}")
    records = read_records(folder)
    for step in steps:
        key = _key(step, run, records) if is_main() else None
        current = is_main() and _is_current(step, key, folder, records)
        stale = not agree(current)
        if only is not None and step.name != only:
            if stale and names.index(step.name) < names.index(only) and step.name in _all_needs(steps, only):
                raise StepError(f"the step {only!r} needs {step.name!r}, which is not up to date; do that first, or all of them")
            continue
        if not stale:
            say(f"{step.name}: up to date")
            continue
        kept = step.name in keep
        begun = time.monotonic()
        if kept:
            say(f"{step.name}: kept as it is")
        else:
            say(f"{step.name}: {step.message}")
            if step.together or is_main():
                step.act(run)
        if is_main():
            _record(step, key, folder, records, time.monotonic() - begun, kept=kept)
    agree(True)


def _made_by(steps: Sequence[Step[Run]]) -> dict[str, str]:
    return {output: step.name for step in steps for output in step.outputs}


def _all_needs(steps: Sequence[Step[Run]], name: str) -> frozenset[str]:
    """The steps that one step depends on, at whatever distance."""
    makers = _made_by(steps)
    needs = frozenset(makers[need] for step in steps if step.name == name for need in step.needs)
    return needs.union(*(_all_needs(steps, need) for need in needs))


def _key(step: Step[Run], run: Run, records: Records) -> str | None:
    """None where something that is needed has not been made."""
    made = {output: found for record in records.values() for output, found in record.outputs.items()}
    if any(need not in made for need in step.needs):
        return None
    parts = [step.name, step.settings(run), code_print(step.modules), *(made[need] for need in step.needs)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _is_current(step: Step[Run], key: str | None, folder: Path, records: Records) -> bool:
    found = records.get(step.name)
    if found is None or found.key != key:
        return False
    return set(found.outputs) == set(step.outputs) and all(_hash(folder / name) == found.outputs[name] for name in step.outputs)


def _record(step: Step[Run], key: str | None, folder: Path, records: Records, seconds: float, *, kept: bool) -> None:
    outputs = {name: _hash(folder / name) for name in step.outputs}
    missing = [name for name, found in outputs.items() if found is None]
    if missing:
        raise StepError(f"the step {step.name!r} cannot be kept: {folder / missing[0]} is absent; run it without --keep")
    before = records.get(step.name)
    if key is None:
        raise StepError(f"the step {step.name!r} cannot be kept: the steps before it are not done; run it without --keep")
    records[step.name] = Record(
        key=key,
        outputs={name: found for name, found in outputs.items() if found},
        seconds=before.seconds if kept and before else seconds,
        kept=kept,
    )
    write_atomically(folder / STEPS_FILE, _RECORDS.dump_json(records, indent=1) + b"\n")


def _hash(path: Path) -> str | None:
    return sha256(path) if path.is_file() else None
