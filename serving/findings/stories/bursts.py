"""Reports of one event by the words of the day: words that many articles of that day have and few of other days.

The terms of an affair that is reported for weeks are everywhere in its corpus and tell no event from the next. What does is a
term that bursts on one day (after Kleinberg 2002): a ruling, a place, a speaker who comes up once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from sorot.serving.findings.stories.digest import Digest

# A term bursts on a day where so many of its texts have it. In the news at large no event has that share: there a burst is an
# affair, and one day of it brings several events.
FEWEST = 5
SHARE = 0.25
# Added to both counts of a term, so that few texts make a weak burst.
PRIOR = 4.0


def burst_pairs(
    digests: Sequence[Digest], weights: csr_array, leads: NDArray[np.bool_], least: float
) -> Iterator[tuple[int, int, float]]:
    """Pairs of one day, the lower number first, with the cosine of their bursts where it is `least` or more.

    A term weighs what it does in `weights`, times log((n + PRIOR) / (e + PRIOR)), at least 0: n is the number of texts of the day
    with the term, e the number expected of a day of that size. Only `leads` are counted: articles that are no copy of an earlier
    one. Terms in fewer than FEWEST texts of the day, or less than SHARE of them, lengthen a vector but are in no product.
    """
    terms = weights.shape[1]
    share = np.bincount(weights[leads].indices, minlength=terms) / max(1, int(leads.sum()))
    members: dict[int, list[int]] = {}
    for number, digest in enumerate(digests):
        if digest.day is not None:
            members.setdefault(digest.day, []).append(number)
    for found in members.values():
        numbers = np.array(found)
        texts = int(leads[numbers].sum())
        if texts < FEWEST:
            continue
        rows = weights[numbers]
        counts = np.bincount(rows[leads[numbers]].indices, minlength=terms)[rows.indices]
        rows.data *= np.maximum(0, np.log((counts + PRIOR) / (share[rows.indices] * texts + PRIOR))).astype(np.float32)
        lengths = np.sqrt(rows.multiply(rows).sum(axis=1))
        rows.data /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(rows.indptr)).astype(np.float32)
        rows.data[counts < max(FEWEST, SHARE * texts)] = 0
        rows.eliminate_zeros()
        similar = (rows @ rows.T).tocoo()
        one, other = similar.coords
        kept = (other > one) & (similar.data >= least)
        for a, b, cosine in zip(numbers[one[kept]], numbers[other[kept]], similar.data[kept], strict=True):
            yield int(a), int(b), float(cosine)
