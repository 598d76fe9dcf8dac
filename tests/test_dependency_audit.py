"""The dependency audit fails on a known vulnerability, and names packages that could not be looked up."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

SCRIPT = runpy.run_path(str(Path(__file__).parents[1] / ".ci" / "audit.py"))
GOOD: dict[str, Any] = {"name": "a", "version": "1", "vulns": []}
BAD: dict[str, Any] = {"name": "b", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["3"]}]}
UNKNOWN: dict[str, Any] = {"name": "c", "skip_reason": "Dependency not found on PyPI and could not be audited: c (1)"}


@pytest.mark.parametrize(
    ("audits", "words", "code"),
    [
        ([], "skipped: no vulnerability service can be reached", 0),
        ([[UNKNOWN]], "skipped: no vulnerability service can be reached", 0),
        ([[GOOD, UNKNOWN]], "1 packages, 0 known vulnerabilities; 1 could not be looked up", 0),
        ([[UNKNOWN], [GOOD, BAD]], "b 2: CVE-1, fixed in 3", 1),
    ],
)
def test_message_and_exit_code(audits: list[list[dict[str, Any]]], words: str, code: int) -> None:
    message, exit_code = SCRIPT["report"](audits)
    assert words in message and exit_code == code


def test_the_second_service_is_asked_only_if_the_first_gave_no_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[str] = []

    def audit(_: Path, service: str) -> list[dict[str, Any]]:
        asked.append(service)
        return [GOOD]

    main = SCRIPT["main"]
    monkeypatch.setitem(main.__globals__, "_program", lambda _: tmp_path)
    monkeypatch.setitem(main.__globals__, "_audit", audit)
    monkeypatch.setattr("sys.argv", ["audit.py", str(tmp_path)])
    assert main() == 0 and asked == ["pypi"]
