"""Access tokens, from SOROT_TOKENS or a file of hashes that `sorot tokens` keeps, and the request limits of each."""

from __future__ import annotations

import base64
import binascii
import hmac
import math
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sorot.data.errors import SorotError
from sorot.data.messages import print_message
from sorot.serving.host.token_file import TokenFileError, hash_token, read_token_file

TOKENS = "SOROT_TOKENS"
# 22 letters of base64 are 128 bits.
MIN_CHARACTERS = 22
MIN_DIFFERENT = 8
HOW_TO_MAKE = "python -c 'import secrets; print(secrets.token_urlsafe(24))' makes one"
# How soon a token that was added or revoked counts.
RELOAD_SECONDS = 1.0


class TokenError(SorotError):
    """A token cannot be used; the message says where it stands and what to do, never the token itself."""


class Tokens:
    """The accepted tokens, stored as hashes of equal length; those of a file until they expire or are revoked there."""

    def __init__(self, tokens: Iterable[str], file: Path | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._fixed: dict[str, datetime | None] = {hash_token(token): None for token in tokens}
        self._file, self._clock = file, clock
        self._hashes: Mapping[str, datetime | None] = self._fixed
        self._next_look, self._seen = 0.0, 0
        self._look()

    def __len__(self) -> int:
        return len(self._hashes)

    def find(self, given: str) -> str | None:
        """The hash of this token; None if it is unknown or has expired. Compares with every token in constant time."""
        if self._file is not None and self._clock() >= self._next_look:
            self._look()
        digest, found = hash_token(given), None
        for known in self._hashes:
            if hmac.compare_digest(digest, known):
                found = known
        if found is None or ((end := self._hashes[found]) is not None and end <= datetime.now(UTC)):
            return None
        return found

    @property
    def needed(self) -> bool:
        """Whether callers need a token: also if all of a file's were revoked."""
        return bool(self._fixed) or self._file is not None

    def _look(self) -> None:
        """Read the file again if it has changed. A file that cannot be read any more accepts nobody."""
        if self._file is None:
            return
        self._next_look = self._clock() + RELOAD_SECONDS
        try:
            changed = self._file.stat().st_mtime_ns
            if changed == self._seen:
                return
            in_file: Mapping[str, datetime | None] = {
                entry.sha256: entry.expires for entry in read_token_file(self._file).values() if not entry.revoked
            }
            self._seen = changed
        except (OSError, TokenFileError) as error:
            if self._seen != -1:
                reason = error if isinstance(error, TokenFileError) else f"{self._file}: cannot be read"
                print_message(f"{reason}; its tokens are not accepted until that is mended")
            self._seen, in_file = -1, {}
        self._hashes = {**in_file, **self._fixed}


def read_tokens(file: Path | None) -> Tokens:
    """Tokens of SOROT_TOKENS, separated by white space, and of a file. Raises TokenError or TokenFileError if one is unusable."""
    given = os.environ.get(TOKENS, "").split()
    for token in given:
        if len(token) < MIN_CHARACTERS or len(set(token)) < MIN_DIFFERENT or not token.isascii() or not token.isprintable():
            raise TokenError(
                f"{TOKENS}: a token needs at least {MIN_CHARACTERS} ASCII letters, digits or signs, {MIN_DIFFERENT} of them "
                f"different; {HOW_TO_MAKE}"
            )
    if file is not None and not any(not entry.revoked for entry in read_token_file(file).values()):
        raise TokenError(f"{file}: holds no token; add one with: sorot tokens add NAME --file {file}")
    return Tokens(given, file)


def token_of(authorization: str | None) -> str | None:
    """The token in an Authorization header: Bearer, or the password of Basic, which browsers use."""
    scheme, _, rest = (authorization or "").partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(rest.strip(), validate=True).decode("utf-8").partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return None
    return None


class RateLimiter:
    """A token bucket per caller: `per_minute` requests, refilled evenly over a minute."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute, self._clock = per_minute, clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait(self, token: str) -> int | None:
        """Count one request. Returns None, or the seconds to wait if the bucket is empty; then nothing is counted."""
        now = self._clock()
        available, last = self._buckets.get(token, (float(self._per_minute), now))
        available = min(self._per_minute, available + (now - last) * self._per_minute / 60)
        if available < 1:
            self._buckets[token] = (available, now)
            return math.ceil((1 - available) * 60 / self._per_minute)
        self._buckets[token] = (available - 1, now)
        return None


class StreamLimiter:
    """At most `limit` open GET requests per caller; each can hold its connection as long as it likes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._open: Counter[str | None] = Counter()

    @contextmanager
    def open(self, caller: str | None) -> Iterator[bool]:
        """Count one as open while the context lasts. Yields False if there are too many."""
        if self._open[caller] >= self._limit:
            yield False
            return
        self._open[caller] += 1
        try:
            yield True
        finally:
            self._open[caller] -= 1
