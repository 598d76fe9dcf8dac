"""Export a fine-tuned token model to the ONNX file of a bundle: fp32 with fused attention, then int8.

In transformers 5, a BERT's graph builds its mask with some sixty nodes, which onnxruntime's attention fusion does not
recognise. For BERT, RoBERTa and XLM-R, the export therefore replaces self-attention by onnxruntime's `MultiHeadAttention`
operator, restricted to the active heads. Other encoders are exported unchanged and run unfused.

int8 uses unsigned activations and signed weights, the fast path. Weights have 7 bits (`reduce_range`), because products of
8 bits overflow their 16-bit sums on processors without VNNI. Activations share one scale per window;
`sorot.training.export.activations` keeps a few large channels from spoiling it.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from torch import Tensor, nn
from transformers import BertModel, PreTrainedModel, RobertaModel, XLMRobertaModel
from transformers.models.bert.modeling_bert import BertLayer

from sorot.training.export.activations import LayerPeaks, layer_peaks, outlier_channels, smoothing_scale
from sorot.training.models.deep import TokenModel
from sorot.training.models.head_pruning import Heads, active_heads

OPSET = 17
# These differ only in their position embeddings.
FUSED_KINDS = (BertModel, RobertaModel, XLMRobertaModel)


class _RuntimeAttention(torch.autograd.Function):
    """Attention that exports as one `com.microsoft::MultiHeadAttention` node.

    Shapes: query, key and value (batch, tokens, heads * size), bias (3 * heads * size,), mask (batch, tokens) int32.
    """

    @staticmethod
    def forward(ctx: object, query: Tensor, key: Tensor, value: Tensor, bias: Tensor, mask: Tensor, heads: int) -> Tensor:
        del ctx
        query, key, value = (
            (part + part_bias).view(*part.shape[:2], heads, -1).transpose(1, 2)
            for part, part_bias in zip((query, key, value), bias.chunk(3), strict=True)
        )
        keep = mask.bool()[:, None, None, :]
        mixed = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=keep)
        return mixed.transpose(1, 2).flatten(-2)

    @staticmethod
    def symbolic(
        g: Any,
        query: torch._C.Value, key: torch._C.Value, value: torch._C.Value, bias: torch._C.Value, mask: torch._C.Value, heads: int,
    ) -> torch._C.Value:  # fmt: skip
        node = g.op("com.microsoft::MultiHeadAttention", query, key, value, bias, mask, num_heads_i=heads)
        node.setType(query.type())
        return node  # type: ignore[no-any-return]


class _SplitFeedForward(nn.Module):
    """A BERT layer's feed-forward part, equivalent in fp32: inputs smoothed, and outlier channels computed separately."""

    def __init__(self, layer: BertLayer, peaks: LayerPeaks) -> None:
        super().__init__()
        first, last = layer.intermediate.dense, layer.output.dense
        outliers = outlier_channels(peaks.inside)
        others = torch.ones(first.out_features, dtype=torch.bool)
        others[outliers] = False
        scale = smoothing_scale(peaks.feed_forward, first.weight[others])
        self.smooth = nn.Buffer(1 / scale)
        self.activation = layer.intermediate.intermediate_act_fn
        self.inner = _linear(first.weight[others] * scale, first.bias[others])
        self.outer = _linear(last.weight[:, others], last.bias)
        self.outlier_inner = _linear(first.weight[outliers], first.bias[outliers])
        self.outlier_outer = _linear(last.weight[:, outliers], None)

    def forward(self, states: Tensor) -> Tensor:
        others: Tensor = self.outer(self.activation(self.inner(states * self.smooth)))
        outliers: Tensor = self.outlier_outer(self.activation(self.outlier_inner(states)))
        return others + outliers


class _FusedAttention(nn.Module):
    """A BERT layer's attention as one operator over `heads`, with its output projection; inputs smoothed.

    Equivalent in fp32 if the other heads' output weights are zero.
    """

    def __init__(self, layer: BertLayer, peaks: LayerPeaks, heads: Sequence[int]) -> None:
        super().__init__()
        attention = layer.attention.self
        size = attention.attention_head_size
        rows = torch.cat([torch.arange(head * size, (head + 1) * size) for head in heads])
        parts = (attention.query, attention.key, attention.value)
        weight = torch.cat([part.weight[rows] for part in parts]).detach()
        scale = smoothing_scale(peaks.attention, weight)
        self.smooth = nn.Buffer(1 / scale)
        self.project = _linear(weight * scale, None)
        self.bias = nn.Buffer(torch.cat([part.bias[rows] for part in parts]).detach())
        self.heads = len(heads)
        last = layer.attention.output.dense
        self.outer = _linear(last.weight[:, rows], last.bias)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        # split rather than chunk, because its sizes are constants in the graph.
        query, key, value = self.project(states * self.smooth).split(self.outer.in_features, dim=-1)
        mixed: Tensor = _RuntimeAttention.apply(query, key, value, self.bias, mask, self.heads)  # type: ignore[no-untyped-call]
        out: Tensor = self.outer(mixed)
        return out


