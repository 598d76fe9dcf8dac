"""Who may call: tokens, read from a file or the environment, and how often with each."""

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
LEAST_CHARACTERS = 16
HOW = "python -c 'import secrets; print(secrets.token_urlsafe(24))' makes one"


class TokenError(SorotError):
    """Tokens cannot be used; the message says where and what to do, and never the token."""


class Tokens:
    """Tokens by their hashes alone, so that all comparisons are of the same length."""

    def __init__(self, tokens: Iterable[str]) -> None:
        self._hashes = tuple(_digest(token) for token in dict.fromkeys(tokens))

    def __len__(self) -> int:
        return len(self._hashes)

    def find(self, given: str) -> int | None:
        """Which token this is; every one is compared, in a time that does not tell how much of it is right."""
        digest = _digest(given)
        found = None
        for number, known in enumerate(self._hashes):
            if hmac.compare_digest(digest, known):
                found = number
        return found


def read_tokens(file: Path | None) -> Tokens:
    """Tokens of a file, one a line, and of SOROT_TOKENS, parted by white space; TokenError where one cannot be used."""
    lines: list[tuple[str, str]] = [(TOKENS, token) for token in os.environ.get(TOKENS, "").split()]
    if file is not None:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise TokenError(f"{file}: cannot be read ({reason}); name a file with one token a line") from error
        found = [(f"{file}:{number}", line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        if not found:
            raise TokenError(f"{file}: there is no token in it; write one a line ({HOW})")
        lines += found
    for where, token in lines:
        if len(token) < LEAST_CHARACTERS or not token.isascii() or not token.isprintable() or " " in token:
            raise TokenError(
                f"{where}: this is no token of at least {LEAST_CHARACTERS} letters, digits and signs without spaces; {HOW}"
            )
    return Tokens(token for _, token in lines)


def token_of(authorization: str | None) -> str | None:
    """The token of an Authorization header: Bearer, or the password of Basic, with which browsers ask for it."""
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
    """A bucket for each token: `a_minute` requests at once, filled again evenly over a minute."""

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._a_minute, self._clock = a_minute, clock
        self._buckets: dict[int, tuple[float, float]] = {}

    def wait(self, token: int) -> int | None:
        """Take one request; seconds to wait where there is none left, which takes nothing."""
        now = self._clock()
        left, then = self._buckets.get(token, (float(self._a_minute), now))
        left = min(self._a_minute, left + (now - then) * self._a_minute / 60)
        if left < 1:
            self._buckets[token] = (left, now)
            return math.ceil((1 - left) * 60 / self._a_minute)
        self._buckets[token] = (left - 1, now)
        return None


class StreamLimiter:
    """Requests of each caller that are open at once, at most `most`: each holds a connection for as long as it likes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[int | None] = Counter()

    @contextmanager
    def open(self, caller: int | None) -> Iterator[bool]:
        """Open one while the context is; False where there are too many already."""
        if self._open[caller] >= self._most:
            yield False
            return
        self._open[caller] += 1
        try:
            yield True
        finally:
            self._open[caller] -= 1


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
