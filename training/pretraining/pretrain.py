"""Continued pretraining: masked language modelling on unlabelled articles of the kind that the model will label.

As in Gururangan et al. 2020 ("Don't stop pretraining"). To see whether it helps, train with it and without, and compare on
the development split.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import PrinterCallback, Trainer, TrainerCallback, set_seed
from transformers.trainer_utils import get_last_checkpoint

from sorot.data.article import Reject
from sorot.data.atomic_files import write_atomically
from sorot.data.errors import SorotError
from sorot.data.prepare import prepare
from sorot.data.reading.columns import Columns
from sorot.data.reading.readers import read_file
from sorot.data.taxonomy import load_taxonomy
from sorot.data.text.windows import encode_article
from sorot.serving.model.bundle import sha256
from sorot.training.input.batches import first
from sorot.training.input.sources import guarded_texts, words_of
from sorot.training.models.finetune import choose_attention, training_arguments
from sorot.training.pretrain_recipe import MaskSection, PretrainRecipe
from sorot.training.pretraining.masked_model import MaskedEncoder, load_masked, masked_loss, mean_loss
from sorot.training.pretraining.masking import IdArray, MaskedWindows

Say = Callable[[str], None]
STATE_FILE = "pretrain.json"
MIN_TOKENS = 8
LOG_STEPS = 10
PROGRESS_ARTICLES = 5000


class PretrainError(SorotError):
    """The encoder cannot be pretrained; the message names the file or folder and the fix."""


@dataclass(frozen=True, slots=True)
class Pretrained:
    """The encoder's folder, and its masked loss on held-out articles before and after, in nats per token."""

    folder: Path
    before: float
    after: float


def continue_pretraining(recipe: PretrainRecipe, say: Say) -> Pretrained:
    """Pretrain by a recipe and write a Hugging Face folder, to be named as `[encoder] name` in a training recipe.

    Resumes an interrupted run from its last checkpoint and skips a finished one. Raises PretrainError if files are missing,
    too few articles remain or the output folder holds something else, and
    sorot.training.models.e5_file.EncoderSourceError if the encoder cannot be loaded.
    """
    paths = [Path(name) for name in recipe.files]
    for path in paths:
        if not path.is_file():
            raise PretrainError(f"{path}: no such file; correct the path in the recipe")
    folder = Path(recipe.output)
    inputs = {"recipe": recipe.model_dump(mode="json"), "files": {path.as_posix(): sha256(path) for path in paths}}
    state = _open_output(folder, inputs)
    if "after" in state:
        say(f"{folder}: already pretrained by this recipe")
        return Pretrained(folder, state["before"], state["after"])
    set_seed(recipe.train.seed)
    encoder = load_masked(recipe.encoder)
    train, held = _read_windows(recipe, paths, encoder, say)
    choose_attention(encoder.model)
    checkpoints = folder / "checkpoints"
    if "before" not in state:
        state = {**inputs, "before": mean_loss(encoder.model, held)}
        _write_state(folder, state)
    say(f"masked loss on held-out articles before: {state['before']:.4f}")
    _train(encoder, train, recipe.train, checkpoints, say)
    after = mean_loss(encoder.model, held)
    say(f"masked loss on held-out articles after: {after:.4f}")
    encoder.model.save_pretrained(folder)
    encoder.tokenizer.save_pretrained(folder)
    _write_state(folder, {**state, "after": after})
    shutil.rmtree(checkpoints, ignore_errors=True)
    return Pretrained(folder, state["before"], after)


def _open_output(folder: Path, inputs: dict[str, Any]) -> dict[str, Any]:
    """State of an earlier run with the same inputs, else a new one. Raises PretrainError if the folder holds anything else."""
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        file = folder / STATE_FILE
        try:
            state: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            state = {}
        if not isinstance(state, dict) or {key: state.get(key) for key in inputs} != inputs:
            raise PretrainError(
                f"{folder}: holds something other than a run of this recipe on these files; name another output or delete it"
            )
        return state
    folder.mkdir(parents=True, exist_ok=True)
    _write_state(folder, inputs)
    return inputs


def _write_state(folder: Path, state: dict[str, Any]) -> None:
    write_atomically(folder / STATE_FILE, json.dumps(state, indent=1) + "\n")


