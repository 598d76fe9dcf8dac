from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import BertConfig, BertModel

from sorot.data.article import Article
from sorot.data.taxonomy import load_taxonomy
from sorot.data.text.windows import EncodedArticle, cut_windows, encode_article
from sorot.serving.model.pooling import token_logits
from sorot.training.export.onnx_export import count_fused, export_fp32, quantise
from sorot.training.input.batches import (
    Example,
    SpecialIds,
    Targets,
    crop,
    frame_windows,
    group_by_length,
    no_targets,
    target_row,
)
from sorot.training.models.deep import ArticleModel, TokenModel, pool
from sorot.training.models.encoder import load_encoder
from sorot.training.recipe import RecipeError, load_recipe
from tests.tiny_bundle import make_tokenizer

TAXONOMY = load_taxonomy()
SPECIAL = SpecialIds(0, 2, 1)


def tiny_model() -> TokenModel:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=60, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64, pad_token_id=1
    )
    model = TokenModel(BertModel(config, add_pooling_layer=False), TAXONOMY, dropout=0.1).eval()
    torch.nn.init.normal_(model.heads.score)
    return model


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.integers(1, 20), min_size=1, max_size=4), min_size=1, max_size=4), st.integers(0, 99))
def test_pooling_in_training_is_pooling_in_service(lengths: list[list[int]], seed: int) -> None:
    """Articles with windows of these lengths give the same logits by torch over the batch and by numpy one at a time."""
    rng = np.random.default_rng(seed)
    windows = [rng.integers(3, 50, n).astype(np.int32) for article in lengths for n in article]
    owner = [k for k, article in enumerate(lengths) for _ in article]
    framed = frame_windows(windows, owner, SPECIAL)
    shape = framed["keep"].shape
    attention = torch.from_numpy(rng.normal(size=(*shape, 3)).astype(np.float32) * 3)
    value = torch.from_numpy(rng.normal(size=(*shape, TAXONOMY.n_labels)).astype(np.float32))
    batch = pool(attention, value, framed["keep"], framed["article"], len(lengths), TAXONOMY).numpy()
    for k in range(len(lengths)):
        rows = [i for i, o in enumerate(owner) if o == k]
        own = [np.concatenate([t[i][framed["keep"][i]].numpy() for i in rows]) for t in (attention, value)]
        assert batch[k] == pytest.approx(token_logits(own[0], own[1], TAXONOMY.columns()).sum(axis=0), abs=1e-4)


def test_a_missing_label_takes_no_part_in_the_loss() -> None:
    model = ArticleModel(tiny_model(), TAXONOMY, torch.ones(TAXONOMY.n_labels)).eval()
    framed = frame_windows([np.arange(5, 12, dtype=np.int32)] * 2, [0, 1], SPECIAL)

    nothing = no_targets(load_taxonomy(), 1.0)

    def labelled(**targets: int | tuple[int, ...]) -> Targets:
        own = {task: value if isinstance(value, tuple) else (value,) for task, value in targets.items()}
        return Targets({**nothing.by_task, **own}, 1.0)

    def loss(*articles: Targets | dict[str, float]) -> float:
        encoded = EncodedArticle(np.arange(7, dtype=np.int32), np.zeros(7, dtype=np.int32), (), ())
        rows = []
        for labels in articles:
            if isinstance(labels, Targets):
                rows.append(target_row(Example(encoded, labels), TAXONOMY))
            else:
                soft = np.array(
                    [labels.get(t, 0.0) for t in TAXONOMY.task("topics").keys] + [1, 0, 0, 0, 1, 0, 0], dtype=np.float32
                )
                rows.append(target_row(Example(encoded, nothing, soft), TAXONOMY))
        target, known = (torch.from_numpy(np.stack(part)) for part in zip(*rows, strict=True))
        return float(model(**framed, target=target, known=known, weight=torch.ones(2))["loss"].detach())

    assert loss(nothing, nothing) == 0.0
    sentiment = loss(labelled(sentiment=0), nothing)
    # An article without a label for a task changes nothing of that task's mean.
    assert sentiment == pytest.approx(loss(labelled(sentiment=0), labelled(sentiment=0)), rel=1e-5)
    assert loss(labelled(sentiment=0, stance=0), nothing) > sentiment > 0
    assert loss(labelled(topics=(1, 0, 0)), nothing) > 0
    # A soft label is a mixture of the hard ones.
    first, second = TAXONOMY.task("topics").keys[:2]
    half, none, one = (loss({first: p}, {second: 0.0}) for p in (0.5, 0.0, 1.0))
    assert half == pytest.approx((none + one) / 2, rel=1e-5)


