"""Scoring for many callers at once: one bounded queue, one thread that scores what waits in it together.

While one batch is scored the next one gathers, so nobody waits for a batch to fill. The windows of all its articles are spread
over the runtime's threads, each a run of its own, so that what an article gets does not depend on its neighbours.
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

# Of Indonesian news, a little under what tokenizers make of it, so that a batch is rather too small than too large.
CHARACTERS_A_TOKEN = 4
STOPPING = "the service is stopping; try again in some seconds"
# For what is being scored to end; the thread holds nothing up when it takes longer.
CLOSE_SECONDS = 5.0
# Share of the newest batch in the pace that Retry-After is told by.
NEWEST = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    article: Article
    tokens: int
    contributions: bool
    answer: Future[Analysis] = field(default_factory=Future)


class Batcher:
    """A queue of at most `capacity` articles before a scorer, which is given about `budget` tokens at a time.

    `observe` is told how many articles each batch had, `finished` every analysis as it is made, whoever asked for it.
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
        """Articles that it holds at most."""
        return self._capacity

    @property
    def held(self) -> int:
        """Articles that are taken and not yet answered."""
        return self._held

    @property
    def ready(self) -> bool:
        """Whether the model has answered once and more is taken."""
        return self._answered and self._taking

    @contextmanager
    def places(self, n: int) -> Iterator[None]:
        """Hold n places of the queue; RefusedError 429 where there are not as many, 503 once it stops."""
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
        """Queue a cleaned article, for which a place is held; a future that is cancelled before its turn is not scored.

        Whoever does not need the `contributions` of the analysis says so: they are there only where somebody else does.
        """
        job = _Job(article, 1 + (len(article.body) + len(article.title or "")) // CHARACTERS_A_TOKEN, contributions)
        job.answer.add_done_callback(lambda answer: self._leave(job) if answer.cancelled() else None)
        with self._changed:
            if self._ending:
                raise BusyRefusal(503, STOPPING, retry_after=5)
            self._waiting.append(job)
            self._changed.notify()
        return job.answer

    def stop_taking(self) -> None:
        """Take no more; what is held is still answered."""
        with self._changed:
            self._taking = False

    def give_up(self) -> None:
        """Stop taking, and fail what still waits; what is being scored is still answered."""
        with self._changed:
            self._taking, self._ending = False, True
            left = list(self._waiting)
            self._waiting.clear()
            self._changed.notify()
        for job in left:
            if job.answer.set_running_or_notify_cancel():
                job.answer.set_exception(BusyRefusal(503, STOPPING, retry_after=5))

    def close(self) -> None:
        """Give up, and wait some seconds for the end of what is being scored."""
        self.give_up()
        self._thread.join(CLOSE_SECONDS)

    def _leave(self, job: _Job) -> None:
        with self._changed:
            if job in self._waiting:
                self._waiting.remove(job)

    def _work(self) -> None:
        while batch := self._next():
            jobs = [job for job in batch if job.answer.set_running_or_notify_cancel()]
            if not jobs:
                continue
            begun = time.perf_counter()
            self._observe(len(jobs))
            self._score(jobs)
            self._pace += NEWEST * ((time.perf_counter() - begun) / len(jobs) - self._pace)

    def _next(self) -> list[_Job]:
        """The jobs at the head of the queue that fit the budget, at least one; none at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ending)
            batch: list[_Job] = []
            tokens = 0
            while self._waiting and (not batch or tokens + self._waiting[0].tokens <= self._budget):
                batch.append(self._waiting.popleft())
                tokens += batch[-1].tokens
            return batch

    def _score(self, jobs: Sequence[_Job]) -> None:
        """Answer each as soon as it can be; where scoring together fails, those that are left are scored one by one."""
        done = 0
        try:
            wanted = any(job.contributions for job in jobs)
            with closing(self._scorer.score_each([job.article for job in jobs], contributions=wanted)) as analyses:
                for job, analysis in zip(jobs, analyses, strict=True):
                    # Counted first: what is answered is not answered again, whatever its callbacks do.
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
