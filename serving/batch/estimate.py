"""Estimate the time and cost of scoring an input from a short measurement on this machine."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from sorot.data.article import Article
from sorot.data.errors import InputError
from sorot.data.reading.notes import ReadingNotes
from sorot.data.reading.readers import read_articles
from sorot.serving.batch.engines.engine import HERE_ARTICLES, HERE_CHARACTERS
from sorot.serving.batch.scoring import score_items
from sorot.serving.batch.units import ScoreOptions, cut_runs, plan_item
from sorot.serving.model.scorer import Scorer

# Enough to show the spread of lengths; with the gate most articles cost next to nothing, so more are needed.
SAMPLE, GATED_SAMPLE = 64, 1024
SEED = 13
MIN_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class ScoringEstimate:
    """Seconds of one core to score an article, from `measured` of `rows` articles, with a 95 % interval (`low`, `high`) that
    covers the choice of articles alone; `reading_seconds` is the time per article of the one process that reads and cleans."""

    rows: int
    measured: int
    core_seconds: float
    low: float
    high: float
    reading_seconds: float

    def hours(self, workers: int) -> tuple[float, float, float]:
        """Hours that so many one-core workers take for all rows, at least the time of reading: expected, least, most."""
        expected, low, high = (
            self.rows * max(each / workers, self.reading_seconds) / 3600 for each in (self.core_seconds, self.low, self.high)
        )
        return expected, low, high

    def core_hours(self) -> float:
        """Core-hours for all rows."""
        return self.rows * (self.core_seconds + self.reading_seconds) / 3600


def estimate_scoring(
    scorer: Scorer, inputs: Sequence[str], options: ScoreOptions, notes: ReadingNotes | None = None
) -> ScoringEstimate:
    """Read all of an input and score a random sample of its articles with `scorer`, which has one thread.

    Repeated texts are not recognised, so an input with many of them takes less time. Raises sorot.data.errors.InputError if
    nothing can be read, BundleError if the gate is missing, and the last error if no article can be scored.
    """
    if options.gate:
        scorer.gate()
    started = time.perf_counter()
    rows, drawn = _draw(inputs, options, notes)
    reading = time.perf_counter() - started
    if not drawn:
        raise InputError(f"{', '.join(inputs)}: nothing could be read; check the input")
    # The first windows are slower.
    score_items(scorer, [plan_item(drawn[0], clean=options.clean)], options)
    started = time.perf_counter()
    planned = [plan_item(article, clean=options.clean) for article in drawn]
    cleaning = (time.perf_counter() - started) / len(drawn)
    started = time.perf_counter()
    errors: list[Exception] = []
    for run in cut_runs(planned, HERE_ARTICLES, HERE_CHARACTERS):
        errors += score_items(scorer, run, options).errors
    each = (time.perf_counter() - started) / len(drawn)
    if len(errors) == len(drawn):
        raise errors[-1]
    # Time is about proportional to length.
    lengths = [max(MIN_CHARACTERS, len(article.body)) for article in drawn]
    spread = 1.96 * pstdev(lengths) / fmean(lengths) / math.sqrt(len(drawn))
    return ScoringEstimate(rows, len(drawn), each, each * (1 - spread), each * (1 + spread), reading / rows + cleaning)


def _draw(inputs: Sequence[str], options: ScoreOptions, notes: ReadingNotes | None) -> tuple[int, list[Article]]:
    """The number of articles and a uniform random sample of them (Vitter 1985, algorithm R)."""
    rng = random.Random(SEED)
    most = GATED_SAMPLE if options.gate else SAMPLE
    drawn: list[Article] = []
    rows = 0
    for item in read_articles(inputs, columns=options.columns, notes=notes):
        if not isinstance(item, Article):
            continue
        rows += 1
        if len(drawn) < most:
            drawn.append(item)
        elif (at := rng.randrange(rows)) < most:
            drawn[at] = item
    return rows, drawn
