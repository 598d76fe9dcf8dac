"""Fixtures shared by the rooms' tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from sorot.serving.model.scorer import Scorer
from tests.tiny_bundle import build_bundle


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small bundle over the shipped taxonomy."""
    return build_bundle(tmp_path_factory.mktemp("bundle") / "tiny")


@pytest.fixture(scope="session")
def tiny_scorer(tiny_bundle: Path) -> Scorer:
    """A scorer over the small bundle."""
    return Scorer.load(tiny_bundle)
