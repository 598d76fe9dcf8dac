"""Bands of shares: as the model gave them, with the chance of the number of articles alone, and with its errors corrected."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from sorot.data.taxonomy import Task
from sorot.serving.findings.estimates.shares import adjusted_draws, adjusted_shares, band
from sorot.serving.findings.report.findings import LEVEL, Band
from sorot.serving.model.confusion import Confusion


def wilson_band(n: int, of: int, independent: int | None = None, level: float = LEVEL) -> Band | None:
    """The share `n` of `of` articles with its band (Wilson 1927); None of no articles.

    `independent` is the number of stories, whose articles are taken to tell no more than one of them.
    """
    if not of:
        return None
    z, size = NormalDist().inv_cdf((1 + level) / 2), independent or of
    share = n / of
    middle = (share + z * z / (2 * size)) / (1 + z * z / size)
    half = z * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size)) / (1 + z * z / size)
    # At the ends rounding would leave the share itself outside.
    return Band(share, min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half)))


def corrected_bands(task: Task, found: Mapping[str, int], size: float, confusion: Confusion) -> dict[str, Band]:
    """By label the estimate of the true share, from the articles with each label and the errors of the model.

    A task with a default gets the shares among the articles that truly have another label. Labels whose errors are not known
    are left out.
    """
    bands: dict[str, Band] = {}
    if task.many:
        for key in task.keys:
            matrix = confusion.matrix(task, key)
            counts = np.array([size - found[key], found[key]], dtype=np.float64)
            if matrix.sum() and size:
                shares, draws = adjusted_shares(matrix, counts), _draws(matrix, counts, size)
                bands[key] = Band(float(shares[1]), *band(draws[:, 1], float(shares[1])))
        return bands
    matrix = confusion.matrix(task)
    counts = np.array([found[key] for key in task.keys], dtype=np.float64)
    if not matrix.sum() or not counts.sum():
        return bands
    shares, draws = adjusted_shares(matrix, counts), _draws(matrix, counts, size)
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
