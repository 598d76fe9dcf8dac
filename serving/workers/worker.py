"""The loop of a worker process: it takes a function and its arguments, answers, and never outlives the service."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from sorot.data.errors import SorotError
from sorot.data.process_limits import limit_cpu, limit_memory
from sorot.serving.workers.bounds import WorkerBounds, WorkerFailedError

# The answer to work that ran out of memory. The process then ends: what it still holds is unknown.
OUT_OF_MEMORY = "out of memory"
Request = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


def work_loop(pipe: Connection, bounds: WorkerBounds, niceness: int) -> None:
    """Answer requests from the pipe until its other end is closed.

    The kernel ends the process (SIGXCPU) at `cpu_seconds` of one request, rounded up by less than a second, whatever code runs.
    Each answer is a result, an exception, or OUT_OF_MEMORY in a tuple with whether it is a result.
    """
    # Ctrl-C goes to every process of the terminal; the service decides when its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(niceness)
    limit_memory(bounds.memory_bytes)
    while True:
        answer: tuple[bool, Any]
        try:
            request: Request = pipe.recv()
            limit_cpu(bounds.cpu_seconds)
            answer = True, _call(request)
        except (EOFError, ConnectionError):
            return
        except MemoryError:
            pipe.send((False, OUT_OF_MEMORY))
            return
        except SorotError as error:
            answer = False, error
        except Exception as error:
            answer = False, WorkerFailedError(type(error).__name__)
        try:
            pipe.send(answer)
        except MemoryError:
            pipe.send((False, OUT_OF_MEMORY))
            return
        except ConnectionError:
            return
        # An idle worker holds nothing of anybody.
        del request, answer


def _call(request: Request) -> Any:
    function, arguments, named = request
    return function(*arguments, **named)
