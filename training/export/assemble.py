"""Assemble a bundle: fused ONNX, int8 checked against fp32, calibration, hashes, manifest."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from safetensors.numpy import save_file

from sorot.data.errors import SorotError
from sorot.data.taxonomy import Taxonomy
from sorot.serving.model.bundle import sha256
from sorot.serving.model.confusion import Confusion
from sorot.serving.model.manifest import (
    MANIFEST_FILE,
    MODEL_FILE,
    TOKENIZER_FILE,
    WIDE_FILE,
    Fingerprint,
    Gate,
    LabelSets,
    Manifest,
)
from sorot.serving.model.pooling import token_logits
from sorot.serving.model.runtime import Runtime
from sorot.serving.model.tokenizer import frame_ids
from sorot.training.export.calibrate import Calibration, cross_fitted_labels, fit_calibration, labelled_pair
from sorot.training.export.confusion_fit import fit_confusion
from sorot.training.export.gate_fit import fit_gate
from sorot.training.export.label_sets import fit_label_sets
from sorot.training.export.onnx_export import export_fp32, is_fused, quantise
from sorot.training.input.batches import Example, labelled_rows, truth_of
from sorot.training.measure.comparison import paired_differences
from sorot.training.measure.metrics import BoolArray, macro_f1, macro_f1_with_interval
from sorot.training.models.bundle_encoder import BundleEncoder
from sorot.training.models.encoder import Encoder
from sorot.training.models.finetune import Fitted
from sorot.training.models.head_pruning import active_heads, all_heads
from sorot.training.models.wide_fit import FittedWide
from sorot.training.recipe import Recipe

# Loss of development macro-F1 (0 to 1) by int8 that is acceptable on any task, even if significant.
MAX_INT8_LOSS = 0.005


class ReleaseError(SorotError):
    """The bundle fails a quality or size check; the message says which."""


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """The trained parts that go into a bundle."""

    encoder: Encoder
    fitted: Fitted
    wide: FittedWide
    taxonomy: Taxonomy


class Calibrated(BaseModel):
    """Calibration, gate, label sets and confusion, and macro-F1 by task.

    `unseen` is measured on the `unseen_articles` development articles of unseen sources, cross-fitted: calibrated without the
    articles measured. `dev_macro_f1` is measured on all development articles, for fp32 and int8.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    calibration: Calibration
    gate: Gate | None
    label_sets: LabelSets | None
    confusion: Confusion | None = None
    unseen: dict[str, dict[str, Any]]
    unseen_articles: int
    dev_macro_f1: dict[str, dict[str, float]]


def write_onnx(trained: TrainedModel, dev: Sequence[Example], fp32: Path, int8: Path) -> None:
    """Export encoder and heads to ONNX files `fp32` and `int8`; windows of `dev` give the activation peaks.

    The encoder of a bundle is in int8 already, so both files are the same.
    """
    encoder = trained.encoder.model
    if isinstance(encoder, BundleEncoder):
        encoder.save_with_heads(trained.fitted.tokens.heads, int8)
        shutil.copyfile(int8, fp32)
        return
    export_fp32(trained.fitted.tokens, fp32, framed_windows(trained.encoder, dev))
    quantise(fp32, int8)


def calibrate_export(
    trained: TrainedModel,
    dev: Sequence[Example],
    extra: Sequence[Example],
    fp32: Path,
    int8: Path,
    unseen: NDArray[np.bool_],
) -> Calibrated:
    """Calibrate the int8 model on `dev` plus `extra`, and compare it with fp32 on `dev`.

    Fits label sets on the examples of `dev` where `unseen` (n,) is true. Raises ReleaseError if int8 is significantly worse
    than fp32 (`check_int8`).
    """
    wide = trained.wide.predict(dev)
    bias = trained.fitted.bias
    deep = {"int8": deep_logits(int8, trained, dev) + bias}
    deep["fp32"] = deep["int8"] if isinstance(trained.encoder.model, BundleEncoder) else deep_logits(fp32, trained, dev) + bias
    examples = [*dev, *extra]
    int8_logits = deep["int8"]
    if extra:
        int8_logits = np.concatenate([int8_logits, deep_logits(int8, trained, extra) + bias])
    taxonomy, targets, wide_logits = trained.taxonomy, [e.targets for e in examples], trained.wide.predict(examples)
    calibration = fit_calibration(int8_logits, wide_logits, targets, taxonomy)
    labels = {name: development_labels(calibration, logits, wide, dev, taxonomy) for name, logits in deep.items()}
    rows = np.flatnonzero(unseen)
    held_out = cross_fitted_labels(int8_logits, wide_logits, targets, taxonomy, rows)
    check_int8(labels["fp32"], labels["int8"], fp32)
    return Calibrated(
        calibration=calibration,
        gate=_fit_gate(calibration, deep["int8"], wide, trained, dev),
        label_sets=fit_label_sets(int8_logits, wide_logits, targets, taxonomy, unseen),
        confusion=fit_confusion(int8_logits, wide_logits, targets, taxonomy, unseen),
        unseen={task: macro_f1_with_interval(*pair) for task, pair in held_out.items() if len(pair[0])},
        unseen_articles=len(rows),
        dev_macro_f1={
            name: {task: macro_f1(truth, predicted) for task, (truth, predicted) in by_task.items()}
            for name, by_task in labels.items()
        },
    )


