"""A scorer for callers that block until it answers, such as the page: their articles share the queue with all requests."""

from __future__ import annotations

import time
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
from sorot.serving.service.problems import BusyRefusal, RefusedError


@dataclass(frozen=True, slots=True)
class QueuedScorer:
    """Scores through a batcher. Articles may have at most `sentences` sentences, and are waited for `seconds` at most."""

    scorer: Scorer
    batcher: Batcher
    sentences: int = DEFAULT_LIMITS.sentences
    seconds: float = DEFAULT_LIMITS.answer_seconds

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
        """The analysis of each article, in order.

        Raises RefusedError if the queue is full or the service is stopping, and the first error of an article after all
        others are done.
        """
        analyses: list[Analysis] = []
        for outcome in self.outcomes(articles):
            if isinstance(outcome, Exception):
                raise outcome
            analyses.append(outcome)
        return analyses

    def outcomes(self, articles: Sequence[Article]) -> list[Analysis | Exception]:
        """The analysis or the error of each article, in order. Raises RefusedError like `score`."""
        # More than the capacity would never be accepted; half of it lets other callers in between.
        step = max(1, self.batcher.capacity // 2)
        return [one for start in range(0, len(articles), step) for one in self._score_together(articles[start : start + step])]

    def _score_together(self, articles: Sequence[Article]) -> list[Analysis | Exception]:
        with self.batcher.places(len(articles)):
            answers = [self._submit(article) for article in articles]
            deadline = time.monotonic() + self.seconds
            return [one if isinstance(one, Exception) else _result(one, deadline) for one in answers]

    def _submit(self, article: Article) -> Future[Analysis] | Exception:
        try:
            check_sentences(article, self.sentences, "text")
            return self.batcher.submit(article)
        except RefusedError as problem:
            return problem


def _result(answer: Future[Analysis], deadline: float) -> Analysis | Exception:
    try:
        return answer.result(max(0.0, deadline - time.monotonic()))
    except TimeoutError:
        answer.cancel()
        return BusyRefusal(429, "scoring takes too long now; try again in some seconds", retry_after=5)
    except Exception as error:
        return error
