"""Distil a trained encoder into a shorter one: keep some of its layers and train them to replace all of them.

The student learns the teacher's token states after each gap of removed layers, as in Jiao et al. 2020 ("TinyBERT"), and its
logits by mean squared error, as in Kim et al. 2021 ("Comparing Kullback-Leibler divergence and mean squared error loss in
knowledge distillation"). Embeddings, kept layers and heads start from the teacher's weights, so this repairs layer pruning
(Sajjad et al. 2023). It needs no labels: any articles will do.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel, set_seed

from sorot.data.taxonomy import Taxonomy
from sorot.training.input.batches import BatchDataset, Example
from sorot.training.input.encoded import encoded_table
from sorot.training.models.deep import TokenModel, pool
from sorot.training.models.encoder import Encoder
from sorot.training.models.finetune import Fitted, choose_attention, make_batches, set_dropout, train_on_batches
from sorot.training.models.head_pruning import Heads, only_heads, prune_to
from sorot.training.models.pretrained import layer_list
from sorot.training.recipe import DistilSection, RecipeError, TrainSection

# Weight of the logits' error relative to the error of the states, which is scaled to 1.
LOGITS_SHARE = 0.1
TINY = 1e-6


def keep_layers(encoder: PreTrainedModel, kept: Sequence[int]) -> PreTrainedModel:
    """Copy of an encoder with only the layers `kept`, numbered from 0.

    Raises RecipeError unless they are existing layers in rising order.
    """
    path, n = layer_list(encoder)
    if sorted(set(kept)) != list(kept) or not kept or kept[-1] >= n:
        raise RecipeError(f"distil.layers: name some of the layers 0 to {n - 1} of the teacher in rising order, not {list(kept)}")
    short = copy.deepcopy(encoder)
    parent, _, name = path.rpartition(".")
    layers = short.get_submodule(path)
    setattr(short.get_submodule(parent), name, nn.ModuleList(layers[i] for i in kept))
    short.config.num_hidden_layers = len(kept)
    return short


class LayerPair(nn.Module):
    """Student and teacher on the same batch; the loss is the error of the student's states and logits against the teacher's."""

    def __init__(self, student: TokenModel, teacher: TokenModel, kept: Sequence[int], taxonomy: Taxonomy) -> None:
        super().__init__()
        self.student = student
        # The tuple keeps the teacher from becoming a submodule, so it is neither trained nor saved in checkpoints.
        self._teacher = (teacher.eval().requires_grad_(False),)
        n = teacher.encoder.config.num_hidden_layers
        # hidden_states[k] is the input of layer k. A student layer's output must match the input of the next kept layer, and
        # the last one's output the teacher's final states.
        self.target_layers = [*kept[1:], n]
        self.taxonomy = taxonomy

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, keep: Tensor, article: Tensor, weight: Tensor, **labels: Tensor
    ) -> dict[str, Tensor]:
        del labels
        # As it is no submodule, the Trainer does not move it.
        teacher = self._teacher[0].to(input_ids.device)
        real = attention_mask.bool()
        with torch.no_grad():
            targets = teacher.encoder(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True).hidden_states
            attention, value = teacher.heads(targets[-1])
            target_logits = pool(attention, value, keep, article, len(weight), self.taxonomy)
        states = self.student.encoder(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True).hidden_states
        losses = [_relative_error(states[i + 1][real], targets[k][real]) for i, k in enumerate(self.target_layers)]
        attention, value = self.student.heads(states[-1])
        logits = pool(attention, value, keep, article, len(weight), self.taxonomy)
        error = (logits - target_logits).square().mean()
        return {"loss": torch.stack(losses).mean() + losses[-1] + LOGITS_SHARE * error, "logits": logits}


def _relative_error(states: Tensor, target: Tensor) -> Tensor:
    """Mean squared error divided by the target's variance, both (tokens, hidden); predicting the mean gives 1."""
    states, target = states.float(), target.float()
    return (states - target).square().mean() / (target.var(dim=0, unbiased=False).mean() + TINY)


def shorten(teacher: TokenModel, layers: Sequence[int], taxonomy: Taxonomy) -> TokenModel:
    """Student with the given layers of the teacher, and its heads. Raises RecipeError like `keep_layers`."""
    student = TokenModel(keep_layers(teacher.encoder, layers), taxonomy, dropout=0.0)
    student.heads.load_state_dict(teacher.heads.state_dict())
    return student


def make_layer_pair(
    encoder: Encoder, teacher: TokenModel, student: TokenModel, examples: Sequence[Example], taxonomy: Taxonomy,
    section: DistilSection, train: TrainSection,
) -> tuple[LayerPair, BatchDataset]:  # fmt: skip
    """The untrained student paired with its teacher, and the batches of one epoch."""
    for model in (student, teacher):
        set_dropout(model.encoder, 0.0)
        choose_attention(model.encoder)
    return LayerPair(student, teacher, section.layers, taxonomy), make_batches(encoded_table(examples, taxonomy), encoder, train)


def distil(
    encoder: Encoder, teacher: Fitted, student: TokenModel, heads: Heads | None, examples: Sequence[Example], taxonomy: Taxonomy,
    section: DistilSection, train: TrainSection, folder: Path,
) -> Fitted:  # fmt: skip
    """Train `student` to match `teacher` on `examples`; with `heads`, using only these attention heads.

    Writes checkpoints to `folder` and resumes from the last one there. Raises RecipeError if a tracker cannot start.
    """
    set_seed(train.seed)
    pair, dataset = make_layer_pair(encoder, teacher.tokens, student, examples, taxonomy, section, train)
    settings = train.model_copy(update={"epochs": section.epochs, "learning_rate": section.learning_rate})
    with only_heads(student, heads) if heads else nullcontext():
        history = train_on_batches(pair, dataset, settings, folder, weight_decay=train.weight_decay)
    if heads:
        prune_to(student, heads)
    return Fitted(pair.student.eval(), teacher.bias.copy(), history)
