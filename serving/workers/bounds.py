"""A budget as the system enforces it on one call of a worker, and the error of work that would take more."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Literal, Self

from sorot.data.budget import Budget, BudgetError, over_memory, over_seconds
from sorot.data.errors import SorotError

Bound = Literal["cpu", "wall", "memory", "crash"]
# By the clock work takes longer than by CPU time, where other work goes first.
WALL_PER_CPU = 8.0


@dataclass(frozen=True, slots=True)
class WorkerBounds:
    """Seconds of CPU time, seconds by the clock, and bytes of memory on top of an idle worker's."""

    cpu_seconds: int
    wall_seconds: float
    memory_bytes: int

    @classmethod
    def of_article(cls, budget: Budget) -> Self:
        """What one article may take."""
        return cls(ceil(budget.seconds), WALL_PER_CPU * budget.seconds, budget.memory)

    @classmethod
    def of_file(cls, budget: Budget) -> Self:
        """What a file of many articles may take."""
        return cls(ceil(budget.file_seconds), WALL_PER_CPU * budget.file_seconds, budget.memory)

    def describe(self, bound: Bound) -> str:
        """What went over a bound, as a phrase that follows the name of the input."""
        match bound:
            case "cpu":
                return over_seconds(self.cpu_seconds)
            case "wall":
                return f"takes more than {self.wall_seconds:g} s"
            case "memory":
                return over_memory(self.memory_bytes)
            case "crash":
                return "makes the process that reads it fail"


class WorkStoppedError(BudgetError):
    """Work was stopped at a bound of its budget; the message says at which. "crash": it ended its process by itself."""

    def __init__(self, message: str, bound: Bound = "cpu") -> None:
        super().__init__(message)
        self.bound: Bound = bound


class WorkerFailedError(SorotError):
    """Work failed for a reason that is not in the input; the message has only the kind of error, which may quote the input."""
