"""Put a bundle together: fused ONNX, int8 checked against fp32, calibration, hashes, manifest."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from safetensors.numpy import save_file

from sorot.data.errors import SorotError
from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.model.bundle import sha256
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
from sorot.serving.model.runtime import Runtime, frame_ids
from sorot.training.export.calibrate import Calibration, fit_calibration
from sorot.training.export.gate_fit import fit_gate
from sorot.training.export.label_sets import fit_label_sets
from sorot.training.export.onnx_export import export_fp32, is_fused, quantise
from sorot.training.input.batches import Example, labelled_rows, truth_of
from sorot.training.measure.comparison import paired_differences
from sorot.training.measure.metrics import BoolArray, macro_f1, one_hot
from sorot.training.models.encoder import Encoder
from sorot.training.models.finetune import Fitted
from sorot.training.models.head_pruning import active_heads, all_heads
from sorot.training.models.wide_fit import FittedWide
from sorot.training.recipe import Recipe

# Loss of development macro-F1, of 1, that int8 may cost on any task even where it is beyond chance.
MAX_INT8_LOSS = 0.005


class ReleaseError(SorotError):
    """A bundle is not good enough to be put together; the message says which measure failed."""


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """What a bundle is made of."""

    encoder: Encoder
    fitted: Fitted
    wide: FittedWide
    taxonomy: Taxonomy


class Calibrated(BaseModel):
    """The numbers fitted on development articles, the gate, and how int8 compares with fp32 under them."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    calibration: Calibration
    gate: Gate | None
    label_sets: LabelSets | None
    dev_macro_f1: dict[str, dict[str, float]]


def write_onnx(trained: TrainedModel, dev: Sequence[Example], fp32: Path, int8: Path) -> None:
    """Write the encoder and its heads as ONNX, in fp32 and in int8; windows of `dev` show which channels are large."""
    export_fp32(trained.fitted.tokens, fp32, framed_windows(trained.encoder, dev))
    quantise(fp32, int8)


def calibrate_export(
    trained: TrainedModel,
    dev: Sequence[Example],
    beside: Sequence[Example],
    fp32: Path,
    int8: Path,
    unseen: NDArray[np.bool_],
) -> Calibrated:
    """Calibrate on `dev` and `beside` together what int8 gives, and check it on `dev` against fp32.

    Label sets are fitted on the examples of `dev` that `unseen` (n,) is true for.

    Raises ReleaseError where int8 is significantly worse than fp32 (`check_int8`).
    """
    wide = trained.wide.predict(dev)
    bias = trained.fitted.bias
    deep = {name: deep_logits(path, trained, dev) + bias for name, path in (("fp32", fp32), ("int8", int8))}
    both = [*dev, *beside]
    joined = deep["int8"]
    if beside:
        joined = np.concatenate([joined, deep_logits(int8, trained, beside) + bias])
    calibration = fit_calibration(joined, trained.wide.predict(both), [e.targets for e in both], trained.taxonomy)
    taxonomy = trained.taxonomy
    given = {name: development_labels(calibration, logits, wide, dev, taxonomy) for name, logits in deep.items()}
    check = {name: {task: macro_f1(truth, found) for task, (truth, found) in labels.items()} for name, labels in given.items()}
    check_int8(given["fp32"], given["int8"], fp32)
    return Calibrated(
        calibration=calibration,
        gate=_fit_gate(calibration, deep["int8"], wide, trained, dev),
        label_sets=fit_label_sets(joined, trained.wide.predict(both), [e.targets for e in both], taxonomy, unseen),
        dev_macro_f1=check,
    )


Labels = dict[str, tuple[BoolArray, BoolArray]]


def check_int8(fp32: Labels, int8: Labels, kept: Path) -> None:
    """Raise ReleaseError where int8 loses more than MAX_INT8_LOSS on a task and chance does not explain it.

    Both have true and given labels by task, (n, labels of the task). Significant means that the 95 % interval of a paired
    bootstrap over the articles lies below zero: a few articles that change their label say nothing. `kept` is the fp32 model.
    """
    for task, (truth, found) in int8.items():
        loss = macro_f1(truth, fp32[task][1]) - macro_f1(truth, found)
        if loss <= MAX_INT8_LOSS:
            continue
        high = np.quantile(paired_differences(truth, found, fp32[task][1], np.arange(len(truth))), 0.975)
        if high < 0:
            raise ReleaseError(
                f"int8 loses {100 * loss:.2f} points of macro-F1 on {task} (at least {-100 * high:.2f} with 97.5 % confidence), "
                f"more than {100 * MAX_INT8_LOSS:.1f}; the fp32 model is kept at {kept}"
            )


