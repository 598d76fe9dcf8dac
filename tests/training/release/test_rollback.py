"""`sorot rollback` works where the extra `train` is not installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CODE = """
import sys
for name in ("torch", "transformers", "sklearn", "onnx", "matplotlib", "datasets", "tomlkit", "huggingface_hub"):
    sys.modules[name] = None
from sorot.serving.cli import main
sys.argv = ["sorot", "rollback", *sys.argv[1:]]
main()
"""


def test_a_rollback_needs_no_package_of_training(tmp_path: Path) -> None:
    gate = tmp_path / "gate.toml"
    registry = tmp_path / "registry.json"
    gate.write_text(f'registry = "{registry}"\nkeep = "{tmp_path / "kept"}"\npinned = "p.jsonl"\n', encoding="utf-8")
    command = [sys.executable, "-c", CODE, "--to", str(tmp_path / "none"), "--gate", str(gate)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    # As far as the registry, which names no release to go back to.
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        f"sorot: {registry}: names no release before the one in service; release another first: sorot promote BUNDLE"
    )
