"""Cases that failed once, and a few more: see `run`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.cases import TARGETS, run_case
from tests.fuzz.run import kept_seeds

FEW = 10


@pytest.mark.parametrize("target", [*TARGETS, "bundles"])
def test_seeds(target: str, tiny_bundle: Path) -> None:
    seeds = [seed for kept, seed in kept_seeds() if kept == target]
    faults = {seed: fault for seed in (*seeds, *range(FEW)) if (fault := run_case(target, seed, tiny_bundle))}
    assert not faults
