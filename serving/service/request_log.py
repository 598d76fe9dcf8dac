"""What a route adds to the log line of its request: how many articles and tokens it answered."""

from __future__ import annotations

from dataclasses import dataclass

COUNTS_KEY = "sorot.counts"
CLIENT_GONE = 499


@dataclass(slots=True)
class RequestCounts:
    """What the log tells of a request besides its answer."""

    articles: int = 0
    tokens: int = 0

    def count(self, tokens: int) -> None:
        """One more article is answered."""
        self.articles += 1
        self.tokens += tokens
