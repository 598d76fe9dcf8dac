"""Units as Ray tables: planned on the cluster, one unit per table, and last what the reader noted."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from sorot.data.reading.notes import ReadingNotes
from sorot.data.reading.remote import is_remote, local_name
from sorot.serving.batch.engines.engine import ChunkResult
from sorot.serving.batch.parts import texts_of_head
from sorot.serving.batch.text_index import open_text_index
from sorot.serving.batch.units import BatchInput, Plan, Texts

COLUMN = "unit"


def plan_units(source: BatchInput, heads: dict[int, str], folder: str) -> Iterator[pa.Table]:
    """Tables of one planned unit each, then one of the notes, if the source has any. Relative inputs start from `folder`;
    `heads` are the first lines of the parts."""
    if not all(is_remote(name) or Path(local_name(name)).is_absolute() for name in source.inputs):
        os.chdir(folder)

    def texts_of_part(unit: int, digest: str) -> Texts | None:
        return texts_of_head(heads[unit], digest) if unit in heads else None

    with TemporaryDirectory() as place, open_text_index(Path(place)) as index:
        for plan in source.plans(index, texts_of_part):
            yield make_table([plan])
    if source.notes is not None:
        yield make_table([source.notes])


def make_table(members: Sequence[Plan | ChunkResult | ReadingNotes]) -> pa.Table:
    return pa.table({COLUMN: pa.array([pickle.dumps(member) for member in members], pa.large_binary())})
