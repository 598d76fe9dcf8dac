"""What the charts draw: how many articles have each label, by period or by outlet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sorot.data.taxonomy import Task
from sorot.serving.page.corpus.kept.open_corpus import Flags, OpenCorpus

Unit = Literal["day", "week", "month", "year"]
UNITS: tuple[Unit, ...] = ("day", "week", "month", "year")
MAX_WEEKS, MAX_MONTHS = 26, 240
DAY = np.timedelta64(1, "D")
# Weeks are counted from a Monday.
MONDAY = np.datetime64("1970-01-05", "D")
TOP_OUTLETS = 20
# Empty periods are drawn for a span of at most so many.
MAX_EMPTY = 500


@dataclass(frozen=True, slots=True)
class Group:
    """Articles that stand together in a chart: its name, first and last day or outlet, their number, and those of each label."""

    name: str
    first: str
    last: str
    n: int
    labels: dict[str, int]


def period_starts(days: NDArray[np.datetime64], unit: Unit) -> NDArray[np.datetime64]:
    """The first day of each day's period."""
    if unit == "week":
        return MONDAY + (days - MONDAY) // np.timedelta64(7, "D") * np.timedelta64(7, "D")
    return days.astype(f"datetime64[{unit[0].upper()}]").astype("datetime64[D]") if unit != "day" else days


def fitting_unit(days: NDArray[np.datetime64]) -> Unit:
    """The finest unit that leaves the bars of these days wide enough to see and click."""
    if not len(days):
        return "month"
    length = int((days.max() - days.min()) / DAY)
    return "day" if length <= 45 else "week" if length <= 7 * MAX_WEEKS else "month" if length <= 30 * MAX_MONTHS else "year"


def by_period(opened: OpenCorpus, flags: Flags, task: Task, unit: Unit, *, stories: bool = False) -> list[Group]:
    """The dated articles among these by period, in order, with the empty periods in between where they are not too many.

    With `stories` the numbers are of stories in a period, however many articles tell them.
    """
    dated = flags & ~np.isnat(opened.arrays.days)
    starts = period_starts(opened.arrays.days[dated], unit)
    if not len(starts):
        return []
    periods = _all_periods(starts.min(), starts.max(), unit)
    if len(periods) > MAX_EMPTY:
        periods = np.unique(starts)
    places = np.searchsorted(periods, starts)
    totals, counts = _count(opened, dated, places, len(periods), task, stories)
    groups = []
    for k, start in enumerate(periods):
        first, last = str(start), str(period_end(start, unit) - DAY)
        name = first[:4] if unit == "year" else first[:7] if unit == "month" else first
        groups.append(Group(name, first, last, int(totals[k]), {key: int(own[k]) for key, own in counts.items()}))
    return groups


def _count(
    opened: OpenCorpus, flags: Flags, places: NDArray[np.intp], n: int, task: Task, stories: bool
) -> tuple[NDArray[np.intp], dict[str, NDArray[np.intp]]]:
    """Articles or stories at each of `n` places, in all and by label; `places` is where each of the flagged articles is."""
    told = opened.arrays.story_numbers[flags] if stories else np.arange(len(places))

    def at(chosen: Flags) -> NDArray[np.intp]:
        pairs = np.unique(np.stack([places[chosen], told[chosen]], axis=1), axis=0) if stories else places[chosen][:, None]
        return np.bincount(pairs[:, 0], minlength=n)

    everything = np.ones(len(places), dtype=bool)
    return at(everything), {key: at(opened.held[task.key][key][flags]) for key in task.keys}


def _all_periods(first: np.datetime64, last: np.datetime64, unit: Unit) -> NDArray[np.datetime64]:
    if unit in ("day", "week"):
        step = np.timedelta64(1 if unit == "day" else 7, "D")
        return np.arange(first, last + step, step)
    kind = f"datetime64[{unit[0].upper()}]"
    return np.arange(first.astype(kind), last.astype(kind) + 1).astype("datetime64[D]")


def period_end(start: np.datetime64, unit: Unit) -> np.datetime64:
    """The day after a period."""
    if unit in ("day", "week"):
        return start + np.timedelta64(1 if unit == "day" else 7, "D")
    following: np.datetime64 = (start.astype(f"datetime64[{unit[0].upper()}]") + 1).astype("datetime64[D]")
    return following


def by_outlet(opened: OpenCorpus, flags: Flags, task: Task, *, stories: bool = False) -> tuple[list[Group], int]:
    """The outlets with the most of these articles, or stories, and how many more outlets there are; without an outlet: ''."""
    outlets, places = np.unique(opened.arrays.outlets[flags], return_inverse=True)
    totals, counts = _count(opened, flags, places, len(outlets), task, stories)
    top = np.argsort(-totals, kind="stable")[:TOP_OUTLETS]
    groups = [
        Group(str(outlets[k]), str(outlets[k]), "", int(totals[k]), {key: int(own[k]) for key, own in counts.items()})
        for k in top
    ]
    return groups, len(outlets) - len(top)
