"""Estimate time and memory of a run by timing a few training steps on this machine."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from sorot.data.labels.records import LabelledArticle
from sorot.training.distillation.shorten import make_layer_pair, shorten
from sorot.training.input.batches import BatchDataset
from sorot.training.models.deep import TokenModel
from sorot.training.models.finetune import make_examples, make_optimizer, make_trainable, use_bf16
from sorot.training.pipeline.context import Run
from sorot.training.recipe import Recipe

# Batches are sorted by length, so evenly spaced ones represent all.
SAMPLE_STEPS = 8


@dataclass(frozen=True, slots=True)
class TrainingEstimate:
    """`steps` of fine-tuning at `seconds` each; `gigabytes` (10**9 bytes) is the peak memory of the timed steps."""

    rows: int
    steps: int
    seconds: float
    gigabytes: float
    device: str

    def in_words(self) -> str:
        """The estimate as one sentence."""
        minutes = self.steps * self.seconds / 60
        span = f"{minutes / 60:.1f} hours" if minutes > 120 else f"{minutes:.0f} minutes" if minutes >= 1 else "under a minute"
        return (
            f"{self.rows} rows an epoch, {self.steps} steps of {self.seconds:.2f} s each: about {span} of fine-tuning "
            f"and {self.gigabytes:.1f} GB of memory on this {self.device}; reading, export and evaluation take extra time"
        )


def estimate_run(recipe: Recipe, folder: Path, say: Callable[[str], None]) -> TrainingEstimate:
    """Time SAMPLE_STEPS full training steps after one warm-up step, without saving anything. Raises SorotError like `Run`."""
    run = Run(recipe, folder, say)
    rows = list(run.data.train)
    torch.manual_seed(recipe.train.seed)
    model, dataset, optimizer = _prepare(run, rows)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model.to(device).train()
    chosen = np.linspace(0, len(dataset) - 1, min(SAMPLE_STEPS, len(dataset))).round().astype(int)
    say(f"measuring {len(chosen)} of {len(dataset)} batches")
    start = 0.0
    for number, index in enumerate([chosen[-1], *chosen]):
        if number == 1:
            start = time.monotonic()
        batch = {name: value.to(device) for name, value in dataset[int(index)].items()}
        with torch.autocast(device, torch.bfloat16, enabled=use_bf16(recipe.train.bf16)):
            loss = model(**batch)["loss"]
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        # Reading the loss waits for the device.
        float(loss.detach())
    seconds = (time.monotonic() - start) / len(chosen)
    memory = torch.cuda.max_memory_allocated() if device == "cuda" else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return TrainingEstimate(
        rows=sum(row.repeat for row in rows),
        steps=round(len(dataset) * recipe.train.epochs) if recipe.distil is None else _distil_steps(run, len(dataset)),
        seconds=seconds,
        gigabytes=memory / 1e9,
        device="GPU" if device == "cuda" else "CPU",
    )


def _prepare(run: Run, rows: list[LabelledArticle]) -> tuple[torch.nn.Module, BatchDataset, torch.optim.Optimizer]:
    """The model to train, its batches without those of a pool, and the optimiser."""
    recipe = run.recipe
    if run.distil_teacher is None or recipe.distil is None:
        model, dataset = make_trainable(run.load_encoder(recipe.encoder), rows, run.taxonomy, recipe.train)
        return model, dataset, make_optimizer(model, recipe.train)
    encoder = run.load_encoder(run.distil_teacher.recipe.encoder)
    # Time does not depend on the weights, so the teacher need not be trained yet.
    teacher = TokenModel(encoder.model, run.taxonomy, dropout=0.0)
    pair, dataset = make_layer_pair(
        encoder,
        teacher,
        shorten(teacher, recipe.distil.layers, run.taxonomy),
        make_examples(rows, encoder, run.taxonomy),
        run.taxonomy,
        recipe.distil,
        recipe.train,
    )
    return pair, dataset, torch.optim.AdamW(pair.parameters())


def _distil_steps(run: Run, batches: int) -> int:
    """Steps over `batches` of labelled articles and those of the pool, assuming that each pool article fills its crop."""
    section, train = run.recipe.distil, run.recipe.train
    if section is None:
        raise ValueError("the recipe shortens no encoder")
    pool = len(run.distil_files) * section.articles * train.crop_tokens / train.batch_tokens
    return round((batches + pool) * section.epochs)
