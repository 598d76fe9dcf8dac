"""Whether one model is worse than another on the same labelled articles: a paired bootstrap, over all of them and by slice.

Both models are measured on every resample, so the difficulty that they share cancels out (Efron & Tibshirani 1993,
chapter 16; Koehn 2004 for measures such as F1, which are not means over articles). Groups of near-duplicates are drawn
whole, because their members are not independent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import Taxonomy
from sorot.training.measure.baselines import Indicators, indicators, is_labelled
from sorot.training.measure.metrics import BoolArray, FloatArray, IntArray, macro_f1
from sorot.training.measure.slices import MIN_ARTICLES

# Bonferroni puts a slice's limits far out in the tails, where fewer resamples would leave hardly any value.
PAIRED_RESAMPLES = 10_000
RESAMPLES_PER_CHUNK = 500
LEVEL = 0.05
# Words of the body: about one, two, and more than two windows of 256 tokens.
SHORT, LONG = 200, 400

SliceKind = Literal["all", "file", "outlet", "year", "length"]


class Difference(BaseModel):
    """Macro-F1 of two models on one task and slice; `difference` is candidate minus current, in [`low`, `high`].

    The interval has 95 % over all articles; over a slice it is widened for the number of slices (Bonferroni).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    task: str
    kind: SliceKind
    value: str
    articles: int
    candidate: float
    current: float
    difference: float
    low: float
    high: float

    @property
    def verdict(self) -> Literal["worse", "better", "no clear difference"]:
        """'worse' or 'better' if the interval excludes 0."""
        return "worse" if self.high < 0 else "better" if self.low > 0 else "no clear difference"

    @property
    def where(self) -> str:
        """The slice in words, such as 'year 2019'."""
        return "all articles" if self.kind == "all" else f"{self.kind} {self.value}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Differences on every task, over all articles, and on every slice that is large enough."""

    tasks: tuple[Difference, ...]
    slices: tuple[Difference, ...]

    @property
    def worst_slice(self) -> Difference | None:
        """The most negative difference among the significantly worse slices, else among all; None without slices."""
        worse = [s for s in self.slices if s.verdict == "worse"]
        return min(worse or self.slices, key=lambda s: s.difference, default=None)

    @property
    def worse(self) -> tuple[Difference, ...]:
        """Tasks and slices on which the candidate is significantly worse."""
        return tuple(d for d in (*self.tasks, *self.slices) if d.verdict == "worse")


@dataclass(frozen=True, slots=True)
class Slice:
    """A subset of the articles; `rows` is a mask over all of them."""

    kind: SliceKind
    value: str
    rows: BoolArray


def compare_labels(
    files: Mapping[str, Sequence[LabelledArticle]], candidate: Indicators, current: Indicators, taxonomy: Taxonomy
) -> Comparison:
    """Compare the labels that two models gave to the articles of `files`, by task (n, labels), in the files' order.

    A task has a 95 % interval; a slice has a Bonferroni interval of 1 - 0.05/m for m pairs of slice and task. Holm's first
    step is the same test, so both refuse the same models, but only Bonferroni gives an interval to show.
    """
    rows = [row for part in files.values() for row in part]
    truth, units = indicators(rows, taxonomy), _units(files)
    known = {task: is_labelled(rows, task) for task in taxonomy.keys}
    slices = [
        (s, task) for s in find_slices(files) for task in taxonomy.keys if int((s.rows & known[task]).sum()) >= MIN_ARTICLES
    ]

    def differ(task: str, part: Slice, level: float) -> Difference:
        chosen = np.flatnonzero(part.rows & known[task])
        measured = truth[task][chosen], candidate[task][chosen], current[task][chosen]
        resampled = paired_differences(*measured, units[chosen])
        low, high = np.quantile(resampled, [level / 2, 1 - level / 2])
        new, old = macro_f1(measured[0], measured[1]), macro_f1(measured[0], measured[2])
        numbers = {"candidate": new, "current": old, "difference": new - old, "low": low, "high": high}
        return Difference(
            task=task,
            kind=part.kind,
            value=part.value,
            articles=len(chosen),
            **{name: round(float(number), 6) for name, number in numbers.items()},
        )

    everything = Slice("all", "", np.ones(len(rows), dtype=bool))
    return Comparison(
        tasks=tuple(differ(task, everything, LEVEL) for task in taxonomy.keys if known[task].any()),
        slices=tuple(differ(task, part, LEVEL / len(slices)) for part, task in slices),
    )


def find_slices(files: Mapping[str, Sequence[LabelledArticle]]) -> list[Slice]:
    """Slices by file, outlet, year and length in words; one with all articles, or fewer than `MIN_ARTICLES`, is left out."""
    values: dict[SliceKind, list[str | None]] = {
        "file": [name for name, part in files.items() for _ in part],
        "outlet": [row.article.outlet for part in files.values() for row in part],
        "year": [str(row.article.published.year) if row.article.published else None for p in files.values() for row in p],
        "length": [_length(row.article.body) for part in files.values() for row in part],
    }
    found = []
    for kind, given in values.items():
        for value in sorted({v for v in given if v is not None}):
            rows = np.array([v == value for v in given], dtype=bool)
            if MIN_ARTICLES <= rows.sum() < len(rows):
                found.append(Slice(kind, value, rows))
    return found


def paired_differences(
    truth: BoolArray,
    candidate: BoolArray,
    current: BoolArray,
    units: IntArray,
    *,
    resamples: int = PAIRED_RESAMPLES,
    seed: int = 0,
) -> FloatArray:
    """Macro-F1 of `candidate` minus that of `current`, (n, labels) each, over resamples of the units (n,); shape (resamples,).

    F1 is a function of counts, so a resample is a row of multiplicities times the counts of each unit.
    """
    n_labels = truth.shape[1]
    _, unit = np.unique(units, return_inverse=True)
    n = int(unit.max()) + 1
    counts = np.concatenate([truth, candidate, current, truth & candidate, truth & current], axis=1)
    by_unit = np.zeros((n, counts.shape[1]))
    np.add.at(by_unit, unit, counts)
    rng = np.random.default_rng(seed)
    out = np.empty(resamples)
    for start in range(0, resamples, RESAMPLES_PER_CHUNK):
        size = min(RESAMPLES_PER_CHUNK, resamples - start)
        drawn = rng.integers(0, n, (size, n)) + n * np.arange(size)[:, None]
        times = np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n)
        true, new, old, new_hits, old_hits = (times @ by_unit).reshape(size, 5, n_labels).transpose(1, 0, 2)
        out[start : start + size] = _macro(new_hits, true + new) - _macro(old_hits, true + old)
    return out


def _macro(hits: FloatArray, total: FloatArray) -> FloatArray:
    """Mean F1 over labels, as metrics.macro_f1, (k,); `hits` and `total` (true plus found) are (k, labels)."""
    used = total > 0
    f1 = np.where(used, 2 * hits / np.maximum(total, 1), 0.0)
    return np.asarray(f1.sum(axis=1) / np.maximum(used.sum(axis=1), 1))


def _units(files: Mapping[str, Sequence[LabelledArticle]]) -> IntArray:
    """The number of each article's group, (n,); an article without a group is a unit alone."""
    numbers: dict[tuple[str, object], int] = {}
    keys = ((name, i if row.group is None else row.group) for name, part in files.items() for i, row in enumerate(part))
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


def _length(body: str) -> str:
    words = len(body.split())
    if words < SHORT:
        return f"under {SHORT} words"
    return f"{SHORT} to {LONG - 1} words" if words < LONG else f"{LONG} words and more"
