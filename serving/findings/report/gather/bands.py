"""Bands of shares: as the model gave them, with the chance of the number of articles alone, and with its errors corrected."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sorot.data.taxonomy import Task
from sorot.serving.findings.estimates.shares import LEVEL, adjusted_draws, adjusted_shares, band, wilson
from sorot.serving.findings.report.findings import Band
from sorot.serving.findings.report.gather.counted import Counted
from sorot.serving.model.confusion import Confusion


def wilson_band(n: int, of: int, independent: float, level: float = LEVEL) -> Band | None:
    """The share `n` of `of` articles with its band, which is as wide as `independent` articles make it; None of no articles."""
    return Band(n / of, *wilson(n / of, independent, level)) if of else None


def corrected_bands(task: Task, counted: Counted, confusion: Confusion) -> dict[str, Band]:
    """By label the estimate of the true share, from the articles with each label of the task and the errors of the model.

    A task with a default gets the shares among the articles that truly have another label. Labels whose errors are not known
    are left out.
    """
    bands: dict[str, Band] = {}
    if not counted.articles:
        return bands
    found: Mapping[str, int] = {key: label.articles for key, label in counted.labels.items()}
    if task.many:
        for key in task.keys:
            matrix = confusion.matrix(task, key)
            counts = np.array([counted.articles - found[key], found[key]], dtype=np.float64)
            if matrix.sum():
                shares, draws = adjusted_shares(matrix, counts), _draws(matrix, counts, counted.independent(key))
                bands[key] = Band(float(shares[1]), *band(draws[:, 1], float(shares[1])))
        return bands
    matrix = confusion.matrix(task)
    counts = np.array([found[key] for key in task.keys], dtype=np.float64)
    if not matrix.sum() or not counts.sum():
        return bands
    shares, draws = adjusted_shares(matrix, counts), _draws(matrix, counts, counted.independent(*task.keys))
    left, left_draws = 1.0, np.ones(len(draws))
    if task.default is not None:
        default = task.keys.index(task.default)
        left, left_draws = 1 - float(shares[default]), 1 - draws[:, default]
    # A draw without any such article says nothing of their labels.
    known = left_draws > 1e-9
    if left <= 0 or not known.any():
        return bands
    for at, key in enumerate(task.keys):
        if key != task.default:
            share = float(shares[at]) / left
            bands[key] = Band(share, *band(draws[known, at] / left_draws[known], share))
    return bands


def _draws(matrix: NDArray[np.float64], counts: NDArray[np.float64], size: float) -> NDArray[np.float64]:
    # The same draws each time, so that the same input gives the same report.
    return adjusted_draws(matrix, counts, size, np.random.default_rng(0))
