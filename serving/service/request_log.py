"""Counts that a route adds to the log line of its request."""

from __future__ import annotations

from dataclasses import dataclass

COUNTS_KEY = "sorot.counts"
CLIENT_GONE = 499


@dataclass(slots=True)
class RequestCounts:
    """Articles answered by a request, and their tokens."""

    articles: int = 0
    tokens: int = 0

    def count(self, tokens: int) -> None:
        """Count an answered article."""
        self.articles += 1
        self.tokens += tokens
