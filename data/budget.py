"""The budget of one article: what reading, cleaning and scoring it may take, stated once, and the alarm that enforces it.

Sizes are limited by the readers; this limits work, whatever code does it. A timer of the process' CPU time interrupts Python and
its regular expressions; a limit of the process' data makes allocations fail. Both hold for a whole process, so only its main
thread sets them, and Windows has neither; elsewhere the limits of size have to do.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from types import FrameType, TracebackType
from typing import Self, TypeVar

from sorot.data.errors import SorotError
from sorot.data.process_limits import data_bytes

Item = TypeVar("Item")
# An exception that code swallows is raised again after so many seconds.
AGAIN = 0.5


@dataclass(frozen=True, slots=True)
class Budget:
    """Bounds of one article: characters of title and body, CPU seconds of reading its page or of cleaning it, CPU seconds of
    what has to be read of a file before its next article (all of it, in a PDF or workbook), CPU seconds of scoring without and
    for each character, and bytes of memory beyond those held before."""

    characters: int = 2_000_000
    seconds: float = 20.0
    file_seconds: float = 120.0
    scoring_seconds: float = 60.0
    scoring_seconds_per_character: float = 0.0005
    memory: int = 2_000_000_000

    def to_score(self, characters: int) -> float:
        """CPU seconds that texts of so many characters may take to be scored together."""
        return self.scoring_seconds + self.scoring_seconds_per_character * characters


BUDGET = Budget()
# The service and its page answer many at once. Scoring is bounded there by the characters and by the answer's deadline.
SERVICE_BUDGET = replace(BUDGET, characters=200_000, seconds=8.0, file_seconds=64.0, memory=256_000_000)


class OverBudgetError(BaseException):
    """A bound is exceeded; the message says which one, and goes on after 'it'.

    No Exception, so that libraries that go on after any error do not go on after this one.
    """


class BudgetError(SorotError):
    """The same for callers, once the work has stopped."""


def over_seconds(seconds: float) -> str:
    """Says that CPU time was exceeded, to follow the name of an input."""
    return f"takes more than {seconds:.3g} s of CPU time"


def over_memory(memory: int) -> str:
    """Says that a number of bytes was exceeded, to follow the name of an input."""
    size = f"{memory / 1e9:.2g} GB" if memory >= 1_000_000_000 else f"{memory // 1_000_000} MB"
    return f"needs more than {size} of memory"


class Within:
    """A block of code that may take `seconds` of CPU time and `memory` bytes. Raises OverBudgetError. Blocks may be nested."""

    def __init__(self, seconds: float, memory: int = BUDGET.memory) -> None:
        self._seconds = seconds
        self._memory = memory

    def __enter__(self) -> Self:
        # Both bounds hold for the whole process, so threads would take them from each other.
        alone = threading.current_thread() is threading.main_thread()
        self._limit = _limit_data(self._memory) if alone else None
        self._timed = alone and hasattr(signal, "setitimer")
        if self._timed:
            self._began = time.process_time()
            if signal.getsignal(signal.SIGPROF) is not _alarm:
                signal.signal(signal.SIGPROF, _alarm)
            self._outer, _ = signal.setitimer(signal.ITIMER_PROF, self._seconds, AGAIN)
            if 0 < self._outer < self._seconds:
                signal.setitimer(signal.ITIMER_PROF, self._outer, AGAIN)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._timed:
            signal.setitimer(signal.ITIMER_PROF, 0)
            if self._outer > 0:
                left = self._outer - (time.process_time() - self._began)
                signal.setitimer(signal.ITIMER_PROF, max(left, 0.001), AGAIN)
        if self._limit is not None:
            before, granted = self._limit
            _restore_data(before)
            if isinstance(error, MemoryError):
                raise OverBudgetError(over_memory(granted)) from error
        if isinstance(error, _AlarmError):
            seconds = min(self._seconds, self._outer) if self._outer > 0 else self._seconds
            raise OverBudgetError(over_seconds(seconds)) from None


class _AlarmError(OverBudgetError):
    """The time is up."""


def _alarm(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise _AlarmError("takes more than its CPU time")


def each_within(items: Iterator[Item], seconds: float, stopped: Callable[[OverBudgetError], Item]) -> Iterator[Item]:
    """The items, each made within `seconds` and BUDGET.memory; the last is what `stopped` makes if one is not."""
    while True:
        try:
            with Within(seconds):
                item = next(items)
        except StopIteration:
            return
        except OverBudgetError as error:
            yield stopped(error)
            return
        yield item


def _limit_data(memory: int) -> tuple[tuple[int, int], int] | None:
    """Limits the process' data to `memory` bytes more than now, or fewer where it has a tighter limit, as in a worker.

    Returns the limits before, and how many bytes more; None where there is no such limit.
    """
    if sys.platform != "linux":
        return None
    import resource

    limits = resource.getrlimit(resource.RLIMIT_DATA)
    used = _data_bytes(int(time.monotonic()))
    soft = used + memory
    if limits[0] not in (-1, resource.RLIM_INFINITY):
        soft = min(soft, limits[0])
    resource.setrlimit(resource.RLIMIT_DATA, (soft, limits[1]))
    return limits, soft - used


@lru_cache(maxsize=1)
def _data_bytes(second: int) -> int:
    """Bytes of the process' data in this second: asking costs more than most articles' reading."""
    del second
    return data_bytes()


def _restore_data(limits: tuple[int, int]) -> None:
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, limits)
