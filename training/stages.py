"""What each step of a run does; training.pipeline says when."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from data.labels import LabelledArticle
from serving.bundle import sha256
from serving.manifest import Fingerprint, Manifest
from serving.scorer import Scorer
from training import run as files
from training.assemble import Calibrated, Parts, calibrate_export, centre_heads, export, megabytes, write_bundle, write_manifest
from training.batches import Example
from training.card import save_card
from training.card_data import recipe_files
from training.counts import count_labels, describe_counts, require_examples
from training.distil import distil
from training.encoder import Encoder
from training.evaluate import evaluate_rows
from training.export import is_fused
from training.fit import Fitted, fit_deep, make_examples
from training.invariance import check_articles
from training.pool import Pool
from training.ranks import is_main
from training.recipe import EncoderSection, Recipe, TrainSection
from training.run import Run, average_weights, load_fitted, save_fitted, save_linear
from training.steps import read_records
from training.teacher import label_pool
from training.wide import fit_wide

CHECKPOINTS = "checkpoints"
# Assumed, not measured: a server processor of 64 cores at 360 W, and the rest of the machine with it.
WATTS_PER_CORE = 10


def teacher_sections(recipe: Recipe) -> tuple[EncoderSection, TrainSection]:
    """Encoder and settings that the teacher is trained by. Raises ValueError for a recipe without one."""
    teacher = recipe.teacher
    if teacher is None:
        raise ValueError("the recipe has no teacher")
    return (
        recipe.encoder.model_copy(update={"layers": teacher.layers}),
        recipe.train.model_copy(update={"epochs": teacher.epochs, "learning_rate": teacher.learning_rate}),
    )


def prepare(run: Run) -> None:
    """Read and clean all articles, and keep what the later steps depend on."""
    data = run.data
    counts = count_labels(data.train, run.taxonomy)
    for line in describe_counts(counts):
        run.say(line)
    require_examples(counts, run.recipe.min_examples)
    facts = {
        "files": {name: p.model_dump() for name, p in {**data.fingerprints, **data.calibration_fingerprints}.items()},
        "notes": data.notes,
        "rows": {"train": len(data.train), "beside": len(data.calibration), **{name: len(r) for name, r in data.dev.items()}},
    }
    (run.folder / files.DATA_FILE).write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    # What the later steps depend on: the articles as they were cleaned, not the rules that cleaned them.
    held_out = [*(row for rows in data.dev.values() for row in rows), *data.calibration]
    for name, rows in ((files.TRAIN_DIGEST, data.train), (files.HELD_OUT_DIGEST, held_out)):
        (run.folder / name).write_text(_rows_digest(rows) + "\n", encoding="ascii")


def _rows_digest(rows: Iterable[LabelledArticle]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        article = row.article
        told = [article.title, article.body, row.topics, row.stance, row.sentiment, row.weight, row.repeat, row.wide]
        digest.update(json.dumps(told).encode() + b"\n")
    return digest.hexdigest()


def fit_linear(run: Run) -> None:
    """Fit the linear part on the articles that it may learn from."""
    rows = [row for row in run.data.train if row.wide]
    save_linear(
        fit_wide(make_examples(rows, run.encoder, run.taxonomy), run.taxonomy, run.recipe.wide), run.folder / files.LINEAR_FILE
    )


def train(run: Run) -> None:
    """Fine-tune the deep part."""
    _fit(run, run.recipe.encoder, run.recipe.train, run.folder, _tuning(run, run.soft.examples))


def shorten(run: Run) -> None:
    """Take the encoder of another run and leave layers out."""
    longer, section = run.longer, run.recipe.distil
    if longer is None or section is None:
        raise ValueError("the recipe shortens no encoder")

    def learn(encoder: Encoder, train: TrainSection, checkpoints: Path) -> Fitted:
        pool = Pool(encoder, run.taxonomy, run.distil_files, section.articles, weight=1.0)
        chosen = pool.choose(run.linear, run.data.guarded, train.seed, run.say)
        counts = {path.name: sum(number == file for file, _ in chosen) for number, path in enumerate(run.distil_files)}
        if is_main():
            (run.folder / files.POOL_FILE).write_text(json.dumps(counts) + "\n", encoding="utf-8")
        examples = [*make_examples(list(run.data.train), encoder, run.taxonomy), *pool.read(chosen)]
        teacher = load_fitted(longer.deep_file, encoder, run.taxonomy)
        return distil(encoder, teacher, [e for e in examples if e.encoded.n_tokens], run.taxonomy, section, train, checkpoints)

    _fit(run, longer.recipe.encoder, run.recipe.train, run.folder, learn, distil_print(run))


def distil_print(run: Run) -> str:
    """What a shorter encoder is made from: the section, the longer one's weights, the pool. Raises ValueError without one."""
    if run.longer is None or run.recipe.distil is None:
        raise ValueError("the recipe shortens no encoder")
    prints = [sha256(path) for path in (run.longer.deep_file, *run.distil_files)]
    return json.dumps([run.recipe.distil.model_dump(mode="json", exclude={"recipe"}), prints])


