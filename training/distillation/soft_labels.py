"""Soft labels: what a larger model makes of unlabelled articles, for the shipped one to learn.

Knowledge distillation as in Hinton et al. 2015 ("Distilling the knowledge in a neural network"), over texts that nobody has
labelled. The teacher's probabilities are those of deep and linear part together, calibrated, so the student's deep part
learns from words that only the linear part knew as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from sorot.data.taxonomy import TASKS, Taxonomy
from sorot.serving.model.bundle import sha256
from sorot.serving.model.manifest import Fingerprint
from sorot.training.distillation.pool import CHUNK, Pool, in_chunks
from sorot.training.export.assemble import Parts, deep_logits, framed_windows
from sorot.training.export.calibrate import calibrate
from sorot.training.export.onnx_export import export_fp32, quantise
from sorot.training.input.batches import Example
from sorot.training.models.encoder import Encoder
from sorot.training.recipe import TeacherSection

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Soft:
    """Examples with soft labels, and the fingerprints of the files that they are from."""

    examples: tuple[Example, ...]
    fingerprints: dict[str, Fingerprint]


def label_pool(
    parts: Parts,
    dev: Sequence[Example],
    section: TeacherSection,
    files: Sequence[Path],
    guarded: frozenset[str],
    path: Path,
    seed: int,
    say: Say,
) -> None:
    """Choose articles of `files`, label them by the teacher `parts`, and write choice and labels to `path`.

    `guarded` holds the words of held-out articles, which are left out.
    """
    pool = Pool(parts.encoder, parts.taxonomy, tuple(files), section.articles, section.weight)
    chosen = pool.choose(parts.wide, guarded, seed, say)
    say(f"labelling {len(chosen)} articles of the pool by the teacher")
    examples = pool.read(chosen)
    probability = _label(parts, dev, examples, path.parent, say)
    save_file({"chosen": np.array(chosen, dtype=np.int64), "probability": probability}, path)


def read_soft(path: Path, section: TeacherSection, files: Sequence[Path], encoder: Encoder, taxonomy: Taxonomy) -> Soft:
    """The articles that `label_pool` chose, with their labels."""
    kept = load_file(path)
    pool = Pool(encoder, taxonomy, tuple(files), section.articles, section.weight)
    examples = pool.read([(file, row) for file, row in kept["chosen"].tolist()])
    soft = tuple(replace(e, soft=row) for e, row in zip(examples, kept["probability"], strict=True))
    counts = np.bincount(kept["chosen"][:, 0], minlength=len(files))
    prints = {path.name: Fingerprint(sha256=sha256(path), rows=int(n)) for path, n in zip(files, counts, strict=True)}
    return Soft(soft, prints)


def _label(parts: Parts, dev: Sequence[Example], examples: Sequence[Example], folder: Path, say: Say) -> NDArray[np.float32]:
    """Calibrated probabilities of the teacher, shape (n, n_labels)."""
    fp32, int8 = folder / "model.fp32.onnx", folder / "model.onnx"
    export_fp32(parts.fitted.tokens, fp32, framed_windows(parts.encoder, dev))
    quantise(fp32, int8)
    bias = parts.fitted.bias
    calibration = calibrate(
        deep_logits(int8, parts, dev) + bias, parts.wide.predict(dev), [e.targets for e in dev], parts.taxonomy
    )
    found = []
    for number, chunk in enumerate(in_chunks(examples)):
        by_task = calibration.probabilities(deep_logits(int8, parts, chunk) + bias, parts.wide.predict(chunk), parts.taxonomy)
        found.append(np.concatenate([by_task[task] for task in TASKS], axis=1))
        say(f"{min((number + 1) * CHUNK, len(examples))} of {len(examples)} labelled")
    return np.concatenate(found).astype(np.float32)
