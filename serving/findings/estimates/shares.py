"""Shares of labels with 95 % bands, from counts of given labels and the errors with which they are given.

All functions give draws, of shape (DRAWS, K): possible values of the K true shares. Their quantiles are the band.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
DRAWS = 1000
# Probability that a band holds the true share.
LEVEL = 0.95
QUANTILES = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
FARTHEST = 1e6


def adjusted_draws(matrix: FloatArray, found: FloatArray, size: float, rng: np.random.Generator) -> FloatArray:
    """Draws of the true shares: `found` (K,) articles by given label, corrected by `matrix` (K, K), articles by true (rows) and
    given label.

    Adjusted counting (Gart and Buck 1966; Forman 2008) over resampled matrices and corpora: P(given | true) is drawn for each
    true label from its Dirichlet posterior with a prior of one article in all, the given shares likewise from `size`
    articles, the system is solved and the solution projected onto the simplex. Without an article of a true label its errors
    may be anything, and the band is as wide. A label that is never given (so that counting cannot tell how often it holds)
    keeps its share among the matrix's articles.
    """
    labels = len(found)
    given = _can_be_given(matrix, found)
    prior = 1 / max(1, int(given.sum()))
    chances = _dirichlet(np.broadcast_to(matrix[:, given] + prior, (DRAWS, labels, int(given.sum()))), rng)
    shares = found[given] / found.sum()
    counted = _dirichlet(np.broadcast_to(size * shares + 1 / len(shares), (DRAWS, len(shares))), rng)
    never = _dirichlet(np.broadcast_to(matrix.sum(axis=1) + 1 / labels, (DRAWS, labels)), rng)[:, ~given]
    return _solve(chances, counted, never, given)


def adjusted_shares(matrix: FloatArray, found: FloatArray) -> FloatArray:
    """The corrected shares themselves, (K,), by the matrix as it was counted; other arguments as in `adjusted_draws`."""
    labels = len(found)
    given = _can_be_given(matrix, found)
    smooth = matrix[:, given] + 1e-3
    chances = smooth / smooth.sum(axis=1, keepdims=True)
    never = (matrix.sum(axis=1) + 1e-3) / (matrix.sum() + labels * 1e-3)
    solved: NDArray[np.float64] = _solve(chances[None], (found[given] / found.sum())[None], never[None, ~given], given)[0]
    return solved


def sampled_draws(
    found: FloatArray, size: float, truth: FloatArray, strata: NDArray[np.int64], weights: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Draws of the true shares from a random sample that people labelled: `truth` (m, K) holds its true labels.

    `strata` (m,) is each sampled article's given label, `weights` (m,) one over its probability of being drawn; `found` (K',)
    counts all articles by given label. For a given label the true ones are drawn from a Dirichlet posterior of the weighted
    sample, with its effective size (Kish 1965) and a prior of one article in all, then weighted by the given shares.
    That is PPI++ (Angelopoulos, Duchi and Zrnic 2023) with the given label as predictor, whose power-tuned estimate is the
    regression estimate, and for classes equal to poststratification; draws in place of its normal interval keep rare labels
    from a width of zero. It assumes nothing about the model's errors.
    """
    labels = truth.shape[1]
    counted = _dirichlet(np.broadcast_to(size * found / found.sum() + 1 / len(found), (DRAWS, len(found))), rng)
    total = np.zeros((DRAWS, labels))
    overall = effective_counts(truth, weights)
    for stratum in range(len(found)):
        own = strata == stratum
        counts = effective_counts(truth[own], weights[own])
        # Where nobody has looked, as in the sample on the whole, with the weight of one article.
        prior = (overall + 1 / labels) / (overall.sum() + 1)
        total += counted[:, [stratum]] * _dirichlet(np.broadcast_to(counts + prior, (DRAWS, labels)), rng)
    return total


def sampled_shares(found: FloatArray, truth: FloatArray, strata: NDArray[np.int64], weights: FloatArray) -> FloatArray:
    """The estimate itself, (K,), by the sample as it was counted; arguments as in `sampled_draws`."""
    overall = weights @ truth / weights.sum()
    shares = np.zeros(truth.shape[1])
    for stratum in np.flatnonzero(found):
        own = strata == stratum
        own_shares = weights[own] @ truth[own] / weights[own].sum() if own.any() else overall
        shares += found[stratum] / found.sum() * own_shares
    return shares


