"""Soft labels: a larger model's probabilities on unlabelled articles, as training targets for the shipped model.

Knowledge distillation as in Hinton et al. 2015 ("Distilling the knowledge in a neural network"), on unlabelled texts. The
teacher's probabilities come from its deep and linear part together, calibrated, so the student's deep part also learns what
only the linear part knew.
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
class SoftLabels:
    """Examples with soft labels, and the fingerprints of their files."""

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
    """Choose articles of `files`, label them with the teacher `trained`, and write row ids and probabilities to `path`.

    Skips articles whose words are in `guarded` (those of held-out articles). `dev` calibrates the teacher.
    """
    pool = Pool(trained.encoder, trained.taxonomy, tuple(files), section.articles, section.weight)
    chosen = pool.choose(trained.wide, guarded, seed, say)
    say(f"labelling {len(chosen)} articles of the pool with the teacher")
    examples = pool.read(chosen)
    probability = _label(trained, dev, examples, path.parent, say)
    save_file({"chosen": np.array(chosen, dtype=np.int64), "probability": probability}, path)


def read_soft_labels(
    path: Path, section: TeacherSection, files: Sequence[Path], encoder: Encoder, taxonomy: Taxonomy
) -> SoftLabels:
    """Read the articles that `label_pool` chose, with their soft labels."""
    stored = load_file(path)
    pool = Pool(encoder, taxonomy, tuple(files), section.articles, section.weight)
    examples = pool.read([(file, row) for file, row in stored["chosen"].tolist()])
    soft = tuple(replace(e, soft=row) for e, row in zip(examples, stored["probability"], strict=True))
    counts = np.bincount(stored["chosen"][:, 0], minlength=len(files))
    prints = {path.name: Fingerprint(sha256=sha256(path), rows=int(n)) for path, n in zip(files, counts, strict=True)}
    return SoftLabels(soft, prints)


def _label(
    trained: TrainedModel, dev: Sequence[Example], examples: Sequence[Example], folder: Path, say: Say
) -> NDArray[np.float32]:
    """Calibrated probabilities of the teacher by its int8 export, shape (n, n_labels)."""
    fp32, int8 = folder / "model.fp32.onnx", folder / "model.onnx"
    export_fp32(trained.fitted.tokens, fp32, framed_windows(trained.encoder, dev))
    quantise(fp32, int8)
    bias = trained.fitted.bias
    calibration = fit_calibration(
        deep_logits(int8, trained, dev) + bias, trained.wide.predict(dev), [e.targets for e in dev], trained.taxonomy
    )
    probabilities = []
    for number, chunk in enumerate(in_chunks(examples)):
        by_task = calibration.probabilities(
            deep_logits(int8, trained, chunk) + bias, trained.wide.predict(chunk), trained.taxonomy
        )
        probabilities.append(np.concatenate([by_task[task] for task in trained.taxonomy.keys], axis=1))
        say(f"{min((number + 1) * CHUNK, len(examples))} of {len(examples)} labelled")
    return np.concatenate(probabilities).astype(np.float32)
