"""A scorer for those who wait for its answer, the page among them: what it is given queues with the articles of all callers."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from sorot.data.article import Article
from sorot.data.taxonomy import Taxonomy
from sorot.serving.limits import DEFAULT_LIMITS
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.bundle import Bundle
from sorot.serving.model.manifest import Manifest
from sorot.serving.model.scorer import Scorer
from sorot.serving.service.answering import check_sentences
from sorot.serving.service.batching import Batcher
from sorot.serving.service.problems import RefusedError


@dataclass(frozen=True, slots=True)
class QueuedScorer:
    """Scores through a batcher, and so is bounded by its queue; articles have at most `sentences`."""

    scorer: Scorer
    batcher: Batcher
    sentences: int = DEFAULT_LIMITS.sentences

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
        """The analysis of each article, in order; RefusedError where the queue has no place for them, or the service stops.

        Raises what one article's scoring raises, once nothing of them waits any more.
        """
        found: list[Analysis] = []
        for one in self.outcomes(articles):
            if isinstance(one, Exception):
                raise one
            found.append(one)
        return found

    def outcomes(self, articles: Sequence[Article]) -> list[Analysis | Exception]:
        """What becomes of each article, in order: its analysis, or why there is none; RefusedError as `score` raises it."""
        # More than the queue holds would never be taken, and others come in between.
        step = max(1, self.batcher.capacity // 2)
        return [one for start in range(0, len(articles), step) for one in self._together(articles[start : start + step])]

    def _together(self, articles: Sequence[Article]) -> list[Analysis | Exception]:
        with self.batcher.places(len(articles)):
            answers = [self._submit(article) for article in articles]
            return [one if isinstance(one, Exception) else _waited(one) for one in answers]

    def _submit(self, article: Article) -> Future[Analysis] | Exception:
        try:
            check_sentences(article, self.sentences, "text")
            return self.batcher.submit(article)
        except RefusedError as problem:
            return problem


def _waited(answer: Future[Analysis]) -> Analysis | Exception:
    try:
        return answer.result()
    except Exception as error:
        return error
