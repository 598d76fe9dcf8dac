"""Several processes on this machine, one per core by default, each with its own model on one thread.

Reading, cleaning, tokenising, scoring and writing overlap this way; threads would wait for Python's lock. Chunks are handed
out in order, a few per process ahead, and taken back in order. Starting takes seconds, so a short input is scored here.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from multiprocessing import connection, get_context, parent_process, resource_tracker
from pathlib import Path
from typing import TypeVar

from sorot.data.article import Article
from sorot.data.budget import BUDGET
from sorot.data.errors import SorotError
from sorot.data.process_limits import limit_cpu
from sorot.serving.batch.engines.engine import CHUNK_ARTICLES, CHUNK_CHARACTERS, Chunk, ChunkResult, cut_chunks, score_chunk
from sorot.serving.batch.parts import Parts
from sorot.serving.batch.scoring import Scored, join, score_items
from sorot.serving.batch.units import BatchInput, Failure, Planned, ScoreOptions, ScoringError
from sorot.serving.model.bundle import RESTORE, BundleError, sha256
from sorot.serving.model.manifest import MANIFEST_FILE
from sorot.serving.model.scorer import Scorer

# Fewer chunks are scored sooner in this process than others start.
SHORT = 12
AHEAD = 3
# Windows cannot wait for more.
MAX_WORKERS = 61 if sys.platform == "win32" else 1024
Result = TypeVar("Result")
KILLED = "the process that scored it ended twice; it may have run out of memory or of time"


class ProcessError(SorotError):
    """No process can be started; the message says what to do."""


@dataclass(frozen=True, slots=True)
class ProcessEngine:
    """Scores in `workers` processes, with the bundle that `scorer` was loaded from.

    A process that dies (killed, or out of memory) is replaced. A chunk that kills its process again is scored article by article,
    and an article that kills it once more becomes a reject.
    """

    scorer: Scorer
    workers: int
    short: int = SHORT

    def run(self, source: BatchInput, parts: Parts) -> Generator[ChunkResult, None, None]:
        """Results of all units, in order. Raises ProcessError if no process can be started."""
        with closing(cut_chunks(source, parts, CHUNK_ARTICLES, CHUNK_CHARACTERS)) as chunks:
            head = list(islice(chunks, self.short))
            if len(head) < self.short:
                yield from (score_chunk(self.scorer, chunk, source) for chunk in head)
                return
            with _Pool(self.scorer, source.options, self.workers) as pool:
                yield from pool.run(chain(head, chunks))


class _Pool:
    """A pool of processes that is restarted when one of them dies."""

    def __init__(self, scorer: Scorer, options: ScoreOptions, workers: int) -> None:
        bundle = scorer.bundle.path
        self.scorer = scorer
        self.model = (str(bundle), sha256(bundle / MANIFEST_FILE))
        self.options = options
        self.workers = min(workers, MAX_WORKERS)
        self.executor = self._start()

    def __enter__(self) -> _Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.executor.shutdown(wait=True, cancel_futures=True)

    def _start(self) -> ProcessPoolExecutor:
        """A new pool, after one of its processes has answered. Raises ProcessError if no process does."""
        executor = ProcessPoolExecutor(self.workers, get_context("spawn"), initializer=_prepare_worker)
        try:
            _submit_to(executor, int).result()
        except BrokenExecutor as error:
            raise ProcessError(
                "no process could be started; a program that scores in processes has to keep its own work under "
                "if __name__ == '__main__', and one that is no file cannot: use another engine"
            ) from error
        return executor

    def run(self, chunks: Iterator[Chunk]) -> Iterator[ChunkResult]:
        """Results in the order of the chunks."""
        waiting: deque[tuple[Chunk, Future[Scored] | None]] = deque()
        for chunk in chunks:
            waiting.append((chunk, None if chunk.items is None else self._submit(chunk.items)))
            while waiting and (waiting[0][1] is None or len(waiting) > AHEAD * self.workers):
                yield self._take(waiting)
        while waiting:
            yield self._take(waiting)

    def _submit(self, items: tuple[Planned, ...]) -> Future[Scored]:
        try:
            return _submit_to(self.executor, _score, self.model, items, self.options)
        except BrokenExecutor:
            broken: Future[Scored] = Future()
            broken.set_exception(BrokenExecutor())
            return broken

    def _take(self, waiting: deque[tuple[Chunk, Future[Scored] | None]]) -> ChunkResult:
        """The result of the oldest chunk; if its process died, all waiting chunks are submitted again."""
        chunk, future = waiting.popleft()
        if future is None or chunk.items is None:
            return ChunkResult(chunk.plan, None, chunk.last)
        try:
            scored = future.result()
        except BrokenExecutor:
            scored = self._retry(chunk.items)
            for at, (other, theirs) in enumerate(waiting):
                if theirs and other.items and not _is_done(theirs):
                    waiting[at] = other, self._submit(other.items)
        return ChunkResult(chunk.plan, scored, chunk.last)

    def _retry(self, items: tuple[Planned, ...]) -> Scored:
        """Score items whose process died: together once more, then one by one, each at most twice."""
        self._restart()
        if (whole := self._alone(items)) is not None:
            return whole
        return join([self._alone((item,)) or self._alone((item,)) or self._failed(item) for item in items])

    def _failed(self, item: Planned) -> Scored:
        """The outcome of an article that kills processes: a reject; nothing is scored in this process."""
        failure = Failure(item, ScoringError(KILLED)) if isinstance(item, Article) else item
        return score_items(self.scorer, [failure], self.options)

    def _alone(self, items: tuple[Planned, ...]) -> Scored | None:
        """Score items with no other work in the pool; None if their process dies."""
        try:
            return self._submit(items).result()
        except BrokenExecutor:
            self._restart()
            return None

    def _restart(self) -> None:
        """Restart the pool if one of its processes has died."""
        try:
            _submit_to(self.executor, int).result()
        except BrokenExecutor:
            self.executor.shutdown(wait=False, cancel_futures=True)
            self.executor = self._start()


def _submit_to(executor: ProcessPoolExecutor, function: Callable[..., Result], *arguments: object) -> Future[Result]:
    """Submit work, which may start a process. Workers start with SIGINT blocked: only the main process handles Ctrl-C."""
    if not hasattr(signal, "pthread_sigmask"):
        return executor.submit(function, *arguments)
    # Started first, as its start would unblock the signal.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return executor.submit(function, *arguments)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _is_done(future: Future[Scored]) -> bool:
    """Whether there is a result, or an error other than the death of a process."""
    return future.done() and not isinstance(future.exception(), BrokenExecutor)


def _prepare_worker() -> None:
    """First call in a worker: it ignores Ctrl-C, and exits when the main process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Each process has one core; more threads would only wait for each other.
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    threading.Thread(target=_exit_with_parent, daemon=True).start()


def _exit_with_parent() -> None:
    if parent := parent_process():
        connection.wait([parent.sentinel])
        os._exit(1)


def _score(model: tuple[str, str], items: tuple[Planned, ...], options: ScoreOptions) -> Scored:
    scorer = _scorer(*model)
    # For code that no exception interrupts.
    limit_cpu(2 * BUDGET.to_score(sum(len(item.body) for item in items if isinstance(item, Article))))
    return score_items(scorer, items, options)


@cache
def _scorer(bundle: str, manifest: str) -> Scorer:
    """The model of this process. Raises BundleError if it is not the one that the run started with."""
    if sha256(Path(bundle) / MANIFEST_FILE) != manifest:
        raise BundleError(f"{bundle}: the model changed while it was scoring; {RESTORE}")
    return Scorer.load(bundle, threads=1)
