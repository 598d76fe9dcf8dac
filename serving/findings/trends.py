"""Breaks: periods from which on a label's share stays at another level, and how sure that is.

PELT (Killick, Fearnhead and Eckley 2012; package ruptures) over the binomial deviance of the counts, so that a period weighs
as much as it has articles; the deviance is divided by the dispersion of neighbouring periods, as news comes in bursts. The
penalty is the one that finds nothing in 95 % of flat series of this length and these counts, by simulation. A break is reported
only if resampled articles show it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sorot.data.errors import install_extra
from sorot.data.taxonomy import Task
from sorot.serving.findings.errors import FindingsError
from sorot.serving.findings.estimates.estimate import Estimate
from sorot.serving.findings.estimates.sample import LabelledSample
from sorot.serving.findings.periods import Period, period_name, period_starts
from sorot.serving.findings.prevalence import estimate_rows
from sorot.serving.findings.tables.arrays import CorpusArrays
from sorot.serving.model.confusion import Confusion

FloatArray = NDArray[np.float64]
# Fewest periods on each side of a break, and of a series in which breaks are sought.
MIN_SIZE, LEAST_PERIODS = 3, 8
FLAT_SERIES, FLAT_SHARE = 400, 0.95
RESAMPLES, SURVIVES = 60, 0.5
# Median of a chi-squared variable with one degree of freedom.
_CHI_MEDIAN = 0.4549
_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Break:
    """A label's share is another one from `period` on: `before` and `after` are its shares on both sides, up to the next break.

    `support` is the share of resampled corpora with a break at most one period away.
    """

    task: str
    label: str
    period: str
    before: Estimate
    after: Estimate
    support: float

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready form."""
        return asdict(self)


def find_breaks(holds: NDArray[np.int64], totals: NDArray[np.int64], *, seed: int = 0) -> list[tuple[int, float]]:
    """Breaks of a series of shares: `holds` of `totals` articles (T,) by period. Gives the first period of each new level, with
    its support.

    A break lies at least MIN_SIZE periods after the one before and from both ends. No break is found in FLAT_SHARE of flat
    series. Raises FindingsError without the package ruptures.
    """
    if len(holds) < LEAST_PERIODS or holds.sum() in (0, totals.sum()):
        return []
    rng = np.random.default_rng(seed)
    penalty = _penalty(totals, holds.sum() / totals.sum(), rng)
    found = _segment(holds, totals, penalty)
    if not found:
        return []
    resampled = rng.binomial(totals, holds / totals, size=(RESAMPLES, len(holds)))
    again = [np.array(_segment(row, totals, penalty)) for row in resampled]
    support = {at: float(np.mean([bool(len(row) and (abs(row - at) <= 1).any()) for row in again])) for at in found}
    return [(at, share) for at, share in support.items() if share >= SURVIVES]


def label_breaks(
    corpus: CorpusArrays, by: Period, confusion: Confusion | None = None, audit: LabelledSample | None = None, *, seed: int = 0
) -> tuple[Break, ...]:
    """The breaks of every label's share over periods with articles; other arguments as in `prevalence`."""
    breaks: list[Break] = []
    starts = period_starts(corpus.days, by)
    for task in corpus.taxonomy.tasks:
        rows = np.flatnonzero(corpus.labelled[task.key] & ~np.isnat(starts))
        periods, which = np.unique(starts[rows], return_inverse=True)
        totals = np.bincount(which, minlength=len(periods))
        for place, key in enumerate(task.keys):
            holds = np.bincount(which, weights=corpus.labels[task.key][rows, place], minlength=len(periods)).astype(np.int64)
            found = find_breaks(holds, totals, seed=seed)
            ends = [0, *(at for at, _ in found), len(periods)]
            levels = [
                _level(corpus, rows[(which >= first) & (which < last)], task, key, confusion, audit, seed)
                for first, last in pairwise(ends)
                if found
            ]
            breaks += [
                Break(task.key, key, period_name(periods[at], by), levels[number], levels[number + 1], support)
                for number, (at, support) in enumerate(found)
            ]
    return tuple(breaks)


