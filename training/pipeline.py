"""One run, from a recipe to a bundle with its card. Each step is skipped if its result is there for the same recipe and data."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from data.taxonomy import Taxonomy, load_taxonomy
from serving.bundle import sha256
from serving.manifest import CARD_FILE
from serving.scorer import Scorer
from training.assemble import Parts, write_bundle, write_manifest
from training.batches import Example
from training.card import write_card
from training.counts import count_labels, describe_counts, require_examples
from training.encoder import Encoder, fingerprint_folder, load_encoder
from training.evaluate import evaluate_rows
from training.export import is_fused
from training.fit import Fitted, fit_deep, make_examples
from training.model import TokenModel
from training.recipe import Recipe, TeacherSection
from training.sources import RunData, load_run_data
from training.teacher import SOFT_FILE, Soft, label_pool, pool_files
from training.wide import FittedWide, fit_wide

Say = Callable[[str], None]
DEEP_FILE = "deep.safetensors"
BIAS = "bias"


def run_recipe(recipe: Recipe, folder: Path, say: Say) -> Path:
    """Train, export, calibrate, evaluate, and write the card; returns the bundle's folder.

    `folder` holds all of the run; an interrupted run goes on from its last checkpoint. `say` is told what is being done.
    Raises data.errors.SorotError for what the user can mend.
    """
    taxonomy = load_taxonomy(Path(recipe.taxonomy) if recipe.taxonomy else None)
    data = load_run_data(recipe, taxonomy)
    for note in data.notes:
        say(note)
    say(f"{len(data.train)} training rows, " + ", ".join(f"{len(rows)} in {name}" for name, rows in data.dev.items()))
    counts = count_labels(data.train, taxonomy)
    for line in describe_counts(counts):
        say(line)
    require_examples(counts, recipe.min_examples)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recipe.json").write_text(recipe.model_dump_json(indent=1) + "\n", encoding="utf-8")
    encoder = load_encoder(recipe.encoder.name, layers=recipe.encoder.layers, max_tokens=recipe.encoder.max_tokens)
    say("fitting the linear part")
    wide = fit_wide(make_examples([row for row in data.train if row.wide], encoder, taxonomy), taxonomy, recipe.wide)
    dev = make_examples([row for rows in data.dev.values() for row in rows], encoder, taxonomy)
    soft = Soft((), {})
    if recipe.teacher:
        soft = _learn_from_teacher(recipe, recipe.teacher, data, wide, dev, taxonomy, folder / "teacher", say)
    prints = {**data.fingerprints, **data.calibration_fingerprints, **soft.fingerprints}
    fitted = _deep(recipe, data, taxonomy, encoder, folder, say, soft)
    say("exporting and calibrating")
    if not is_fused(encoder.model):
        say(f"attention of {type(encoder.model).__name__} is not fused: it serves more slowly than a BERT or RoBERTa of its size")
    bundle = folder / "bundle"
    shutil.rmtree(bundle, ignore_errors=True)
    beside = make_examples(list(data.calibration), encoder, taxonomy)
    manifest, check = write_bundle(Parts(encoder, fitted, wide, taxonomy), dev, beside, recipe, prints, bundle)
    say("evaluating, with baselines")
    scorer = Scorer.load(bundle)
    labelled = [row for row in data.train if row.topics is not None]
    reports = {name: evaluate_rows(scorer, rows, labelled) for name, rows in data.dev.items()}
    (folder / "metrics.json").write_text(json.dumps({"reports": reports, "check": check}, indent=1) + "\n", encoding="utf-8")
    facts: dict[str, Any] = {**check, "notes": data.notes}
    (bundle / CARD_FILE).write_text(write_card(manifest, reports, taxonomy, facts), encoding="utf-8")
    headline = {name: {t: r["macro_f1"] for t, r in report["tasks"].items()} for name, report in reports.items()}
    files = {**manifest.files, CARD_FILE: sha256(bundle / CARD_FILE)}
    write_manifest(manifest.model_copy(update={"metrics": headline, "files": files}), bundle)
    return bundle


def teacher_recipe(recipe: Recipe, teacher: TeacherSection) -> Recipe:
    """The recipe that the teacher is trained by."""
    encoder = recipe.encoder.model_copy(update={"layers": teacher.layers})
    train = recipe.train.model_copy(update={"epochs": teacher.epochs, "learning_rate": teacher.learning_rate})
    return recipe.model_copy(update={"encoder": encoder, "train": train, "teacher": None})


def _learn_from_teacher(
    recipe: Recipe,
    teacher: TeacherSection,
    data: RunData,
    wide: FittedWide,
    dev: list[Example],
    taxonomy: Taxonomy,
    folder: Path,
    say: Say,
) -> Soft:
    """Train the teacher and label the pool by it; nothing where no file of the pool is there."""
    files = pool_files(teacher, say)
    if not files:
        return Soft((), {})
    say(f"training the teacher ({teacher.layers or 'all'} layers)")
    folder.mkdir(exist_ok=True)
    own = teacher_recipe(recipe, teacher)
    encoder = load_encoder(own.encoder.name, layers=own.encoder.layers, max_tokens=own.encoder.max_tokens)
    fitted = _deep(own, data, taxonomy, encoder, folder, say, Soft((), {}))
    parts = Parts(encoder, fitted, wide, taxonomy)
    return label_pool(parts, dev, teacher, files, data.guarded, folder, recipe.train.seed, say)


def fingerprint(recipe: Recipe, data: RunData, soft: Soft) -> str:
    """What the deep part depends on: encoder, training settings, data, soft labels."""
    parts = [recipe.encoder.model_dump_json(), recipe.train.model_dump_json(), json.dumps([s.model_dump() for s in recipe.data])]
    folder = fingerprint_folder(recipe.encoder.name)
    parts += [folder] if folder else []
    parts += [f"{name} {p.sha256} {p.rows}" for name, p in sorted(data.fingerprints.items())]
    if soft.examples:
        parts.append(hashlib.sha256(np.stack([e.soft for e in soft.examples if e.soft is not None]).tobytes()).hexdigest())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _deep(recipe: Recipe, data: RunData, taxonomy: Taxonomy, encoder: Encoder, folder: Path, say: Say, soft: Soft) -> Fitted:
    path, mark = folder / DEEP_FILE, folder / "deep.fingerprint"
    checkpoints = folder / "checkpoints"
    current = fingerprint(recipe, data, soft)
    if mark.is_file() and mark.read_text() != current:
        say("recipe or data changed since the last run here: training anew")
        shutil.rmtree(checkpoints, ignore_errors=True)
        for stale in (path, folder / SOFT_FILE):
            stale.unlink(missing_ok=True)
    mark.write_text(current)
    if path.is_file():
        say(f"the encoder is trained already: taken from {path}")
        return load_fitted(path, encoder, taxonomy, recipe)
    fitted = fit_deep(encoder, list(data.train), taxonomy, recipe.train, checkpoints, soft=soft.examples)
    save_file({**fitted.tokens.state_dict(), BIAS: torch.from_numpy(fitted.bias)}, path)
    shutil.rmtree(checkpoints, ignore_errors=True)
    return fitted


def load_fitted(path: Path, encoder: Encoder, taxonomy: Taxonomy, recipe: Recipe) -> Fitted:
    """A deep part saved by an earlier step of the run."""
    state = load_file(path)
    bias = state.pop(BIAS).numpy().copy()
    tokens = TokenModel(encoder.model, taxonomy, recipe.train.dropout)
    tokens.load_state_dict(state)
    return Fitted(tokens.eval(), bias)
