"""Run a recipe from data to a bundle with its card, in cached steps (sorot.training.pipeline.step_cache)."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sorot.serving.model.bundle import sha256
from sorot.serving.model.manifest import CARD_FILE, MANIFEST_FILE, MODEL_FILE, TOKENIZER_FILE, WIDE_FILE
from sorot.training.input.sources import file_digests
from sorot.training.models.encoder import fingerprint_folder
from sorot.training.models.trackers import require_trackers
from sorot.training.pipeline import bundle_steps, fit_steps, run_files
from sorot.training.pipeline.context import Run
from sorot.training.pipeline.processes import is_main
from sorot.training.pipeline.step_cache import Step, run_steps
from sorot.training.recipe import EncoderSection, Recipe
from sorot.training.release.card_data import calibration_name

RUN_FILE = "run.json"
PACKAGES = ("sorot", "torch", "transformers", "scikit-learn", "onnxruntime", "tokenizers", "numpy")
_FIT_CODE = ("sorot.training.models.finetune", "sorot.training.models.encoder", "sorot.data.text.windows")
# Keys of [train] that do not affect the result.
_NEUTRAL_KEYS = {"trackers", "checkpoint_steps"}
_BUNDLE_FILES = (MANIFEST_FILE, MODEL_FILE, TOKENIZER_FILE, WIDE_FILE, CARD_FILE)


def run_recipe(
    recipe: Recipe,
    folder: Path,
    say: Callable[[str], None],
    *,
    only: str | None = None,
    keep: frozenset[str] = frozenset(),
) -> Path:
    """Run the steps of a recipe that are not up to date, and return the bundle's folder.

    `folder` holds all files of the run; an interrupted run resumes from them. Runs of other recipes whose weights are needed
    go first, in folders next to it. `only` names one step to run, `keep` steps not to run again
    (sorot.training.pipeline.step_cache.run_steps). `say` receives progress messages. Raises sorot.data.errors.SorotError for
    errors that the user can fix.
    """
    require_trackers(recipe.train.trackers)
    run = Run(recipe, folder, say)
    if is_main():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RUN_FILE).write_text(json.dumps(describe_run(recipe), indent=1) + "\n", encoding="utf-8")
    for other in run.sources if only is None else ():
        say(f"{other.folder.name}, whose weights are needed:")
        if is_main():
            other.folder.mkdir(parents=True, exist_ok=True)
        # Only its encoder is needed, so its linear part is skipped unless that ranks pool articles for training it.
        needed = [step for step in deep_steps(other) if step.name != "linear" or other.pool_files or other.distil_teacher]
        run_steps(needed, other, other.folder, say)
    run_steps(steps_of(run), run, folder, say, only=only, keep=keep)
    return folder / run_files.BUNDLE


def training_steps(run: Run) -> list[Step[Run]]:
    """Steps up to the trained encoder; a teacher with a pool adds two."""
    soft_labels = bool(run.pool_files)
    return [
        Step(
            name="data",
            message="reading and cleaning",
            needs=(),
            modules=("sorot.training.input.sources",),
            outputs=(run_files.DATA_FILE, run_files.TRAIN_DIGEST, run_files.HELD_OUT_DIGEST),
            settings=_data_settings,
            act=fit_steps.run_data_step,
        ),
        Step(
            name="linear",
            message="fitting the linear part",
            needs=(run_files.TRAIN_DIGEST,),
            modules=("sorot.training.models.wide_fit", "sorot.data.text.windows"),
            outputs=(run_files.LINEAR_FILE,),
            settings=_linear_settings,
            act=fit_steps.run_linear_step,
        ),
        *(_teacher_steps(run.recipe) if soft_labels else ()),
        _distil_step() if run.distil_teacher else _train_step(soft_labels),
    ]


def _teacher_steps(recipe: Recipe) -> tuple[Step[Run], ...]:
    """Train a teacher, if it is not a bundle, and label the pool with it."""
    trained = not (recipe.teacher and recipe.teacher.bundles)
    steps = (
        Step(
            name="teacher",
            message="training the teacher",
            needs=(run_files.TRAIN_DIGEST,),
            modules=_FIT_CODE,
            outputs=(run_files.TEACHER_FILE,),
            settings=_teacher_settings,
            act=fit_steps.run_teacher_step,
            all_processes=True,
        ),
        Step(
            name="soft",
            message="labelling the pool with the teacher",
            needs=(run_files.HELD_OUT_DIGEST, run_files.LINEAR_FILE, *((run_files.TEACHER_FILE,) if trained else ())),
            modules=("sorot.training.distillation.soft_labels",),
            outputs=(run_files.SOFT_FILE,),
            settings=_soft_settings,
            act=fit_steps.run_soft_step,
        ),
    )
    return steps if trained else steps[1:]


def _train_step(soft_labels: bool) -> Step[Run]:
    return Step(
        name="train",
        message="fine-tuning the encoder",
        needs=(run_files.TRAIN_DIGEST, *((run_files.SOFT_FILE,) if soft_labels else ())),
        modules=_FIT_CODE,
        outputs=(run_files.DEEP_FILE, run_files.CURVES_FILE),
        settings=_train_settings,
        act=fit_steps.run_train_step,
        all_processes=True,
    )


def _distil_step() -> Step[Run]:
    return Step(
        name="train",
        message="distilling a shorter encoder",
        needs=(run_files.TRAIN_DIGEST, run_files.LINEAR_FILE),
        modules=(
            *_FIT_CODE,
            "sorot.training.distillation.shorten",
            "sorot.training.models.head_pruning",
            "sorot.training.distillation.pool",
        ),
        outputs=(run_files.DEEP_FILE, run_files.CURVES_FILE, run_files.POOL_FILE),
        settings=_distil_settings,
        act=fit_steps.run_distil_step,
        all_processes=True,
    )


def deep_steps(run: Run) -> list[Step[Run]]:
    """Steps up to the weights for export; a soup adds one."""
    if not run.ingredients:
        return training_steps(run)
    soup = Step(
        name="soup",
        message="averaging the weights",
        needs=(run_files.DEEP_FILE,),
        modules=("sorot.training.pipeline.context",),
        outputs=(run_files.SOUP_FILE,),
        settings=_soup_settings,
        act=fit_steps.run_soup_step,
    )
    return [*training_steps(run), soup]


def steps_of(run: Run) -> list[Step[Run]]:
    """All steps of a run, in order."""
    deep = run_files.SOUP_FILE if run.ingredients else run_files.DEEP_FILE
    names = (*_BUNDLE_FILES, calibration_name(run.recipe.name, run.recipe.version))
    exported = (run_files.HELD_OUT_DIGEST, run_files.LINEAR_FILE, deep, run_files.FP32_FILE, run_files.INT8_FILE)
    calibrated = (*exported, run_files.CALIBRATION_FILE)
    return [
        *deep_steps(run),
        Step(
            name="export",
            message="exporting to ONNX in fp32 and int8",
            needs=(run_files.HELD_OUT_DIGEST, deep),
            modules=("sorot.training.export.onnx_export", "sorot.training.models.head_pruning"),
            outputs=(run_files.FP32_FILE, run_files.INT8_FILE),
            settings=_no_settings,
            act=bundle_steps.run_export_step,
        ),
        Step(
            name="calibrate",
            message="calibrating and checking int8",
            needs=exported,
            modules=("sorot.training.export.assemble",),
            outputs=(run_files.CALIBRATION_FILE,),
            settings=_no_settings,
            act=bundle_steps.run_calibrate_step,
        ),
        Step(
            name="evaluate",
            message="evaluating, with baselines",
            needs=(*exported, run_files.TRAIN_DIGEST, run_files.CALIBRATION_FILE),
            modules=("sorot.training.measure.evaluate", "sorot.training.export.assemble"),
            outputs=(run_files.METRICS_FILE,),
            settings=_no_settings,
            act=bundle_steps.run_evaluate_step,
        ),
        Step(
            name="card",
            message="writing the card",
            needs=(run_files.DATA_FILE, *calibrated, run_files.METRICS_FILE),
            modules=("sorot.training.release.card", "sorot.training.export.assemble"),
            outputs=tuple(f"{run_files.BUNDLE}/{name}" for name in names),
            settings=_card_settings,
            act=bundle_steps.run_card_step,
        ),
    ]


def describe_run(recipe: Recipe) -> dict[str, Any]:
    """The facts needed to reproduce a run: the recipe with all defaults, package versions and the machine."""
    return {
        "recipe": recipe.model_dump(mode="json"),
        "versions": {"python": sys.version.split()[0], **{name: version(name) for name in PACKAGES}},
        "machine": {"processor": platform.machine(), "cores": os.cpu_count(), "system": platform.platform()},
    }


def _no_settings(run: Run) -> str:
    del run
    return ""


def _card_settings(run: Run) -> str:
    return f"{run.recipe.name} {run.recipe.version}"


def _data_settings(run: Run) -> str:
    recipe = run.recipe
    sections = recipe.model_dump(include={"data", "dev", "calibration"}, mode="json")
    return json.dumps([sections, recipe.train.seed, run.taxonomy.to_dict(), file_digests(recipe)], sort_keys=True)


def _encoder_settings(section: EncoderSection) -> str:
    """The section, and a hash of the encoder's files if it is a folder."""
    return f"{section.model_dump_json()} {fingerprint_folder(section.name)}"


def _linear_settings(run: Run) -> str:
    return run.recipe.wide.model_dump_json() + _encoder_settings(run.recipe.encoder)


def _train_settings(run: Run) -> str:
    return run.recipe.train.model_dump_json(exclude=_NEUTRAL_KEYS) + _encoder_settings(run.recipe.encoder)


def _distil_settings(run: Run) -> str:
    return fit_steps.distil_inputs(run) + _train_settings(run)


def _soup_settings(run: Run) -> str:
    prints = [sha256(other.folder / run_files.DEEP_FILE) for other in run.ingredients]
    return json.dumps([prints, [part.share for part in run.recipe.soup]])


def _teacher_settings(run: Run) -> str:
    encoder, train = fit_steps.teacher_sections(run.recipe)
    return train.model_dump_json(exclude=_NEUTRAL_KEYS) + _encoder_settings(encoder)


def _soft_settings(run: Run) -> str:
    section = run.recipe.teacher
    files = [*run.pool_files, *(Path(name) / MANIFEST_FILE for name in (section.bundles if section else ()))]
    return json.dumps([section.model_dump(mode="json") if section else None, [sha256(path) for path in files]])