def _level(
    corpus: CorpusArrays,
    rows: NDArray[np.int64],
    task: Task,
    label: str,
    confusion: Confusion | None,
    audit: LabelledSample | None,
    seed: int,
) -> Estimate:
    """The share of a label among some rows."""
    estimates = estimate_rows(corpus, rows, task, confusion, audit, seed=seed)
    return next(e for e in estimates if e.label == label and e.among is None)


def _segment(holds: NDArray[np.int64], totals: NDArray[np.int64], penalty: float) -> list[int]:
    """First periods of all segments but the first, by PELT."""
    try:
        import ruptures
    except ModuleNotFoundError as error:
        raise FindingsError(f"finding breaks needs the package ruptures; run: {install_extra('findings')}") from error
    from ruptures.base import BaseCost

    cost = _deviance(holds, totals)

    class Deviance(BaseCost):  # type: ignore[misc]
        """The binomial deviance of a segment, as ruptures asks for it."""

        model, min_size = "", MIN_SIZE

        def fit(self, signal: FloatArray) -> Deviance:
            self.signal = signal
            return self

        def error(self, start: int, end: int) -> float:
            return float(cost(np.array(start), np.array(end)))

    search = ruptures.Pelt(custom_cost=Deviance(), min_size=MIN_SIZE, jump=1).fit(holds[:, None].astype(np.float64))
    return [int(end) for end in search.predict(pen=penalty)[:-1]]


def _penalty(totals: NDArray[np.int64], share: float, rng: np.random.Generator) -> float:
    """The penalty at which FLAT_SHARE of flat series have neither one break nor two."""
    gains = []
    for holds in rng.binomial(totals, share, size=(FLAT_SERIES, len(totals))):
        if 0 < holds.sum() < totals.sum():
            gains.append(_best_gain(_deviance(holds, totals), len(totals)))
    return float(np.quantile(gains, FLAT_SHARE)) if gains else np.inf


def _best_gain(cost: Callable[..., FloatArray], n: int) -> float:
    """The greatest fall of the cost per break, with one break or two."""
    start, end = np.triu_indices(n + 1, MIN_SIZE)
    table = np.full((n + 1, n + 1), np.inf)
    table[start, end] = cost(start, end)
    two = (table[0] + table.T).min(axis=1)
    three = (two + table.T).min(axis=1)
    return float(max(table[0, n] - two[n], (table[0, n] - three[n]) / 2))


def _deviance(holds: NDArray[np.int64], totals: NDArray[np.int64]) -> Callable[..., FloatArray]:
    """The cost of the segment from a period up to another, excluded: -2 log likelihood of one share, over the dispersion."""
    yes, all_ = (np.concatenate([[0], np.cumsum(series)]).astype(np.float64) for series in (holds, totals))
    scale = _dispersion(holds, totals)

    def cost(start: NDArray[np.int64], end: NDArray[np.int64]) -> FloatArray:
        y, n = yes[end] - yes[start], all_[end] - all_[start]
        p = y / np.maximum(n, _TINY)
        return np.asarray(-2 * (y * np.log(p + _TINY) + (n - y) * np.log(1 - p + _TINY)) / scale)

    return cost


def _dispersion(holds: NDArray[np.int64], totals: NDArray[np.int64]) -> float:
    """Variance of the counts over the binomial one, at least 1, from the median squared step between neighbours, which a few
    breaks do not move."""
    share = np.clip(holds.sum() / totals.sum(), 1e-6, 1 - 1e-6)
    rates = holds / totals
    steps = np.diff(rates) ** 2 / (share * (1 - share) * (1 / totals[1:] + 1 / totals[:-1]))
    return max(1.0, float(np.median(steps)) / _CHI_MEDIAN)
