"""Limits that the system keeps for a whole process, whatever code runs in it. Windows has none of them."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path


def limit_cpu(seconds: float) -> None:
    """The system ends this process (SIGXCPU) after so many more seconds of CPU time, rounded up by less than two."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime) + math.ceil(seconds), hard))


def has_cpu_limit() -> bool:
    """Whether the system ends this process at some CPU time."""
    if sys.platform == "win32":
        return False
    import resource

    return resource.getrlimit(resource.RLIMIT_CPU)[0] != resource.RLIM_INFINITY


def limit_memory(extra: int) -> None:
    """Allocations fail beyond so many bytes more than now; only Linux counts all of them."""
    # Not the address space: libraries reserve gigabytes of it that they never use.
    if sys.platform == "linux":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (data_bytes() + extra, hard))


def data_bytes() -> int:
    """Bytes of this process' data and stack, on Linux."""
    # Pages of both are the sixth number.
    return int(Path("/proc/self/statm").read_bytes().split()[5]) * os.sysconf("SC_PAGE_SIZE")
