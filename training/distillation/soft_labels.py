"""Soft labels: a larger model's probabilities on unlabelled articles, as training targets for the shipped model.

Knowledge distillation as in Hinton et al. 2015 ("Distilling the knowledge in a neural network"), on unlabelled texts. The
teacher's probabilities come from its deep and linear part together, calibrated, so the student's deep part also learns what
only the linear part knew. Several bundles as teachers give what one of them forgot (Li and Hoiem 2016, "Learning without
forgetting").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from sorot.data.article import Article
from sorot.data.taxonomy import Taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.bundle import sha256
from sorot.serving.model.manifest import Fingerprint
from sorot.serving.model.scorer import Scorer
from sorot.training.distillation.pool import Pool, in_chunks, unlabelled
from sorot.training.export.assemble import TrainedModel, deep_logits, framed_windows
from sorot.training.export.calibrate import fit_calibration
from sorot.training.export.onnx_export import export_fp32, quantise
from sorot.training.input.batches import Example
from sorot.training.models.encoder import Encoder
from sorot.training.models.wide_fit import FittedWide
from sorot.training.recipe import RecipeError, TeacherSection

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SoftLabels:
    """Examples with soft labels, and the fingerprints of their files."""

    examples: tuple[Example, ...]
    fingerprints: dict[str, Fingerprint]


# Probabilities of every label, shape (n, n_labels), of articles; a row of NaN where the teacher gives no labels.
Teacher = Callable[[Sequence[Article]], NDArray[np.float32]]


def label_pool(
    teacher: Teacher, pool: Pool, linear: FittedWide, guarded: frozenset[str], path: Path, seed: int, say: Say
) -> None:
    """Choose articles of `pool`, label them with `teacher`, and write row ids and probabilities to `path`.

    Skips articles whose words are in `guarded` (those of held-out articles) and those that the teacher does not label.
    """
    chosen = pool.choose(linear, guarded, seed, say)
    say(f"labelling {len(chosen)} articles of the pool with the teacher")
    rows = []
    for chunk in in_chunks(pool.articles_of(chosen)):
        rows.append(teacher(chunk))
        say(f"{sum(map(len, rows))} of {len(chosen)} labelled")
    probability = np.concatenate(rows)
    labelled = ~np.isnan(probability).any(axis=1)
    save_file({"chosen": np.array(chosen, dtype=np.int64)[labelled], "probability": probability[labelled]}, path)


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


def trained_teacher(trained: TrainedModel, dev: Sequence[Example], folder: Path) -> Teacher:
    """The int8 export of a model trained in this run, calibrated on `dev`; its ONNX files go to `folder`."""
    fp32, int8 = folder / "model.fp32.onnx", folder / "model.onnx"
    export_fp32(trained.fitted.tokens, fp32, framed_windows(trained.encoder, dev))
    quantise(fp32, int8)
    bias, taxonomy = trained.fitted.bias, trained.taxonomy

    def logits(examples: Sequence[Example]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return deep_logits(int8, trained, examples) + bias, trained.wide.predict(examples)

    calibration = fit_calibration(*logits(dev), [e.targets for e in dev], taxonomy)

    def label(articles: Sequence[Article]) -> NDArray[np.float32]:
        by_task = calibration.probabilities(*logits([unlabelled(a, trained.encoder, taxonomy) for a in articles]), taxonomy)
        return np.concatenate([by_task[task] for task in taxonomy.keys], axis=1).astype(np.float32)

    return label


def bundle_teacher(folders: Sequence[Path], taxonomy: Taxonomy) -> Teacher:
    """The mean of the probabilities of several bundles. Raises RecipeError for a bundle with another taxonomy."""
    scorers = [Scorer.load(folder) for folder in folders]
    for scorer, folder in zip(scorers, folders, strict=True):
        if scorer.taxonomy != taxonomy:
            raise RecipeError(f"teacher.bundles: {folder} has another taxonomy than the recipe; name bundles of the same one")
    n_labels = sum(len(task.labels) for task in taxonomy.tasks)

    def row(analysis: Analysis) -> list[float]:
        if analysis.withheld:
            return [np.nan] * n_labels
        return [analysis.probabilities[task.key][label] for task in taxonomy.tasks for label in task.keys]

    def label(articles: Sequence[Article]) -> NDArray[np.float32]:
        by_bundle = np.array(
            [[row(a) for a in scorer.score_each(articles, contributions=False, quotes=False)] for scorer in scorers]
        )
        mean: NDArray[np.float32] = by_bundle.mean(axis=0).astype(np.float32)
        return mean

    return label
