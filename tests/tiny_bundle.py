"""A real bundle, small enough to build in a test: a whole-word tokenizer, a one-layer graph, random linear features."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers

from sorot.data.taxonomy import Taxonomy, load_taxonomy
from sorot.data.text.windows import Segment
from sorot.serving.model.bundle import sha256
from sorot.serving.model.manifest import MODEL_FILE, TOKENIZER_FILE, WIDE_FILE, Gate, Manifest
from sorot.serving.model.wide import occurrences

WORDS = """pemerintah memblokir situs judi daring kementerian menilai polisi menangkap terduga teroris di jakarta aturan platform
digital baru denda warga mengkritik mendukung kebijakan itu cuaca cerah hari ini sangat buruk baik sekali dan yang untuk . ,""".split()
# About half of all texts of these words pass it.
GATE = 0.4


def make_tokenizer() -> Tokenizer:
    """Whole words of `WORDS`, all else <unk>."""
    vocabulary = {w: i for i, w in enumerate(["<s>", "<pad>", "</s>", "<unk>", *WORDS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return tokenizer


def build_bundle(
    folder: Path, taxonomy: Taxonomy | None = None, *, seed: int = 0, max_tokens: int = 32, gate: bool = True
) -> Path:
    """Write a bundle whose token outputs depend on the token alone, so that windows must not change results."""
    taxonomy = taxonomy or load_taxonomy()
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = make_tokenizer()
    tokenizer.save(str(folder / TOKENIZER_FILE))
    size, labels = tokenizer.get_vocab_size(), taxonomy.n_labels
    tables = {
        "attention_table": rng.normal(size=(size, len(taxonomy.tasks))).astype(np.float32),
        "value_table": rng.normal(size=(size, labels)).astype(np.float32) * 2,
    }
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["attention_table", "input_ids"], ["attention"]),
            helper.make_node("Gather", ["value_table", "input_ids"], ["value"]),
        ],
        "tiny",
        [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "tokens"]) for n in ("input_ids", "attention_mask")],
        [
            helper.make_tensor_value_info("attention", TensorProto.FLOAT, ["batch", "tokens", len(taxonomy.tasks)]),
            helper.make_tensor_value_info("value", TensorProto.FLOAT, ["batch", "tokens", labels]),
        ],
        [numpy_helper.from_array(table, name) for name, table in tables.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), folder / MODEL_FILE)
    keys = np.unique(occurrences((Segment(" ".join(WORDS), None, None),))[0])
    save_file(
        {
            "keys": keys,
            "idf": rng.uniform(1, 3, len(keys)).astype(np.float32),
            "weight": rng.normal(size=(len(keys), labels)).astype(np.float16),
        },
        folder / WIDE_FILE,
    )
    manifest = Manifest(
        name="tiny",
        version="0",
        created="2026-01-01T00:00:00+00:00",
        taxonomy=taxonomy.to_dict(),
        thresholds={task.key: dict.fromkeys(task.keys, 0.5) for task in taxonomy.many_tasks},
        temperatures=dict.fromkeys(taxonomy.keys, 1.5),
        bias={task.key: rng.normal(size=len(task.labels)).tolist() for task in taxonomy.tasks},
        gate=Gate(task=taxonomy.gate_task.key, threshold=GATE, found=9, found_kept=9, labelled=10, labelled_kept=9)
        if gate and taxonomy.gate_task
        else None,
        max_tokens=max_tokens,
        encoder="table",
        data={},
        metrics={},
        files={name: sha256(folder / name) for name in (MODEL_FILE, TOKENIZER_FILE, WIDE_FILE)},
    )
    (folder / "manifest.json").write_text(json.dumps(manifest.model_dump()), encoding="utf-8")
    return folder
