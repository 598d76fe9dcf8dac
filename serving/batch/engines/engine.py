"""The interface of engines, and the simplest one: this process."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from sorot.data.reading.bounds_met import BoundsMet
from sorot.serving.batch.parts import BOUNDS_FILE, Parts
from sorot.serving.batch.scoring import Scored, score_items
from sorot.serving.batch.text_index import open_text_index
from sorot.serving.batch.units import BatchInput, Plan, Planned, cut_runs
from sorot.serving.model.scorer import Scorer

# A chunk of a unit is handed out at once: small enough that cores finish at about the same time.
CHUNK_ARTICLES = 16
CHUNK_CHARACTERS = 60_000
# Threads share the windows of a chunk, so a larger one keeps them all busy.
HERE_ARTICLES = 64
HERE_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """The outcomes of a chunk; `scored` is None if the unit's part exists. The `last` result ends the unit."""

    plan: Plan
    scored: Scored | None
    last: bool


class Engine(Protocol):
    """Scores the units of an input that have no part yet. It only reads `parts`; the caller writes them between two results."""

    def run(self, source: BatchInput, parts: Parts) -> Generator[ChunkResult, None, None]:
        """Results of all units, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive items of a unit; `items` is None for a whole unit that has its part."""

    plan: Plan
    items: tuple[Planned, ...] | None
    last: bool


def cut_chunks(source: BatchInput, parts: Parts, articles: int, characters: int) -> Generator[Chunk, None, None]:
    """All units of an input, planned and cut."""
    with open_text_index(parts.folder) as index:
        for plan in source.plans(index, parts.texts, BoundsMet(parts.folder / BOUNDS_FILE)):
            if plan.items is None:
                yield Chunk(plan, None, last=True)
                continue
            runs = list(cut_runs(plan.items, articles, characters))
            for number, items in enumerate(runs):
                yield Chunk(plan, tuple(items), last=number == len(runs) - 1)


@dataclass(frozen=True, slots=True)
class HereEngine:
    """Scores in this process, on the scorer's threads; needs no start-up."""

    scorer: Scorer

    def run(self, source: BatchInput, parts: Parts) -> Generator[ChunkResult, None, None]:
        """Results of all units, in order."""
        with closing(cut_chunks(source, parts, HERE_ARTICLES, HERE_CHARACTERS)) as chunks:
            for chunk in chunks:
                yield score_chunk(self.scorer, chunk, source)


def score_chunk(scorer: Scorer, chunk: Chunk, source: BatchInput) -> ChunkResult:
    """Score one chunk in this process."""
    scored = None if chunk.items is None else score_items(scorer, chunk.items, source.options)
    return ChunkResult(chunk.plan, scored, chunk.last)
