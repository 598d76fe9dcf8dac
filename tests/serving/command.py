"""What the tests of the command line share."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from sorot.serving.cli import main

GOOD = "Pemerintah memblokir situs judi daring di Jakarta. Kementerian menilai aturan platform digital baru itu baik sekali."


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Exit code of the command line."""
    monkeypatch.setattr(sys, "argv", ["sorot", *map(str, arguments)])
    with pytest.raises(SystemExit) as stop:
        main()
        raise SystemExit(0)
    return int(stop.value.code or 0)


def lines(path: Path) -> list[dict[str, object]]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def summary(out: str | bytes) -> dict[str, Any]:
    """What `score --json` says at last; on a slow machine it tells of progress before."""
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    assert found.pop("event") == "done"
    return found
