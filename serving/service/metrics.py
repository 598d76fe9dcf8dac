"""Counters of the service, for Prometheus."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
ARTICLES = (1, 2, 4, 8, 16, 32, 64, 128)


class Metrics:
    """The counters of one service, in a separate registry."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter("sorot_requests", "Requests answered", ("route", "status"), registry=self._registry)
        self._seconds = Histogram(
            "sorot_request_seconds", "Time to the end of an answer", ("route",), buckets=SECONDS, registry=self._registry
        )
        self._articles = Counter("sorot_articles", "Articles analysed", registry=self._registry)
        self._tokens = Counter("sorot_tokens", "Tokens of the articles analysed", registry=self._registry)
        self._batch = Histogram("sorot_batch_articles", "Articles scored together", buckets=ARTICLES, registry=self._registry)

    def watch_queue(self, length: Callable[[], int]) -> None:
        """Report the length of the queue by calling `length`."""
        Gauge("sorot_queue_articles", "Articles accepted and not yet answered", registry=self._registry).set_function(length)

    def count_request(self, route: str, status: int, seconds: float) -> None:
        """Count an answered request."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def count_article(self, tokens: int) -> None:
        """Count an analysed article, whoever asked for it."""
        self._articles.inc()
        self._tokens.inc(tokens)

    def count_batch(self, articles: int) -> None:
        """Count a batch of articles scored together."""
        self._batch.observe(articles)

    def text(self) -> bytes:
        """All counters in Prometheus' text format."""
        return generate_latest(self._registry)
