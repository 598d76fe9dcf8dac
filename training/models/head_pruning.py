"""Prune attention heads: rank them by how much the logits change without each, and zero the others' weights.

Most heads of a fine-tuned encoder can be removed (Michel et al. 2019, "Are sixteen heads really better than one?"). In short
windows, attention is the costliest part that is not an int8 product. The paper estimates the change by its gradient; the
encoders here are small enough to measure it by leaving out each head in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from sorot.data.taxonomy import Taxonomy
from sorot.training.models.deep import TokenModel, pool
from sorot.training.recipe import RecipeError

Heads = tuple[tuple[int, ...], ...]
Say = Callable[[str], None]


def all_heads(tokens: TokenModel) -> Heads:
    """All head numbers of a BERT-like encoder, by layer."""
    config = tokens.encoder.config
    return (tuple(range(config.num_attention_heads)),) * int(config.num_hidden_layers)


def choose_heads(tokens: TokenModel, windows: Sequence[NDArray[np.int32]], taxonomy: Taxonomy, keep: int, say: Say) -> Heads:
    """The `keep` most important heads, by layer, at least one per layer.

    A head's importance is the mean squared change of the logits of `windows` (token ids with special tokens) without it, with
    each label's logits scaled to standard deviation 1. Raises RecipeError unless `keep` lies between the number of layers and
    the number of heads.
    """
    every = all_heads(tokens)
    total = sum(map(len, every))
    if not len(every) <= keep <= total:
        raise RecipeError(f"distil.heads: the encoder has {total} heads in {len(every)} layers; keep {len(every)} to {total}")
    if keep == total:
        return every
    tokens.eval()
    whole = _logits(tokens, windows, taxonomy)
    spread = whole.std(dim=0).clamp(min=1e-6)
    change = np.zeros((len(every), len(every[0])))
    for layer, heads in enumerate(every):
        for head in heads:
            others = tuple(h for h in heads if h != head)
            with only_heads(tokens, (*every[:layer], others, *every[layer + 1 :])):
                pruned = _logits(tokens, windows, taxonomy)
            change[layer, head] = float((((pruned - whole) / spread) ** 2).mean())
        say(f"attention heads: {layer + 1} of {len(every)} layers measured")
    return strongest(change, keep)


def strongest(change: NDArray[np.float64], keep: int) -> Heads:
    """The `keep` heads of greatest `change` (n_layers, n_heads), by layer, including the greatest of each layer."""
    ranked = change.copy()
    ranked[np.arange(len(change)), change.argmax(axis=1)] = np.inf
    kept = np.zeros(change.size, dtype=bool)
    kept[np.argsort(-ranked, axis=None, kind="stable")[:keep]] = True
    return tuple(tuple(np.flatnonzero(row).tolist()) for row in kept.reshape(change.shape))


def _logits(tokens: TokenModel, windows: Sequence[NDArray[np.int32]], taxonomy: Taxonomy) -> Tensor:
    """Deep logits of each window, shape (n_windows, n_labels)."""
    logits = []
    with torch.inference_mode():
        for window in windows:
            ids = torch.from_numpy(window.astype(np.int64))[None]
            attention, value = tokens(ids, torch.ones_like(ids))
            keep = torch.ones(ids.shape, dtype=torch.bool)
            keep[:, [0, -1]] = False
            logits.append(pool(attention, value, keep, torch.zeros(1, dtype=torch.long), 1, taxonomy)[0])
    return torch.stack(logits)


@contextmanager
def only_heads(tokens: TokenModel, heads: Heads) -> Iterator[None]:
    """Context manager: within it, all heads but `heads` (by layer) output zero."""
    hooks = []
    for dense, kept in zip(_output_projections(tokens), heads, strict=True):
        mask = torch.zeros(dense.in_features)
        mask[_columns(tokens, kept)] = 1
        hooks.append(dense.register_forward_pre_hook(_mask_inputs(mask)))
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def prune_to(tokens: TokenModel, heads: Heads) -> None:
    """Zero the output weights of all heads but `heads` (by layer), in place."""
    with torch.no_grad():
        for dense, kept in zip(_output_projections(tokens), heads, strict=True):
            weight = torch.zeros_like(dense.weight)
            columns = _columns(tokens, kept)
            weight[:, columns] = dense.weight[:, columns]
            dense.weight.copy_(weight)


def active_heads(tokens: TokenModel) -> Heads:
    """Heads with any nonzero output weight, by layer; the first head of a layer without any."""
    by_layer = []
    for dense, every in zip(_output_projections(tokens), all_heads(tokens), strict=True):
        active = tuple(head for head in every if dense.weight[:, _columns(tokens, (head,))].any())
        by_layer.append(active or every[:1])
    return tuple(by_layer)


def _output_projections(tokens: TokenModel) -> list[nn.Linear]:
    """Each layer's attention output projection; its inputs are the concatenated outputs of the heads."""
    encoder = tokens.encoder
    return [
        cast(nn.Linear, encoder.get_submodule(f"encoder.layer.{layer}.attention.output.dense"))
        for layer in range(encoder.config.num_hidden_layers)
    ]


def _columns(tokens: TokenModel, heads: Sequence[int]) -> Tensor:
    """Input columns of an output projection that belong to `heads`."""
    config = tokens.encoder.config
    size = config.hidden_size // config.num_attention_heads
    return torch.tensor([head * size + i for head in heads for i in range(size)], dtype=torch.long)


def _mask_inputs(mask: Tensor) -> Callable[[nn.Module, tuple[Tensor, ...]], tuple[Tensor, ...]]:
    def hook(module: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        del module
        return (inputs[0] * mask.to(inputs[0]),)

    return hook
