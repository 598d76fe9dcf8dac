"""Read the weights of a bundle's ONNX model, as `sorot.training.export.onnx_export` writes it, back into PyTorch.

int8 weights come back as fp32 with the rounding that they were stored with: training goes on from what serves, without the
run that made it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from transformers import BertConfig, BertModel

from sorot.training.models.e5_file import EncoderSourceError

# Nodes that multiply states by the weights of the heads.
PROJECT, VALUE = "/heads/project/MatMul", "/heads/value/MatMul"
PROJECT_BIAS, SCORE = "heads.project.bias", "heads.score"

FloatArray = NDArray[np.float32]


class BundleGraph:
    """Nodes and weights of the ONNX file `path`, by name. Raises EncoderSourceError if one is missing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.model = onnx.load(str(path))
        self._nodes = {node.name: node for node in self.model.graph.node}
        self._arrays = {i.name: i for i in self.model.graph.initializer}

    def node(self, name: str) -> onnx.NodeProto:
        """The node `name`."""
        if name not in self._nodes:
            raise self._foreign(name)
        return self._nodes[name]

    def has(self, name: str) -> bool:
        """Whether there is a node `name`."""
        return name in self._nodes

    def array(self, name: str) -> FloatArray:
        """The stored array `name`."""
        if name not in self._arrays:
            raise self._foreign(name)
        found: FloatArray = numpy_helper.to_array(self._arrays[name]).copy()
        return found

    def _foreign(self, name: str) -> EncoderSourceError:
        return EncoderSourceError(f"{self.path}: this program's export did not write it (no {name}); train from an encoder")

    def weight(self, product: str) -> FloatArray:
        """Weight (inputs, outputs) of the matrix product `product`, in fp32 or dequantised from int8."""
        if self.has(product):
            return self.array(self.node(product).input[1])
        stored = self.node(f"{product}_quant").input[1]
        return self._dequantised(stored.removesuffix("_quantized"))

    def table(self, name: str) -> FloatArray:
        """The embedding table `name`, in fp32 or dequantised from int8."""
        return self.array(name) if name in self._arrays else self._dequantised(name)

    def _dequantised(self, name: str) -> FloatArray:
        values, zero = (self.array(f"{name}_{part}").astype(np.float32) for part in ("quantized", "zero_point"))
        found: FloatArray = (values - zero) * self.array(f"{name}_scale")
        return found


def read_heads(graph: BundleGraph) -> dict[str, FloatArray]:
    """State dict of the `TokenHeads` of an export."""
    return {
        "project.weight": graph.weight(PROJECT).T,
        "value.weight": graph.weight(VALUE).T,
        "project.bias": graph.array(PROJECT_BIAS),
        "score": graph.array(SCORE),
    }


def read_bert(graph: BundleGraph) -> BertModel:
    """The BERT of an export with fused attention, in fp32; pruned attention heads have zero weights.

    Raises EncoderSourceError for another export, or one of a RoBERTa, which counts positions differently.
    """
    layers = 0
    while graph.has(f"/attention.{layers}/MultiHeadAttention"):
        layers += 1
    if not layers or not graph.node("/position_embeddings/Gather").input[1].startswith("/Unsqueeze"):
        raise EncoderSourceError(f"{graph.path}: is not the export of a BERT, so it can only be used with frozen = true")
    word, position = (graph.table(f"embeddings.{kind}_embeddings.weight") for kind in ("word", "position"))
    first = graph.node("/attention.0/MultiHeadAttention")
    width = len(graph.array("attention.0.bias")) // 3
    config = BertConfig(
        vocab_size=len(word),
        hidden_size=word.shape[1],
        num_hidden_layers=layers,
        num_attention_heads=word.shape[1] * _integer(first, "num_heads") // width,
        intermediate_size=len(graph.array("feed_forward.0.inner.bias")) + len(graph.array("feed_forward.0.outlier_inner.bias")),
        max_position_embeddings=len(position),
        layer_norm_eps=next(a.f for a in graph.node("/LayerNorm/LayerNormalization").attribute if a.name == "epsilon"),
        pad_token_id=None,
    )
    state = {
        "embeddings.word_embeddings.weight": word,
        "embeddings.position_embeddings.weight": position,
        # One row is stored, as all tokens have type 0.
        "embeddings.token_type_embeddings.weight": np.tile(_type_row(graph), (config.type_vocab_size, 1)),
        **_norm(graph, "embeddings.LayerNorm"),
    }
    for number in range(layers):
        for name, array in {**_attention(graph, number), **_feed_forward(graph, number)}.items():
            state[f"encoder.layer.{number}.{name}"] = array
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict({name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in state.items()})
    return model


def _attention(graph: BundleGraph, number: int) -> dict[str, FloatArray]:
    """Weights of a layer's attention; its heads come first, and zeros fill the place of pruned ones."""
    name = f"attention.{number}"
    project = graph.weight(f"/{name}/project/MatMul") * graph.array(f"{name}.smooth")[:, None]
    hidden, width = len(project), project.shape[1] // 3
    state = {}
    for part, weight, bias in zip(
        ("query", "key", "value"), np.split(project, 3, axis=1), np.split(graph.array(f"{name}.bias"), 3), strict=True
    ):
        state[f"attention.self.{part}.weight"] = np.pad(weight.T, ((0, hidden - width), (0, 0)))
        state[f"attention.self.{part}.bias"] = np.pad(bias, (0, hidden - width))
    outer = graph.weight(f"/{name}/outer/MatMul").T
    state["attention.output.dense.weight"] = np.pad(outer, ((0, 0), (0, hidden - width)))
    state["attention.output.dense.bias"] = graph.array(f"{name}.outer.bias")
    return state | _norm(graph, f"layers.{number}.attention.output.LayerNorm", "attention.output.LayerNorm")


def _feed_forward(graph: BundleGraph, number: int) -> dict[str, FloatArray]:
    """Weights of a layer's feed-forward part; the channels that are served in fp32 come last."""
    name = f"feed_forward.{number}"
    inner = graph.weight(f"/{name}/inner/MatMul") * graph.array(f"{name}.smooth")[:, None]
    return {
        "intermediate.dense.weight": np.concatenate([inner, graph.weight(f"/{name}/outlier_inner/MatMul")], axis=1).T,
        "intermediate.dense.bias": np.concatenate([graph.array(f"{name}.{part}.bias") for part in ("inner", "outlier_inner")]),
        "output.dense.weight": np.concatenate([graph.weight(f"/{name}/{part}/MatMul") for part in ("outer", "outlier_outer")]).T,
        "output.dense.bias": graph.array(f"{name}.outer.bias"),
        **_norm(graph, f"layers.{number}.output.LayerNorm", "output.LayerNorm"),
    }


def _norm(graph: BundleGraph, stored: str, name: str = "embeddings.LayerNorm") -> dict[str, FloatArray]:
    return {f"{name}.{part}": graph.array(f"{stored}.{part}") for part in ("weight", "bias")}


def _type_row(graph: BundleGraph) -> FloatArray:
    """The row that is added to all word embeddings."""
    [row] = [graph.array(name) for name in graph.node("/Add").input if not name.startswith("/")]
    return row


def _integer(node: onnx.NodeProto, attribute: str) -> int:
    return next(int(a.i) for a in node.attribute if a.name == attribute)
