"""Scoring for many callers: a bounded queue, and one thread that scores waiting articles in batches.

While a batch is scored the next one gathers, so nobody waits for a batch to fill. The windows of a batch are spread over the
runtime's threads, each in a separate run, so an article's result does not depend on the others.
"""

from __future__ import annotations

import math
import os
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from sorot.data.article import Article
from sorot.data.errors import TRACEBACK
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.scorer import Scorer
from sorot.serving.service.problems import BusyRefusal

# A little low for Indonesian news, so that batches tend to be too small rather than too large.
CHARACTERS_A_TOKEN = 4
STOPPING = "the service is stopping; try again in some seconds"
# Time for running scoring to end; the daemon thread blocks nothing if it takes longer.
CLOSE_SECONDS = 5.0
# Weight of the newest batch in the average pace, from which Retry-After is computed.
NEWEST = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    article: Article
    tokens: int
    contributions: bool
    answer: Future[Analysis] = field(default_factory=Future)


class Batcher:
    """A queue of at most `capacity` articles for a scorer, which gets about `budget` tokens at a time.

    Calls `observe` with the number of articles of each batch, and `finished` with every analysis.
    """

    def __init__(
        self, scorer: Scorer, *, capacity: int, budget: int, observe: Callable[[int], None] = lambda _: None,
        finished: Callable[[Analysis], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self._scorer, self._capacity, self._budget = scorer, capacity, budget
        self._observe, self._finished = observe, finished
        self._waiting: deque[_Job] = deque()
        self._changed = threading.Condition()
        self._held = 0
        self._pace = 0.05
        self._taking = True
        self._ending = False
        self._answered = False
        self._thread = threading.Thread(target=self._work, name="sorot-scoring", daemon=True)
        self._thread.start()

    @property
    def capacity(self) -> int:
        """The greatest number of articles accepted and not yet answered."""
        return self._capacity

    @property
    def held(self) -> int:
        """Articles accepted and not yet answered."""
        return self._held

    @property
    def ready(self) -> bool:
        """Whether the model has scored once and articles are accepted."""
        return self._answered and self._taking

    @contextmanager
    def places(self, n: int) -> Iterator[None]:
        """Reserve n places in the queue. Raises BusyRefusal: 429 if there are not enough, 503 when stopping."""
        with self._changed:
            if not self._taking:
                raise BusyRefusal(503, STOPPING, retry_after=5)
            if self._held + n > self._capacity:
                wait = min(60, max(1, math.ceil(self._held * self._pace)))
                raise BusyRefusal(429, f"the queue is full; try again in {wait} s", retry_after=wait)
            self._held += n
        try:
            yield
        finally:
            with self._changed:
                self._held -= n

    def submit(self, article: Article, *, contributions: bool = True) -> Future[Analysis]:
        """Queue a cleaned article in a reserved place. Cancelling the future before its turn skips it.

        Without `contributions` the analysis may lack them.
        """
        job = _Job(article, 1 + (len(article.body) + len(article.title or "")) // CHARACTERS_A_TOKEN, contributions)
        job.answer.add_done_callback(lambda answer: self._remove(job) if answer.cancelled() else None)
        with self._changed:
            if self._ending:
                raise BusyRefusal(503, STOPPING, retry_after=5)
            self._waiting.append(job)
            self._changed.notify()
        return job.answer

    def stop_taking(self) -> None:
        """Accept no more articles; those accepted are still answered."""
        with self._changed:
            self._taking = False

    def give_up(self) -> None:
        """Accept no more articles and refuse those that still wait; the running batch is still answered."""
        with self._changed:
            self._taking, self._ending = False, True
            refused = list(self._waiting)
            self._waiting.clear()
            self._changed.notify()
        for job in refused:
            if job.answer.set_running_or_notify_cancel():
                job.answer.set_exception(BusyRefusal(503, STOPPING, retry_after=5))

    def close(self) -> None:
        """Give up, and wait up to CLOSE_SECONDS for the running batch."""
        self.give_up()
        self._thread.join(CLOSE_SECONDS)

    def _remove(self, job: _Job) -> None:
        with self._changed:
            if job in self._waiting:
                self._waiting.remove(job)

    def _work(self) -> None:
        while batch := self._next():
            jobs = [job for job in batch if job.answer.set_running_or_notify_cancel()]
            if not jobs:
                continue
            started = time.perf_counter()
            self._observe(len(jobs))
            self._score(jobs)
            self._pace += NEWEST * ((time.perf_counter() - started) / len(jobs) - self._pace)

    def _next(self) -> list[_Job]:
        """The next jobs that fit the budget, at least one; an empty list when stopping."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ending)
            batch: list[_Job] = []
            tokens = 0
            while self._waiting and (not batch or tokens + self._waiting[0].tokens <= self._budget):
                batch.append(self._waiting.popleft())
                tokens += batch[-1].tokens
            return batch

    def _score(self, jobs: Sequence[_Job]) -> None:
        """Answer each job as soon as its analysis is there; if the batch fails, score the remaining jobs one by one."""
        done = 0
        try:
            contributions = any(job.contributions for job in jobs)
            with closing(self._scorer.score_each([job.article for job in jobs], contributions=contributions)) as analyses:
                for job, analysis in zip(jobs, analyses, strict=True):
                    # Counted first, so that no job is answered twice, whatever its callbacks do.
                    done += 1
                    self._answered = True
                    self._finished(analysis)
                    job.answer.set_result(analysis)
        except Exception as error:
            if len(jobs) == 1 and not jobs[0].answer.done():
                if os.environ.get(TRACEBACK):
                    traceback.print_exception(error)
                jobs[0].answer.set_exception(error)
                return
            for job in jobs[done:]:
                self._score([job])