def teach(run: Run) -> None:
    """Fine-tune the teacher."""
    encoder, section = teacher_sections(run.recipe)
    _fit(run, encoder, section, run.folder / files.TEACHER, _tuning(run, ()))


def average(run: Run) -> None:
    """Average the weights of this run and of its ingredients."""
    folders = [*(other.folder for other in run.ingredients), run.folder]
    shares = [part.share for part in run.recipe.soup]
    average_weights([folder / files.DEEP_FILE for folder in folders], [*shares, 1 - sum(shares)], run.folder / files.SOUP_FILE)


Learn = Callable[[Encoder, TrainSection, Path], Fitted]


def _tuning(run: Run, soft: Sequence[Example]) -> Learn:
    def learn(encoder: Encoder, section: TrainSection, checkpoints: Path) -> Fitted:
        return fit_deep(encoder, list(run.data.train), run.taxonomy, section, checkpoints, soft=soft)

    return learn


def _fit(run: Run, encoder: EncoderSection, section: TrainSection, folder: Path, learn: Learn, told: str = "") -> None:
    """Learn from the last checkpoint of the same data and settings, `told` among them; those of others are thrown away."""
    checkpoints = folder / CHECKPOINTS
    mark = checkpoints / "made_from"
    made_from = hashlib.sha256(
        (section.model_dump_json() + encoder.model_dump_json() + _rows_digest(run.data.train) + told).encode()
    ).hexdigest()
    if is_main():
        if checkpoints.is_dir() and not (mark.is_file() and mark.read_text() == made_from):
            shutil.rmtree(checkpoints)
        checkpoints.mkdir(parents=True, exist_ok=True)
        mark.write_text(made_from)
    fitted = learn(run.load_encoder(encoder), section, checkpoints)
    if is_main():
        save_fitted(fitted, folder)
        # Where the Trainer has TensorBoard write.
        if (checkpoints / "runs").is_dir():
            shutil.copytree(checkpoints / "runs", folder / "logs", dirs_exist_ok=True)
        shutil.rmtree(checkpoints)


def label(run: Run) -> None:
    """Have the teacher label articles of the pool."""
    section = run.recipe.teacher
    if section is None:
        raise ValueError("the recipe has no teacher")
    own, _ = teacher_sections(run.recipe)
    encoder = run.load_encoder(own)
    parts = Parts(
        encoder, load_fitted(run.folder / files.TEACHER / files.DEEP_FILE, encoder, run.taxonomy), run.linear, run.taxonomy
    )
    centre_heads(parts)
    label_pool(
        parts, run.dev, section, run.pool_files, run.data.guarded, run.folder / files.SOFT_FILE, run.recipe.train.seed, run.say
    )


