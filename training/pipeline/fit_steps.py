"""Steps from data to trained weights; sorot.training.pipeline.run orders them."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import Taxonomy, held
from sorot.serving.model.bundle import sha256
from sorot.training.distillation.pool import Pool
from sorot.training.distillation.shorten import distil, shorten
from sorot.training.distillation.soft_labels import bundle_teacher, label_pool, trained_teacher
from sorot.training.export.assemble import TrainedModel, centre_heads, framed_windows
from sorot.training.export.onnx_export import is_fused
from sorot.training.input.batches import Example
from sorot.training.input.label_counts import count_labels, describe_counts, require_examples
from sorot.training.models.deep import TokenModel
from sorot.training.models.encoder import Encoder
from sorot.training.models.finetune import Fitted, fit_deep, make_examples
from sorot.training.models.head_pruning import choose_heads
from sorot.training.models.wide_fit import fit_wide
from sorot.training.pipeline import run_files
from sorot.training.pipeline.context import Run, average_weights, load_fitted, save_fitted, save_linear
from sorot.training.pipeline.processes import is_main
from sorot.training.recipe import DistilSection, EncoderSection, Recipe, RecipeError, TrainSection

CHECKPOINTS = "checkpoints"
# Number of texts of each kind for choosing attention heads.
HEAD_TEXTS = 40


def teacher_sections(recipe: Recipe) -> tuple[EncoderSection, TrainSection]:
    """Encoder and training settings of the teacher. Raises ValueError for a recipe without one."""
    teacher = recipe.teacher
    if teacher is None:
        raise ValueError("the recipe has no teacher")
    return (
        recipe.encoder.model_copy(update={"layers": teacher.layers}),
        recipe.train.model_copy(update={"epochs": teacher.epochs, "learning_rate": teacher.learning_rate}),
    )


def run_data_step(run: Run) -> None:
    """Read and clean all articles, and write the digests that later steps depend on.

    Raises SorotError for unusable data or labels with too few examples.
    """
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
    (run.folder / run_files.DATA_FILE).write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    # Later steps depend on the cleaned articles, not on the code that cleans them.
    held_out = [*(row for rows in data.dev.values() for row in rows), *data.calibration]
    for name, rows in ((run_files.TRAIN_DIGEST, data.train), (run_files.HELD_OUT_DIGEST, held_out)):
        (run.folder / name).write_text(_rows_digest(rows, run.taxonomy) + "\n", encoding="ascii")


def _rows_digest(rows: Iterable[LabelledArticle], taxonomy: Taxonomy) -> str:
    digest = hashlib.sha256()
    for row in rows:
        article = row.article
        labels = [row.labels.get(key) for key in taxonomy.keys]
        marks = [row.evidence, *([m.task, m.label, m.sentence] for m in row.marks)]
        content = [article.title, article.body, *labels, row.weight, row.repeat, row.wide, marks]
        digest.update(json.dumps(content).encode() + b"\n")
    return digest.hexdigest()


def run_linear_step(run: Run) -> None:
    """Fit the linear part, without rows of files with `wide = false`."""
    rows = [row for row in run.data.train if row.wide]
    save_linear(
        fit_wide(make_examples(rows, run.encoder, run.taxonomy), run.taxonomy, run.recipe.wide),
        run.folder / run_files.LINEAR_FILE,
    )


def run_train_step(run: Run) -> None:
    """Fine-tune the deep part, with soft labels if the recipe has a teacher."""
    _fit(run, run.recipe.encoder, run.recipe.train, run.folder, _fine_tuning(run, run.soft.examples))


def run_distil_step(run: Run) -> None:
    """Distil another run's encoder into one with fewer layers and, if asked, fewer attention heads.

    Raises RecipeError for layers or heads that cannot be kept, ValueError for a recipe without `distil`.
    """
    source, section = run.distil_teacher, run.recipe.distil
    if source is None or section is None:
        raise ValueError("the recipe has no section distil")

    def learn(encoder: Encoder, train: TrainSection, checkpoints: Path) -> Fitted:
        pool = Pool(encoder, run.taxonomy, run.distil_files, section.articles, weight=1.0)
        chosen = pool.choose(run.linear, run.data.guarded, train.seed, run.say)
        counts = {path.name: sum(number == file for file, _ in chosen) for number, path in enumerate(run.distil_files)}
        if is_main():
            (run.folder / run_files.POOL_FILE).write_text(json.dumps(counts) + "\n", encoding="utf-8")
        examples = [*make_examples(list(run.data.train), encoder, run.taxonomy), *pool.read(chosen)]
        teacher = load_fitted(source.deep_file, encoder, run.taxonomy)
        student = _student(run, teacher.tokens, section)
        heads = None
        if section.heads is not None:
            if not is_fused(student.encoder):
                raise RecipeError(f"distil.heads: heads of a {type(student.encoder).__name__} cannot be pruned; remove the key")
            heads = choose_heads(student, _sample_windows(run), run.taxonomy, section.heads, run.say)
        usable = [e for e in examples if e.encoded.n_tokens]
        return distil(encoder, teacher, student, heads, usable, run.taxonomy, section, train, checkpoints)

    _fit(run, source.recipe.encoder, run.recipe.train, run.folder, learn, distil_inputs(run))


def _student(run: Run, teacher: TokenModel, section: DistilSection) -> TokenModel:
    """The shorter model before training."""
    if run.distil_start is None:
        return shorten(teacher, section.layers, run.taxonomy)
    return load_fitted(run.distil_start.deep_file, run.load_encoder(run.recipe.encoder), run.taxonomy).tokens


def _sample_windows(run: Run) -> list[NDArray[np.int32]]:
    """First windows of random training texts for choosing heads: HEAD_TEXTS each of on-topic, off-topic and short ones."""
    kinds: dict[str, list[LabelledArticle]] = {"on topic": [], "off topic": [], "short": []}
    task = run.taxonomy.gate_task
    rows = run.data.train
    for index in np.random.default_rng(run.recipe.train.seed).permutation(len(rows)):
        row = rows[index]
        on_topic = task is not None and held(row.labels.get(task.key))
        kind = "short" if not row.wide else "on topic" if on_topic else "off topic"
        if len(kinds[kind]) < HEAD_TEXTS:
            kinds[kind].append(row)
    examples = make_examples([row for chosen in kinds.values() for row in chosen], run.encoder, run.taxonomy)
    return framed_windows(run.encoder, [replace(e, encoded=replace(e.encoded, windows=e.encoded.windows[:1])) for e in examples])


def distil_inputs(run: Run) -> str:
    """Inputs of the distillation as JSON: the recipe's section, and hashes of the weights and pool files it starts from.

    Raises ValueError for a recipe without `distil`.
    """
    if run.distil_teacher is None or run.recipe.distil is None:
        raise ValueError("the recipe has no section distil")
    runs = filter(None, (run.distil_teacher, run.distil_start))
    prints = [sha256(path) for path in (*(other.deep_file for other in runs), *run.distil_files)]
    return json.dumps([run.recipe.distil.model_dump(mode="json", exclude={"recipe", "begin"}), prints])


def run_teacher_step(run: Run) -> None:
    """Fine-tune the teacher."""
    encoder, section = teacher_sections(run.recipe)
    _fit(run, encoder, section, run.folder / run_files.TEACHER, _fine_tuning(run, ()))


def run_soup_step(run: Run) -> None:
    """Average the weights of this run and its ingredients."""
    folders = [*(other.folder for other in run.ingredients), run.folder]
    shares = [part.share for part in run.recipe.soup]
    average_weights(
        [folder / run_files.DEEP_FILE for folder in folders], [*shares, 1 - sum(shares)], run.folder / run_files.SOUP_FILE
    )


Learn = Callable[[Encoder, TrainSection, Path], Fitted]


def _fine_tuning(run: Run, soft: Sequence[Example]) -> Learn:
    def learn(encoder: Encoder, section: TrainSection, checkpoints: Path) -> Fitted:
        return fit_deep(encoder, list(run.data.train), run.taxonomy, section, checkpoints, soft=soft)

    return learn


def _fit(run: Run, encoder: EncoderSection, section: TrainSection, folder: Path, learn: Learn, inputs: str = "") -> None:
    """Train with `learn` and save the result in `folder`.

    Resumes from checkpoints of the same data, settings and `inputs`; deletes other checkpoints.
    """
    checkpoints = folder / CHECKPOINTS
    mark = checkpoints / "made_from"
    made_from = hashlib.sha256(
        (section.model_dump_json() + encoder.model_dump_json() + _rows_digest(run.data.train, run.taxonomy) + inputs).encode()
    ).hexdigest()
    if is_main():
        if checkpoints.is_dir() and not (mark.is_file() and mark.read_text() == made_from):
            shutil.rmtree(checkpoints)
        checkpoints.mkdir(parents=True, exist_ok=True)
        mark.write_text(made_from)
    fitted = learn(run.load_encoder(encoder), section, checkpoints)
    if is_main():
        save_fitted(fitted, folder)
        # The Trainer's TensorBoard logs.
        if (checkpoints / "runs").is_dir():
            shutil.copytree(checkpoints / "runs", folder / "logs", dirs_exist_ok=True)
        shutil.rmtree(checkpoints)


def run_soft_step(run: Run) -> None:
    """Label articles of the pool with the teacher. Raises ValueError for a recipe without one."""
    section = run.recipe.teacher
    if section is None:
        raise ValueError("the recipe has no teacher")
    if section.bundles:
        teacher = bundle_teacher([Path(name) for name in section.bundles], run.taxonomy)
    else:
        encoder = run.load_encoder(teacher_sections(run.recipe)[0])
        path = run.folder / run_files.TEACHER
        fitted = load_fitted(path / run_files.DEEP_FILE, encoder, run.taxonomy)
        trained = TrainedModel(encoder, fitted, run.linear, run.taxonomy)
        centre_heads(trained)
        teacher = trained_teacher(trained, run.dev, path)
    pool = Pool(run.encoder, run.taxonomy, run.pool_files, section.articles, section.weight)
    soft = run.folder / run_files.SOFT_FILE
    soft.parent.mkdir(exist_ok=True)
    label_pool(teacher, pool, run.linear, run.data.guarded, soft, run.recipe.train.seed, run.say)