def _linear(weight: Tensor, bias: Tensor | None) -> nn.Linear:
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    with torch.no_grad():
        layer.weight.copy_(weight)
        if bias is not None:
            layer.bias.copy_(bias)
    return layer


class _ExportableBert(nn.Module):
    """A token model over BERT or RoBERTa, rewritten so that attention exports as one node and int8 loses little accuracy."""

    def __init__(self, tokens: TokenModel, peaks: Sequence[LayerPeaks], active: Heads) -> None:
        super().__init__()
        encoder, heads = tokens.encoder, tokens.heads
        self.embeddings = encoder.embeddings
        self.layers = encoder.encoder.layer
        self.attention = nn.ModuleList(
            _FusedAttention(layer, peak, layer_heads) for layer, peak, layer_heads in zip(self.layers, peaks, active, strict=True)
        )
        self.feed_forward = nn.ModuleList(_SplitFeedForward(layer, peak) for layer, peak in zip(self.layers, peaks, strict=True))
        padding = encoder.embeddings.position_embeddings.padding_idx
        # RoBERTa-like models count positions from padding index + 1.
        self.first_position = 0 if padding is None else padding + 1
        self.heads = heads

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        positions = torch.arange(input_ids.shape[1]).unsqueeze(0)
        if self.first_position:
            positions = positions + self.first_position
        table = self.embeddings
        # All tokens have type 0, so one row is added by broadcasting.
        states = table.word_embeddings(input_ids) + table.token_type_embeddings.weight[0]
        states = table.LayerNorm(states + table.position_embeddings(positions))
        mask = attention_mask.to(torch.int32)
        for layer, mix, feed_forward in zip(self.layers, self.attention, self.feed_forward, strict=True):
            states = layer.attention.output.LayerNorm(mix(states, mask) + states)
            states = layer.output.LayerNorm(feed_forward(states) + states)
        attention, value = self.heads(states)
        return attention, value


def is_fused(encoder: PreTrainedModel) -> bool:
    """Whether the encoder's attention is exported as one operator."""
    return isinstance(encoder, FUSED_KINDS)


def export_fp32(model: TokenModel, path: Path, sample: Sequence[NDArray[np.int32]]) -> None:
    """Write the token model as fp32 ONNX with dynamic batch size and length.

    If `is_fused`, attention is fused and heads with zero output weights are dropped. `sample` holds windows of token ids with
    special tokens, on which activation peaks are measured.
    """
    model.eval()
    if not is_fused(model.encoder):
        model.encoder.set_attn_implementation("eager")
        _write_graph(model, path)
        return
    peaks = layer_peaks(model.encoder, sample)
    raw = path.with_suffix(".raw.onnx")
    _write_graph(_ExportableBert(model, peaks, active_heads(model)).eval(), raw)
    config = model.encoder.config
    options = FusionOptions("bert")
    # Fused add-and-norm takes seven times as long here as the two operators.
    options.enable_skip_layer_norm = options.enable_bias_skip_layer_norm = False
    optimised = optimize_model(
        str(raw),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        optimization_options=options,
        opt_level=0,
    )
    optimised.save_model_to_file(str(path))
    raw.unlink()


def _write_graph(module: nn.Module, path: Path) -> None:
    ids = torch.full((2, 16), 5, dtype=torch.long)
    names = ("input_ids", "attention_mask", "attention", "value")
    with warnings.catch_warnings():
        # The legacy exporter warns that it is deprecated, and about every traced shape.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module,
            (ids, torch.ones_like(ids)),
            str(path),
            input_names=list(names[:2]),
            output_names=list(names[2:]),
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in names},
            opset_version=OPSET,
            custom_opsets={"com.microsoft": 1},
            dynamo=False,
        )


def count_fused(path: Path) -> int:
    """Number of fused attention nodes in an ONNX file."""
    return sum(node.op_type in ("Attention", "MultiHeadAttention") for node in onnx.load(str(path)).graph.node)


def quantise(source: Path, target: Path) -> None:
    """Quantise the ONNX file `source` to int8: weights per channel, activations dynamically.

    The small products of heads and outlier channels stay fp32.
    """
    graph = onnx.load(str(source)).graph
    products = [node.name for node in graph.node if node.op_type in ("MatMul", "Gemm")]
    fp32_products = [name for name in products if "/heads/" in name or "/outlier_" in name]
    # It warns that the graph should be optimised first, which it is.
    logging.disable(logging.WARNING)
    try:
        quantize_dynamic(
            str(source),
            str(target),
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=fp32_products,
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
    finally:
        logging.disable(logging.NOTSET)
