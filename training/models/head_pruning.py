"""Attention heads of an encoder: which do most, and how the others are silenced for good.

Each is left out in turn, and the change of the logits is measured.
Most heads of a fine-tuned encoder can go (Michel et al. 2019, "Are sixteen heads really better than one?"), and of what a
short window takes attention is the greatest part that is not a product of int8. The change is taken itself rather than by its
gradient, as that paper does, since the encoders here are small enough.
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
    """Every head of a BERT-like encoder, by layer."""
    config = tokens.encoder.config
    return (tuple(range(config.num_attention_heads)),) * int(config.num_hidden_layers)


def choose_heads(tokens: TokenModel, windows: Sequence[NDArray[np.int32]], taxonomy: Taxonomy, keep: int, say: Say) -> Heads:
    """The `keep` heads without which the logits of `windows` (framed token ids) change most, by layer; each layer keeps one.

    The change is the mean square over windows and labels, each label in its own standard deviations. Raises RecipeError where
    there are not so many heads, or fewer are to be kept than there are layers.
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
            left = tuple(h for h in heads if h != head)
            with only_heads(tokens, (*every[:layer], left, *every[layer + 1 :])):
                found = _logits(tokens, windows, taxonomy)
            change[layer, head] = float((((found - whole) / spread) ** 2).mean())
        say(f"attention heads: {layer + 1} of {len(every)} layers measured")
    return strongest(change, keep)


def strongest(change: NDArray[np.float64], keep: int) -> Heads:
    """The `keep` of greatest change, of (n_layers, n_heads), the greatest of each layer among them."""
    ranked = change.copy()
    ranked[np.arange(len(change)), change.argmax(axis=1)] = np.inf
    kept = np.zeros(change.size, dtype=bool)
    kept[np.argsort(-ranked, axis=None, kind="stable")[:keep]] = True
    return tuple(tuple(np.flatnonzero(row).tolist()) for row in kept.reshape(change.shape))


def _logits(tokens: TokenModel, windows: Sequence[NDArray[np.int32]], taxonomy: Taxonomy) -> Tensor:
    """Deep logits of each window, (n_windows, n_labels)."""
    found = []
    with torch.inference_mode():
        for window in windows:
            ids = torch.from_numpy(window.astype(np.int64))[None]
            attention, value = tokens(ids, torch.ones_like(ids))
            own = torch.ones(ids.shape, dtype=torch.bool)
            own[:, [0, -1]] = False
            found.append(pool(attention, value, own, torch.zeros(1, dtype=torch.long), 1, taxonomy)[0])
    return torch.stack(found)


@contextmanager
def only_heads(tokens: TokenModel, heads: Heads) -> Iterator[None]:
    """The encoder with nothing coming out of any heads but these, by layer."""
    hooks = []
    for dense, own in zip(_outputs(tokens), heads, strict=True):
        speaks = torch.zeros(dense.in_features)
        speaks[_columns(tokens, own)] = 1
        hooks.append(dense.register_forward_pre_hook(_masking(speaks)))
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def silence_others(tokens: TokenModel, heads: Heads) -> None:
    """Change the weights so that nothing comes out of any heads but these, by layer."""
    with torch.no_grad():
        for dense, own in zip(_outputs(tokens), heads, strict=True):
            weight = torch.zeros_like(dense.weight)
            columns = _columns(tokens, own)
            weight[:, columns] = dense.weight[:, columns]
            dense.weight.copy_(weight)


def speaking_heads(tokens: TokenModel) -> Heads:
    """The heads of which anything comes out, by layer; of a layer where nothing does, the first."""
    found = []
    for dense, every in zip(_outputs(tokens), all_heads(tokens), strict=True):
        speaks = tuple(head for head in every if dense.weight[:, _columns(tokens, (head,))].any())
        found.append(speaks or every[:1])
    return tuple(found)


def _outputs(tokens: TokenModel) -> list[nn.Linear]:
    """The product after the attention of each layer, whose inputs are what comes out of its heads, one after the other."""
    encoder = tokens.encoder
    return [
        cast(nn.Linear, encoder.get_submodule(f"encoder.layer.{layer}.attention.output.dense"))
        for layer in range(encoder.config.num_hidden_layers)
    ]


def _columns(tokens: TokenModel, heads: Sequence[int]) -> Tensor:
    """Which of these inputs come from some heads."""
    config = tokens.encoder.config
    size = config.hidden_size // config.num_attention_heads
    return torch.tensor([head * size + at for head in heads for at in range(size)], dtype=torch.long)


def _masking(speaks: Tensor) -> Callable[[nn.Module, tuple[Tensor, ...]], tuple[Tensor, ...]]:
    def mask(module: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        del module
        return (inputs[0] * speaks.to(inputs[0]),)

    return mask