def _read_windows(
    recipe: PretrainRecipe, paths: list[Path], encoder: MaskedEncoder, say: Say
) -> tuple[MaskedWindows, MaskedWindows]:
    """Training and held-out windows of the cleaned articles, without duplicates and articles of `never_train_on`."""
    taxonomy = load_taxonomy(Path(recipe.taxonomy) if recipe.taxonomy else None)
    for name in recipe.never_train_on:
        if not Path(name).is_file():
            say(f"{name} is absent: none of its articles can be excluded")
    seen = set(guarded_texts(recipe.never_train_on, taxonomy))
    n_guarded, n_excluded, rejects = len(seen), 0, 0
    articles: list[list[IdArray]] = []
    for path in paths:
        for item in read_file(path, Columns()):
            if isinstance(item, Reject):
                rejects += 1
                continue
            article = prepare(item, detect=False)
            words = words_of(article)
            if words in seen:
                n_excluded += 1
                continue
            seen.add(words)
            encoded = encode_article(article, encoder.bare, encoder.max_tokens)
            windows = [encoded.ids[start:stop] for start, stop in encoded.windows]
            articles.append([w for w in windows if len(w) >= MIN_TOKENS])
            if len(articles) % PROGRESS_ARTICLES == 0:
                say(f"{len(articles)} articles read")
    articles = [windows for windows in articles if windows]
    say(
        f"{len(articles)} articles to learn from; excluded: {n_excluded} that are duplicates or among {n_guarded} held-out texts "
        f"and {rejects} unreadable"
    )
    if len(articles) < 2:
        raise PretrainError(f"{', '.join(map(str, paths))}: fewer than two articles to learn from; name files with more articles")
    rng = np.random.default_rng(recipe.train.seed)
    held = set(rng.permutation(len(articles))[: max(1, round(recipe.held_out * len(articles)))].tolist())

    def batches(numbers: list[int]) -> MaskedWindows:
        return MaskedWindows(
            [w for n in numbers for w in articles[n]], encoder.bare, special=encoder.special, mask=encoder.mask,
            share=recipe.train.mask_share, batch_tokens=recipe.train.batch_tokens, seed=recipe.train.seed,
        )  # fmt: skip

    return batches([n for n in range(len(articles)) if n not in held]), batches(sorted(held))


class _MaskedTrainer(Trainer):  # type: ignore[misc]
    """Trainer over batch numbers; each batch is masked when it is used.

    The Trainer fetches batches one ahead of the checkpoint, so masking depends on the step rather than on a generator: a
    resumed run masks the same tokens.
    """

    def __init__(self, windows: MaskedWindows, **arguments: Any) -> None:
        super().__init__(
            train_dataset=[{"index": torch.tensor(i)} for i in range(len(windows))], data_collator=first, **arguments
        )
        self.windows = windows

    def compute_loss(self, model: Any, inputs: dict[str, Tensor], *_: object, **__: object) -> Tensor:
        batch = self.windows.masked(int(inputs["index"]), self.state.global_step + 1)
        return masked_loss(model, {name: tensor.to(model.device) for name, tensor in batch.items()})

    def floating_point_ops(self, inputs: object) -> int:
        del inputs
        return 0


class _ReportProgress(TrainerCallback):  # type: ignore[misc]
    """Reports step and loss to `say`."""

    def __init__(self, say: Say) -> None:
        self.say = say

    def on_log(self, args: object, state: Any, control: object, logs: dict[str, float] | None = None, **_: object) -> None:
        del args, control
        if logs and "loss" in logs:
            self.say(f"step {state.global_step} of {state.max_steps}: masked loss {float(logs['loss']):.4f}")


def _train(encoder: MaskedEncoder, batches: MaskedWindows, section: MaskSection, checkpoints: Path, say: Say) -> None:
    last = get_last_checkpoint(str(checkpoints)) if checkpoints.is_dir() else None
    if last:
        say(f"resuming from {Path(last).name}")
    trainer = _MaskedTrainer(
        batches,
        model=encoder.model,
        args=training_arguments(
            checkpoints,
            section,
            logging_steps=LOG_STEPS,
            report_to=[],
            max_steps=section.max_steps or -1,
            weight_decay=section.weight_decay,
            disable_tqdm=True,
        ),
        callbacks=[_ReportProgress(say)],
    )
    trainer.remove_callback(PrinterCallback)
    with redirect_stdout(sys.stderr):
        trainer.train(resume_from_checkpoint=last)
