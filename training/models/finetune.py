"""Fine-tune the deep part with the Hugging Face Trainer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import PreTrainedModel, Trainer, TrainerCallback, TrainerControl, TrainerState, TrainingArguments, set_seed
from transformers.trainer_utils import get_last_checkpoint

from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import Taxonomy
from sorot.data.text.windows import encode_article
from sorot.training.input.batches import BatchDataset, Example, Targets, first, labelled_rows, make_targets, truth_of
from sorot.training.input.encoded import encode_rows, encoded_table
from sorot.training.models.deep import ArticleModel, TokenModel
from sorot.training.models.encoder import Encoder
from sorot.training.models.pretrained import layer_list
from sorot.training.models.trackers import name_trackers
from sorot.training.pretrain_recipe import MaskSection
from sorot.training.recipe import TrainSection


@dataclass(frozen=True, slots=True)
class Fitted:
    """The fine-tuned token model (in evaluation mode), the bias of each label, shape (n_labels,), and the Trainer's log."""

    tokens: TokenModel
    bias: NDArray[np.float32]
    history: tuple[dict[str, float], ...] = ()


def make_examples(rows: list[LabelledArticle], encoder: Encoder, taxonomy: Taxonomy) -> list[Example]:
    """Encode labelled articles; those without a single token are left out."""
    examples = [
        Example(encode_article(row.article, encoder.tokenizer, encoder.max_tokens), make_targets(row, taxonomy)) for row in rows
    ]
    return [e for e in examples if e.encoded.n_tokens]


def class_weights(targets: list[Targets], taxonomy: Taxonomy, power: float) -> Tensor:
    """One factor per label: (negatives / positives) ** power in `many` tasks, (mean count / count) ** power in `one` tasks.

    Power 0 is no weighting, 1 full balance; labels that never occur get 1.
    """
    parts = []
    for task in taxonomy.tasks:
        truth = truth_of(targets, task)
        known = truth[labelled_rows(truth)]
        if task.many:
            positives = known.sum(axis=0)
            ratio = (len(known) - positives) / np.maximum(positives, 1)
        else:
            positives = np.bincount(known, minlength=len(task.keys)).astype(float)
            ratio = positives.mean() / np.maximum(positives, 1)
        parts.append(np.where(positives > 0, ratio, 1.0) ** power)
    return torch.tensor(np.concatenate(parts), dtype=torch.float32)


class _LayerwiseTrainer(Trainer):  # type: ignore[misc]
    """Trainer with learning rates that fall from the heads down to the embeddings."""

    def __init__(self, section: TrainSection, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.section = section

    def create_optimizer(self, model: ArticleModel | None = None) -> torch.optim.Optimizer:
        self.optimizer: torch.optim.Optimizer | None
        if self.optimizer is None:
            self.optimizer = make_optimizer(model or self.model, self.section)
        return self.optimizer


class _EpochTold(TrainerCallback):  # type: ignore[misc]
    """Tells the batches which epoch it is."""

    def __init__(self, dataset: BatchDataset) -> None:
        self.dataset = dataset

    def on_epoch_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **rest: Any) -> None:
        del args, control, rest
        self.dataset.epoch = int(state.epoch or 0)


def make_optimizer(model: ArticleModel, section: TrainSection) -> torch.optim.Optimizer:
    """AdamW over `parameter_groups`."""
    return torch.optim.AdamW(parameter_groups(model, section), betas=(0.9, 0.98), eps=1e-6, fused=True)


def parameter_groups(model: ArticleModel, section: TrainSection) -> list[dict[str, Any]]:
    """Optimiser groups: heads at their own rate, layer i of n at rate * decay ** (n - 1 - i), embeddings lowest.

    Layer-wise decay as in Howard and Ruder 2018 ("ULMFiT"); vectors (biases, norms) get no weight decay. What an encoder
    has above its layers (a last norm) learns at the rate of the uppermost.
    """
    path, layers = layer_list(model.tokens.encoder)
    inside = f"tokens.encoder.{path}."
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if not name.startswith("tokens.encoder."):
            rate = section.head_learning_rate
        elif name.startswith(inside):
            depth = int(name.removeprefix(inside).split(".")[0])
            rate = section.learning_rate * section.layer_decay ** (layers - 1 - depth)
        elif "embed" in name:
            rate = section.learning_rate * section.layer_decay**layers
        else:
            rate = section.learning_rate
        decay = section.weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    return [{"params": p, "lr": rate, "weight_decay": decay} for (rate, decay), p in groups.items()]


