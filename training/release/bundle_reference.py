"""Add to a bundle what findings over a corpus need: its errors on unseen development articles, and what those articles are like.

Training writes both. This is for bundles made before, and for development files that have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sorot.data.errors import SorotError
from sorot.data.labels.records import LabelledArticle
from sorot.data.text.windows import segment_article
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.manifest import Manifest
from sorot.serving.model.scorer import Scorer
from sorot.training.export.assemble import write_manifest
from sorot.training.export.confusion_fit import fit_confusion
from sorot.training.input.batches import make_targets
from sorot.training.input.sources import read_rows
from sorot.training.measure.evaluate import analyse_rows
from sorot.training.measure.reference import describe_articles
from sorot.training.recipe import Recipe
from sorot.training.release.gate import load_release_gate
from sorot.training.release.registry import manifest_hash, read_registry, with_current, write_registry


class NoDevelopmentFileError(SorotError):
    """No development file to measure a bundle on is there; the message says so."""


def add_reference(path: Path, recipe: Recipe, settings: Path, say: Callable[[str], None]) -> Manifest:
    """Measure the bundle on the recipe's development files and write confusion and reference into its manifest, which it gives.

    Labels are cross-fitted as in training: the bundle's deep and wide logits are calibrated again without the articles that are
    counted. If the registry of `settings` (gate.toml) has the bundle in service, the changed manifest is entered there.
    Raises NoDevelopmentFileError if there is no development file.
    """
    scorer = Scorer.load(path)
    before = manifest_hash(scorer.bundle)
    files = [Path(name) for name in recipe.dev.paths if Path(name).is_file()]
    if not files:
        raise NoDevelopmentFileError("none of the recipe's development files (dev.paths) is there; name a recipe whose files are")
    unseen = {Path(name) for name in recipe.dev.unseen} & set(files) or set(files)
    rows: list[LabelledArticle] = []
    mask: list[bool] = []
    for file in files:
        own = read_rows(file, "labelled", scorer.taxonomy)
        rows += own
        mask += [file in unseen] * len(own)
        say(f"{file}: {len(own)} articles{', unseen' if file in unseen else ''}")
    extra = _calibration_rows(recipe, scorer, say)
    analyses = analyse_rows(scorer, rows)
    deep, wide, kept = _logits(scorer, [*rows, *extra], [*analyses, *analyse_rows(scorer, extra)])
    known = np.array([*mask, *([False] * len(extra))])[kept]
    targets = [make_targets([*rows, *extra][at], scorer.taxonomy) for at in kept]
    added = {
        "confusion": fit_confusion(deep, wide, targets, scorer.taxonomy, known),
        "reference": describe_articles(scorer, [row.article for row in rows], analyses),
    }
    manifest = scorer.manifest.model_copy(update=added)
    write_manifest(manifest, path)
    registry_path = Path(load_release_gate(settings).registry)
    registry = read_registry(registry_path)
    if registry.line and registry.line[-1].manifest_sha256 == before:
        write_registry(
            with_current(registry, replace(scorer.bundle, manifest=manifest), "errors and reference added to its manifest"),
            registry_path,
        )
        say(f"{registry_path}: the changed manifest is entered")
    return manifest


def _calibration_rows(recipe: Recipe, scorer: Scorer, say: Callable[[str], None]) -> list[LabelledArticle]:
    rows: list[LabelledArticle] = []
    for section in recipe.calibration:
        path, texts = Path(section.path), Path(section.texts) if section.texts else None
        if path.is_file():
            rows += [replace(row, weight=section.weight) for row in read_rows(path, section.format, scorer.taxonomy, texts)]
        else:
            say(f"{path} is absent: done without it")
    return rows


def _logits(
    scorer: Scorer, rows: Sequence[LabelledArticle], analyses: Sequence[Analysis]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]:
    """Deep and wide logits, (n, n_labels), and the places of the articles that have them: of withheld ones there are none."""
    kept = np.array([at for at, analysis in enumerate(analyses) if analysis.withheld is None])
    total = [[value for own in analyses[at].logits.values() for value in own.values()] for at in kept]
    wide = np.stack([scorer.wide.segment_logits(segment_article(rows[at].article)).sum(axis=0) for at in kept])
    return np.array(total, dtype=np.float32) - wide, wide, kept
