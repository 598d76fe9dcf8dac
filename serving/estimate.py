"""What scoring an input will take, from a short measurement on this machine."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean, pstdev

from data.article import Article
from data.columns import InputError
from data.readers import read_articles
from serving.engines.engine import HERE_ARTICLES
from serving.scorer import Scorer
from serving.scoring import score_items
from serving.units import ScoreOptions, cut, plan_item

# Enough that a corpus's lengths show; with the gate most articles cost next to nothing, so more are needed.
SAMPLE, GATED_SAMPLE = 64, 1024
SEED = 13
MIN_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Estimate:
    """`rows` articles of which `measured` were scored on `cores` cores; seconds of one core that an article takes, and between
    what bounds (95 %, for which articles were drawn alone), reading and cleaning included."""

    rows: int
    measured: int
    cores: int
    core_seconds: float
    low: float
    high: float

    def hours(self, workers: int) -> tuple[float, float, float]:
        """Hours that so many single-core workers take for all rows: expected, least, most."""
        return tuple(self.rows * each / workers / 3600 for each in (self.core_seconds, self.low, self.high))  # type: ignore[return-value]

    def core_hours(self) -> float:
        """Of all rows."""
        return self.rows * self.core_seconds / 3600


def estimate(scorer: Scorer, inputs: Iterable[str], options: ScoreOptions, cores: int) -> Estimate:
    """Read all of an input, score some of its articles, drawn by chance, on `cores` cores, which `scorer` has threads for.

    Texts that repeat are not told apart, so an input with many of them takes less. Raises data.columns.InputError where
    nothing can be read.
    """
    begun = time.perf_counter()
    rows, drawn = _draw(inputs, options)
    reading = time.perf_counter() - begun
    if not drawn:
        raise InputError(f"{', '.join(inputs)}: nothing could be read; check the input")
    # The first windows are slower.
    score_items(scorer, drawn[:2], ScoreOptions())
    begun = time.perf_counter()
    for run in cut((plan_item(article, clean=options.clean) for article in drawn), HERE_ARTICLES, 200_000):
        score_items(scorer, run, options)
    scoring = (time.perf_counter() - begun) * cores / len(drawn)
    # An article's part of the time is about that of its length.
    lengths = [max(MIN_CHARACTERS, len(article.body)) for article in drawn]
    spread = 1.96 * pstdev(lengths) / fmean(lengths) / math.sqrt(len(drawn))
    each = scoring + reading / rows
    return Estimate(rows, len(drawn), cores, each, each * (1 - spread), each * (1 + spread))


def _draw(inputs: Iterable[str], options: ScoreOptions) -> tuple[int, list[Article]]:
    """How many articles there are, and some of them, each as likely as any other (Vitter 1985, algorithm R)."""
    rng = random.Random(SEED)
    most = GATED_SAMPLE if options.gate else SAMPLE
    drawn: list[Article] = []
    rows = 0
    for item in read_articles(list(inputs), columns=options.columns):
        if not isinstance(item, Article):
            continue
        rows += 1
        if len(drawn) < most:
            drawn.append(item)
        elif (at := rng.randrange(rows)) < most:
            drawn[at] = item
    return rows, drawn