def export_model(run: Run) -> None:
    """Write ONNX."""
    encoder = run.parts.encoder.model
    if not is_fused(encoder):
        run.say(f"attention of {type(encoder).__name__} is not fused: it serves more slowly than a BERT or RoBERTa of its size")
    export(run.parts, run.dev, run.folder / files.FP32_FILE, run.folder / files.INT8_FILE)


def calibrate(run: Run) -> None:
    """Fit the last numbers and compare int8 with fp32."""
    found = calibrate_export(run.parts, run.dev, run.beside, run.folder / files.FP32_FILE, run.folder / files.INT8_FILE)
    (run.folder / files.CALIBRATION_FILE).write_text(found.model_dump_json(indent=1) + "\n", encoding="utf-8")


def _calibrated(run: Run) -> Calibrated:
    return Calibrated.model_validate_json((run.folder / files.CALIBRATION_FILE).read_bytes())


def evaluate(run: Run) -> None:
    """Measure the bundle through the code that serves it."""
    calibrated = _calibrated(run)
    manifest = _assemble(run, calibrated)
    scorer = Scorer.load(run.folder / files.BUNDLE)
    labelled = [row for row in run.data.train if row.topics is not None]
    reports = {
        name: {**evaluate_rows(scorer, rows, labelled), "checks": check_articles(scorer, [row.article for row in rows], run.say)}
        for name, rows in run.data.dev.items()
    }
    check = {
        "dev_macro_f1": calibrated.dev_macro_f1,
        "ratios": calibrated.calibration.ratios,
        "megabytes": megabytes(manifest, run.folder / files.BUNDLE),
    }
    (run.folder / files.METRICS_FILE).write_text(
        json.dumps({"reports": reports, "check": check}, indent=1) + "\n", encoding="utf-8"
    )


def write_card_and_bundle(run: Run) -> None:
    """Put the bundle together with its figures and its card."""
    bundle = run.folder / files.BUNDLE
    manifest = _assemble(run, _calibrated(run))
    measured = json.loads((run.folder / files.METRICS_FILE).read_text(encoding="utf-8"))
    reports = measured["reports"]
    facts: dict[str, Any] = {
        **measured["check"],
        "notes": json.loads((run.folder / files.DATA_FILE).read_text(encoding="utf-8"))["notes"],
        "recipe": run.recipe.model_dump(mode="json", exclude_defaults=True),
        "paths": recipe_files(run.recipe),
        "seconds": sum(read_records(folder)["train"].seconds for folder in (run.folder, *(o.folder for o in run.sources))),
        "cores": os.cpu_count(),
        "watts": WATTS_PER_CORE * (os.cpu_count() or 1),
    }
    headline = {name: {t: r["macro_f1"] for t, r in report["tasks"].items()} for name, report in reports.items()}
    card = save_card(manifest, reports, run.taxonomy, facts, bundle)
    write_manifest(manifest.model_copy(update={"metrics": headline, "files": {**manifest.files, **card}}), bundle)


def _assemble(run: Run, calibrated: Calibrated) -> Manifest:
    bundle = run.folder / files.BUNDLE
    shutil.rmtree(bundle, ignore_errors=True)
    prints = {**run.data.fingerprints, **run.data.calibration_fingerprints, **run.soft.fingerprints}
    if run.longer:
        counts = json.loads((run.folder / files.POOL_FILE).read_text(encoding="utf-8"))
        prints |= {path.name: Fingerprint(sha256=sha256(path), rows=counts[path.name]) for path in run.distil_files}
    for other in run.sources:
        told = json.loads((other.folder / files.DATA_FILE).read_text(encoding="utf-8"))["files"]
        prints = {**{name: Fingerprint.model_validate(facts) for name, facts in told.items()}, **prints}
    return write_bundle(run.parts, calibrated, run.folder / files.INT8_FILE, run.recipe, prints, bundle)