# True and predicted labels by task, each of shape (n, labels of the task).
Labels = dict[str, tuple[BoolArray, BoolArray]]


def check_int8(fp32: Labels, int8: Labels, fp32_model: Path) -> None:
    """Raise ReleaseError if int8 loses more than MAX_INT8_LOSS on a task and the loss is significant.

    Significant: the 95 % interval of the difference, from a paired bootstrap over articles, lies below zero, so a few changed
    labels do not count. The message names the file `fp32_model`.
    """
    for task, (truth, predicted) in int8.items():
        loss = macro_f1(truth, fp32[task][1]) - macro_f1(truth, predicted)
        if loss <= MAX_INT8_LOSS:
            continue
        high = np.quantile(paired_differences(truth, predicted, fp32[task][1], np.arange(len(truth))), 0.975)
        if high < 0:
            raise ReleaseError(
                f"int8 loses {100 * loss:.2f} points of macro-F1 on {task} (at least {-100 * high:.2f} with 97.5 % confidence), "
                f"more than {100 * MAX_INT8_LOSS:.1f}; the fp32 model is at {fp32_model}"
            )


def _fit_gate(
    calibration: Calibration,
    deep: NDArray[np.float32],
    wide: NDArray[np.float32],
    trained: TrainedModel,
    dev: Sequence[Example],
) -> Gate | None:
    """Fit the gate to the model's labels on development articles labelled for the gate's task; None without such a task."""
    taxonomy = trained.taxonomy
    task = taxonomy.gate_task
    if task is None:
        return None
    truth = truth_of([e.targets for e in dev], task)
    known = labelled_rows(truth)
    predicted = calibration.labels(deep, wide, taxonomy)[task.key][known].any(axis=1)
    # The bundle's linear part has no intercept; its bias includes it.
    bundle_wide = ((wide - trained.wide.intercept) * calibration.ratios[task.key])[known][:, taxonomy.columns()[task.key]]
    return fit_gate(task.key, bundle_wide, np.asarray(predicted), np.asarray((truth[known] == 1).any(axis=1)))


def write_bundle(
    trained: TrainedModel, calibrated: Calibrated, int8: Path, recipe: Recipe, prints: dict[str, Fingerprint], folder: Path
) -> Manifest:
    """Write all files of a bundle except the card, and return its manifest.

    Raises ReleaseError if the bundle exceeds the recipe's `max_megabytes`.
    """
    calibration = calibrated.calibration
    folder.mkdir(parents=True, exist_ok=True)
    trained.encoder.tokenizer.save(str(folder / TOKENIZER_FILE))
    shutil.copyfile(int8, folder / MODEL_FILE)
    _write_wide(trained, calibration, folder / WIDE_FILE)
    columns = trained.taxonomy.columns()
    bias = trained.fitted.bias
    manifest = Manifest(
        name=recipe.name,
        version=recipe.version,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        taxonomy=trained.taxonomy.to_dict(),
        thresholds=calibration.thresholds,
        temperatures={task: round(t, 6) for task, t in calibration.temperatures.items()},
        bias={
            task: [
                float(deep_bias + calibration.ratios[task] * intercept + calibrated_bias)
                for deep_bias, intercept, calibrated_bias in zip(
                    bias[columns[task]], trained.wide.intercept[columns[task]], calibration.biases[task], strict=True
                )
            ]
            for task in trained.taxonomy.keys
        },
        gate=calibrated.gate,
        label_sets=calibrated.label_sets,
        confusion=calibrated.confusion,
        max_tokens=trained.encoder.max_tokens,
        encoder=_describe_encoder(trained, recipe),
        data=prints,
        metrics={},
        files={name: sha256(folder / name) for name in (MODEL_FILE, TOKENIZER_FILE, WIDE_FILE)},
    )
    size = megabytes(manifest, folder)
    if recipe.max_megabytes is not None and size > recipe.max_megabytes:
        raise ReleaseError(
            f"{recipe.name}: the bundle has {size:.1f} MB, more than {recipe.max_megabytes:g}; "
            "keep fewer layers or features, or raise max_megabytes in the recipe"
        )
    write_manifest(manifest, folder)
    return manifest


