"""What an engine is, and the simplest one: this process."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from sorot.serving.batch.parts import Parts
from sorot.serving.batch.scoring import Scored, score_items
from sorot.serving.batch.text_index import open_text_index
from sorot.serving.batch.units import BatchInput, Plan, Planned, cut_runs
from sorot.serving.model.scorer import Scorer

# A slice of a unit is what is handed out at once: small enough that cores end at about the same time.
CHUNK_ARTICLES = 16
CHUNK_CHARACTERS = 60_000
# Threads take windows as they come, so a larger slice keeps them all busy.
HERE_ARTICLES = 64
HERE_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """What became of some of a unit's items; `scored` is None where its part is there. The `last` piece ends the unit."""

    plan: Plan
    scored: Scored | None
    last: bool


class Engine(Protocol):
    """Scores the units of a source that are not among the parts; `parts` is read alone, and written between two pieces."""

    def run(self, source: BatchInput, parts: Parts) -> Generator[ChunkResult, None, None]:
        """Pieces of all units, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive items of a unit, or None for all of one that is done."""

    plan: Plan
    items: tuple[Planned, ...] | None
    last: bool


def cut_chunks(source: BatchInput, parts: Parts, articles: int, characters: int) -> Generator[Chunk, None, None]:
    """All units of a source, planned and cut."""
    with open_text_index(parts.folder) as seen:
        for plan in source.plans(seen, parts.texts):
            if plan.items is None:
                yield Chunk(plan, None, last=True)
                continue
            runs = list(cut_runs(plan.items, articles, characters))
            for number, items in enumerate(runs):
                yield Chunk(plan, tuple(items), last=number == len(runs) - 1)


@dataclass(frozen=True, slots=True)
class HereEngine:
    """This process, and as many threads as the scorer has; nothing has to be started for it."""

    scorer: Scorer

    def run(self, source: BatchInput, parts: Parts) -> Generator[ChunkResult, None, None]:
        """Pieces of all units, in order."""
        with closing(cut_chunks(source, parts, HERE_ARTICLES, HERE_CHARACTERS)) as slices:
            for piece in slices:
                yield score_chunk(self.scorer, piece, source)


def score_chunk(scorer: Scorer, piece: Chunk, source: BatchInput) -> ChunkResult:
    """Score one slice here."""
    scored = None if piece.items is None else score_items(scorer, piece.items, source.options)
    return ChunkResult(piece.plan, scored, piece.last)
