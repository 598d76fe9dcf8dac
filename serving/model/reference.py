"""What the articles are like on which a model's figures were measured, so that a corpus can be compared with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

FloatArray = NDArray[np.float64]
# Names of measures; those of a task have its key behind them.
LENGTH, LANGUAGE, WITHHELD = "length in tokens", "language", "withheld"
TITLE_WORDS, TEXT_WORDS = "unknown words in titles", "unknown words in texts"
LABELS, CONFIDENCE = "labels of", "confidence in"
NOTHING = "none"
TENTHS = np.arange(1, 10) / 10
DIGITS = 4


class Spread(BaseModel):
    """Numbers as a histogram: `counts` of articles below the first of `bounds`, between each two, and from the last on."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    bounds: list[float]
    counts: list[int]

    @model_validator(mode="after")
    def _check(self) -> Spread:
        if len(self.counts) != len(self.bounds) + 1 or sorted(self.bounds) != self.bounds or sum(self.counts) < 1:
            raise ValueError("bounds must rise, with one count more than there are bounds")
        return self

    @property
    def median(self) -> float:
        """The bound nearest to the median."""
        below = np.cumsum(self.counts)[:-1] / sum(self.counts)
        return self.bounds[int(np.abs(below - 0.5).argmin())] if self.bounds else float("nan")

    def count(self, values: FloatArray) -> NDArray[np.int64]:
        """Other numbers in the same bins."""
        return _histogram(np.array(self.bounds), values)


class Reference(BaseModel):
    """Measures of `articles` articles by name: `numbers` in bins of tenths, `categories` as counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    articles: int = Field(ge=1)
    numbers: dict[str, Spread]
    categories: dict[str, dict[str, int]]


def make_reference(numbers: Mapping[str, FloatArray], categories: Mapping[str, Iterable[str]]) -> Reference:
    """The reference of articles with these measures; a measure without any value is left out."""
    spreads: dict[str, Spread] = {}
    for name, values in numbers.items():
        if len(values):
            tenths, often = np.unique(np.round(np.quantile(values, TENTHS), DIGITS), return_counts=True)
            # A number that many articles share has a bin of its own, so that values above and below it stay apart.
            ends = np.round(tenths[often > 1] + 10.0**-DIGITS, DIGITS)
            bounds = np.unique([*tenths, *ends])
            spreads[name] = Spread(bounds=bounds.tolist(), counts=_histogram(bounds, values).tolist())
    counted = {name: dict(sorted(Counter(values).items())) for name, values in categories.items()}
    articles = max([0, *(sum(s.counts) for s in spreads.values()), *(sum(c.values()) for c in counted.values())])
    return Reference(articles=articles, numbers=spreads, categories={name: own for name, own in counted.items() if own})


def confidence(probabilities: FloatArray, *, many: bool) -> FloatArray:
    """How sure the model is of each article, (n,), from its probabilities (n, labels): that of the likeliest label, or the mean
    over a `many` task's labels of the likelier answer."""
    return np.asarray(np.maximum(probabilities, 1 - probabilities).mean(axis=1) if many else probabilities.max(axis=1))


def _histogram(bounds: FloatArray, values: FloatArray) -> NDArray[np.int64]:
    """How many values are below the first bound, from each to the next, and from the last on."""
    return np.bincount(np.searchsorted(bounds, np.round(values, DIGITS), side="right"), minlength=len(bounds) + 1)
