"""How much of the machine's int8 matrix speed the encoder gets, and which operators take its time, in one run.

The ceiling is the best that onnxruntime's own int8 product (unsigned by signed, as the model's are) reaches on large matrices with
one thread a core. The encoder's operations are counted: products of weights, and attention. Run with: python -m tests.benchmarks.ceiling
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from sorot.serving.model.manifest import MODEL_FILE
from sorot.serving.model.runtime import Runtime, usable_cores
from sorot.serving.model.scorer import Scorer

TOKENS = 202
WINDOWS = 60
ROUNDS = 5
SHAPES = ((256, 384, 1536), (256, 1536, 384), (1024, 1024, 1024), (512, 4096, 1024))


def main() -> None:
    """Print the ceiling, the encoder's speed, their ratio, and where the encoder's time goes."""
    scorer = Scorer.load()
    cores = usable_cores()
    work = operations(scorer.bundle.path / MODEL_FILE, TOKENS)
    rng = np.random.default_rng(0)
    windows = [rng.integers(10, 20_000, TOKENS - 2).astype(np.int32) for _ in range(WINDOWS)]
    products = {shape: make_product(*shape) for shape in SHAPES}
    best: dict[str, list[float]] = {"encoder": [], **{str(shape): [] for shape in SHAPES}}
    with ThreadPoolExecutor(cores) as pool:
        for _ in range(ROUNDS):
            for shape, run in products.items():
                best[str(shape)].append(together(pool, run, cores) * 2 * float(np.prod(shape)) / 1e9)
            begun = time.perf_counter()
            list(scorer.runtime.run(windows))
            best["encoder"].append(work * WINDOWS / (time.perf_counter() - begun) / 1e9)
    medians = {name: statistics.median(values) for name, values in best.items()}
    ceiling = max(value for name, value in medians.items() if name != "encoder")
    print(f"{cores} threads, GFLOP/s (multiplication and addition are two), medians of {ROUNDS} rounds in turn")
    for name, value in medians.items():
        print(f"{name:22} {value:7.0f}  {100 * value / ceiling:5.1f} %  {'#' * round(40 * value / ceiling)}")
    shares = profile(scorer.bundle.path / MODEL_FILE, scorer.runtime, windows[:10])
    print("where the encoder's time goes, one thread")
    for kind, share in shares.most_common(10):
        print(f"{kind:30} {100 * share:5.1f} %  {'#' * round(40 * share)}")
    print(json.dumps({"gflops": medians, "share": medians["encoder"] / ceiling, "operators": dict(shares)}))


def operations(model: Path, tokens: int) -> int:
    """What a window of so many tokens takes: the int8 products of an exported encoder, and attention."""
    graph = onnx.load(model).graph
    shapes = {w.name: tuple(w.dims) for w in graph.initializer}
    weights = [shapes[w.name] for w in graph.initializer if w.data_type == TensorProto.INT8 and len(w.dims) == 2]
    # Its bias is that of query, key and value, of as many heads as the layer has.
    widths = [shapes[node.input[3]][0] // 3 for node in graph.node if node.op_type == "MultiHeadAttention"]
    return tokens * (sum(2 * rows * columns for rows, columns in weights) + 4 * tokens * sum(widths))


def make_product(m: int, k: int, n: int) -> Callable[[], object]:
    """An int8 product of (m, k) by (k, n)."""
    rng = np.random.default_rng(0)
    weight = numpy_helper.from_array(rng.integers(-127, 127, (k, n)).astype(np.int8), "w")
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["x", "w"], ["y"])],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, [m, k])],
        [helper.make_tensor_value_info("y", TensorProto.INT32, [m, n])],
        [weight],
    )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    x = rng.integers(0, 255, (m, k)).astype(np.uint8)
    return lambda: session.run(None, {"x": x})


def together(pool: ThreadPoolExecutor, run: Callable[[], object], threads: int) -> float:
    """Runs a second, of all threads together."""
    times = 20
    begun = time.perf_counter()
    list(pool.map(lambda _: [run() for _ in range(times)], range(threads)))
    return threads * times / (time.perf_counter() - begun)


def profile(model: Path, runtime: Runtime, windows: list[np.ndarray]) -> Counter[str]:  # type: ignore[type-arg]
    """Share of time by kind of operator."""
    with tempfile.TemporaryDirectory() as folder:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.enable_profiling = True
        options.profile_file_prefix = str(Path(folder) / "profile")
        session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        for window in windows:
            ids = np.concatenate([[runtime.bos], window, [runtime.eos]])[None].astype(np.int64)
            session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        events = json.loads(Path(session.end_profiling()).read_text())
    took: Counter[str] = Counter()
    for event in events:
        if event.get("cat") == "Node" and event["name"].endswith("_kernel_time"):
            took[event["args"]["op_name"]] += event["dur"]
    total = sum(took.values())
    return Counter({kind: dur / total for kind, dur in took.items()})


if __name__ == "__main__":
    main()
