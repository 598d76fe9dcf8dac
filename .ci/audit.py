"""Look up known vulnerabilities of the packages in constraints.txt: python .ci/audit.py FOLDER

Installs pip-audit into a separate environment in FOLDER. Exit code 1 if a vulnerability is found; an unreachable service is
one line and no failure.
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
    """Audit the working folder's constraints.txt and print the result; returns the exit code."""
    program = _program(Path(sys.argv[1]))
    if program is None:
        print("dependency audit skipped: pip-audit could not be installed")
        return 0
    message, code = report(audited for service in SERVICES if (audited := _audit(program, service)))
    print(message)
    return code


def report(audits: Iterable[list[dict[str, Any]]]) -> tuple[str, int]:
    """Message and exit code for the first audit that looked anything up; later ones are not run."""
    for dependencies in audits:
        audited = [one for one in dependencies if "skip_reason" not in one]
        if not audited:
            continue
        bad = [
            f"{one['name']} {one['version']}: {hole['id']}, fixed in {', '.join(hole['fix_versions']) or 'no version yet'}"
            for one in audited
            for hole in one["vulns"]
        ]
        unknown = len(dependencies) - len(audited)
        summary = f"dependency audit: {len(audited)} packages, {len(bad)} known vulnerabilities"
        return "\n".join([summary + (f"; {unknown} could not be looked up" if unknown else ""), *bad]), 1 if bad else 0
    # pip-audit reports "no known vulnerabilities" even if it could not look anything up.
    return "dependency audit skipped: no vulnerability service can be reached", 0


def _program(folder: Path) -> Path | None:
    program = folder / "bin" / "pip-audit"
    if not program.is_file():
        venv.create(folder, with_pip=True)
        install = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PINNED]
        if _run(install) is None or not program.is_file():
            return None
    return program


def _audit(program: Path, service: str) -> list[dict[str, Any]] | None:
    options = ["--disable-pip", "--no-deps", "--progress-spinner", "off", "--format", "json", "--timeout", "10"]
    done = _run([program, "-r", "constraints.txt", "--vulnerability-service", service, *options])
    try:
        dependencies: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"] if done else []
    except ValueError:
        return None
    return dependencies or None


def _run(command: list[str | Path]) -> subprocess.CompletedProcess[str] | None:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return None


if __name__ == "__main__":
    sys.exit(main())
