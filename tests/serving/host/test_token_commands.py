"""`sorot tokens`: names, ends, revocation without a restart, and never a token on the disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sorot.serving.host.token_file import add_token, read_token_file, revoke_token
from sorot.serving.host.tokens import Tokens, read_tokens
from tests.serving.command import run


def test_tokens_are_added_listed_and_revoked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "tokens")

    def tokens(*arguments: str) -> tuple[int, str, str]:
        code = run(monkeypatch, "tokens", *arguments, "--file", file)
        told = capsys.readouterr()
        return code, told.out, told.err

    token = tokens("add", "redaksi")[1].strip()
    ending = tokens("add", "magang", "--days", "30")[1].strip()
    assert len(token) == 32 and token != ending and token not in Path(file).read_text()
    assert Path(file).stat().st_mode & 0o077 == 0
    code, out, err = tokens("add", "redaksi")
    assert code == 2 and "has a token named redaksi" in err and not out
    assert tokens("revoke", "redaksi")[0] == 0
    rows = json.loads(tokens("list", "--json")[1])["tokens"]
    assert [(row["name"], row["state"], bool(row["expires"])) for row in rows] == [
        ("redaksi", "revoked", False),
        ("magang", "valid", True),
    ]
    assert "magang  valid" in tokens("list")[1]
    for arguments in (("revoke", "redaksi"), ("revoke", "nobody"), ("add", "../a")):
        code, out, err = tokens(*arguments)
        assert code == 2 and not out and err.count("\n") == 1


def test_a_running_service_sees_changes_of_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, now = tmp_path / "tokens", [0.0]
    first = add_token(file, "a", None)
    ended = add_token(file, "b", 1e-9)
    assert len(read_tokens(file)) == 2
    tokens = Tokens([], file, clock=lambda: now[0])
    assert tokens.find(first) and tokens.find(ended) is None and tokens.find("x" * 32) is None
    second = add_token(file, "c", 1)
    revoke_token(file, "a")
    now[0] += 5
    assert tokens.find(second) and tokens.find(first) is None
    revoke_token(file, "c")
    now[0] += 5
    # All are revoked, and yet nobody comes in without one.
    assert tokens.find(second) is None and tokens.needed
    file.unlink()
    now[0] += 5
    assert tokens.find(second) is None and tokens.needed and "cannot be read" in capsys.readouterr().err


def test_a_name_can_be_given_again_once_its_token_was_revoked(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    first = add_token(file, "a", None)
    revoke_token(file, "a")
    second = add_token(file, "a", None)
    tokens = Tokens([], file)
    assert tokens.find(second) and tokens.find(first) is None and len(read_token_file(file)) == 1