def test_the_exported_graph_says_what_torch_says(tmp_path: Path) -> None:
    model = tiny_model()
    export_fp32(model, tmp_path / "fp32.onnx", [np.array([0, 5, 6, 7, 2], dtype=np.int32)])
    quantise(tmp_path / "fp32.onnx", tmp_path / "int8.onnx")
    assert count_fused(tmp_path / "fp32.onnx") == 2
    framed = frame_windows([np.arange(5, 40, dtype=np.int32), np.arange(5, 12, dtype=np.int32)], [0, 1], SPECIAL)
    with torch.no_grad():
        expected = [t[framed["keep"]].numpy() for t in model(framed["input_ids"], framed["attention_mask"])]
    feed = {name: framed[name].numpy() for name in ("input_ids", "attention_mask")}
    for name, tolerance in (("fp32", 1e-4), ("int8", 0.2)):
        found = onnxruntime.InferenceSession(str(tmp_path / f"{name}.onnx")).run(None, feed)
        for have, want in zip(found, expected, strict=True):
            assert np.abs(have[framed["keep"].numpy()] - want).max() < tolerance * max(1.0, np.abs(want).max())
    # All products of the encoder are of int8; the few of the heads on top stay fp32.
    products = [node.op_type for node in onnx.load(tmp_path / "int8.onnx").graph.node]
    assert products.count("MatMulInteger") == 8


def test_the_builtin_encoder_reads_indonesian() -> None:
    encoder = load_encoder("builtin", layers=2)
    assert encoder.model.config.num_hidden_layers == 2
    assert encoder.tokenizer.encode("Pemerintah memblokir situs judi").tokens[:2] == ["<s>", "▁Pemerintah"]
    assert "<unk>" not in encoder.tokenizer.encode("Çoklu, ñandú & “kutipan” — Rp1.000!").tokens

    def embed(text: str) -> torch.Tensor:
        with torch.no_grad():
            states = encoder.model(torch.tensor([encoder.tokenizer.encode(text).ids])).last_hidden_state
        return torch.nn.functional.normalize(states.mean(dim=1)[0], dim=0)

    block, shut, recipe = map(embed, ("Pemerintah memblokir situs", "Pemerintah menutup akses laman", "Resep rendang yang lezat"))
    assert block @ shut > block @ recipe


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), max_size=30), st.integers(5, 60))
def test_windows_cover_all_tokens_and_fit(lengths: list[int], room: int) -> None:
    windows = cut_windows(lengths, room)
    assert [t for start, stop in windows for t in range(start, stop)] == list(range(sum(lengths)))
    assert all(0 < stop - start <= room for start, stop in windows)
    assert len(windows) == -(-sum(lengths) // room)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=30), st.integers(32, 200), st.integers(0, 9))
def test_a_crop_is_whole_sentences_within_the_budget(lengths: list[int], budget: int, seed: int) -> None:
    whole = np.arange(sum(lengths), dtype=np.int32)
    ids, kept, numbers = crop(whole, np.array(lengths), budget, np.random.default_rng(seed))
    assert len(numbers) == len(kept) and numbers == sorted(set(numbers))
    assert len(ids) == sum(kept) <= max(budget, 0) or sum(lengths) <= budget
    assert list(ids) == sorted(ids)
    if sum(lengths) <= budget:
        assert len(ids) == sum(lengths)
    else:
        found = np.bincount(np.repeat(np.arange(len(lengths)), lengths)[ids], minlength=len(lengths))
        assert all(n in (0, full) for n, full in zip(found, lengths, strict=True))
        assert found[0] == lengths[0]
        assert [lengths[n] for n in numbers] == kept == [int(n) for n in found if n]


@given(st.lists(st.integers(1, 500), min_size=1, max_size=60), st.integers(0, 9))
def test_batches_hold_every_article_once_within_the_budget(lengths: list[int], seed: int) -> None:
    batches = group_by_length(np.array(lengths), 1000, np.random.default_rng(seed))
    assert sorted(i for b in batches for i in b) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * (max(lengths[i] for i in batch) + 2) <= 1000


def test_every_token_belongs_to_one_sentence() -> None:
    body = "Pemerintah memblokir situs.\n\nWarga mengkritik kebijakan itu."
    encoded = encode_article(Article(id="a", body=body, title="aturan baru"), make_tokenizer(), 16)
    assert [s.text for s in encoded.segments] == ["aturan baru", "Pemerintah memblokir situs.", "Warga mengkritik kebijakan itu."]
    assert [body[s.start : s.end] for s in encoded.segments[1:]] == [s.text for s in encoded.segments[1:]]
    truncating = make_tokenizer()
    truncating.enable_truncation(8)
    with pytest.raises(ValueError, match="truncation switched off"):
        encode_article(Article(id="a", body=body), truncating, 16)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('name = "a"\nversion = "1"\ncolour = 3\ndata = []', "colour: Extra inputs"),
        ('name = "a"\nversion = "1"\ndata = []\n[train]\nepochs = -1', "train.epochs"),
        ('name = "a"\nversion = "1"\ndata = []\n[[soup]]\nrecipe = "b.toml"\nshare = 1', "soup.0.share"),
        (
            'name = "a"\nversion = "1"\ndata = []' + 2 * '\n[[soup]]\nrecipe = "b.toml"\nshare = 0.5',
            "soup: .*so this run has no weight; lower them",
        ),
        ("name = ", "not valid TOML"),
        ('version = "1"\ndata = []', "name: Field required"),
    ],
)
def test_a_wrong_recipe_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "r.toml"
    path.write_text(text)
    with pytest.raises(RecipeError, match=message):
        load_recipe(path)
    with pytest.raises(RecipeError, match="no such recipe"):
        load_recipe(tmp_path / "absent.toml")
