"""The same encoder in all the ways that were tried to run it, in one run: milliseconds of the machine an article.

Weights are the builtin encoder's with untrained heads: speed does not depend on them. What is not installed (OpenVINO, and nncf for its
int8) is left out. All are given all cores. Run with: python -m tests.benchmarks.runtimes [--layers 6]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray

from sorot.data.taxonomy import load_taxonomy
from sorot.data.text.windows import cut_windows
from sorot.serving.model.runtime import Runtime, usable_cores
from sorot.training.export.onnx_export import export_fp32, quantise
from sorot.training.models.deep import TokenModel
from sorot.training.models.encoder import Encoder, load_encoder
from sorot.training.models.finetune import choose_attention

TOKENS = (405, 30)
ARTICLES = {405: 24, 30: 240}
ROUNDS = 3
BATCHES = {405: 4, 30: 16}
Windows = Sequence[NDArray[np.int64]]
Run = Callable[[Windows], object]


def main() -> None:
    """Print a row for each way, medians over rounds in which all take turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layers", type=int, default=6)
    options = parser.parse_args()
    cores = usable_cores()
    encoder = load_encoder("builtin", layers=options.layers)
    rng = np.random.default_rng(0)
    inputs = {tokens: windows_of(rng, encoder, tokens) for tokens in TOKENS}
    model = TokenModel(encoder.model, load_taxonomy(), dropout=0.0).eval()
    with tempfile.TemporaryDirectory() as folder:
        fp32, int8 = Path(folder) / "fp32.onnx", Path(folder) / "int8.onnx"
        export_fp32(model, fp32, [w[0].astype(np.int32) for w in inputs[TOKENS[0]][:2]])
        quantise(fp32, int8)
        ways: dict[str, Run] = {
            "onnxruntime int8, window by window, a thread each": by_windows(int8, encoder, cores),
            "onnxruntime int8, window by window, all threads in each": one_session(int8, cores),
            "onnxruntime fp32, window by window, a thread each": by_windows(fp32, encoder, cores),
            **openvino_ways(model, inputs[TOKENS[0]], cores),
            **torch_ways(model),
        }
        took: dict[tuple[str, int], list[float]] = {(name, tokens): [] for name in ways for tokens in TOKENS}
        batched: dict[int, list[float]] = {tokens: [] for tokens in TOKENS}
        session = one_session(int8, 1)
        for _ in range(ROUNDS):
            for name, run in ways.items():
                for tokens in TOKENS:
                    took[name, tokens].append(milliseconds(run, inputs[tokens], tokens))
            for tokens in TOKENS:
                batches = in_batches(inputs[tokens], BATCHES[tokens])
                with ThreadPoolExecutor(cores) as pool:
                    batched[tokens].append(
                        milliseconds(lambda w, p=pool: list(p.map(lambda b: session([b]), w)), batches, tokens)
                    )
    print(f"{options.layers} layers, {cores} cores; ms an article, medians of {ROUNDS} rounds in turn")
    print(f"{'':62} {TOKENS[0]} tokens  {TOKENS[1]} tokens")
    rows = {name: [statistics.median(took[name, tokens]) for tokens in TOKENS] for name in ways}
    rows["onnxruntime int8, batches of windows of one length"] = [statistics.median(batched[tokens]) for tokens in TOKENS]
    for name, values in rows.items():
        print(f"{name:62} {values[0]:9.1f}  {values[1]:9.2f}  {'#' * round(values[0] / 3)}")


def windows_of(rng: np.random.Generator, encoder: Encoder, tokens: int) -> list[NDArray[np.int64]]:
    """Framed windows, each (1, tokens of the window), of ARTICLES articles of random ids."""
    found = []
    for _ in range(ARTICLES[tokens]):
        ids = rng.integers(10, encoder.tokenizer.get_vocab_size() - 10, tokens)
        for start, stop in cut_windows([1] * tokens, 254):
            found.append(np.concatenate([[encoder.special.bos], ids[start:stop], [encoder.special.eos]])[None].astype(np.int64))
    return found


def in_batches(windows: Windows, size: int) -> list[NDArray[np.int64]]:
    """Windows of one length together, up to `size` of them."""
    by_length: dict[int, list[NDArray[np.int64]]] = {}
    for window in windows:
        by_length.setdefault(window.shape[1], []).append(window)
    return [np.concatenate(same[at : at + size]) for same in by_length.values() for at in range(0, len(same), size)]


def milliseconds(run: Run, windows: Windows, tokens: int) -> float:
    """An article, after one window to warm up."""
    run(windows[:1])
    begun = time.perf_counter()
    run(windows)
    return 1000 * (time.perf_counter() - begun) / ARTICLES[tokens]


def by_windows(path: Path, encoder: Encoder, cores: int) -> Run:
    """As served."""
    runtime = Runtime.load(path, encoder.tokenizer, cores)
    return lambda windows: list(runtime.run([w[0, 1:-1].astype(np.int32) for w in windows]))


def one_session(path: Path, threads: int) -> Callable[[Windows], object]:
    """Windows or batches one after another, so many threads in each product."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return lambda windows: [session.run(None, {"input_ids": w, "attention_mask": np.ones_like(w)}) for w in windows]


def torch_ways(model: TokenModel) -> dict[str, Run]:
    """PyTorch itself, in fp32 and in bf16."""
    choose_attention(model.encoder)

    def run(windows: Windows, dtype: torch.dtype) -> None:
        with torch.inference_mode(), torch.autocast("cpu", dtype, enabled=dtype != torch.float32):
            for window in windows:
                ids = torch.from_numpy(window)
                model(ids, torch.ones_like(ids))

    return {
        "PyTorch fp32, window by window": lambda windows: run(windows, torch.float32),
        "PyTorch bf16, window by window": lambda windows: run(windows, torch.bfloat16),
    }


def openvino_ways(model: TokenModel, sample: Windows, cores: int) -> dict[str, Run]:
    """OpenVINO in bf16, and in int8 as nncf makes it, a stream a core."""
    if not find_spec("openvino"):
        print("OpenVINO is not installed and left out", file=sys.stderr)
        return {}
    import openvino

    ids = torch.from_numpy(sample[0])
    plain = openvino.convert_model(model, example_input=(ids, torch.ones_like(ids)))
    kinds = {"OpenVINO fp32": (plain, "f32"), "OpenVINO bf16": (plain, "bf16")}
    if find_spec("nncf"):
        import nncf

        def feed(window: NDArray[np.int64]) -> list[NDArray[np.int64]]:
            return [window, np.ones_like(window)]

        quantised = nncf.quantize(plain, nncf.Dataset(sample[:32], feed), model_type=nncf.ModelType.TRANSFORMER)
        kinds["OpenVINO int8 (nncf), the rest fp32"] = (quantised, "f32")
        kinds["OpenVINO int8 (nncf), the rest bf16"] = (quantised, "bf16")
    return {
        f"{name}, a stream a core": _openvino(openvino, graph, precision, cores) for name, (graph, precision) in kinds.items()
    }


def _openvino(openvino: Any, graph: Any, precision: str, cores: int) -> Run:
    settings = {"NUM_STREAMS": str(cores), "INFERENCE_NUM_THREADS": str(cores), "INFERENCE_PRECISION_HINT": precision}
    queue = openvino.AsyncInferQueue(openvino.Core().compile_model(graph, "CPU", settings), cores)

    def run(windows: Windows) -> None:
        for window in windows:
            queue.start_async([window, np.ones_like(window)])
        queue.wait_all()

    return run


if __name__ == "__main__":
    main()
