"""make on machines that lack something: one line names it, and nothing half made stays behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    # `make test` runs these tests; the variables that make exports would change what an inner make prints.
    outer = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES")
    }
    return subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True, env=outer)


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_make_alone_lists_the_targets() -> None:
    shown = make().stdout.splitlines()
    targets = [line.split()[1] for line in shown]
    assert targets == ["help", "demo", "test", "fuzz", "lint", "audit", "release", "evaluate", "bench"]
    assert make("help").stdout.splitlines() == shown


@pytest.mark.parametrize(
    ("python", "message"),
    [
        (None, "cannot find"),
        ("exit 127", "does not run"),
        ('case "$2" in *print*) echo 3.9;; *) exit 1;; esac', "is Python 3.9; name a Python 3.11 or newer"),
        ('case "$2" in *ensurepip*) exit 1;; *print*) echo 3.11;; esac', "apt install python3-venv"),
        (
            'case "$*" in *print*) echo 3.11;; "-m venv"*) mkdir -p "$3"; touch "$3/pyvenv.cfg"; exit 1;; esac',
            "could not create a virtual environment in",
        ),
    ],
)
def test_an_unusable_python_is_one_line(python: str | None, message: str, tmp_path: Path) -> None:
    name = str(script(tmp_path / "python", python) if python else tmp_path / "absent")
    done = make("demo", f"PYTHON={name}", f"VENV={tmp_path / 'venv'}")
    messages = [line for line in done.stderr.splitlines() if not line.startswith("make: ***")]
    assert done.returncode != 0 and len(messages) == 1 and message in messages[0], done.stderr
    assert "PYTHON=/path/to/python3" in messages[0] or "fix the error above" in messages[0]
    assert not (tmp_path / "venv").exists()


def fake_environment(folder: Path, *, installs: bool) -> list[str]:
    """Create an environment without pip whose `pip install` prints a warning and then succeeds or fails; returns make's arguments."""
    script(
        folder / "bin" / "python",
        f"""case "$*" in
  "-m pip --version") [ -f {folder}/pip ];;
  "-m ensurepip") touch {folder}/pip;;
  "-m pip install"*) echo "WARNING: a location"; [ {int(installs)} = 1 ];;
esac""",
    )
    script(folder / "bin" / "sorot", 'echo "sorot $*"')
    return [f"VENV={folder}", f"PYTHON={sys.executable}", "PORT=8123"]


def test_pip_is_installed_where_it_is_missing_and_its_output_is_hidden(tmp_path: Path) -> None:
    done = make("demo", *fake_environment(tmp_path / "venv", installs=True))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["Installing the packages for the page and the scorer", "sorot demo --port 8123"]
    assert "WARNING" not in done.stderr


def test_pips_output_is_shown_when_it_fails(tmp_path: Path) -> None:
    done = make("demo", *fake_environment(tmp_path / "venv", installs=False))
    assert done.returncode != 0
    assert "WARNING: a location" in done.stderr and "the installation failed" in done.stderr
    assert not (tmp_path / "venv" / ".serving").exists()


def test_git_never_changes_line_ends_of_data_files() -> None:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    files = [
        "serving/bundle/manifest.json",
        "serving/bundle/model.onnx",
        "data/corpus/articles.jsonl",
        "training/models/vocabulary.txt.gz",
    ]
    attributes = subprocess.run(["git", "check-attr", "text", "--", *files], cwd=ROOT, capture_output=True, text=True, check=True)
    assert attributes.stdout.splitlines() == [f"{file}: text: unset" for file in files]
