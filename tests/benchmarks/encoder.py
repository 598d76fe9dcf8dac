"""What an article of about 400 tokens costs in the int8 encoder, by number of layers and longest window, on one thread.

Each is compared with the largest, all layers and the longest window, in the same run; exit code 1 if a smaller encoder is no quicker.
Weights are the builtin encoder's, heads are untrained: speed does not depend on them. Run with: python -m tests.benchmarks.encoder
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from sorot.data.taxonomy import load_taxonomy
from sorot.data.text.windows import cut_windows
from sorot.serving.model.runtime import Runtime
from sorot.training.export.onnx_export import export_fp32, quantise
from sorot.training.models.deep import TokenModel
from sorot.training.models.encoder import load_encoder

LAYERS = (6, 8, 10, 12)
WINDOWS = (512, 256, 128)
TOKENS = 405
ROUNDS = 5
REPEATS = 4


def main() -> None:
    """Print milliseconds an article, medians over rounds in which all settings take turns."""
    rng = np.random.default_rng(0)
    taxonomy = load_taxonomy()
    runtimes = {}
    ids = np.empty(0, dtype=np.int32)
    with tempfile.TemporaryDirectory() as folder:
        for layers in LAYERS:
            encoder = load_encoder("builtin", layers=layers)
            ids = rng.integers(10, encoder.tokenizer.get_vocab_size() - 10, TOKENS).astype(np.int32)
            fp32, int8 = Path(folder) / "fp32.onnx", Path(folder) / f"{layers}.onnx"
            export_fp32(TokenModel(encoder.model, taxonomy, dropout=0.0), fp32, [ids])
            quantise(fp32, int8)
            runtimes[layers] = Runtime.load(int8, encoder.tokenizer, threads=1)
    took: dict[tuple[int, int], list[float]] = {(layers, w): [] for layers in LAYERS for w in WINDOWS}
    for _ in range(ROUNDS):
        for (layers, window), times in took.items():
            pieces = [ids[start:stop] for start, stop in cut_windows([1] * TOKENS, window - 2)]
            begun = time.perf_counter()
            for _ in range(REPEATS):
                list(runtimes[layers].run(pieces))
            times.append(1000 * (time.perf_counter() - begun) / REPEATS)
    print(f"ms an article of {TOKENS} tokens on one thread, median of {ROUNDS} rounds (least, most)")
    medians = {setting: statistics.median(times) for setting, times in took.items()}
    largest = medians[max(LAYERS), max(WINDOWS)]
    for (layers, window), times in took.items():
        median = medians[layers, window]
        print(
            f"{layers:2} layers, windows of {window:3}: {median:6.1f} ({min(times):.1f}, {max(times):.1f}), "
            f"{largest / median:.2f} times as quick as the largest  {'#' * round(median / 3)}"
        )
    sys.exit(0 if medians[min(LAYERS), max(WINDOWS)] < largest else 1)


if __name__ == "__main__":
    main()
