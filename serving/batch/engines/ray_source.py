"""The units of an input as a Ray Data source; a separate module, as importing it needs Ray."""

from __future__ import annotations

from functools import partial

from ray.data import DataContext
from ray.data.block import BlockMetadata
from ray.data.datasource import Datasource, ReadTask

from sorot.serving.batch.engines.ray_units import plan_units
from sorot.serving.batch.units import BatchInput


class UnitSource(Datasource):  # type: ignore[misc]
    """Units, one per block, read by one task, as they are numbered in input order."""

    def __init__(self, source: BatchInput, heads: dict[int, str], folder: str) -> None:
        super().__init__()
        self._read = partial(plan_units, source, heads, folder)

    def get_name(self) -> str:
        """Its name in Ray."""
        return "units"

    def estimate_inmemory_data_size(self) -> int | None:
        """Unknown until everything is read."""
        return None

    def get_read_tasks(
        self, parallelism: int, per_task_row_limit: int | None = None, data_context: DataContext | None = None
    ) -> list[ReadTask]:
        """The one reading task."""
        del parallelism, data_context
        nothing_known = BlockMetadata(num_rows=None, size_bytes=None, exec_stats=None)
        return [ReadTask(self._read, nothing_known, per_task_row_limit=per_task_row_limit)]
