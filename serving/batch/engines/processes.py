"""As many processes on this machine as it has cores, each with a model of its own on one thread.

What is read, cleaned, tokenised, scored and written overlaps so; threads would wait for each other wherever Python runs. Slices
are handed out in order, a few a process ahead, and taken back in order. The start takes seconds, so a short input is scored here.
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
from sorot.data.errors import SorotError
from sorot.serving.batch.engines.engine import CHUNK_ARTICLES, CHUNK_CHARACTERS, Chunk, ChunkResult, cut_chunks, score_chunk
from sorot.serving.batch.parts import Parts
from sorot.serving.batch.scoring import Scored, join, score_items
from sorot.serving.batch.units import BatchInput, Failure, Planned, ScoreOptions, ScoringError
from sorot.serving.model.bundle import RESTORE, BundleError, sha256
from sorot.serving.model.manifest import MANIFEST_FILE
from sorot.serving.model.scorer import Scorer

# Fewer slices than these are scored sooner than processes are started.
SHORT = 12
AHEAD = 3
# More than Windows can wait for.
MOST = 61 if sys.platform == "win32" else 1024
Result = TypeVar("Result")
KILLED = "the process that scored it ended twice; it may have run out of memory"


class ProcessError(SorotError):
    """No process can be started; the message says what to do."""


@dataclass(frozen=True, slots=True)
class ProcessEngine:
    """Scores in `workers` processes, with the bundle that `scorer` was loaded from.

    One that ends before its time (killed, or short of memory) is started anew; a slice that it takes along each time is scored
    article by article, and the one at which it ends becomes a reject.
    """

    scorer: Scorer
    workers: int
    short: int = SHORT

    def run(self, source: BatchInput, parts: Parts) -> Generator[ChunkResult, None, None]:
        """Pieces of all units, in order. Raises ProcessError where no process can be started."""
        with closing(cut_chunks(source, parts, CHUNK_ARTICLES, CHUNK_CHARACTERS)) as slices:
            head = list(islice(slices, self.short))
            if len(head) < self.short:
                yield from (score_chunk(self.scorer, piece, source) for piece in head)
                return
            with _Pool(self.scorer, source.options, self.workers) as pool:
                yield from pool.run(chain(head, slices))


class _Pool:
    """Processes that are started anew when one of them ends."""

    def __init__(self, scorer: Scorer, options: ScoreOptions, workers: int) -> None:
        bundle = scorer.bundle.path
        self.scorer = scorer
        self.model = (str(bundle), sha256(bundle / MANIFEST_FILE))
        self.options = options
        self.workers = min(workers, MOST)
        self.executor = self._start()

    def __enter__(self) -> _Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.executor.shutdown(wait=True, cancel_futures=True)

    def _start(self) -> ProcessPoolExecutor:
        """Processes, one of which has answered. Raises ProcessError where none does."""
        executor = ProcessPoolExecutor(self.workers, get_context("spawn"), initializer=_begin)
        try:
            _hand_out(executor, int).result()
        except BrokenExecutor as error:
            raise ProcessError(
                "no process could be started; a program that scores in processes has to keep its own work under "
                "if __name__ == '__main__', and one that is no file cannot: use another engine"
            ) from error
        return executor

    def run(self, slices: Iterator[Chunk]) -> Iterator[ChunkResult]:
        """Pieces in the order of the slices."""
        waiting: deque[tuple[Chunk, Future[Scored] | None]] = deque()
        for piece in slices:
            waiting.append((piece, None if piece.items is None else self._submit(piece.items)))
            while waiting and (waiting[0][1] is None or len(waiting) > AHEAD * self.workers):
                yield self._take(waiting)
        while waiting:
            yield self._take(waiting)

    def _submit(self, items: tuple[Planned, ...]) -> Future[Scored]:
        try:
            return _hand_out(self.executor, _score, self.model, items, self.options)
        except BrokenExecutor:
            broken: Future[Scored] = Future()
            broken.set_exception(BrokenExecutor())
            return broken

    def _take(self, waiting: deque[tuple[Chunk, Future[Scored] | None]]) -> ChunkResult:
        """The outcome of the oldest slice; where its process ended, all that wait are handed out anew."""
        piece, future = waiting.popleft()
        if future is None or piece.items is None:
            return ChunkResult(piece.plan, None, piece.last)
        try:
            scored = future.result()
        except BrokenExecutor:
            scored = self._carefully(piece.items)
            for at, (other, theirs) in enumerate(waiting):
                if theirs and other.items and not _is_done(theirs):
                    waiting[at] = other, self._submit(other.items)
        return ChunkResult(piece.plan, scored, piece.last)

    def _carefully(self, items: tuple[Planned, ...]) -> Scored:
        """Score items at which, or beside which, a process ended: together once more, then one by one, each twice at most."""
        self._renew()
        if (whole := self._alone(items)) is not None:
            return whole
        return join([self._alone((item,)) or self._alone((item,)) or self._failed(item) for item in items])

    def _failed(self, item: Planned) -> Scored:
        """An article at which a process ended, as any other that cannot be scored; it is nothing that is scored here."""
        failure = Failure(item, ScoringError(KILLED)) if isinstance(item, Article) else item
        return score_items(self.scorer, [failure], self.options)

    def _alone(self, items: tuple[Planned, ...]) -> Scored | None:
        """What becomes of items with nothing else under way; None where their process ends."""
        try:
            return self._submit(items).result()
        except BrokenExecutor:
            self._renew()
            return None

    def _renew(self) -> None:
        """Start processes anew if one of them has ended."""
        try:
            _hand_out(self.executor, int).result()
        except BrokenExecutor:
            self.executor.shutdown(wait=False, cancel_futures=True)
            self.executor = self._start()


def _hand_out(executor: ProcessPoolExecutor, function: Callable[..., Result], *arguments: object) -> Future[Result]:
    """Submit, which may start a process. Ctrl-C is for the main one, which tells the others: they never hear of it."""
    if not hasattr(signal, "pthread_sigmask"):
        return executor.submit(function, *arguments)
    # It would let the signal through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return executor.submit(function, *arguments)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _is_done(future: Future[Scored]) -> bool:
    """Whether there is an outcome, or an error that is not the end of a process."""
    return future.done() and not isinstance(future.exception(), BrokenExecutor)


def _begin() -> None:
    """What a process does first: Ctrl-C is not for it, and without the main process it does not stay."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Each process has its core; more threads only wait for each other.
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := parent_process():
        connection.wait([parent.sentinel])
        os._exit(1)


def _score(model: tuple[str, str], items: tuple[Planned, ...], options: ScoreOptions) -> Scored:
    return score_items(_scorer(*model), items, options)


@cache
def _scorer(bundle: str, manifest: str) -> Scorer:
    """The model of this process. Raises BundleError where it is another one than the run began with."""
    if sha256(Path(bundle) / MANIFEST_FILE) != manifest:
        raise BundleError(f"{bundle}: the model changed while it was scoring; {RESTORE}")
    return Scorer.load(bundle, threads=1)
