"""Fine-tune the deep part of the model with the Hugging Face Trainer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from copy import deepcopy
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
from sorot.training.models.e5_file import EncoderSourceError
from sorot.training.models.encoder import Encoder
from sorot.training.models.pretrained import layer_list
from sorot.training.models.trackers import explain_tracker_errors
from sorot.training.pretrain_recipe import MaskSection
from sorot.training.recipe import RecipeError, TrainSection


@dataclass(frozen=True, slots=True)
class Fitted:
    """The fine-tuned token model (in evaluation mode), the bias of each label, shape (n_labels,), and the Trainer's log."""

    tokens: TokenModel
    bias: NDArray[np.float32]
    history: tuple[dict[str, float], ...] = ()


def make_examples(rows: list[LabelledArticle], encoder: Encoder, taxonomy: Taxonomy) -> list[Example]:
    """Encode labelled articles, skipping those without tokens."""
    examples = [
        Example(encode_article(row.article, encoder.tokenizer, encoder.max_tokens), make_targets(row, taxonomy)) for row in rows
    ]
    return [e for e in examples if e.encoded.n_tokens]


def class_weights(targets: list[Targets], taxonomy: Taxonomy, power: float) -> Tensor:
    """Class weights, shape (n_labels,).

    (negatives / positives) ** power for labels of `many` tasks, (mean count / count) ** power for `one` tasks; labels that
    never occur get 1. Power 0 means no weighting, 1 full balance.
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


class _SetEpoch(TrainerCallback):  # type: ignore[misc]
    """Sets the dataset's epoch, which selects the crops."""

    def __init__(self, dataset: BatchDataset) -> None:
        self.dataset = dataset

    def on_epoch_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **rest: Any) -> None:
        del args, control, rest
        self.dataset.epoch = int(state.epoch or 0)


def make_optimizer(model: ArticleModel, section: TrainSection) -> torch.optim.Optimizer:
    """AdamW over `parameter_groups`."""
    return torch.optim.AdamW(parameter_groups(model, section), betas=(0.9, 0.98), eps=1e-6, fused=True)


def parameter_groups(model: ArticleModel, section: TrainSection) -> list[dict[str, Any]]:
    """Optimiser groups: heads at their own rate, layer i of n at rate * decay ** (n - 1 - i), embeddings at rate * decay ** n.

    Layer-wise learning-rate decay as in Howard and Ruder 2018 ("ULMFiT"). Vectors (biases, norms) get no weight decay.
    Encoder parameters above the layers, such as a final norm, use the top layer's rate.
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

    Writes checkpoints to `folder` and resumes from the last one there. With `bf16 = "auto"`, trains in mixed bf16 only on
    processors that support it natively, because emulated bf16 is slower than fp32. Raises RecipeError if a tracker cannot
    start.
    """
    if not section.epochs and encoder.heads is None:
        raise RecipeError("train.epochs: 0 keeps the heads of a bundle, and this encoder has none; train for an epoch or more")
    set_seed(section.seed)
    model, dataset = make_trainable(encoder, rows, taxonomy, section, soft=soft, cache=folder)
    start = deepcopy(model.tokens.state_dict()) if section.start_share else {}
    learn = partial(train_on_batches, model, dataset, section, folder, make_trainer=partial(_LayerwiseTrainer, section))
    history = learn() if section.epochs else ()
    if start:
        trained = model.tokens.state_dict()
        model.tokens.load_state_dict(
            {name: section.start_share * start[name] + (1 - section.start_share) * array for name, array in trained.items()}
        )
    model.eval()
    return Fitted(model.tokens, model.bias.detach().cpu().numpy().copy(), history)


def train_on_batches(
    model: torch.nn.Module,
    dataset: BatchDataset,
    section: TrainSection,
    folder: Path,
    *,
    make_trainer: Callable[..., Trainer] = Trainer,
    **arguments: Any,
) -> tuple[dict[str, float], ...]:
    """Train a model and return the Trainer's log. Resumes from the last checkpoint in `folder`, if any.

    `arguments` are further TrainingArguments. Raises RecipeError if a tracker cannot start.
    """
    trainer = make_trainer(
        model=model,
        args=training_arguments(
            folder, section, logging_steps=25, report_to=list(section.trackers), label_names=["target", "known"], **arguments
        ),
        train_dataset=dataset,
        data_collator=first,
        callbacks=[_SetEpoch(dataset)],
    )
    explain_tracker_errors(trainer, section.trackers)
    last = get_last_checkpoint(str(folder)) if folder.is_dir() else None
    # The Trainer prints its log, but standard output is for results.
    with redirect_stdout(sys.stderr):
        trainer.train(resume_from_checkpoint=last)
    return tuple(trainer.state.log_history)


def training_arguments(folder: Path, section: TrainSection | MaskSection, **arguments: Any) -> TrainingArguments:
    """TrainingArguments shared by fine-tuning and pretraining, plus `arguments`. Batch size is 1: each item is a whole batch."""
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
        **arguments,
    )


def choose_attention(model: PreTrainedModel) -> None:
    """Switch off fused attention on CPUs: its backward pass is slow, and a step on short texts is a quarter faster without."""
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
    """The untrained model and the batches of one epoch. Caches encoded articles in the folder `cache`, if given."""
    articles = encode_rows(rows, encoder.tokenizer, encoder.max_tokens, taxonomy, cache)
    if soft:
        articles = datasets.concatenate_datasets([articles, encoded_table(soft, taxonomy)])
    dataset = make_batches(articles, encoder, section)
    set_dropout(encoder.model, section.dropout)
    choose_attention(encoder.model)
    targets = [make_targets(row, taxonomy) for row in rows for _ in range(row.repeat)]
    weights = class_weights(targets, taxonomy, section.class_weight_power)
    tokens = TokenModel(encoder.model, taxonomy, section.dropout)
    if encoder.heads is not None:
        if encoder.heads.taxonomy != taxonomy:
            raise EncoderSourceError(f"{encoder.name}: has another taxonomy than the recipe; train from an encoder")
        tokens.heads.load_state_dict({name: torch.from_numpy(array.copy()) for name, array in encoder.heads.state.items()})
    return ArticleModel(tokens, taxonomy, weights, section.evidence_weight), dataset


def make_batches(articles: datasets.Dataset, encoder: Encoder, section: TrainSection) -> BatchDataset:
    """Batches of one epoch over encoded articles."""
    return BatchDataset(
        articles, special=encoder.special, batch_tokens=section.batch_tokens, crop_tokens=section.crop_tokens,
        max_tokens=encoder.max_tokens, seed=section.seed, title_dropout=section.title_dropout,
    )  # fmt: skip


def set_dropout(encoder: PreTrainedModel, share: float) -> None:
    """Set hidden dropout to `share` and attention dropout to 0: noise for every pair of tokens costs more than it gains."""
    for name, module in encoder.named_modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0 if name.endswith(("self.dropout", "attention_dropout")) else share
        # ModernBERT stores its attention dropout as a number.
        elif isinstance(getattr(module, "attention_dropout", None), float):
            module.attention_dropout = 0.0


def use_bf16(choice: str) -> bool:
    """Whether to train in mixed bf16. `choice` is 'yes', 'no', or 'auto': only if the processor supports it natively."""
    if choice != "auto":
        return choice == "yes"
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    cpuinfo = Path("/proc/cpuinfo")
    return cpuinfo.is_file() and "avx512_bf16" in cpuinfo.read_text()
