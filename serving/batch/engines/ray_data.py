"""Ray Data: the same units on a cluster, or on this machine, in actors that each hold a model.

One task reads and plans the input and yields one unit per block; actors score them; this process takes the results in order and
writes the parts. Ray restarts actors that die and repeats the work lost with them.
"""

from __future__ import annotations

import logging
import os
import pickle
import secrets
import socket
import sys
import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from sorot.data.errors import SorotError, install_extra
from sorot.data.reading.notes import ReadingNotes
from sorot.serving.batch.engines.engine import ChunkResult
from sorot.serving.batch.engines.ray_units import COLUMN, make_table
from sorot.serving.batch.parts import Parts
from sorot.serving.batch.scoring import score_items
from sorot.serving.batch.units import BatchInput, Plan, ScoreOptions
from sorot.serving.model.scorer import Scorer

# Reading mostly waits and should take no core from the actors: a whole one would leave only one actor on two cores.
READER_CPUS = 0.1
REACH_SECONDS = 5.0
QUIET: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
# An actor that dies is restarted; if it dies at the same unit each time, the run ends.
RETRIES = 3


class RayError(SorotError):
    """Ray cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class RayEngine:
    """Scores in `workers` actors of one core each, on the cluster at `address`, or on this machine if that is None."""

    scorer: Scorer
    workers: int
    address: str | None = None

    def run(self, source: BatchInput, parts: Parts) -> Generator[ChunkResult, None, None]:
        """Results of all units, in order. Raises RayError if Ray is not installed or no cluster answers at the address."""
        if "-" in source.inputs:
            raise RayError("standard input cannot be read on a cluster; save it to a file and name that")
        with _connected(self.address, self.workers) as ray:
            from sorot.serving.batch.engines.ray_source import UnitSource

            context = ray.data.DataContext.get_current()
            context.execution_options.preserve_order = True
            # Otherwise Ray puts a thousand units into one block, for one actor.
            context.target_max_block_size = context.target_min_block_size = 1
            # On a cluster an actor may run on a machine without the bundle's folder.
            path = self.scorer.bundle.path
            bundle = str(path) if self.address is None else ray.put(_read_bundle(path))
            reader = UnitSource(source, parts.heads(), str(Path.cwd()))
            units = ray.data.read_datasource(reader, override_num_blocks=1, num_cpus=READER_CPUS)
            scored = units.map_batches(
                ScoreUnits,
                fn_constructor_args=(bundle, source.options),
                batch_size=1,
                batch_format="pyarrow",
                compute=ray.data.ActorPoolStrategy(size=self.workers),
                num_cpus=1,
                max_task_retries=RETRIES,
            )
            try:
                for batch in scored.iter_batches(batch_size=None, batch_format="pyarrow"):
                    for result in map(pickle.loads, batch[COLUMN].to_pylist()):
                        if not isinstance(result, ReadingNotes):
                            yield result
                        elif source.notes is not None:
                            source.notes.merge(result)
            except ray.exceptions.RayError as error:
                raise _as_sorot_error(error) from error


def _as_sorot_error(error: Exception) -> SorotError:
    """The SorotError behind an error of a task or actor, or a RayError with its last line."""
    cause: object = error
    while cause is not None:
        if isinstance(cause, SorotError):
            return cause
        cause = getattr(cause, "cause", None) or getattr(cause, "__cause__", None)
    lines = [line for line in str(error).splitlines() if line.strip()]
    return RayError(f"Ray could not score: {lines[-1].strip() if lines else type(error).__name__}")


class ScoreUnits:
    """An actor with a model on one thread. `bundle` is the folder, or Ray's reference to its files."""

    def __init__(self, bundle: Any, options: ScoreOptions) -> None:
        os.environ["TOKENIZERS_PARALLELISM"] = "false"
        self.scorer = Scorer.load(bundle, threads=1) if isinstance(bundle, str) else _load_files(bundle)
        self.options = options

    def __call__(self, batch: pa.Table) -> pa.Table:
        """Turns a table of planned units into a table of their results; the reader's notes pass through."""
        members: list[Plan | ReadingNotes] = [pickle.loads(data) for data in batch[COLUMN].to_pylist()]
        return make_table([each if isinstance(each, ReadingNotes) else self._score(each) for each in members])

    def _score(self, plan: Plan) -> ChunkResult:
        if plan.items is None:
            return ChunkResult(plan, None, last=True)
        # The articles need not travel back.
        return ChunkResult(replace(plan, items=()), score_items(self.scorer, plan.items, self.options), last=True)


def _read_bundle(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def _load_files(bundle: Any) -> Scorer:
    """The model whose files are in Ray's object store."""
    import ray

    with TemporaryDirectory() as folder:
        for name, data in ray.get(bundle).items():
            (Path(folder) / name).write_bytes(data)
        return Scorer.load(folder, threads=1)


@contextmanager
def _connected(address: str | None, workers: int) -> Iterator[Any]:
    # Ray reports usage unless told otherwise, and its log is not for users.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    # Ray's processes listen on all interfaces: they answer only who has this run's token. Ray reads it once, on import.
    if address is None and "ray" not in sys.modules:
        os.environ.setdefault("RAY_AUTH_MODE", "token")
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
    try:
        import ray
        import ray.data
    except ModuleNotFoundError as error:
        raise RayError(f"Ray is not installed; run: {install_extra('ray')}") from error
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module=r"ray\.data")
    if ray.is_initialized():
        raise RayError("this program uses Ray already; score in another one, or call ray.shutdown() first")
    if address is not None:
        _check_reachable(address)
    try:
        if address is None:
            ray.init(address="local", num_cpus=workers + 1, include_dashboard=False, **QUIET)
        else:
            ray.init(address=address, **QUIET)
    except (ConnectionError, ValueError, RuntimeError) as error:
        where = address or "this machine"
        raise RayError(
            f"{where}: no Ray cluster answers ({str(error).splitlines()[0]}); start one with `ray start --head`"
        ) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def _check_reachable(address: str) -> None:
    """Raise RayError if nothing listens at host:port; Ray itself would wait for minutes."""
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if host and port.isdecimal():
        try:
            socket.create_connection((host, int(port)), timeout=REACH_SECONDS).close()
        except OSError as error:
            raise RayError(f"{address}: no Ray cluster answers ({error}); start one with `ray start --head`") from error
