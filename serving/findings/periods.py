"""Days, weeks and months of publication."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

# 1 January 1970 was a Thursday; weeks begin on Monday.
_THURSDAY = 3


class Period(StrEnum):
    """Length of a period."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def period_starts(days: NDArray[np.datetime64], by: Period) -> NDArray[np.datetime64]:
    """The first day of each day's period; NaT stays NaT."""
    if by is Period.DAY:
        return days
    if by is Period.MONTH:
        return days.astype("datetime64[M]").astype("datetime64[D]")
    missing = np.isnat(days)
    numbers = days.astype(np.int64)
    weekday = np.where(missing, 0, (numbers + _THURSDAY) % 7)
    mondays: NDArray[np.datetime64] = days - weekday.astype("timedelta64[D]")
    return mondays


def period_name(start: np.datetime64, by: Period) -> str:
    """The period's name: its first day, or year and month."""
    return str(start.astype("datetime64[M]" if by is Period.MONTH else "datetime64[D]"))


def all_starts(starts: NDArray[np.datetime64], by: Period) -> NDArray[np.datetime64]:
    """Every period from the first to the last of `starts`, those without an article included."""
    first, last = starts.min(), starts.max()
    if by is Period.MONTH:
        months = np.arange(first.astype("datetime64[M]"), last.astype("datetime64[M]") + 1)
        return months.astype("datetime64[D]")
    return np.arange(first, last + 1, 7 if by is Period.WEEK else 1)
