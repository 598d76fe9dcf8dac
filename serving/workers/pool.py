"""A few worker processes behind one queue; a worker that reaches its bounds is killed and replaced.

Workers are forked from one clean process that has everything loaded (multiprocessing's forkserver), so a new one is there in
milliseconds. Where there is no fork they start from nothing, which takes seconds.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, ParamSpec, Protocol, TypeVar

from sorot.serving.article_scorer import BusyError
from sorot.serving.workers.bounds import Bound, WorkerBounds, WorkerFailedError, WorkStoppedError
from sorot.serving.workers.worker import OUT_OF_MEMORY, Request, work_loop

P = ParamSpec("P")
R = TypeVar("R")
# A worker that has to be started from nothing loads its libraries in this time, on a slow machine too.
START_SECONDS = 120.0


class Runner(Protocol):
    """Calls functions of the top level of a module, with arguments that can be pickled."""

    @property
    def size(self) -> int:
        """How many calls run at once."""

    def run(self, function: Callable[P, R], /, *arguments: P.args, **named: P.kwargs) -> R:
        """The function's result; raises what the function raises."""

    def close(self) -> None:
        """End all work."""


@dataclass(frozen=True, slots=True)
class InThisProcess:
    """A Runner without a budget: for work whose bound is proven, for a page that serves one person, and for tests."""

    size: int = 1

    def run(self, function: Callable[P, R], /, *arguments: P.args, **named: P.kwargs) -> R:
        """The function's result; raises what the function raises."""
        return function(*arguments, **named)

    def close(self) -> None:
        """Nothing to end."""


class WorkersBusyError(BusyError):
    """No worker became free in time."""

    stopping = False
    retry_after = 5


@dataclass(frozen=True, slots=True, eq=False)
class _Worker:
    process: BaseProcess
    pipe: Connection


class WorkerPool:
    """At most `size` processes, each started when it is first needed. A greater `niceness` gives way to other processes."""

    def __init__(self, size: int, bounds: WorkerBounds, *, niceness: int = 0) -> None:
        self._size, self._bounds, self._niceness = size, bounds, niceness
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._places = threading.BoundedSemaphore(size)
        self._lock = threading.Lock()
        self._closed = self._has_started = False
        self._context = _context()

    @property
    def size(self) -> int:
        """How many calls run at once."""
        return self._size

    def run(self, function: Callable[P, R], /, *arguments: P.args, **named: P.kwargs) -> R:
        """The function's result, from a worker. Blocks while all are busy, so call it in a thread.

        Raises WorkStoppedError if a bound was met, WorkersBusyError if no worker was free within the bounds' wall time,
        WorkerFailedError if the function failed in a way of its own; and each SorotError that it raises.
        """
        # The first worker of all takes seconds to start.
        seconds = self._bounds.wall_seconds if self._has_started else START_SECONDS
        if not self._places.acquire(timeout=seconds):
            raise WorkersBusyError("all workers are busy; try again in some seconds")
        try:
            worker = self._take()
            try:
                good, value = self._ask(worker, (function, arguments, named))
            except BaseException:
                self._end(worker)
                raise
            with self._lock:
                self._busy.discard(worker)
                self._idle.append(worker)
        finally:
            self._places.release()
        if not good:
            raise value
        result: R = value
        return result

    def close(self) -> None:
        """End all workers, busy ones too."""
        with self._lock:
            self._closed = True
            workers = [*self._idle, *self._busy]
        for worker in workers:
            worker.process.kill()

    def _take(self) -> _Worker:
        """An idle worker, or a new one that has answered once."""
        with self._lock:
            if self._closed:
                raise WorkersBusyError("the service is stopping")
            # One that the system killed meanwhile is no fault of the next request.
            self._idle = [worker for worker in self._idle if worker.process.is_alive()]
            worker = self._idle.pop() if self._idle else self._start()
            self._busy.add(worker)
        return worker

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=work_loop, args=(theirs, self._bounds, self._niceness), daemon=True)
        process.start()
        theirs.close()
        try:
            ours.send((int, (), {}))
            if not ours.poll(START_SECONDS):
                raise EOFError
            ours.recv()
        except (EOFError, ConnectionError):
            process.kill()
            raise WorkerFailedError("no worker process starts") from None
        self._has_started = True
        return _Worker(process, ours)

    def _end(self, worker: _Worker) -> None:
        with self._lock:
            self._busy.discard(worker)
        worker.pipe.close()
        worker.process.kill()
        worker.process.join()

    def _ask(self, worker: _Worker, request: Request) -> tuple[bool, Any]:
        """The worker's answer. Raises WorkStoppedError if it gave none."""
        try:
            worker.pipe.send(request)
            if not worker.pipe.poll(self._bounds.wall_seconds):
                raise self._over("wall")
            good, value = worker.pipe.recv()
        except (EOFError, ConnectionError):
            if self._closed:
                raise WorkersBusyError("the service is stopping") from None
            worker.process.join()
            killed_at_cpu = worker.process.exitcode == -getattr(signal, "SIGXCPU", 0)
            # Some libraries in C that get no memory end the process.
            raise self._over("cpu" if killed_at_cpu else "crash") from None
        if not good and value == OUT_OF_MEMORY:
            raise self._over("memory")
        return good, value

    def _over(self, bound: Bound) -> WorkStoppedError:
        return WorkStoppedError(self._bounds.describe(bound), bound)


def _context() -> Any:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["sorot.serving.workers.warm"])
    return context
