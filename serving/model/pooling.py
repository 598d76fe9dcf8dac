"""Exact pooling: from a model's outputs per token to logits, as sums over tokens and so over sentences.

The deep logit of label k is sum_t softmax(e)_t * s_tk, with the softmax of a task's attention logits e over all tokens of
all windows of the article; the wide part's share of each sentence and the label's bias are added.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]


def softmax(logits: FloatArray, axis: int) -> FloatArray:
    """Softmax that does not overflow."""
    exp = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return np.asarray(exp / exp.sum(axis=axis, keepdims=True), dtype=np.float32)


def sigmoid(logits: FloatArray) -> FloatArray:
    """Logistic function that does not overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * logits)), dtype=np.float32)


def token_logits(attention: FloatArray, value: FloatArray, columns: dict[str, slice]) -> FloatArray:
    """Each token's share of the deep logits, shape (n_tokens, n_labels), from attention (n_tokens, n_tasks) and value
    (n_tokens, n_labels). `columns` gives each task's columns of the latter, in the order of the former."""
    share = softmax(attention, axis=0)
    return np.concatenate([share[:, [k]] * value[:, columns[task]] for k, task in enumerate(columns)], axis=1)


def sum_segments(tokens: FloatArray, segment: NDArray[np.int32], n_segments: int) -> FloatArray:
    """Sum token shares by sentence, shape (n_segments, n_labels), in double precision."""
    columns = [np.bincount(segment, weights=column, minlength=n_segments) for column in tokens.T]
    return np.stack(columns, axis=1).astype(np.float32)
