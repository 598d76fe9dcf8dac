"""A scorer for those who wait for its answer, the page among them: what it is given queues with the articles of all callers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.article import Article
from data.taxonomy import Taxonomy
from serving.analysis import Analysis
from serving.bundle import Bundle
from serving.manifest import Manifest
from serving.scorer import Scorer
from serving.service.batching import Batcher


@dataclass(frozen=True, slots=True)
class QueuedScorer:
    """Scores through a batcher, and so is bounded by its queue."""

    scorer: Scorer
    batcher: Batcher

    @property
    def bundle(self) -> Bundle:
        return self.scorer.bundle

    @property
    def manifest(self) -> Manifest:
        return self.scorer.manifest

    @property
    def taxonomy(self) -> Taxonomy:
        return self.scorer.taxonomy

    def score(self, articles: Sequence[Article]) -> list[Analysis]:
        """The analysis of each article, in order; RefusedError where the queue has no place for them, or the service stops."""
        with self.batcher.places(len(articles)):
            answers = [self.batcher.submit(article) for article in articles]
            return [answer.result() for answer in answers]