def fit_deep(
    encoder: Encoder,
    rows: list[LabelledArticle],
    taxonomy: Taxonomy,
    section: TrainSection,
    folder: Path,
    *,
    soft: Sequence[Example] = (),
) -> Fitted:
    """Fine-tune encoder and heads on `rows` and on the soft labels of `soft`.

    Checkpoints go to `folder` and an interrupted run goes on from the last.

    Mixed bf16 is used where the CPU has it (`bf16 = "auto"`), as fp32 is faster where it is emulated.
    """
    set_seed(section.seed)
    model, dataset = make_trainable(encoder, rows, taxonomy, section, soft=soft, cache=folder)
    history = train_on_batches(model, dataset, section, folder, trainer=partial(_LayerwiseTrainer, section))
    model.eval()
    return Fitted(model.tokens, model.bias.detach().cpu().numpy().copy(), history)


def train_on_batches(
    model: torch.nn.Module,
    dataset: BatchDataset,
    section: TrainSection,
    folder: Path,
    *,
    trainer: Callable[..., Trainer] = Trainer,
    **own: Any,
) -> tuple[dict[str, float], ...]:
    """Train a model, from the last checkpoint in `folder` where there is one, and return the Trainer's log.

    `own` are arguments of the Trainer beside those of `training_arguments`. Raises RecipeError for a tracker that cannot begin.
    """
    made = trainer(
        model=model,
        args=training_arguments(
            folder, section, logging_steps=25, report_to=list(section.trackers), label_names=["target", "known"], **own
        ),
        train_dataset=dataset,
        data_collator=first,
        callbacks=[_EpochTold(dataset)],
    )
    name_trackers(made, section.trackers)
    last = get_last_checkpoint(str(folder)) if folder.is_dir() else None
    # The Trainer prints its log; standard output is for results.
    with redirect_stdout(sys.stderr):
        made.train(resume_from_checkpoint=last)
    return tuple(made.state.log_history)


def training_arguments(folder: Path, section: TrainSection | MaskSection, **own: Any) -> TrainingArguments:
    """What all training here asks of the Trainer, one batch of our own making a step; `own` is what a kind of training adds."""
    return TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=1,
        num_train_epochs=section.epochs,
        learning_rate=section.learning_rate,
        warmup_steps=section.warmup,
        lr_scheduler_type="linear",
        max_grad_norm=1.0,
        bf16=use_bf16(section.bf16),
        use_cpu=not torch.cuda.is_available(),
        save_strategy="steps",
        save_steps=section.checkpoint_steps,
        save_total_limit=1,
        remove_unused_columns=False,
        dataloader_pin_memory=False,
        seed=section.seed,
        **own,
    )


def choose_attention(model: PreTrainedModel) -> None:
    """Have CPUs do without fused attention: its backward pass is slow, a step of short texts takes three quarters of the time."""
    if not torch.cuda.is_available():
        model.set_attn_implementation("eager")


def make_trainable(
    encoder: Encoder,
    rows: list[LabelledArticle],
    taxonomy: Taxonomy,
    section: TrainSection,
    *,
    soft: Sequence[Example] = (),
    cache: Path | None = None,
) -> tuple[ArticleModel, BatchDataset]:
    """The model before its first step, and the batches of an epoch; encoded articles are kept in `cache`, if given."""
    articles = encode_rows(rows, encoder.tokenizer, encoder.max_tokens, taxonomy, cache)
    if soft:
        articles = datasets.concatenate_datasets([articles, encoded_table(soft, taxonomy)])
    dataset = make_batches(articles, encoder, section)
    set_dropout(encoder.model, section.dropout)
    choose_attention(encoder.model)
    targets = [make_targets(row, taxonomy) for row in rows for _ in range(row.repeat)]
    weights = class_weights(targets, taxonomy, section.class_weight_power)
    tokens = TokenModel(encoder.model, taxonomy, section.dropout)
    return ArticleModel(tokens, taxonomy, weights, section.evidence_weight), dataset


def make_batches(articles: datasets.Dataset, encoder: Encoder, section: TrainSection) -> BatchDataset:
    """The batches of an epoch."""
    return BatchDataset(
        articles, special=encoder.special, batch_tokens=section.batch_tokens, crop_tokens=section.crop_tokens,
        max_tokens=encoder.max_tokens, seed=section.seed,
    )  # fmt: skip


def set_dropout(encoder: PreTrainedModel, share: float) -> None:
    """Set hidden dropout to `share` and attention dropout to 0, as noise for every pair of tokens costs more than it gives."""
    for name, module in encoder.named_modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0 if name.endswith(("self.dropout", "attention_dropout")) else share
        # ModernBERT keeps the share of its attention's as a number.
        elif isinstance(getattr(module, "attention_dropout", None), float):
            module.attention_dropout = 0.0


def use_bf16(choice: str) -> bool:
    """Whether to train in mixed bf16: 'yes', 'no', or 'auto' for where the processor multiplies it natively."""
    if choice != "auto":
        return choice == "yes"
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    cpuinfo = Path("/proc/cpuinfo")
    return cpuinfo.is_file() and "avx512_bf16" in cpuinfo.read_text()
