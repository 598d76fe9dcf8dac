"""A shorter encoder from a trained one: some of its layers are kept, and learn to do what all of them did.

What is learned is the state of every token where a run of left-out layers ended, as in Jiao et al. 2020 ("TinyBERT"), and the
logits of the whole article (mean squared error, as in Kim et al. 2021, "Comparing Kullback-Leibler divergence and mean
squared error loss in knowledge distillation"). Embeddings, kept layers and heads begin as the teacher's own, so it is also
layer pruning (Sajjad et al. 2023) that is healed. No label is needed: articles of any kind will do.
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

# A logit's error counts as much beside that of the states, whose scale is 1.
LOGITS_SHARE = 0.1
TINY = 1e-6


def keep_layers(encoder: PreTrainedModel, kept: Sequence[int]) -> PreTrainedModel:
    """A copy of an encoder with some of its layers, numbered from 0, in order. Raises RecipeError where they cannot be kept."""
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
    """Student and teacher over the same batch; the loss is what the student's states and logits lack of the teacher's."""

    def __init__(self, student: TokenModel, teacher: TokenModel, kept: Sequence[int], taxonomy: Taxonomy) -> None:
        super().__init__()
        self.student = student
        # In a tuple the teacher is no submodule: it is not trained, and not written to checkpoints.
        self._teacher = (teacher.eval().requires_grad_(False),)
        n = teacher.encoder.config.num_hidden_layers
        # hidden_states[k] is what layer k is given: what the student's layer has to hand to its next one, at last the end.
        self.targets = [*kept[1:], n]
        self.taxonomy = taxonomy

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, keep: Tensor, article: Tensor, weight: Tensor, **labels: Tensor
    ) -> dict[str, Tensor]:
        del labels
        # It is moved by nobody else.
        teacher = self._teacher[0].to(input_ids.device)
        real = attention_mask.bool()
        with torch.no_grad():
            wanted = teacher.encoder(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True).hidden_states
            attention, value = teacher.heads(wanted[-1])
            truth = pool(attention, value, keep, article, len(weight), self.taxonomy)
        states = self.student.encoder(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True).hidden_states
        losses = [_relative_error(states[i + 1][real], wanted[k][real]) for i, k in enumerate(self.targets)]
        attention, value = self.student.heads(states[-1])
        logits = pool(attention, value, keep, article, len(weight), self.taxonomy)
        error = (logits - truth).square().mean()
        return {"loss": torch.stack(losses).mean() + losses[-1] + LOGITS_SHARE * error, "logits": logits}


def _relative_error(found: Tensor, wanted: Tensor) -> Tensor:
    """Mean squared error over the variance of what is wanted, both (tokens, hidden): 1 for knowing the mean alone."""
    found, wanted = found.float(), wanted.float()
    return (found - wanted).square().mean() / (wanted.var(dim=0, unbiased=False).mean() + TINY)


def shorten(teacher: TokenModel, layers: Sequence[int], taxonomy: Taxonomy) -> TokenModel:
    """Some of the teacher's layers, and its heads. Raises RecipeError where they cannot be kept."""
    student = TokenModel(keep_layers(teacher.encoder, layers), taxonomy, dropout=0.0)
    student.heads.load_state_dict(teacher.heads.state_dict())
    return student


def make_layer_pair(
    encoder: Encoder, teacher: TokenModel, student: TokenModel, examples: Sequence[Example], taxonomy: Taxonomy,
    section: DistilSection, train: TrainSection,
) -> tuple[LayerPair, BatchDataset]:  # fmt: skip
    """Student and teacher before the first step, and the batches of an epoch."""
    for model in (student, teacher):
        set_dropout(model.encoder, 0.0)
        choose_attention(model.encoder)
    return LayerPair(student, teacher, section.layers, taxonomy), make_batches(encoded_table(examples, taxonomy), encoder, train)


def distil(
    encoder: Encoder, teacher: Fitted, student: TokenModel, heads: Heads | None, examples: Sequence[Example], taxonomy: Taxonomy,
    section: DistilSection, train: TrainSection, folder: Path,
) -> Fitted:  # fmt: skip
    """Have `student` learn what `teacher` makes of `examples`, with some attention heads alone where `heads` names them.

    Checkpoints go to `folder` and an interrupted run goes on from the last.
    """
    set_seed(train.seed)
    pair, dataset = make_layer_pair(encoder, teacher.tokens, student, examples, taxonomy, section, train)
    own = train.model_copy(update={"epochs": section.epochs, "learning_rate": section.learning_rate})
    with only_heads(student, heads) if heads else nullcontext():
        history = train_on_batches(pair, dataset, own, folder, weight_decay=train.weight_decay)
    if heads:
        prune_to(student, heads)
    return Fitted(pair.student.eval(), teacher.bias.copy(), history)
