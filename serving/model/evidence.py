"""Evidence: the sentences with the greatest share of a label's logit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sorot.data.taxonomy import Taxonomy

if TYPE_CHECKING:
    from sorot.data.text.windows import Segment
    from sorot.serving.model.pooling import FloatArray

SENTENCES_PER_LABEL = 3
# Weaker sentences than this part of the strongest one's share are not evidence.
LEAST_PART = 0.25


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that shows a label. `start` and `end` count characters of the body; both are None for the title.

    `contribution` is the sentence's signed share of the label's logit: the contributions of all sentences and the bias
    sum exactly to it.
    """

    task: str
    label: str
    sentence: str
    start: int | None
    end: int | None
    contribution: float


def all_contributions(segments: Sequence[Segment], shares: FloatArray, taxonomy: Taxonomy) -> tuple[Evidence, ...]:
    """Every sentence's share of every label's logit; `shares` has shape (n_segments, n_labels)."""
    columns = taxonomy.columns()
    return tuple(
        Evidence(task.key, label, s.text, s.start, s.end, float(shares[row, columns[task.key].start + k]))
        for task in taxonomy.tasks
        for k, label in enumerate(task.keys)
        for row, s in enumerate(segments)
    )


def choose_evidence(contributions: Sequence[Evidence], assigned: Sequence[tuple[str, str]]) -> tuple[Evidence, ...]:
    """For each assigned label its strongest sentences, strongest first, at most `SENTENCES_PER_LABEL`."""
    chosen: list[Evidence] = []
    for task, label in assigned:
        own = [e for e in contributions if e.task == task and e.label == label]
        chosen += [own[at] for at in _strongest(np.array([e.contribution for e in own]))]
    return tuple(chosen)


def find_evidence(
    segments: Sequence[Segment], shares: FloatArray, taxonomy: Taxonomy, assigned: Sequence[tuple[str, str]]
) -> tuple[Evidence, ...]:
    """The same as `choose_evidence` of `all_contributions`, without building all of them."""
    columns = taxonomy.columns()
    chosen: list[Evidence] = []
    for task, label in assigned:
        own = shares[:, columns[task].start + taxonomy.task(task).keys.index(label)]
        for at in _strongest(own):
            s = segments[at]
            chosen.append(Evidence(task, label, s.text, s.start, s.end, float(own[at])))
    return tuple(chosen)


def _strongest(shares: NDArray[np.floating[Any]]) -> list[int]:
    """Rows of the sentences that are evidence for a label, by their shares of its logit, strongest first."""
    ranked = np.argsort(-shares, kind="stable")[:SENTENCES_PER_LABEL]
    return [int(at) for at in ranked if shares[at] > 0 and float(shares[at]) >= LEAST_PART * float(shares[ranked[0]])]
