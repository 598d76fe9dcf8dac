"""The bundle in service does not fall below the floors that are pinned for our own held-out corpus."""

from __future__ import annotations

from pathlib import Path

from sorot.serving.model.scorer import Scorer
from sorot.training.input.sources import read_rows
from sorot.training.measure.evaluate import evaluate_rows
from sorot.training.release.gate import load_release_gate

ROOT = Path(__file__).parents[1]


def test_the_shipped_bundle_reaches_its_floor() -> None:
    gate = load_release_gate()
    pinned = ROOT / gate.pinned
    # Fails where the corpus was changed: then it needs floors of its own.
    floor = gate.model_copy(update={"pinned": str(pinned)}).pinned_floor()
    scorer = Scorer.load()
    tasks = evaluate_rows(scorer, read_rows(pinned, "labelled", scorer.taxonomy))["tasks"]
    assert set(floor) == set(tasks)
    assert {task: least for task, least in floor.items() if tasks[task]["macro_f1"] < least} == {}


def test_the_shipped_bundle_stands_last_in_the_registry() -> None:
    from sorot.serving.model.bundle import load_bundle
    from sorot.training.release.registry import manifest_hash, read_registry

    line = read_registry(ROOT / load_release_gate().registry).line
    assert line and line[-1].manifest_sha256 == manifest_hash(load_bundle())
