"""The wheel: everything is in it once, and it works in a bare environment whose working folder has a `data` of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("data", "serving", "training")
TEXT = "Pemerintah memblokir situs berita itu. Dewan Pers menilai langkah itu berlebihan."
# Labelled articles for training, and the worked case of the documents, from a clone.
LEFT_OUT = ("data/annotations/", "data/corpus/case/")


def package_files() -> set[str]:
    """Every file that belongs in the wheel, by its path in it."""
    files = {path.relative_to(ROOT).as_posix() for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file()}
    wanted = {name for name in files if not name.startswith(LEFT_OUT) and "__pycache__" not in name and "/." not in name}
    return {f"sorot/{name}" for name in wanted} | {"sorot/__init__.py", "sorot/py.typed"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy so that nothing of an earlier build gets into it."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in ("sorot", *ROOMS):
        ignore = shutil.ignore_patterns("__pycache__", "annotations")
        shutil.copytree(ROOT / name, source / name, symlinks=True, ignore=ignore)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    run([sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, source], folder)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds only the wheel and sees the dependencies of this one."""
    place = tmp_path_factory.mktemp("bare") / "venv"
    venv.create(place, with_pip=False)
    programs = place / "bin"
    python = programs / "python"
    run([sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", "--no-index", wheel], place)
    [packages] = place.glob("lib/*/site-packages")
    # Lines of a .pth file add folders, but not what .pth files in those folders add: an editable install stays unseen.
    (packages / "dependencies.pth").write_text("\n".join(path for path in sys.path if path.endswith("site-packages")) + "\n")
    return programs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with a module and a package called `data` that no one may import."""
    (tmp_path / "data").mkdir()
    for file in (tmp_path / "data.py", tmp_path / "data" / "__init__.py"):
        file.write_text("raise RuntimeError('the data of the working folder was imported')\n", encoding="utf-8")
    (tmp_path / "berita.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def run(command: list[object], folder: Path) -> str:
    """What a command prints; it has to succeed."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=250
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_file_is_in_the_wheel_once_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    inside = [name for name in names if not name.partition("/")[0].endswith(".dist-info")]
    assert sorted(inside) == sorted(package_files())
    # What the package reads when it runs, in case a folder above is ever left out.
    for name in (
        "data/taxonomy.toml",
        "data/corpus/articles.jsonl",
        "serving/bundle/model.onnx",
        "serving/model/analysis.html",
        "serving/page/page.css",
        "serving/page/review/keys.js",
        "training/recipes/release.toml",
        "training/models/vocabulary.txt.gz",
    ):
        assert f"sorot/{name}" in inside


def test_the_command_scores_an_article_beside_another_data(bare: Path, folder: Path) -> None:
    run([bare / "sorot", "score", "berita.txt", "-o", "out.jsonl"], folder)
    [row] = [json.loads(line) for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert row["id"] == "berita" and row["withheld"] is None and row["evidence"]


def test_python_scores_an_article_beside_another_data(bare: Path, folder: Path) -> None:
    code = f"""
import json, sys
from importlib.util import find_spec
import sorot
analysis = sorot.load().analyze({TEXT!r})
import sorot.data.taxonomy
print(json.dumps([sorot.__file__, sorot.data.taxonomy.__file__, analysis.to_dict()["evidence"],
                  [name for name in ("serving", "training") if find_spec(name)]]))
"""
    package, taxonomy, evidence, stray = json.loads(run([bare / "python", "-c", code], folder))
    environment = str(bare.parent)
    assert package.startswith(environment) and taxonomy.startswith(environment)
    assert evidence and not stray
