"""Files, folders, modules and links that the documents name exist, and the index lists every document."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "data" / "corpus" / "README.md",
    ROOT / "data" / "annotations" / "README.md",
    ROOT / "model_cards" / "README.md",
]
# A path below one of the project's folders; the lookbehind passes over ../shared/data/... and folders of the same name elsewhere.
_PATH = re.compile(r"(?<![\w./:-])(?:data|docs|model_cards|serving|tests|training)/[\w./*-]*[\w/*]")
_MODULE = re.compile(r"(?<![\w./])(?:sorot\.(?:data|serving|training)|tests)(?:\.[a-z]\w*)+")
_LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


def missing_paths(text: str) -> list[str]:
    """Paths and globs in a text that name nothing in the project."""
    return [path for path in _PATH.findall(text) if not any(ROOT.glob(path.rstrip("/")))]


def missing_modules(text: str) -> list[str]:
    """Dotted names in a text that lead to no module, nor to a name in one."""
    return [name for name in _MODULE.findall(text) if not (is_module(name) or is_module(name.rpartition(".")[0]))]


def is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def missing_links(document: Path) -> list[str]:
    """Relative links of a document that lead nowhere."""
    return [link for link in _LINK.findall(document.read_text(encoding="utf-8")) if not (document.parent / link).exists()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_everything_a_document_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert not missing_paths(text)
    assert not missing_modules(text)
    assert not missing_links(document)


def test_what_does_not_exist_is_found(tmp_path: Path) -> None:
    text = "`data/nowhere.py`, `data/article.py`, `training/recipes/*.toml`, ../shared/data/news/dev.jsonl, serving/model/"
    assert missing_paths(text) == ["data/nowhere.py"]
    assert missing_modules("`sorot.data.nowhere.deep`, `sorot.data.article.Article`") == ["sorot.data.nowhere.deep"]
    document = tmp_path / "a.md"
    document.write_text("[here](a.md#part) [there](b.md) [web](https://example.org)", encoding="utf-8")
    assert missing_links(document) == ["b.md"]


def test_the_index_lists_every_document() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    documents = [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs").glob("*.ipynb")]
    assert {d.name for d in documents if d.name != "README.md"} <= set(_LINK.findall(index))
