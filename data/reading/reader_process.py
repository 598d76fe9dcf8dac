"""Runs a reader in a process of its own, for libraries in Rust or C: no timer interrupts them, and some abort where memory ends.

The process is kept for the next file, and replaced if the system has ended it. It is a new interpreter and no fork, so that no
lock of a thread of this program is copied, and a program that reads files needs no `if __name__ == "__main__"`.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar

from sorot.data.budget import BUDGET, OverBudgetError, over_memory, over_seconds
from sorot.data.errors import InputError, SorotError
from sorot.data.process_limits import has_cpu_limit, limit_cpu, limit_memory

Item = TypeVar("Item")
READY = "ready"
_START = "from sorot.data.reading.reader_process import serve; serve()"


def read_in_process(
    read: Callable[..., Iterator[Item]], file: str, *arguments: object, seconds: float = BUDGET.file_seconds
) -> Iterator[Item]:
    """The items of `read(*arguments)`, a function that can be imported, made within `seconds` of CPU time each.

    `file` is for messages. Raises OverBudgetError if the system ends the process at that or at BUDGET.memory, and what `read`
    raises. A process that has a limit of its own, such as a worker, reads by itself.
    """
    if sys.platform == "win32" or not sys.executable or has_cpu_limit():
        yield from read(*arguments)
        return
    idle = _idle()
    process = idle.pop() if idle else _start(file)
    ended = False
    try:
        requests, answers = _pipes(process)
        _send((read, arguments, seconds), requests)
        while (item := pickle.load(answers)) is not None:
            if isinstance(item, Exception):
                ended = True
                raise item
            yield item
        ended = True
    except (EOFError, BrokenPipeError, pickle.UnpicklingError):
        timed_out = process.wait() == -signal.SIGXCPU
        raise OverBudgetError(over_seconds(seconds) if timed_out else over_memory(BUDGET.memory)) from None
    finally:
        if ended:
            idle.append(process)
        else:
            _end(process)


def serve() -> None:
    """The loop of the process: requests come by standard input, items go to standard output, until either is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What a library prints is no item.
    os.dup2(2, 1)
    limit_memory(BUDGET.memory)
    with suppress(EOFError, BrokenPipeError):
        _send(READY, answers)
        while True:
            read, arguments, seconds = pickle.load(requests)
            limit_cpu(seconds)
            last: Exception | None = None
            try:
                for item in read(*arguments):
                    _send(item, answers)
                    limit_cpu(seconds)
            except MemoryError:
                # What it still holds is unknown.
                os._exit(1)
            except SorotError as error:
                last = error
            except Exception as error:
                last = RuntimeError(f"{type(error).__name__}: {error}")
            _send(last, answers)


@cache
def _idle() -> list[subprocess.Popen[bytes]]:
    """Processes that wait for the next file. They end with this one, whose end closes their standard input."""
    return []


def _start(file: str) -> subprocess.Popen[bytes]:
    path = os.pathsep.join(filter(None, sys.path))
    process = subprocess.Popen(
        [sys.executable, "-c", _START],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": path},
    )
    with suppress(EOFError, pickle.UnpicklingError):
        if pickle.load(_pipes(process)[1]) == READY:
            return process
    _end(process)
    raise InputError(f"{file}: no process could be started to read it; free some memory, or save it as CSV")


def _send(value: object, pipe: Any) -> None:
    """At once: what waits in a process that the system ends is lost."""
    pickle.dump(value, pipe)
    pipe.flush()


def _pipes(process: subprocess.Popen[bytes]) -> tuple[Any, Any]:
    return process.stdin, process.stdout


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in _pipes(process):
        # What was not sent is lost.
        with suppress(BrokenPipeError):
            pipe.close()
    process.wait()
