"""The Python of README and documents is run, and so is the notebook.

The blocks of a document run in order and share their names, in a folder where `data/corpus` is there as in a clone. A block that
names an address on this machine gets a service there. HTML comments, which a reader does not see, prepare a block:

    <!-- test: run sorot score data/corpus/articles.jsonl -o out/ -->    a command to run before
    <!-- test: skip: needs a cluster -->                                 not run, and why
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import sorot
from tests.serving.running_service import running

ROOT = Path(__file__).parents[1]
DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
# A fence ends with as many backticks as it began with; comments and blank lines may stand before it.
_BLOCK = re.compile(r"((?:^<!-- test: .*-->\n+)*)^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NOTE = re.compile(r"<!-- test: (run|skip:)(?: (.*?))? *-->")
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass(frozen=True)
class Block:
    """A block of Python, the line that it starts on, and what its comments ask for."""

    code: str
    line: int
    notes: tuple[tuple[str, str], ...]


def blocks_of(text: str) -> list[Block]:
    """The blocks of a document, in order."""
    found = []
    for match in _BLOCK.finditer(text):
        comments = [line for line in match[1].splitlines() if line]
        notes = [_NOTE.fullmatch(comment) for comment in comments]
        assert all(notes), f"not a comment that this test knows: {comments}"
        line = text.count("\n", 0, match.start(2)) + 1
        found.append(Block(match[2], line, tuple((note[1], note[2] or "") for note in notes if note)))
    return found


BLOCKS = {document: blocks for document in DOCUMENTS if (blocks := blocks_of(document.read_text(encoding="utf-8")))}


def test_every_block_of_python_is_found() -> None:
    for document in DOCUMENTS:
        fences = document.read_text(encoding="utf-8").count("```python\n")
        assert fences == len(BLOCKS.get(document, [])), f"{document.name}: a fence that does not end, or is indented"
    assert ROOT / "README.md" in BLOCKS and ROOT / "docs" / "service.md" in BLOCKS


def test_comments_are_read() -> None:
    text = "<!-- test: run a b -->\n<!-- test: skip: x y -->\n\n```python\nx\ny\n```\n\n```python\nz\n```\n"
    assert blocks_of(text) == [Block("x\ny\n", 5, (("run", "a b"), ("skip:", "x y"))), Block("z\n", 10, ())]
    with pytest.raises(AssertionError, match="not a comment that this test knows"):
        blocks_of("<!-- test: runs -->\n```python\nx\n```\n")


@pytest.mark.parametrize("document", BLOCKS, ids=lambda document: document.name)
def test_python_of_a_document_runs(document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "corpus").symlink_to(ROOT / "data" / "corpus")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "__main__"}
    for block in BLOCKS[document]:
        code = block.code
        with ExitStack() as services:
            for kind, words in block.notes:
                if kind == "run":
                    program, *arguments = shlex.split(words)
                    command = [str(Path(sys.executable).with_name(program)), *arguments]
                    done = subprocess.run(command, check=False, timeout=200, capture_output=True, text=True)
                    assert done.returncode == 0, done.stderr
            if _ADDRESS.search(code):
                code = _ADDRESS.sub(services.enter_context(running(sorot.load().scorer)).url, code)
            if not any(kind == "skip:" for kind, _ in block.notes):
                # Lines of errors are those of the document.
                exec(compile("\n" * (block.line - 1) + code, document.name, "exec"), names)


def kinds(notebook: nbformat.NotebookNode) -> list[list[tuple[str, ...]]]:
    """What each cell of code shows: the formats of its outputs. On a busy machine printed lines come in several outputs."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [
        list(dict.fromkeys(tuple(sorted(o.get("data", [o.get("name", o.output_type)]))) for o in cell.outputs)) for cell in cells
    ]


def test_the_tour_runs_and_shows_what_it_was_saved_with() -> None:
    path = ROOT / "docs" / "tour.ipynb"
    saved = nbformat.read(path, as_version=4)
    fresh = nbformat.from_dict(json.loads(json.dumps(saved)))
    for cell in fresh.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    NotebookClient(fresh, timeout=200, resources={"metadata": {"path": str(path.parent)}}).execute()
    assert kinds(fresh) == kinds(saved)
    # An answer with highlighted text and a chart; nothing of the machine that made it.
    text = path.read_text(encoding="utf-8")
    assert "<mark" in text and "linear-gradient" in text and str(ROOT) not in text and "/tmp/" not in text
