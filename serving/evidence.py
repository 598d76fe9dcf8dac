"""Which sentences show a label: those whose share of its logit is greatest."""

from __future__ import annotations

from collections.abc import Sequence

from data.taxonomy import TASKS, Task, Taxonomy
from data.windows import Segment
from serving.analysis import Evidence
from serving.pooling import FloatArray

SENTENCES_PER_LABEL = 3
# A sentence counts as evidence only if it carries at least this part of the strongest one's share.
LEAST_PART = 0.25


def all_contributions(segments: Sequence[Segment], shares: FloatArray, taxonomy: Taxonomy) -> tuple[Evidence, ...]:
    """Every sentence's share of every label's logit; `shares` has shape (n_segments, n_labels)."""
    columns = taxonomy.columns()
    return tuple(
        Evidence(task, label, s.text, s.start, s.end, float(shares[row, columns[task].start + k]))
        for task in TASKS
        for k, label in enumerate(taxonomy.labels(task))
        for row, s in enumerate(segments)
    )


def choose_evidence(contributions: Sequence[Evidence], assigned: Sequence[tuple[Task, str]]) -> tuple[Evidence, ...]:
    """For each assigned label its strongest sentences, strongest first, at most `SENTENCES_PER_LABEL`."""
    chosen: list[Evidence] = []
    for task, label in assigned:
        own = sorted(
            (e for e in contributions if e.task == task and e.label == label and e.contribution > 0),
            key=lambda e: -e.contribution,
        )
        chosen += [e for e in own[:SENTENCES_PER_LABEL] if e.contribution >= LEAST_PART * own[0].contribution]
    return tuple(chosen)
