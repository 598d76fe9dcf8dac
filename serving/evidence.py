"""Which sentences show a label: those whose share of its logit is greatest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

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


def choose_evidence(
    segments: Sequence[Segment], shares: FloatArray, taxonomy: Taxonomy, assigned: Sequence[tuple[Task, str]]
) -> tuple[Evidence, ...]:
    """For each assigned label its strongest sentences, strongest first, at most `SENTENCES_PER_LABEL`; `shares` as above."""
    columns = taxonomy.columns()
    chosen: list[Evidence] = []
    for task, label in assigned:
        own = shares[:, columns[task].start + taxonomy.labels(task).index(label)]
        strongest = np.argsort(-own, kind="stable")[:SENTENCES_PER_LABEL]
        least = max(LEAST_PART * float(own[strongest[0]]), 0)
        for row in strongest:
            share, sentence = float(own[row]), segments[row]
            if share > 0 and share >= least:
                chosen.append(Evidence(task, label, sentence.text, sentence.start, sentence.end, share))
    return tuple(chosen)
