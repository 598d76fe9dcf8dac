"""Worker processes: a budget holds whatever the work does, and the next piece of work does not notice."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from sorot.data.errors import SorotError
from sorot.data.prepare import UnreadableTextError, prepare_text
from sorot.serving.page.corpus.limits import CorpusError
from sorot.serving.service.problems import RefusedError
from sorot.serving.workers.bounds import WorkerBounds, WorkerFailedError, WorkStoppedError
from sorot.serving.workers.pool import WorkerPool, WorkersBusyError

GOOD = "Polisi menangkap terduga teroris di Jakarta."


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    pool = WorkerPool(1, WorkerBounds(cpu_seconds=1, wall_seconds=120.0, memory_bytes=100_000_000))
    yield pool
    pool.close()


def burn() -> None:
    """Keeps Python's lock too, as a pattern that backtracks does."""
    while True:
        sum(range(1_000_000))


def eat() -> int:
    return len([bytearray(10_000_000) for _ in range(1_000)])


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def refuse() -> None:
    raise RefusedError(413, "too long", "text", retry_after=3)


def refuse_corpus() -> None:
    raise CorpusError("bomb", limit=64)


def fail() -> None:
    raise ValueError("Rahasia")


@pytest.mark.parametrize(("work", "bound"), [(burn, "cpu"), (eat, "memory"), (crash, "crash")])
def test_work_ends_at_its_bound_and_the_next_has_a_worker(pool: WorkerPool, work: object, bound: str) -> None:
    with pytest.raises(WorkStoppedError) as told:
        pool.run(work)  # type: ignore[arg-type]
    assert told.value.bound == bound
    assert pool.run(prepare_text, GOOD).body == GOOD


def test_what_waits_ends_by_the_clock_and_who_finds_no_worker_is_told() -> None:
    short = WorkerPool(1, WorkerBounds(cpu_seconds=5, wall_seconds=0.3, memory_bytes=100_000_000))

    def wait(_: int) -> Exception:
        try:
            short.run(time.sleep, 60)
        except SorotError as error:
            return error
        raise AssertionError("it was not stopped")

    try:
        assert "takes more than 0.3 s" in str(wait(0))
        with ThreadPoolExecutor(4) as threads:
            kinds = {type(error) for error in threads.map(wait, range(4))}
        assert kinds == {WorkStoppedError, WorkersBusyError}
    finally:
        short.close()


def test_errors_come_as_they_are_raised_and_others_by_their_kind_alone(pool: WorkerPool) -> None:
    with pytest.raises(UnreadableTextError, match="empty"):
        pool.run(prepare_text, " ")
    with pytest.raises(RefusedError) as refused:
        pool.run(refuse)
    assert (refused.value.status, refused.value.field, refused.value.retry_after) == (413, "text", 3)
    with pytest.raises(CorpusError) as corpus:
        pool.run(refuse_corpus)
    assert (corpus.value.key, corpus.value.values) == ("bomb", {"limit": 64})
    with pytest.raises(WorkerFailedError, match=r"^ValueError$"):
        pool.run(fail)


def test_many_threads_share_few_workers(pool: WorkerPool) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda n: pool.run(prepare_text, f"{GOOD} {n}").body, range(40)))
    assert found == [f"{GOOD} {n}" for n in range(40)]


def test_a_closed_pool_starts_nothing() -> None:
    pool = WorkerPool(1, WorkerBounds(1, 1.0, 100_000_000))
    pool.close()
    with pytest.raises(SorotError, match="stopping"):
        pool.run(int)
