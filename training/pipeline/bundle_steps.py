"""Steps from trained weights to a bundle with its card; sorot.training.pipeline.run orders them."""

from __future__ import annotations

import json
import os
import shutil
from typing import Any

from sorot.serving.model.bundle import sha256
from sorot.serving.model.figures import figures_of
from sorot.serving.model.manifest import Fingerprint, Manifest
from sorot.serving.model.reference import Reference
from sorot.serving.model.scorer import Scorer
from sorot.training.export.assemble import Calibrated, calibrate_export, megabytes, write_bundle, write_manifest, write_onnx
from sorot.training.export.onnx_export import is_fused
from sorot.training.measure.checks.invariance import check_articles
from sorot.training.measure.evaluate import evaluate_rows
from sorot.training.measure.reference import measure_reference
from sorot.training.models.bundle_encoder import bundle_of
from sorot.training.pipeline import run_files
from sorot.training.pipeline.context import Run
from sorot.training.pipeline.step_cache import read_records
from sorot.training.release.card import save_card
from sorot.training.release.card_data import recipe_files

# Assumed, not measured: a 64-core server processor at 360 W, plus the rest of the machine.
WATTS_PER_CORE = 10


def run_export_step(run: Run) -> None:
    """Export encoder and heads to ONNX, in fp32 and int8."""
    encoder = run.trained.encoder.model
    if not is_fused(encoder) and bundle_of(encoder) is None:
        run.say(
            f"attention of {type(encoder).__name__} is not fused, so it serves more slowly than a BERT or RoBERTa of its size"
        )
    write_onnx(run.trained, run.dev, run.folder / run_files.FP32_FILE, run.folder / run_files.INT8_FILE)


def run_calibrate_step(run: Run) -> None:
    """Calibrate, fit gate and label sets, and compare int8 with fp32. Raises ReleaseError if int8 is significantly worse."""
    fp32, int8 = run.folder / run_files.FP32_FILE, run.folder / run_files.INT8_FILE
    calibrated = calibrate_export(run.trained, run.dev, run.calibration, fp32, int8, run.unseen)
    (run.folder / run_files.CALIBRATION_FILE).write_text(calibrated.model_dump_json(indent=1) + "\n", encoding="utf-8")


def _calibrated(run: Run) -> Calibrated:
    return Calibrated.model_validate_json((run.folder / run_files.CALIBRATION_FILE).read_bytes())


def run_evaluate_step(run: Run) -> None:
    """Assemble the bundle and evaluate it on the development articles with the serving code."""
    calibrated = _calibrated(run)
    manifest = _assemble(run, calibrated)
    scorer = Scorer.load(run.folder / run_files.BUNDLE)
    task = run.taxonomy.gate_task or run.taxonomy.tasks[0]
    labelled = [row for row in run.data.train if row.labels.get(task.key) is not None]
    reports = {name: evaluate_rows(scorer, rows, labelled) for name, rows in run.data.dev.items()}
    # The checks change every article in ten ways, which takes ten times as long as scoring: one file is enough.
    first = next(iter(run.data.dev))
    reports[first]["checks"] = check_articles(scorer, [row.article for row in run.data.dev[first]], run.say)
    reference = measure_reference(scorer, [row.article for rows in run.data.dev.values() for row in rows])
    check = {
        **({} if bundle_of(run.encoder.model) else {"dev_macro_f1": calibrated.dev_macro_f1}),
        "unseen": calibrated.unseen,
        "unseen_articles": calibrated.unseen_articles,
        "ratios": calibrated.calibration.ratios,
        "megabytes": megabytes(manifest, run.folder / run_files.BUNDLE),
    }
    (run.folder / run_files.METRICS_FILE).write_text(
        json.dumps({"reports": reports, "check": check, "reference": reference.model_dump()}, indent=1) + "\n", encoding="utf-8"
    )


def run_card_step(run: Run) -> None:
    """Assemble the final bundle with its metrics and card."""
    bundle = run.folder / run_files.BUNDLE
    manifest = _assemble(run, _calibrated(run))
    metrics = json.loads((run.folder / run_files.METRICS_FILE).read_text(encoding="utf-8"))
    reports = metrics["reports"]
    facts: dict[str, Any] = {
        **metrics["check"],
        "notes": json.loads((run.folder / run_files.DATA_FILE).read_text(encoding="utf-8"))["notes"],
        "recipe": run.recipe.model_dump(mode="json", exclude_defaults=True),
        "paths": recipe_files(run.recipe),
        "seconds": sum(read_records(folder)["train"].seconds for folder in (run.folder, *(o.folder for o in run.sources))),
        "cores": os.cpu_count(),
        "watts": WATTS_PER_CORE * (os.cpu_count() or 1),
    }
    card = save_card(manifest, reports, run.taxonomy, facts, bundle)
    measured = {"metrics": figures_of(reports), "reference": Reference.model_validate(metrics["reference"])}
    write_manifest(manifest.model_copy(update={**measured, "files": {**manifest.files, **card}}), bundle)


def _assemble(run: Run, calibrated: Calibrated) -> Manifest:
    folder = run.folder / run_files.BUNDLE
    shutil.rmtree(folder, ignore_errors=True)
    prints = {**run.data.fingerprints, **run.data.calibration_fingerprints, **run.soft.fingerprints}
    if run.distil_teacher:
        counts = json.loads((run.folder / run_files.POOL_FILE).read_text(encoding="utf-8"))
        prints |= {path.name: Fingerprint(sha256=sha256(path), rows=counts[path.name]) for path in run.distil_files}
    if bundle := bundle_of(run.encoder.model):
        prints = {**bundle.manifest.data, **prints}
    for other in run.sources:
        files = json.loads((other.folder / run_files.DATA_FILE).read_text(encoding="utf-8"))["files"]
        prints = {**{name: Fingerprint.model_validate(facts) for name, facts in files.items()}, **prints}
    return write_bundle(run.trained, calibrated, run.folder / run_files.INT8_FILE, run.recipe, prints, folder)
