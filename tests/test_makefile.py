"""make, on machines that lack something: one line says what, and nothing half made is left."""

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
    # `make test` runs these tests, and what it hands on to a make within it would change what that one prints.
    outer = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES")
    }
    return subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True, env=outer)


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_make_alone_lists_what_there_is() -> None:
    shown = make().stdout.splitlines()
    targets = [line.split()[1] for line in shown]
    assert targets == ["help", "demo", "test", "lint", "audit", "release", "evaluate", "bench"]
    assert make("help").stdout.splitlines() == shown


@pytest.mark.parametrize(
    ("python", "message"),
    [
        (None, "there is no"),
        ("exit 127", "does not run"),
        ('case "$2" in *print*) echo 3.9;; *) exit 1;; esac', "is Python 3.9; name a Python 3.11 or newer"),
        ('case "$2" in *ensurepip*) exit 1;; *print*) echo 3.11;; esac', "apt install python3-venv"),
        ('case "$*" in *print*) echo 3.11;; "-m venv"*) mkdir -p "$3"; touch "$3/pyvenv.cfg"; exit 1;; esac', "could be made in"),
    ],
)
def test_a_python_that_will_not_do_is_one_line(python: str | None, message: str, tmp_path: Path) -> None:
    name = str(script(tmp_path / "python", python) if python else tmp_path / "absent")
    done = make("demo", f"PYTHON={name}", f"VENV={tmp_path / 'venv'}")
    said = [line for line in done.stderr.splitlines() if not line.startswith("make: ***")]
    assert done.returncode != 0 and len(said) == 1 and message in said[0], done.stderr
    assert "PYTHON=/path/to/python3" in said[0] or "mend what is said above" in said[0]
    assert not (tmp_path / "venv").exists()


def fake_environment(folder: Path, *, installs: bool) -> list[str]:
    """An environment without pip, whose installation says much and ends as told; the arguments of make for it."""
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


def test_an_environment_without_pip_is_given_it_and_pips_noise_is_hidden(tmp_path: Path) -> None:
    done = make("demo", *fake_environment(tmp_path / "venv", installs=True))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["Installing what the page and the scorer need", "sorot demo --port 8123"]
    assert "WARNING" not in done.stderr


def test_what_pip_says_is_shown_when_it_fails(tmp_path: Path) -> None:
    done = make("demo", *fake_environment(tmp_path / "venv", installs=False))
    assert done.returncode != 0
    assert "WARNING: a location" in done.stderr and "the installation failed" in done.stderr
    assert not (tmp_path / "venv" / ".serving").exists()


def test_no_checkout_alters_the_bundle() -> None:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    files = [
        "serving/bundle/manifest.json",
        "serving/bundle/model.onnx",
        "data/corpus/articles.jsonl",
        "training/models/vocabulary.txt.gz",
    ]
    asked = subprocess.run(["git", "check-attr", "text", "--", *files], cwd=ROOT, capture_output=True, text=True, check=True)
    assert asked.stdout.splitlines() == [f"{file}: text: unset" for file in files]
