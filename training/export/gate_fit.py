"""Fit the gate: the linear logit below which an article skips the encoder.

The gate should lose no label that the model would assign, so it is fitted to the model's own labels: its recall is the share
of articles with a predicted topic that pass. Its recall of human labels is reported as well.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sorot.serving.model.manifest import Gate

RECALL = 0.995
# Margin for the fp16 weights of the bundle, so that an article exactly at the threshold still passes.
ROUNDING = 0.05


def fit_gate(task: str, wide: NDArray[np.float32], predicted: NDArray[np.bool_], labelled: NDArray[np.bool_]) -> Gate | None:
    """The highest gate of `task` with recall RECALL on `predicted`; None if no article has a predicted label.

    `wide` (n, labels of the task) holds linear logits as in the bundle. `predicted` (n,) and `labelled` (n,) say which articles
    have a label of the task according to the model and to the annotators.
    """
    score = wide.max(axis=1)
    if not predicted.any():
        return None
    ranked = np.sort(score[predicted])
    threshold = float(ranked[int((1 - RECALL) * len(ranked))]) - ROUNDING
    passes = score >= threshold
    return Gate(
        task=task,
        threshold=round(threshold, 4),
        found=int(predicted.sum()),
        found_kept=int((predicted & passes).sum()),
        labelled=int(labelled.sum()),
        labelled_kept=int((labelled & passes).sum()),
    )
