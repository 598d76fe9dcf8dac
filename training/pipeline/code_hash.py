"""Hash the code of a step: its modules and their imports within this project, without comments and docstrings."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

# Packages whose code is hashed.
PACKAGES = ("sorot",)
# Steps hash the recipe's values, so new keys in the recipe's module do not matter.
EXCLUDED = frozenset({"sorot.training.recipe"})


def hash_code(modules: Iterable[str]) -> str:
    """SHA-256 over the syntax trees of `modules` and of all modules in PACKAGES that they import, directly or not.

    Comments, docstrings and layout do not count. Raises ModuleNotFoundError for an unknown module.
    """
    found: dict[str, _Module] = {}
    pending = list(modules)
    while pending:
        name = pending.pop()
        if name not in found and name not in EXCLUDED:
            found[name] = _parse(_source(name).read_text(encoding="utf-8"))
            pending += found[name].imports
    return hashlib.sha256("".join(f"{name} {found[name].digest}\n" for name in sorted(found)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Module:
    digest: str
    imports: tuple[str, ...]


@cache
def _parse(source: str) -> _Module:
    """Digest and imports of a module's source; parsed once for all steps of a run."""
    tree = ast.parse(source)
    imports = tuple(dict.fromkeys(_imports(tree)))
    return _Module(hashlib.sha256(ast.dump(_without_docstrings(tree)).encode()).hexdigest(), imports)


def _source(module: str) -> Path:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"no module {module}", name=module)
    return Path(spec.origin)


def _imports(tree: ast.Module) -> Iterator[str]:
    """Modules in PACKAGES that a module imports, including imports within functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] in PACKAGES)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in PACKAGES:
            yield node.module
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                # The name may be a submodule, but only if the module is a package.
                if (spec := find_spec(node.module)) and spec.submodule_search_locations and find_spec(name):
                    yield name


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
                node.body = node.body[1:]
    return tree
