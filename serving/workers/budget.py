"""What one piece of work may take, and the error of work that would take more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sorot.data.errors import SorotError

Bound = Literal["cpu", "wall", "memory", "crash"]


@dataclass(frozen=True, slots=True)
class WorkerBudget:
    """Seconds of CPU time, seconds by the clock, and bytes of memory on top of an idle worker's."""

    cpu_seconds: int
    wall_seconds: float
    memory_bytes: int

    def describe(self, bound: Bound) -> str:
        """What went over a bound, as a phrase that follows the name of the input."""
        match bound:
            case "cpu":
                return f"takes more than {self.cpu_seconds} s of CPU time"
            case "wall":
                return f"takes more than {self.wall_seconds:g} s"
            case "memory":
                return f"takes more than {self.memory_bytes // 1_000_000} MB of memory"
            case "crash":
                return "makes the process that reads it fail"


class WorkStoppedError(SorotError):
    """Work was stopped at a bound of its budget; the message says at which. "crash": it ended its process by itself."""

    def __init__(self, message: str, bound: Bound = "cpu") -> None:
        super().__init__(message)
        self.bound: Bound = bound


class WorkerFailedError(SorotError):
    """Work failed for a reason that is not in the input; the message has only the kind of error, which may quote the input."""
