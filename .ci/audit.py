"""Known vulnerabilities of what constraints.txt pins, by pip-audit in an environment of its own, made in the given folder.

Exit code 1 if there is one. Where no vulnerability service answers, that is said in one line and is no failure.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PINNED = "pip-audit==2.10.1"
SECONDS = 180
SERVICES = ("pypi", "osv")


def main() -> int:
    """Exit code of the audit of this folder's constraints."""
    program = _program(Path(sys.argv[1]))
    if program is None:
        print("dependency audit skipped: pip-audit could not be installed")
        return 0
    said, code = report(found for service in SERVICES if (found := _audit(program, service)))
    print(said)
    return code


def report(audits: Iterable[list[dict[str, Any]]]) -> tuple[str, int]:
    """What to say of the first audit in which anything was looked up, after which none is taken, and the exit code."""
    for dependencies in audits:
        audited = [one for one in dependencies if "skip_reason" not in one]
        if not audited:
            continue
        bad = [
            f"{one['name']} {one['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no version yet'}"
            for one in audited
            for hole in one["vulns"]
        ]
        unknown = len(dependencies) - len(audited)
        told = f"dependency audit: {len(audited)} packages, {len(bad)} known vulnerabilities"
        return "\n".join([told + (f"; {unknown} could not be looked up" if unknown else ""), *bad]), 1 if bad else 0
    # pip-audit itself says that nothing is known where it could look up nothing.
    return "dependency audit skipped: no vulnerability service answers from here", 0


def _program(folder: Path) -> Path | None:
    program = folder / "bin" / "pip-audit"
    if not program.is_file():
        venv.create(folder, with_pip=True)
        install = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PINNED]
        if _run(install) is None or not program.is_file():
            return None
    return program


def _audit(program: Path, service: str) -> list[dict[str, Any]] | None:
    how = ["--disable-pip", "--no-deps", "--progress-spinner", "off", "--format", "json", "--timeout", "10"]
    done = _run([program, "-r", "constraints.txt", "--vulnerability-service", service, *how])
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"] if done else []
    except ValueError:
        return None
    return found or None


def _run(command: list[str | Path]) -> subprocess.CompletedProcess[str] | None:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return None


if __name__ == "__main__":
    sys.exit(main())
