"""Which room may import which: data neither of the others, serving never training or torch, training the bundle's side."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TRAINING_MAY_USE = {
    "serving.analysis",
    "serving.bundle",
    "serving.manifest",
    "serving.pooling",
    "serving.runtime",
    "serving.scorer",
    "serving.wide",
}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("room", ["data", "serving", "training"])
def test_rooms_keep_to_themselves(room: str) -> None:
    files = sorted((ROOT / room).rglob("*.py"))
    assert files
    for path in files:
        for module in imports(path):
            top = module.split(".")[0]
            if room == "data":
                assert top not in ("training", "serving", "torch", "transformers"), (path, module)
            if room == "serving":
                assert top not in ("training", "torch", "transformers", "sklearn"), (path, module)
            if room == "training" and top == "serving":
                assert module in TRAINING_MAY_USE, (path, module)


def test_no_code_knows_a_label_by_name() -> None:
    from data.taxonomy import load_taxonomy

    topics = load_taxonomy().labels("topics")
    for room in ("data", "serving", "training"):
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert not [t for t in topics if f'"{t}"' in text or f"'{t}'" in text], path
