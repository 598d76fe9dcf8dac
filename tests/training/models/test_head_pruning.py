"""Attention heads that do least are silenced, and what nothing comes out of is left out of the serving model, and no others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.taxonomy import load_taxonomy
from sorot.training.export.onnx_export import export_fp32, quantise
from sorot.training.models.deep import TokenModel
from sorot.training.models.head_pruning import active_heads, choose_heads, only_heads, prune_to, strongest
from sorot.training.recipe import RecipeError
from tests.training.models.test_deep import tiny_model

TAXONOMY = load_taxonomy()
WINDOWS = [np.array([0, *range(first, first + 9), 2], dtype=np.int32) for first in range(5, 45, 4)]


def outputs(model: TokenModel) -> tuple[torch.Tensor, torch.Tensor]:
    ids = torch.from_numpy(WINDOWS[0].astype(np.int64))[None]
    with torch.no_grad():
        attention, value = model(ids, torch.ones_like(ids))
    return attention, value


def test_only_what_some_heads_give_is_heard_until_it_ends_or_for_good() -> None:
    model, kept = tiny_model(), ((0, 2, 3), (1, 2))
    assert active_heads(model) == ((0, 1, 2, 3),) * 2
    before = outputs(model)
    with only_heads(model, kept):
        within = outputs(model)
    for have, want in zip(outputs(model), before, strict=True):
        torch.testing.assert_close(have, want)
    prune_to(model, kept)
    assert active_heads(model) == kept
    for have, want, whole in zip(outputs(model), within, before, strict=True):
        torch.testing.assert_close(have, want)
        assert (have - whole).abs().max() > 1e-4
    prune_to(model, ((), (1,)))
    # An operator for none there is not.
    assert active_heads(model) == ((0,), (1,))


def test_heads_that_are_silent_go_and_the_model_says_the_same(tmp_path: Path) -> None:
    model = tiny_model()
    prune_to(model, ((0, 2, 3), (1, 2)))
    said: list[str] = []
    assert choose_heads(model, WINDOWS, TAXONOMY, 5, said.append) == ((0, 2, 3), (1, 2))
    assert said[-1] == "attention heads: 2 of 2 layers measured"
    export_fp32(model, tmp_path / "fp32.onnx", WINDOWS)
    quantise(tmp_path / "fp32.onnx", tmp_path / "int8.onnx")
    counts = [
        node.attribute[0].i for node in onnx.load(tmp_path / "int8.onnx").graph.node if node.op_type == "MultiHeadAttention"
    ]
    assert counts == [3, 2]
    expected = outputs(model)
    ids = WINDOWS[0].astype(np.int64)[None]
    feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
    for name, tolerance in (("fp32", 1e-4), ("int8", 0.2)):
        for have, want in zip(onnxruntime.InferenceSession(tmp_path / f"{name}.onnx").run(None, feed), expected, strict=True):
            assert np.abs(have - want.numpy()).max() < tolerance * max(1.0, float(want.abs().max()))


@settings(deadline=None)
@given(st.integers(1, 4), st.integers(1, 5), st.data())
def test_each_layer_keeps_its_strongest_head_and_no_stronger_one_goes(layers: int, heads: int, data: st.DataObject) -> None:
    change = np.array(data.draw(st.lists(st.floats(0, 9), min_size=layers * heads, max_size=layers * heads))).reshape(
        layers, heads
    )
    keep = data.draw(st.integers(layers, layers * heads))
    kept = strongest(change, keep)
    assert sum(map(len, kept)) == keep
    assert all(change[layer, list(own)].max() == change[layer].max() for layer, own in enumerate(kept))
    gone = [change[layer, h] for layer, own in enumerate(kept) for h in range(heads) if h not in own]
    spare = [
        change[layer, h] for layer, own in enumerate(kept) for h in own if len(own) > 1 and change[layer, h] < change[layer].max()
    ]
    assert not gone or not spare or max(gone) <= min(spare)


@pytest.mark.parametrize("keep", [1, 9])
def test_too_few_or_too_many_heads_are_refused(keep: int) -> None:
    with pytest.raises(RecipeError, match="has 8 heads in 2 layers; keep 2 to 8"):
        choose_heads(tiny_model(), WINDOWS, TAXONOMY, keep, lambda _: None)
