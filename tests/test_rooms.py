"""Which room and folder may import which, drawn as a graph of the source: no circle, and no way around the rooms' walls."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("data", "serving", "training")
# What each room may import of other code: a module by the longest of these prefixes that names it.
FORBIDDEN = {
    "sorot.data": ("sorot.serving", "sorot.training", "torch", "transformers", "sklearn"),
    "sorot.serving": ("sorot.training", "torch", "transformers", "sklearn"),
    "sorot.training": ("sorot.serving",),
    "sorot.serving.service": ("sorot.serving.page", "sorot.serving.host"),
    "sorot.serving.page": ("sorot.serving.service", "sorot.serving.host"),
}
ALLOWED = {"sorot.training": ("sorot.serving.model",)}


def modules() -> dict[str, Path]:
    """Every module of the package, by its dotted name, and the front door."""
    found = {"sorot": ROOT / "sorot" / "__init__.py"}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(("sorot", *(parts[:-1] if parts[-1] == "__init__" else parts)))] = path
    return found


MODULES = modules()


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, in functions too, as deep as it names it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in MODULES else node.module


EDGES = {name: sorted(set(imports(path))) for name, path in MODULES.items()}


def below(module: str, package: str) -> bool:
    """Whether a module is a package or in it."""
    return module == package or module.startswith(f"{package}.")


def test_the_graph_is_that_of_the_source() -> None:
    assert len(MODULES) > 200
    # A name that a known module imports: an empty graph would pass every test below.
    assert "sorot.data.article" in EDGES["sorot.serving.model.scorer"]
    assert "sorot.serving.model.scorer" in EDGES["sorot.training.measure.evaluate"]


@pytest.mark.parametrize("package", FORBIDDEN)
def test_walls_hold(package: str) -> None:
    inside = [name for name in MODULES if below(name, package)]
    assert inside
    for name in inside:
        for target in EDGES[name]:
            if any(below(target, allowed) for allowed in ALLOWED.get(package, ())):
                continue
            assert not any(below(target, wall) for wall in FORBIDDEN[package]), f"{name} imports {target}"


def test_no_room_is_imported_as_a_top_level_package() -> None:
    tests = {str(path.relative_to(ROOT)): path for path in (ROOT / "tests").rglob("*.py")}
    for name, path in (MODULES | tests).items():
        stray = [target for target in imports(path) if target.split(".")[0] in ROOMS]
        assert not stray, f"{name} imports {stray[0]}; write sorot.{stray[0]}"


def test_no_circle_among_files_or_folders() -> None:
    """Among what lies side by side in a folder, files and folders alike, imports run one way."""
    graphs: dict[str, dict[str, set[str]]] = {}
    for name, targets in EDGES.items():
        for target in targets:
            if target not in MODULES:
                continue
            here, there = name.split("."), target.split(".")
            common = next((i for i, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), None)
            if common is None:
                continue
            graph = graphs.setdefault(".".join(here[:common]), {})
            graph.setdefault(here[common], set()).add(there[common])
    assert "sorot.serving" in graphs and "sorot.data" in graphs
    for folder, graph in graphs.items():
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            pytest.fail(f"circle in {folder}: {' -> '.join(reversed(error.args[1]))}")


def test_no_folder_is_a_corridor() -> None:
    for room in ROOMS:
        for folder in {path.parent for path in (ROOT / room).rglob("*.py")}:
            files = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
            assert len(files) <= 16, f"{folder.relative_to(ROOT)} holds {len(files)} modules side by side"


def test_no_code_knows_a_label_by_name() -> None:
    from sorot.data.taxonomy import load_taxonomy

    topics = load_taxonomy().task("topics").keys
    for path in MODULES.values():
        text = path.read_text(encoding="utf-8")
        assert not [t for t in topics if f'"{t}"' in text or f"'{t}'" in text], path
