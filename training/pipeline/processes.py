"""Runs with several processes: `accelerate launch -m ...` starts the same command once per device."""

from __future__ import annotations

import os
from datetime import timedelta

from accelerate import PartialState
from accelerate.utils import broadcast_object_list

# The other processes wait while the main one prepares, exports and evaluates.
TIMEOUT = timedelta(days=2)


def world_size() -> int:
    """Number of processes in this run."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def is_main() -> bool:
    """Whether this is the main process, the one that writes files."""
    return int(os.environ.get("RANK", "0")) == 0


def broadcast_from_main(value: bool) -> bool:
    """The main process's `value`, in every process; the others wait for it."""
    if world_size() == 1:
        return value
    PartialState(timeout=TIMEOUT)
    values = [value]
    broadcast_object_list(values, from_process=0)
    return values[0]
