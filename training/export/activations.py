"""Measure a BERT's activations per channel and derive outlier channels and smoothing scales for int8.

Activations share one scale per window, so a channel ten times as large as all others leaves them few of the 255 steps.
Two remedies, both exact in fp32: the largest channels inside each feed-forward layer are computed separately in fp32
(mixed-precision decomposition as in Dettmers et al. 2022, "LLM.int8()"), and the inputs of a layer are divided per channel
by a scale that multiplies the next weights (Xiao et al. 2023, "SmoothQuant").
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
# Number of windows to measure peaks on.
SAMPLE_WINDOWS = 96
# SmoothQuant's alpha: how much of the difference between channels moves from activations to weights.
MIGRATION = 0.5


@dataclass(frozen=True, slots=True)
class LayerPeaks:
    """Peak magnitudes of a layer's channels: inputs of attention (hidden,) and of the feed-forward part (hidden,), and inside
    the latter (intermediate,).
    """

    attention: Tensor
    feed_forward: Tensor
    inside: Tensor


def layer_peaks(encoder: BertModel, windows: Sequence[NDArray[np.int32]]) -> list[LayerPeaks]:
    """Peaks by layer over the first SAMPLE_WINDOWS of `windows` (token ids with special tokens)."""
    peaks: dict[tuple[int, str], Tensor] = {}

    def update(key: tuple[int, str], states: Tensor) -> None:
        peak = states.detach().abs().amax(dim=(0, 1))
        peaks[key] = torch.maximum(peaks.get(key, torch.zeros_like(peak)), peak)

    def watch(number: int, entry: str, inside: str | None = None) -> Any:
        def hook(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
            del module
            update((number, entry), inputs[0])
            if inside:
                update((number, inside), output)

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
    return [LayerPeaks(**{name: peaks[i, name] for name in names}) for i in range(len(layers))]


def outlier_channels(inside: Tensor) -> Tensor:
    """Indices of the OUTLIER_CHANNELS largest channels inside a feed-forward part, at most half of all (for tiny models)."""
    return inside.topk(min(OUTLIER_CHANNELS, len(inside) // 2)).indices


def smoothing_scale(peaks: Tensor, weight: Tensor) -> Tensor:
    """Scale (inputs,) that divides a layer's inputs and multiplies `weight` (outputs, inputs); its geometric mean is 1.

    As in SmoothQuant. `peaks` (inputs,) are those of the inputs. Zero channels count as tiny, so that no scale is 0.
    """
    small = torch.finfo(peaks.dtype).eps
    weight_peaks = weight.detach().abs().amax(dim=0).clamp(min=small)
    scale = peaks.clamp(min=small) ** MIGRATION / weight_peaks ** (1 - MIGRATION)
    return scale / scale.log().mean().exp()
