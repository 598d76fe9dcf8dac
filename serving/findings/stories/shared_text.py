"""How much text two articles share, and whether their numbers agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sorot.serving.findings.stories.digest import QUOTED, RUN, SMALL, Digest

# Shorter texts count as if they had so many words of narrative, so that one common phrase makes no copy.
FEWEST_WORDS = 20


@dataclass(frozen=True, slots=True)
class SharedText:
    """What the shorter of two articles shares with the longer.

    `narrative` is the share of its words of narrative that stand in shared runs of RUN words. Narrative is what begins in lower
    case, which leaves out names, offices and laws, and is not a quotation in both articles: a quote that both carry makes no
    copy, a sentence that one of them puts in quotation marks does. `in_order` is the share of the shared runs that follow one
    another in the longer article as well.
    """

    narrative: float
    in_order: float


def shared_text(one: Digest, other: Digest) -> SharedText:
    """Compare the texts of two articles; their order does not matter."""
    short, long = (one, other) if len(one.marks) <= len(other.marks) else (other, one)
    if not len(short.runs) or not len(long.runs):
        return SharedText(0.0, 0.0)
    order = np.argsort(long.runs, kind="stable")
    known = long.runs[order]
    place = np.minimum(np.searchsorted(known, short.runs), len(known) - 1)
    (at,) = np.nonzero(known[place] == short.runs)
    if not len(at):
        return SharedText(0.0, 0.0)
    there = order[place[at]]
    shared = np.zeros(len(short.marks), dtype=bool)
    quoted = np.zeros(len(short.marks), dtype=bool)
    for offset in range(RUN):
        own, others = short.marks[at + offset], long.marks[there + offset]
        in_both = (own & others & QUOTED) > 0
        quoted[at + offset] |= in_both
        shared[at + offset] |= ((own & others & SMALL) > 0) & ~in_both
    narrative = int((((short.marks & SMALL) > 0) & ~quoted).sum())
    in_order = float((np.diff(there) > 0).mean()) if len(there) > 1 else 1.0
    return SharedText(float(shared.sum()) / max(FEWEST_WORDS, narrative), in_order)


def number_agreement(one: Digest, other: Digest) -> float:
    """The share of digits that the article with fewer of them has in common with the other; 1 where either has no number."""
    least = min(float(one.digits.sum()), float(other.digits.sum()))
    if not least:
        return 1.0
    _, at, _ = np.intersect1d(one.numbers, other.numbers, assume_unique=True, return_indices=True)
    return float(one.digits[at].sum()) / least
