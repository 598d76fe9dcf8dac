"""Access tokens, from a file or the environment, and the request limits of each."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import math
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sorot.data.errors import SorotError

TOKENS = "SOROT_TOKENS"
MIN_CHARACTERS = 16
HOW_TO_MAKE = "python -c 'import secrets; print(secrets.token_urlsafe(24))' makes one"


class TokenError(SorotError):
    """A token cannot be used; the message says where it stands and what to do, never the token itself."""


class Tokens:
    """The accepted tokens, stored as hashes of equal length."""

    def __init__(self, tokens: Iterable[str]) -> None:
        self._hashes = tuple(_digest(token) for token in dict.fromkeys(tokens))

    def __len__(self) -> int:
        return len(self._hashes)

    def find(self, given: str) -> int | None:
        """The number of this token; None if it is unknown. Compares with every token in constant time."""
        digest = _digest(given)
        found = None
        for number, known in enumerate(self._hashes):
            if hmac.compare_digest(digest, known):
                found = number
        return found


def read_tokens(file: Path | None) -> Tokens:
    """Tokens of SOROT_TOKENS, separated by white space, and of a file, one per line. Raises TokenError if one is unusable."""
    lines: list[tuple[str, str]] = [(TOKENS, token) for token in os.environ.get(TOKENS, "").split()]
    if file is not None:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise TokenError(f"{file}: cannot be read ({reason}); name a file with one token per line") from error
        in_file = [(f"{file}:{number}", line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        if not in_file:
            raise TokenError(f"{file}: holds no token; write one per line ({HOW_TO_MAKE})")
        lines += in_file
    for where, token in lines:
        if len(token) < MIN_CHARACTERS or not token.isascii() or not token.isprintable() or " " in token:
            raise TokenError(
                f"{where}: a token needs at least {MIN_CHARACTERS} ASCII letters, digits or signs, without spaces; {HOW_TO_MAKE}"
            )
    return Tokens(token for _, token in lines)


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
        self._buckets: dict[int, tuple[float, float]] = {}

    def wait(self, token: int) -> int | None:
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
        self._open: Counter[int | None] = Counter()

    @contextmanager
    def open(self, caller: int | None) -> Iterator[bool]:
        """Count one as open while the context lasts. Yields False if there are too many."""
        if self._open[caller] >= self._limit:
            yield False
            return
        self._open[caller] += 1
        try:
            yield True
        finally:
            self._open[caller] -= 1


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
