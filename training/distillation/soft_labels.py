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

from sorot.data.taxonomy import Taxonomy
from sorot.serving.model.bundle import sha256
from sorot.serving.model.manifest import Fingerprint
from sorot.training.distillation.pool import CHUNK, Pool, in_chunks
from sorot.training.export.assemble import TrainedModel, deep_logits, framed_windows
from sorot.training.export.calibrate import fit_calibration
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
    trained: TrainedModel,
    dev: Sequence[Example],
    section: TeacherSection,
    files: Sequence[Path],
    guarded: frozenset[str],
    path: Path,
    seed: int,
    say: Say,
) -> None:
    """Choose articles of `files`, label them by the teacher `trained`, and write choice and labels to `path`.

    `guarded` holds the words of held-out articles, which are left out.
    """
    pool = Pool(trained.encoder, trained.taxonomy, tuple(files), section.articles, section.weight)
    chosen = pool.choose(trained.wide, guarded, seed, say)
    say(f"labelling {len(chosen)} articles of the pool by the teacher")
    examples = pool.read(chosen)
    probability = _label(trained, dev, examples, path.parent, say)
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


def _label(
    trained: TrainedModel, dev: Sequence[Example], examples: Sequence[Example], folder: Path, say: Say
) -> NDArray[np.float32]:
    """Calibrated probabilities of the teacher, shape (n, n_labels)."""
    fp32, int8 = folder / "model.fp32.onnx", folder / "model.onnx"
    export_fp32(trained.fitted.tokens, fp32, framed_windows(trained.encoder, dev))
    quantise(fp32, int8)
    bias = trained.fitted.bias
    calibration = fit_calibration(
        deep_logits(int8, trained, dev) + bias, trained.wide.predict(dev), [e.targets for e in dev], trained.taxonomy
    )
    found = []
    for number, chunk in enumerate(in_chunks(examples)):
        by_task = calibration.probabilities(
            deep_logits(int8, trained, chunk) + bias, trained.wide.predict(chunk), trained.taxonomy
        )
        found.append(np.concatenate([by_task[task] for task in trained.taxonomy.keys], axis=1))
        say(f"{min((number + 1) * CHUNK, len(examples))} of {len(examples)} labelled")
    return np.concatenate(found).astype(np.float32)
