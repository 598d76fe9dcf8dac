"""Fit the gate: the linear logit below which an article is not worth the encoder's time.

The gate is to lose nothing that the model would find, so it is set by what the model itself labels: its recall is the share of
articles with a topic that it lets through. What people labelled and the model does not find either is counted beside it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sorot.serving.model.manifest import Gate

RECALL = 0.995
# The bundle's weights are rounded to 16 bits; an article at the very threshold is to pass all the same.
ROUNDING = 0.05


def fit_gate(task: str, wide: NDArray[np.float32], found: NDArray[np.bool_], labelled: NDArray[np.bool_]) -> Gate | None:
    """The highest gate that keeps RECALL of the articles that are `found`, (n,), to have a topic; None where none is.

    `wide` holds the linear logits of the task's labels, (n, labels of the task), as in the bundle;
    `labelled`, (n,), what people say.
    `task` is the one that the gate is about.
    """
    score = wide.max(axis=1)
    if not found.any():
        return None
    ranked = np.sort(score[found])
    threshold = float(ranked[int((1 - RECALL) * len(ranked))]) - ROUNDING
    kept = score >= threshold
    return Gate(
        task=task,
        threshold=round(threshold, 4),
        found=int(found.sum()),
        found_kept=int((found & kept).sum()),
        labelled=int(labelled.sum()),
        labelled_kept=int((labelled & kept).sum()),
    )