def _fit_gate(
    calibration: Calibration,
    deep: NDArray[np.float32],
    wide: NDArray[np.float32],
    trained: TrainedModel,
    dev: Sequence[Example],
) -> Gate | None:
    """The gate by what the model finds in the development articles labelled for the gate's task; None without such a task."""
    taxonomy = trained.taxonomy
    task = taxonomy.gate_task
    if task is None:
        return None
    truth = truth_of([e.targets for e in dev], task)
    known = labelled_rows(truth)
    found = _labels_found(calibration, deep, wide, taxonomy, task)[known].any(axis=1)
    # As in the bundle, whose linear part has no intercept: that is in the bias.
    served = ((wide - trained.wide.intercept) * calibration.ratios[task.key])[known][:, taxonomy.columns()[task.key]]
    return fit_gate(task.key, served, np.asarray(found), np.asarray((truth[known] == 1).any(axis=1)))


def _labels_found(
    calibration: Calibration, deep: NDArray[np.float32], wide: NDArray[np.float32], taxonomy: Taxonomy, task: Task
) -> NDArray[np.bool_]:
    """Which labels of a `many` task each article is given, (n, labels of the task)."""
    thresholds = np.array([calibration.thresholds[task.key][label] for label in task.keys])
    return np.asarray(calibration.probabilities(deep, wide, taxonomy)[task.key] >= thresholds)


def write_bundle(
    trained: TrainedModel, calibrated: Calibrated, int8: Path, recipe: Recipe, prints: dict[str, Fingerprint], folder: Path
) -> Manifest:
    """Write all files of a bundle but its card, and return its manifest.

    Raises ReleaseError where the bundle is larger than the recipe allows.
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
                float(own + calibration.ratios[task] * intercept + extra)
                for own, intercept, extra in zip(
                    bias[columns[task]], trained.wide.intercept[columns[task]], calibration.biases[task], strict=True
                )
            ]
            for task in trained.taxonomy.keys
        },
        gate=calibrated.gate,
        label_sets=calibrated.label_sets,
        max_tokens=trained.encoder.max_tokens,
        encoder=_describe_encoder(trained),
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


def _describe_encoder(trained: TrainedModel) -> str:
    model = trained.encoder.model
    told = f"{trained.encoder.name}, {model.config.num_hidden_layers} layers"
    if not is_fused(model):
        return told
    kept, total = (sum(map(len, heads(trained.fitted.tokens))) for heads in (active_heads, all_heads))
    return told if kept == total else f"{told}, {kept} of {total} attention heads"


def megabytes(manifest: Manifest, folder: Path) -> float:
    """Size of a bundle's files in MB (10**6 bytes)."""
    return sum((folder / name).stat().st_size for name in manifest.files) / 1e6


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write the manifest of a bundle."""
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest.model_dump(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def centre_heads(trained: TrainedModel) -> None:
    """Take the mean over a softmax task's labels out of its value head, biases and wide weights.

    A softmax does not change by it; a sentence's share of a label's logit then says how much it speaks for that label
    rather than for the others, which is what evidence means.
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
    """All windows of the examples as the encoder reads them, their special tokens included."""
    bos, eos = frame_ids(encoder.tokenizer)
    ids = [e.encoded.ids[start:stop] for e in examples for start, stop in e.encoded.windows]
    return [np.concatenate([[bos], window, [eos]]).astype(np.int32) for window in ids]


def deep_logits(model: Path, trained: TrainedModel, examples: Sequence[Example]) -> NDArray[np.float32]:
    """Deep logits without bias, (n, n_labels), by the runtime that serves."""
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
    """True and given labels by task, (n, labels of the task) each, of the development articles labelled for it."""
    probabilities = calibration.probabilities(deep, wide, taxonomy)
    found_many = {task.key: _labels_found(calibration, deep, wide, taxonomy, task) for task in taxonomy.many_tasks}
    labels: Labels = {}
    for task in taxonomy.tasks:
        truth = truth_of([e.targets for e in dev], task)
        known = labelled_rows(truth)
        if task.many:
            labels[task.key] = truth[known] == 1, found_many[task.key][known]
            continue
        found = probabilities[task.key].argmax(axis=1)
        if task.default is not None and task.without is not None:
            found = np.where(found_many[task.without].any(axis=1), found, task.keys.index(task.default))
        n = len(task.keys)
        labels[task.key] = one_hot(truth[known], n), one_hot(found[known], n)
    return labels


def _write_wide(trained: TrainedModel, calibration: Calibration, path: Path) -> None:
    weight = trained.wide.wide.weight.copy()
    for task, columns in trained.taxonomy.columns().items():
        weight[:, columns] *= calibration.ratios[task]
    save_file({"keys": trained.wide.wide.keys, "idf": trained.wide.wide.idf, "weight": weight.astype(np.float16)}, path)
