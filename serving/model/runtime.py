"""Runs the encoder: windows of token ids in, attention logits and label values per token out.

Each window runs alone on one thread; as many windows run at once as there are threads. A result therefore never depends
on other articles (int8 activations are scaled over a whole batch), no token is padding, and cores are busier than if one
matrix product were split over them.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from sorot.serving.model.tokenizer import frame_ids

FloatArray = NDArray[np.float32]


class Sessions:
    """One session per thread: in some processes two threads that share a session slow each other by up to a third.

    The cause was not found; with a session each, which has its own memory for intermediate results, it never happens. All
    sessions are opened from the same bytes, even if the file changes meanwhile.
    """

    def __init__(self, model: bytes | str) -> None:
        """`model` is the ONNX model or its file's name."""
        self._model = model
        # Open the first at once, so that a damaged model is reported on loading.
        self._unused = [_open(self._model)]
        self._own = threading.local()

    def mine(self) -> onnxruntime.InferenceSession:
        """The session of the calling thread."""
        if not hasattr(self._own, "session"):
            try:
                self._own.session = self._unused.pop()
            except IndexError:
                self._own.session = _open(self._model)
        return self._own.session


def _open(model: bytes | str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


@dataclass(frozen=True, slots=True)
class Runtime:
    """A loaded encoder. `bos` and `eos` frame each window."""

    sessions: Sessions
    pool: ThreadPoolExecutor
    bos: int
    eos: int

    @classmethod
    def load(cls, model: Path, tokenizer: Tokenizer, threads: int | None = None) -> Runtime:
        """Load an ONNX model for `threads` windows at a time (all cores by default)."""
        threads = threads or usable_cores()
        # A session keeps the bytes it was opened from; a single session can read the file instead.
        sessions = Sessions(model.read_bytes() if threads > 1 else str(model))
        return cls(sessions, ThreadPoolExecutor(threads), *frame_ids(tokenizer))

    def run(self, windows: Iterable[NDArray[np.int32]]) -> Iterator[tuple[FloatArray, FloatArray]]:
        """For each window of n ids, in order: attention (n, n_tasks) and value (n, n_labels), without special tokens.

        Consumes all windows at once and starts each as soon as it arrives.
        """
        return self.pool.map(self._run_one, windows)

    def _run_one(self, window: NDArray[np.int32]) -> tuple[FloatArray, FloatArray]:
        ids = np.empty((1, len(window) + 2), dtype=np.int64)
        ids[0, 0], ids[0, 1:-1], ids[0, -1] = self.bos, window, self.eos
        attention, value = self.sessions.mine().run(
            ["attention", "value"], {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        )
        return attention[0, 1:-1], value[0, 1:-1]


def usable_cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
