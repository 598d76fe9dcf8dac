"""The file of access tokens: one JSON object a line, only ever added to. It holds hashes; a token is shown once, when it is made.

Adding whole lines at the end is safe for several writers at once, and a reader sees each line or does not.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from sorot.data.errors import SorotError

# 192 bits.
TOKEN_BYTES = 24
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


class TokenFileError(SorotError):
    """The file of tokens cannot be used as asked; the message names the file and the cure."""


class TokenEntry(BaseModel):
    """One line: a token's name, hash, and times; `revoked` takes the token of that name and hash out of use."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Annotated[str, Field(pattern=rf"^{NAME.pattern}$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    created: AwareDatetime
    expires: AwareDatetime | None = None
    revoked: bool = False

    def state(self) -> str:
        """'revoked', 'expired' or 'valid'."""
        if self.revoked:
            return "revoked"
        return "expired" if self.expires is not None and self.expires <= datetime.now(UTC) else "valid"


def hash_token(token: str) -> str:
    """SHA-256 of a token, in hexadecimal: it has too many bits for a slow hash to matter."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def read_token_file(file: Path) -> dict[str, TokenEntry]:
    """The last line of each name. Raises TokenFileError if the file cannot be read or a line is not an entry."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise TokenFileError(f"{file}: cannot be read ({reason}); make one with: sorot tokens add NAME --file {file}") from error
    entries: dict[str, TokenEntry] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = TokenEntry.model_validate_json(line)
        except ValidationError:
            # The line may be a token: it is not shown.
            raise TokenFileError(
                f"{file}:{number}: is not a line of sorot tokens; files hold hashes now, so add tokens with: "
                f"sorot tokens add NAME --file {file}"
            ) from None
        entries[entry.name] = entry
    return entries


def add_token(file: Path, name: str, days: float | None) -> str:
    """Add a token that ends after some days, None for never; returns it. Raises TokenFileError if the name is in use."""
    if not NAME.fullmatch(name):
        raise TokenFileError("a token's name is up to 64 letters, digits, '.', '_', '@' or '-'; choose another name")
    known = read_token_file(file) if file.exists() else {}
    if name in known and known[name].state() == "valid":
        raise TokenFileError(f"{file}: has a token named {name}; revoke it first, or choose another name")
    token, now = secrets.token_urlsafe(TOKEN_BYTES), datetime.now(UTC).replace(microsecond=0)
    try:
        expires = None if days is None else now + timedelta(days=days)
    except OverflowError as error:
        raise TokenFileError(f"{days:g} days are too many; leave out --days for a token that does not end") from error
    _append(file, TokenEntry(name=name, sha256=hash_token(token), created=now, expires=expires))
    return token


def revoke_token(file: Path, name: str) -> None:
    """Take a token out of use. Raises TokenFileError if there is none of this name, or it was revoked before."""
    entry = read_token_file(file).get(name)
    if entry is None or entry.revoked:
        raise TokenFileError(f"{file}: has no token named {name} in use; sorot tokens list --file {file} shows all")
    _append(file, entry.model_copy(update={"revoked": True}))


def _append(file: Path, entry: TokenEntry) -> None:
    """Add a line in one write; only the owner may read the file."""
    try:
        number = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(number, entry.model_dump_json().encode() + b"\n")
            os.fsync(number)
        finally:
            os.close(number)
    except OSError as error:
        raise TokenFileError(f"{file}: cannot be written ({error.strerror}); name another with --file") from error