def effective_counts(truth: FloatArray, weights: FloatArray) -> FloatArray:
    """Articles by true label, (K,), that tell as much as the weighted ones (Kish 1965)."""
    if not len(weights):
        return np.zeros(truth.shape[1])
    size = weights.sum() ** 2 / (weights**2).sum()
    return np.asarray(size * (weights @ truth) / weights.sum())


def effective_size(holds: NDArray[np.bool_], stories: NDArray[np.int64] | None) -> float:
    """The number of independent articles that tell as much as the n of `holds` (n, K), where those of one story do not.

    n over the design effect (Rao and Scott 1984, the mean over labels): variance of the shares when whole stories are drawn
    over their variance when articles are. At most n.
    """
    n = len(holds)
    if stories is None or n < 2:
        return float(n)
    numbers, which = np.unique(stories, return_inverse=True)
    if len(numbers) == n:
        return float(n)
    shares = holds.mean(axis=0)
    sums = np.stack([np.bincount(which, weights=column, minlength=len(numbers)) for column in (holds - shares).T], axis=1)
    return size_of_stories(shares, n, len(numbers), float((sums**2).sum()))


def size_of_stories(shares: FloatArray, n: int, stories: int, squares: float) -> float:
    """As `effective_size`, of n articles with `shares` (K,) in a number of stories.

    `squares` is the sum over stories and labels of (articles with the label - share * articles of the story) ** 2.
    """
    single = float((shares * (1 - shares)).sum()) / n
    if single == 0 or stories == 1:
        return float(stories)
    clustered = squares * stories / (stories - 1) / n**2
    return float(n / max(1.0, clustered / single))


def band(draws: FloatArray, share: float) -> tuple[float, float]:
    """The 95 % band of one share's draws, with the estimate itself in it."""
    low, high = np.quantile(draws, QUANTILES)
    return min(float(low), share), max(float(high), share)


def wilson(share: float, size: float, level: float = LEVEL) -> tuple[float, float]:
    """The interval of a share of `size` articles that holds with probability `level` (Wilson 1927)."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    middle = (share + z * z / (2 * size)) / (1 + z * z / size)
    half = z * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size)) / (1 + z * z / size)
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def _can_be_given(matrix: FloatArray, found: FloatArray) -> NDArray[np.bool_]:
    """Labels that can be estimated: not those whose articles in the matrix were never given the label."""
    return np.asarray((matrix.sum(axis=0) > 0) | (found > 0) | (matrix.sum(axis=1) == 0))


def _solve(chances: FloatArray, counted: FloatArray, never: FloatArray, given: NDArray[np.bool_]) -> FloatArray:
    """True shares, (draws, K), that give the counted ones under these chances; those of labels never given are `never`."""
    shares = np.zeros(chances.shape[:2])
    shares[:, ~given] = never
    left = counted - np.einsum("du,dug->dg", never, chances[:, ~given])
    system = np.swapaxes(chances[:, given], 1, 2)
    try:
        solved = np.linalg.solve(system, left[..., None])[..., 0]
    except np.linalg.LinAlgError:
        # Labels that are given alike cannot be told apart by counting: the solution that treats them alike.
        solved = (np.linalg.pinv(system) @ left[..., None])[..., 0]
    # Nearly equal rows give huge solutions, whose digits the projection would lose; only their direction counts.
    solved = np.clip(solved, -FARTHEST, FARTHEST)
    rest = 1 - never.sum(axis=1, keepdims=True)
    shares[:, given] = _onto_simplex(solved / np.maximum(rest, 1e-9)) * rest
    return shares


def _onto_simplex(points: FloatArray) -> FloatArray:
    """The nearest points with no negative entry and sum 1 (Duchi et al. 2008), shape (draws, K)."""
    falling = -np.sort(-points, axis=1)
    excess = (np.cumsum(falling, axis=1) - 1) / np.arange(1, points.shape[1] + 1)
    last = (falling > excess).sum(axis=1) - 1
    return np.maximum(points - np.take_along_axis(excess, last[:, None], axis=1), 0)


def _dirichlet(parameters: FloatArray, rng: np.random.Generator) -> FloatArray:
    """One Dirichlet draw for each row of parameters."""
    drawn = rng.standard_gamma(parameters) + 1e-300
    return np.asarray(drawn / drawn.sum(axis=-1, keepdims=True))
