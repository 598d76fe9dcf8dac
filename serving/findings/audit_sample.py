"""Draws a random sample of a scored corpus for people to label, so that shares can be estimated without trusting the model.

Strata are the model's label of one task and the period; each article's probability of being drawn is kept, because the
estimates weigh by it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Half of the sample goes to strata by their size, half to all alike: rare labels are seen, common ones still well measured.
EQUAL_SHARE = 0.5
# Fewer from one stratum tell nothing of its spread.
LEAST_DRAWN = 2


@dataclass(frozen=True, slots=True)
class DrawnRows:
    """Rows of a corpus in random order, with the probability with which each was drawn; both (m,)."""

    rows: NDArray[np.int64]
    chances: NDArray[np.float64]


def draw_rows(strata: NDArray[np.int64], n: int, rng: np.random.Generator) -> DrawnRows:
    """Draw about `n` rows, all if there are no more; `strata` (N,) has each row's stratum, and -1 for rows not to draw.

    Within a stratum every row has the same probability, and the number of rows drawn is fixed.
    """
    numbers, sizes = np.unique(strata[strata >= 0], return_counts=True)
    quotas = share_out(sizes, n)
    rows, chances = [], []
    for number, size, quota in zip(numbers, sizes, quotas, strict=True):
        own = np.flatnonzero(strata == number)
        rows.append(rng.choice(own, quota, replace=False))
        chances.append(np.full(quota, quota / size))
    order = rng.permutation(sum(map(len, rows)))
    return DrawnRows(np.concatenate(rows)[order], np.concatenate(chances)[order])


def share_out(sizes: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """How many rows to draw from strata of these sizes, n in all if there are as many."""
    if sizes.sum() <= n:
        return sizes
    wanted = n * ((1 - EQUAL_SHARE) * sizes / sizes.sum() + EQUAL_SHARE / len(sizes))
    quotas = np.minimum(sizes, np.maximum(LEAST_DRAWN, np.floor(wanted).astype(np.int64)))
    # What small strata cannot give goes to the others, where most is missing.
    while quotas.sum() < n:
        open_ = np.flatnonzero(quotas < sizes)
        quotas[open_[np.argmax((wanted / np.maximum(quotas, 1))[open_])]] += 1
    return quotas
