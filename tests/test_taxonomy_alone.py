"""README's claim: tasks and labels stand in the taxonomy and nowhere in the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sorot.data.taxonomy import load_taxonomy

ROOT = Path(__file__).parent.parent
TAXONOMY = load_taxonomy()
TASKS = set(TAXONOMY.keys)
LABELS = {key for task in TAXONOMY.tasks for key in task.keys}
SOURCES = sorted(path for room in ("data", "serving", "training") for path in (ROOT / room).rglob("*.py"))
SCRIPTS = sorted((ROOT / "serving").rglob("*.js"))
# Words that are labels of the shipped taxonomy and also belong to a library or to the page.
OTHER_MEANINGS = {
    "serving/host/server.py": {"none"},  # uvicorn: no WebSocket protocol
    "serving/page/corpus/tab.py": {"none"},  # the page's text for no column
    "serving/page/corpus/words.py": {"none"},
    "serving/page/model/words.py": {"none"},
    "serving/model/reference.py": {"none"},  # the language or reason that an article lacks
    "serving/targets/stance.py": {"stance", "neutral"},  # toward a chosen target, by labels of its own
    "training/commands/evaluate.py": {"support"},  # scikit-learn: articles of a label
    "training/measure/markdown_tables.py": {"support"},
    "training/models/deep.py": {"none"},  # torch: reduction="none"
}


def named_in(path: Path) -> Iterator[tuple[int, str]]:
    """Keys that a module names as text, and tasks that it names as attributes, parameters or keywords, by line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if text in TASKS | LABELS:
                yield node.lineno, text
            case ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)) if name in TASKS:
                yield getattr(node, "lineno", 0), name
            case ast.AnnAssign(target=ast.Name(id=name)) if name in TASKS:
                yield node.lineno, name


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_names_a_task_or_a_label(path: Path) -> None:
    allowed = OTHER_MEANINGS.get(path.relative_to(ROOT).as_posix(), set())
    found = [(line, key) for line, key in named_in(path) if key not in allowed]
    assert not found, f"{path.relative_to(ROOT)} names {found}; loop over the taxonomy's tasks"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_names_a_task_or_a_label(path: Path) -> None:
    found = re.findall(rf"\b({'|'.join(sorted(TASKS | LABELS - {'none', 'neutral'}))})\b", path.read_text(encoding="utf-8"))
    assert not found, f"{path.relative_to(ROOT)} names {found}"


def test_the_search_finds_what_it_is_for(tmp_path: Path) -> None:
    module = tmp_path / "m.py"
    module.write_text('def f(stance):\n    return row.topics, row["sentiment"], g(stance=1), "censorship"\n', encoding="utf-8")
    assert sorted(key for _, key in named_in(module)) == ["censorship", "sentiment", "stance", "stance", "topics"]


def test_the_words_for_the_state_measure_are_in_the_taxonomy_alone() -> None:
    phrases = {"state measure", "government action", "tindakan negara", "tindakan pemerintah"}
    for path in (*SOURCES, *SCRIPTS):
        text = path.read_text(encoding="utf-8").lower()
        assert not [phrase for phrase in phrases if phrase in text], path
