"""Weights of an exported model, read back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from sorot.training.export.onnx_export import export_fp32, quantise
from sorot.training.input.batches import frame_windows
from sorot.training.models.bundle_weights import BundleGraph, read_bert, read_heads
from sorot.training.models.e5_file import EncoderSourceError
from sorot.training.models.head_pruning import prune_to
from tests.training.models.test_deep import SPECIAL, tiny_model

SAMPLE = [np.array([0, 5, 6, 7, 2], dtype=np.int32)]


@pytest.mark.parametrize(("name", "tolerance"), [("fp32", 1e-4), ("int8", 0.1)])
def test_a_model_that_is_read_back_gives_the_same_states_and_heads(name: str, tolerance: float, tmp_path: Path) -> None:
    model = tiny_model()
    # An export stores arrays that are equal once, which those of a trained model never are.
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    # One layer loses a head, as distilled models do.
    prune_to(model, ((0, 1, 3), (0, 1, 2, 3)))
    export_fp32(model, tmp_path / "fp32.onnx", SAMPLE)
    quantise(tmp_path / "fp32.onnx", tmp_path / "int8.onnx")
    graph = BundleGraph(tmp_path / f"{name}.onnx")
    found = read_bert(graph).eval()
    framed = frame_windows([np.arange(5, 40, dtype=np.int32), np.arange(5, 12, dtype=np.int32)], [0, 1], SPECIAL)
    with torch.no_grad():
        states = [
            encoder(input_ids=framed["input_ids"], attention_mask=framed["attention_mask"]).last_hidden_state[framed["keep"]]
            for encoder in (model.encoder, found)
        ]
    assert (states[0] - states[1]).abs().max() < tolerance * states[0].abs().max()
    assert found.config.num_attention_heads == model.encoder.config.num_attention_heads
    for key, array in read_heads(graph).items():
        assert np.array_equal(array, model.heads.state_dict()[key].numpy())


def test_another_graph_is_refused_in_one_sentence(tmp_path: Path, tiny_bundle: Path) -> None:
    with pytest.raises(EncoderSourceError, match="did not write it"):
        read_heads(BundleGraph(tiny_bundle / "model.onnx"))
    with pytest.raises(EncoderSourceError, match="is not the export of a BERT"):
        read_bert(BundleGraph(tiny_bundle / "model.onnx"))
    export_fp32(tiny_model(), tmp_path / "model.onnx", SAMPLE)
    model = onnx.load(str(tmp_path / "model.onnx"))
    del model.graph.node[:]
    onnx.save(model, str(tmp_path / "model.onnx"))
    with pytest.raises(EncoderSourceError, match="did not write it"):
        read_heads(BundleGraph(tmp_path / "model.onnx"))
