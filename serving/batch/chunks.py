"""Applies a function to chunks of a long input in a process per core, in order, without holding the input in memory."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import TypeVar

_Part = TypeVar("_Part")
_Done = TypeVar("_Done")
# Chunks that are under way for each process: enough to keep it busy, few enough to keep the corpus out of memory.
_AHEAD = 3


def map_chunks(
    function: Callable[[Sequence[_Part]], _Done], items: Iterable[_Part], *, size: int, workers: int
) -> Iterator[_Done]:
    """What a function makes of each `size` consecutive items, in their order.

    The function, its arguments and results must be picklable. An input of one chunk, or `workers` = 1, is handled in this
    process. Errors of the function are raised here.
    """
    items = iter(items)
    first = list(islice(items, size))
    if workers == 1 or len(first) < size:
        while first:
            yield function(first)
            first = list(islice(items, size))
        return
    # Spawned, as this process may have threads, which a fork would not take along.
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting: deque[Future[_Done]] = deque()
        while first or waiting:
            if first:
                waiting.append(pool.submit(function, first))
                first = list(islice(items, size))
            if len(waiting) > _AHEAD * workers or not first:
                yield waiting.popleft().result()
