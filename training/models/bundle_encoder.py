"""The encoder of a bundle, as it serves: frozen, in int8, so that new heads are trained in minutes instead of hours.

Anybody who has a bundle can fit it to new labels this way, without the weights that it was made from. States of a window are
computed once and kept in memory (768 bytes a token with 384 units).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor
from transformers import BertConfig, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput

from sorot.serving.model.bundle import Bundle
from sorot.serving.model.manifest import MANIFEST_FILE, MODEL_FILE
from sorot.serving.model.runtime import Sessions, usable_cores
from sorot.training.models.bundle_weights import PROJECT, PROJECT_BIAS, SCORE, VALUE, BundleGraph
from sorot.training.models.deep import TokenHeads


class BundleEncoder(PreTrainedModel):  # type: ignore[misc]
    """Token states by a bundle's ONNX model; it has no parameters to train.

    Each window runs alone and without padding, as it does when the bundle serves, so heads see the states that they will serve.
    """

    config_class = BertConfig

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        graph = BundleGraph(bundle.path / MODEL_FILE)
        states = graph.node(PROJECT).input[0]
        super().__init__(BertConfig(hidden_size=graph.weight(PROJECT).shape[0], num_hidden_layers=0))
        self.layers = torch.nn.ModuleList()
        del graph.model.graph.output[:]
        graph.model.graph.output.append(helper.make_tensor_value_info(states, TensorProto.FLOAT, None))
        self._states = states
        self._sessions = Sessions(graph.model.SerializeToString())
        self._cache: dict[bytes, NDArray[np.float16]] = {}
        self._threads = ThreadPoolExecutor(usable_cores())

    def set_attn_implementation(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: attention runs in ONNX."""

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> BaseModelOutput:
        """States of (windows, tokens) ids, of shape (windows, tokens, hidden); 0 for padding."""
        rows = [ids[:n] for ids, n in zip(input_ids.numpy(), attention_mask.sum(dim=1).tolist(), strict=True)]
        found = np.zeros((*input_ids.shape, self.config.hidden_size), dtype=np.float32)
        for row, states in enumerate(self._threads.map(self._window_states, rows)):
            found[row, : len(states)] = states
        return BaseModelOutput(last_hidden_state=torch.from_numpy(found))

    def save_with_heads(self, heads: TokenHeads, path: Path) -> None:
        """Write the bundle's model with other heads."""
        graph = BundleGraph(self.bundle.path / MODEL_FILE)
        state = {name: value.detach().cpu().numpy() for name, value in heads.state_dict().items()}
        for name, array in (
            (graph.node(PROJECT).input[1], state["project.weight"].T),
            (graph.node(VALUE).input[1], state["value.weight"].T),
            (PROJECT_BIAS, state["project.bias"]),
            (SCORE, state["score"]),
        ):
            [place] = [i for i in graph.model.graph.initializer if i.name == name]
            place.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(array), name))
        onnx.save(graph.model, str(path))

    def _window_states(self, ids: NDArray[np.int64]) -> NDArray[np.float16]:
        key = ids.tobytes()
        if key not in self._cache:
            window = {"input_ids": ids[None], "attention_mask": np.ones_like(ids[None])}
            [states] = self._sessions.mine().run([self._states], window)
            self._cache[key] = states[0].astype(np.float16)
        return self._cache[key]


def is_bundle(name: str) -> bool:
    """Whether a recipe's encoder is the folder of a bundle."""
    return (Path(name) / MANIFEST_FILE).is_file()


def bundle_of(model: torch.nn.Module) -> Bundle | None:
    """The bundle that an encoder was taken from; None for other encoders."""
    return model.bundle if isinstance(model, BundleEncoder) else None
