"""A run on several processors: `accelerate launch -m ...` starts the same command once for each of them."""

from __future__ import annotations

import os
from datetime import timedelta

from accelerate import PartialState
from accelerate.utils import broadcast_object_list

# The main process prepares, exports and measures while the others wait for it.
PATIENCE = timedelta(days=2)


def world_size() -> int:
    """How many processes this run has."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def is_main() -> bool:
    """Whether this is the process that writes files; the only one, as a rule."""
    return int(os.environ.get("RANK", "0")) == 0


def agree(answer_of_main: bool) -> bool:
    """What the main process has decided, told to all; the others wait for it."""
    if world_size() == 1:
        return answer_of_main
    PartialState(timeout=PATIENCE)
    answer = [answer_of_main]
    broadcast_object_list(answer, from_process=0)
    return answer[0]
