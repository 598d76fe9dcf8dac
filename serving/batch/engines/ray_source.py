"""The units of an input as a source of Ray Data; apart, as it needs Ray to be read."""

from __future__ import annotations

from functools import partial

from ray.data import DataContext
from ray.data.block import BlockMetadata
from ray.data.datasource import Datasource, ReadTask

from sorot.serving.batch.engines.ray_units import plan_units
from sorot.serving.batch.units import BatchInput


class UnitSource(Datasource):  # type: ignore[misc]
    """Units, one a block, read by one task: they are numbered in the order of the input."""

    def __init__(self, source: BatchInput, heads: dict[int, str], folder: str) -> None:
        super().__init__()
        self._read = partial(plan_units, source, heads, folder)

    def get_name(self) -> str:
        """What Ray calls it."""
        return "units"

    def estimate_inmemory_data_size(self) -> int | None:
        """Not known before all is read."""
        return None

    def get_read_tasks(
        self, parallelism: int, per_task_row_limit: int | None = None, data_context: DataContext | None = None
    ) -> list[ReadTask]:
        """The one task."""
        del parallelism, data_context
        nothing_known = BlockMetadata(num_rows=None, size_bytes=None, exec_stats=None)
        return [ReadTask(self._read, nothing_known, per_task_row_limit=per_task_row_limit)]