def _describe_encoder(trained: TrainedModel, recipe: Recipe) -> str:
    model = trained.encoder.model
    if isinstance(model, BundleEncoder):
        encoder = model.bundle.manifest.encoder
        return f"{encoder}; heads fitted again" if recipe.train.epochs else encoder
    description = f"{trained.encoder.name}, {model.config.num_hidden_layers} layers"
    if not is_fused(model):
        return description
    kept, total = (sum(map(len, heads(trained.fitted.tokens))) for heads in (active_heads, all_heads))
    return description if kept == total else f"{description}, {kept} of {total} attention heads"


def megabytes(manifest: Manifest, folder: Path) -> float:
    """Size of a bundle's files in MB (10**6 bytes)."""
    return sum((folder / name).stat().st_size for name in manifest.files) / 1e6


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write the manifest into a bundle's folder."""
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest.model_dump(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def centre_heads(trained: TrainedModel) -> None:
    """Subtract the mean over labels from value head, biases and wide weights of each `one` task, in place.

    The softmax stays the same, but a sentence's share of a label's logit then measures evidence for this label over the
    others.
    """
    for task, columns in zip(trained.taxonomy.tasks, trained.taxonomy.columns().values(), strict=True):
        if task.many:
            continue
        with torch.no_grad():
            rows = trained.fitted.tokens.heads.value.weight[columns]
            rows -= rows.mean(dim=0, keepdim=True)
        for array in (trained.fitted.bias, trained.wide.intercept):
            array[columns] -= array[columns].mean()
        weight = trained.wide.wide.weight
        weight[:, columns] -= weight[:, columns].mean(axis=1, keepdims=True)


def framed_windows(encoder: Encoder, examples: Sequence[Example]) -> list[NDArray[np.int32]]:
    """All windows of the examples as encoder inputs: token ids with special tokens."""
    bos, eos = frame_ids(encoder.tokenizer)
    ids = [e.encoded.ids[start:stop] for e in examples for start, stop in e.encoded.windows]
    return [np.concatenate([[bos], window, [eos]]).astype(np.int32) for window in ids]


def deep_logits(model: Path, trained: TrainedModel, examples: Sequence[Example]) -> NDArray[np.float32]:
    """Deep logits without bias, shape (n, n_labels), by the serving runtime on the ONNX file `model`."""
    runtime = Runtime.load(model, trained.encoder.tokenizer)
    outputs = runtime.run([e.encoded.ids[start:stop] for e in examples for start, stop in e.encoded.windows])
    columns = trained.taxonomy.columns()
    rows = []
    for example in examples:
        pieces = [next(outputs) for _ in example.encoded.windows]
        attention, value = (np.concatenate([p[k] for p in pieces]) for k in (0, 1))
        rows.append(token_logits(attention, value, columns).sum(axis=0))
    return np.stack(rows)


def development_labels(
    calibration: Calibration, deep: NDArray[np.float32], wide: NDArray[np.float32], dev: Sequence[Example], taxonomy: Taxonomy
) -> Labels:
    """True and predicted labels by task, shape (n, labels of the task), of the development articles labelled for the task."""
    predicted = calibration.labels(deep, wide, taxonomy)
    return {task.key: labelled_pair([e.targets for e in dev], predicted[task.key], task) for task in taxonomy.tasks}


def _write_wide(trained: TrainedModel, calibration: Calibration, path: Path) -> None:
    weight = trained.wide.wide.weight.copy()
    for task, columns in trained.taxonomy.columns().items():
        weight[:, columns] *= calibration.ratios[task]
    save_file({"keys": trained.wide.wide.keys, "idf": trained.wide.wide.idf, "weight": weight.astype(np.float16)}, path)
