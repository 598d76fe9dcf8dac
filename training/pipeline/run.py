"""One run, from a recipe to a bundle with its card, in steps that each leave files behind and are done only when they must be."""

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
from sorot.training.pipeline import bundle_steps as bundle_stages
from sorot.training.pipeline import context as files
from sorot.training.pipeline import fit_steps as stages
from sorot.training.pipeline.context import BUNDLE, Run
from sorot.training.pipeline.processes import is_main
from sorot.training.pipeline.step_cache import Step, do_steps
from sorot.training.recipe import EncoderSection, Recipe
from sorot.training.release.card import calibration_name

RUN_FILE = "run.json"
PACKAGES = ("sorot", "torch", "transformers", "scikit-learn", "onnxruntime", "tokenizers", "numpy")
_FIT_CODE = ("sorot.training.models.finetune", "sorot.training.models.encoder", "sorot.data.text.windows")
# Keys of [train] that do not change the result.
_NO_MATTER = {"trackers", "checkpoint_steps"}
_BUNDLE_FILES = (MANIFEST_FILE, MODEL_FILE, TOKENIZER_FILE, WIDE_FILE, CARD_FILE)


def run_recipe(
    recipe: Recipe,
    folder: Path,
    say: Callable[[str], None],
    *,
    only: str | None = None,
    keep: frozenset[str] = frozenset(),
) -> Path:
    """Do the steps of a recipe that are not up to date; returns the bundle's folder.

    `folder` holds all of the run; an interrupted run goes on where it was. `only` does one step, steps of `keep` are taken as
    they are (see sorot.training.pipeline.step_cache.do_steps). `say` is told what is being done.
    Raises sorot.data.errors.SorotError for what the user can mend.
    """
    require_trackers(recipe.train.trackers)
    run = Run(recipe, folder, say)
    if is_main():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RUN_FILE).write_text(json.dumps(circumstances(recipe), indent=1) + "\n", encoding="utf-8")
    for other in run.sources if only is None else ():
        say(f"{other.folder.name}, whose weights are needed:")
        if is_main():
            other.folder.mkdir(parents=True, exist_ok=True)
        # What is needed is the encoder: the linear part is this run's own.
        needed = [step for step in deep_steps(other) if step.name != "linear" or other.pool_files or other.longer]
        do_steps(needed, other, other.folder, say)
    do_steps(steps_of(run), run, folder, say, only=only, keep=keep)
    return folder / BUNDLE


def fit_steps(run: Run) -> list[Step[Run]]:
    """The steps of a run as far as its trained encoder; a teacher with a pool adds two."""
    teacher = [
        Step(
            name="teacher", says="training the teacher", needs=(files.TRAIN_DIGEST,), modules=_FIT_CODE,
            outputs=(files.TEACHER_FILE,), settings=_teacher_settings, act=stages.teach, together=True,
        ),
        Step(
            name="soft", says="labelling the pool by the teacher",
            needs=(files.HELD_OUT_DIGEST, files.LINEAR_FILE, files.TEACHER_FILE),
            modules=("sorot.training.distillation.soft_labels",),
            outputs=(files.SOFT_FILE,), settings=_soft_settings, act=stages.label,
        ),
    ] if run.pool_files else []  # fmt: skip
    soft = (files.SOFT_FILE,) if teacher else ()
    return [
        Step(
            name="data", says="reading and cleaning", needs=(), modules=("sorot.training.input.sources",),
            outputs=(files.DATA_FILE, files.TRAIN_DIGEST, files.HELD_OUT_DIGEST), settings=_data_settings, act=stages.prepare,
        ),
        Step(
            name="linear", says="fitting the linear part", needs=(files.TRAIN_DIGEST,),
            modules=("sorot.training.models.wide_fit", "sorot.data.text.windows"),
            outputs=(files.LINEAR_FILE,), settings=_linear_settings,
            act=stages.fit_linear,
        ),
        *teacher,
        Step(
            name="train", says="teaching a shorter encoder", needs=(files.TRAIN_DIGEST, files.LINEAR_FILE),
            modules=(*_FIT_CODE, "sorot.training.distillation.shorten", "sorot.training.models.head_pruning",
                     "sorot.training.distillation.pool"),
            outputs=(files.DEEP_FILE, files.CURVES_FILE, files.POOL_FILE),
            settings=_distil_settings, act=stages.teach_shorter, together=True,
        )
        if run.longer
        else Step(
            name="train", says="fine-tuning the encoder", needs=(files.TRAIN_DIGEST, *soft), modules=_FIT_CODE,
            outputs=(files.DEEP_FILE, files.CURVES_FILE), settings=_train_settings, act=stages.train, together=True,
        ),
    ]  # fmt: skip


