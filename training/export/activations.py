"""How large a BERT's activations become, by channel, and what int8 needs to know of it.

Activations share one scale a window, so one channel ten times as large as the rest leaves these few of the 255 steps. Two
remedies, both exact in fp32: the few largest channels inside a feed-forward layer go a way of their own in fp32
(mixed-precision decomposition as in Dettmers et al. 2022, "LLM.int8()"), and the inputs of a layer are divided, channel by
channel, by a scale that the weights after them are multiplied by (Xiao et al. 2023, "SmoothQuant").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import BertModel

OUTLIER_CHANNELS = 16
# How many windows are run to find how large the channels become.
SAMPLE_WINDOWS = 96
# SmoothQuant's alpha: how much of the difference between channels moves from activations to weights.
MIGRATION = 0.5


@dataclass(frozen=True, slots=True)
class LayerPeaks:
    """Greatest magnitudes of a layer's channels: into attention (hidden), into the feed-forward part (hidden), inside it."""

    attention: Tensor
    feed_forward: Tensor
    inside: Tensor


def layer_peaks(encoder: BertModel, windows: Sequence[NDArray[np.int32]]) -> list[LayerPeaks]:
    """Peaks by layer over the first SAMPLE_WINDOWS of `windows` (token ids with their frame)."""
    greatest: dict[tuple[int, str], Tensor] = {}

    def note(key: tuple[int, str], states: Tensor) -> None:
        peak = states.detach().abs().amax(dim=(0, 1))
        greatest[key] = torch.maximum(greatest.get(key, torch.zeros_like(peak)), peak)

    def watch(number: int, entry: str, inside: str | None = None) -> Any:
        def hook(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
            del module
            note((number, entry), inputs[0])
            if inside:
                note((number, inside), output)

        return hook

    layers = encoder.encoder.layer
    hooks = [layer.attention.self.query.register_forward_hook(watch(i, "attention")) for i, layer in enumerate(layers)]
    hooks += [layer.intermediate.register_forward_hook(watch(i, "feed_forward", "inside")) for i, layer in enumerate(layers)]
    with torch.no_grad():
        for window in windows[:SAMPLE_WINDOWS]:
            ids = torch.from_numpy(window.astype(np.int64))[None]
            encoder(input_ids=ids, attention_mask=torch.ones_like(ids))
    for hook in hooks:
        hook.remove()
    names = ("attention", "feed_forward", "inside")
    return [LayerPeaks(**{name: greatest[i, name] for name in names}) for i in range(len(layers))]


def outlier_channels(inside: Tensor) -> Tensor:
    """Which channels inside a feed-forward part are the greatest; at most half, so that small models stay models."""
    return inside.topk(min(OUTLIER_CHANNELS, len(inside) // 2)).indices


def smoothing_scale(peaks: Tensor, weight: Tensor) -> Tensor:
    """What to divide a layer's inputs by, and multiply `weight` (outputs, inputs) by, channel by channel; around 1.

    Channels that never speak count as very small, not as nothing, so that no scale is 0.
    """
    small = torch.finfo(peaks.dtype).eps
    own = weight.detach().abs().amax(dim=0).clamp(min=small)
    scale = peaks.clamp(min=small) ** MIGRATION / own ** (1 - MIGRATION)
    return scale / scale.log().mean().exp()
