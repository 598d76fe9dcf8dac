"""A labelled audit sample beside the scored corpus it was drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sorot.data.taxonomy import Task
from sorot.serving.findings.estimates.shares import FloatArray, effective_counts

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LabelledSample:
    """Articles of a corpus that people labelled: `rows` (m,) in the corpus, `weights` (m,) one over the probability of the draw.

    `truth` by task has shape (m, labels of the task), `answered` by task (m,) says which are labelled for it. `drawn` counts
    the sample as it was drawn; `notes` are sentences about it.
    """

    rows: NDArray[np.int64]
    weights: FloatArray
    truth: Mapping[str, BoolArray]
    answered: Mapping[str, BoolArray]
    drawn: int
    notes: tuple[str, ...] = ()

    def matrix(self, task: Task, found: BoolArray, label: str | None, *, given: BoolArray | None) -> FloatArray:
        """Sampled articles by true (rows) and given label, weighted, each row with its effective size.

        `found` (n, labels of the task) has the given labels of the whole corpus, `given` (n,) the articles to count, None for
        all. Otherwise as sorot.serving.model.confusion.Confusion.matrix.
        """
        known = self.answered[task.key] & (given[self.rows] if given is not None else True)
        true, counted = self.truth[task.key][known], found[self.rows[known]]
        if label is not None:
            at = task.keys.index(label)
            true, counted = two_columns(true[:, at]), two_columns(counted[:, at])
        weights = self.weights[known]
        return np.stack([effective_counts(counted[own].astype(np.float64), weights[own]) for own in true.T])


def two_columns(holds: BoolArray) -> BoolArray:
    """'no' and 'yes' as columns, (n, 2), of whether a label holds, (n,)."""
    return np.stack([~holds, holds], axis=1)