def deep_steps(run: Run) -> list[Step[Run]]:
    """The steps of a run as far as the weights that are exported."""
    soup = [
        Step(
            name="soup", says="averaging the weights", needs=(files.DEEP_FILE,), modules=("sorot.training.pipeline.context",),
            outputs=(files.SOUP_FILE,), settings=_soup_settings, act=stages.average,
        ),
    ] if run.ingredients else []  # fmt: skip
    return [*fit_steps(run), *soup]


def steps_of(run: Run) -> list[Step[Run]]:
    """All steps of a run, in order."""
    deep = files.SOUP_FILE if run.ingredients else files.DEEP_FILE
    bundle = tuple(f"{BUNDLE}/{name}" for name in (*_BUNDLE_FILES, calibration_name(run.recipe.name, run.recipe.version)))
    exported = (files.HELD_OUT_DIGEST, files.LINEAR_FILE, deep, files.FP32_FILE, files.INT8_FILE)
    return [
        *deep_steps(run),
        Step(
            name="export", says="writing ONNX, in fp32 and int8", needs=(files.HELD_OUT_DIGEST, deep),
            modules=("sorot.training.export.onnx_export", "sorot.training.models.head_pruning"),
            outputs=(files.FP32_FILE, files.INT8_FILE), settings=_nothing,
            act=bundle_stages.export_model,
        ),
        Step(
            name="calibrate", says="calibrating, and checking int8", needs=exported, modules=("sorot.training.export.assemble",),
            outputs=(files.CALIBRATION_FILE,), settings=_nothing, act=bundle_stages.calibrate,
        ),
        Step(
            name="evaluate", says="measuring, with baselines", needs=(*exported, files.TRAIN_DIGEST, files.CALIBRATION_FILE),
            modules=("sorot.training.measure.evaluate", "sorot.training.export.assemble"),
            outputs=(files.METRICS_FILE,), settings=_nothing,
            act=bundle_stages.evaluate,
        ),
        Step(
            name="card", says="writing the card", needs=(files.DATA_FILE, *exported, files.CALIBRATION_FILE, files.METRICS_FILE),
            modules=("sorot.training.release.card", "sorot.training.export.assemble"), outputs=bundle, settings=_named,
            act=bundle_stages.write_card_and_bundle,
        ),
    ]  # fmt: skip


def circumstances(recipe: Recipe) -> dict[str, Any]:
    """The recipe with every default spelled out, versions and machine: what it takes to repeat a run."""
    return {
        "recipe": recipe.model_dump(mode="json"),
        "versions": {"python": sys.version.split()[0], **{name: version(name) for name in PACKAGES}},
        "machine": {"processor": platform.machine(), "cores": os.cpu_count(), "system": platform.platform()},
    }


def _nothing(run: Run) -> str:
    del run
    return ""


def _named(run: Run) -> str:
    return f"{run.recipe.name} {run.recipe.version}"


def _data_settings(run: Run) -> str:
    recipe = run.recipe
    sections = recipe.model_dump(include={"data", "dev", "calibration"}, mode="json")
    return json.dumps([sections, recipe.train.seed, run.taxonomy.to_dict(), file_digests(recipe)], sort_keys=True)


def _encoder_settings(section: EncoderSection) -> str:
    """The section, and the files of an encoder that is a folder."""
    return f"{section.model_dump_json()} {fingerprint_folder(section.name)}"


def _linear_settings(run: Run) -> str:
    return run.recipe.wide.model_dump_json() + _encoder_settings(run.recipe.encoder)


def _train_settings(run: Run) -> str:
    return run.recipe.train.model_dump_json(exclude=_NO_MATTER) + _encoder_settings(run.recipe.encoder)


def _distil_settings(run: Run) -> str:
    return stages.distil_print(run) + _train_settings(run)


def _soup_settings(run: Run) -> str:
    prints = [sha256(other.folder / files.DEEP_FILE) for other in run.ingredients]
    return json.dumps([prints, [part.share for part in run.recipe.soup]])


def _teacher_settings(run: Run) -> str:
    encoder, train = stages.teacher_sections(run.recipe)
    return train.model_dump_json(exclude=_NO_MATTER) + _encoder_settings(encoder)


def _soft_settings(run: Run) -> str:
    section = run.recipe.teacher
    return json.dumps([section.model_dump(mode="json") if section else None, [sha256(path) for path in run.pool_files]])
