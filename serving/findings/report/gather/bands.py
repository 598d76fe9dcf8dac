"""Bands of shares as the model gave them: the error of a sample, not that of the model."""

from __future__ import annotations

import math
from statistics import NormalDist

from sorot.serving.findings.report.findings import LEVEL, Band


def wilson_band(n: int, of: int, level: float = LEVEL) -> Band | None:
    """The share `n` of `of` with its band (Wilson 1927); None of no articles."""
    if not of:
        return None
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = n / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    # At the ends rounding would leave the share itself outside.
    return Band(share, min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half)))
