"""Continued pretraining by masked words: the loss falls, a broken-off run goes on, and the folder is an encoder."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sorot.training.models.encoder import load_encoder
from sorot.training.pretrain_recipe import load_pretrain_recipe
from sorot.training.pretraining.masked_model import load_masked, masked_loss
from sorot.training.pretraining.masking import IGNORED, MaskedWindows, choose_words, word_starts
from sorot.training.pretraining.pretrain import PretrainError, continue_pretraining
from sorot.training.recipe import EncoderSection, RecipeError
from tests.serving.command import run
from tests.training.tiny_encoders import FAMILIES, save_tiny_encoder, texts


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pretrain")
    save_tiny_encoder("bert", folder / "encoder")
    articles = [{"id": f"a{i}", "text": text} for i, text in enumerate(texts(30))]
    write(folder / "pool.jsonl", [*articles, articles[5]])
    # Held out: the third article in other punctuation.
    held = {"id": "h", "text": articles[3]["text"].upper().replace(".", " ! "), "sentiment": "neutral"}
    write(folder / "dev.jsonl", [held])
    return folder


def write(path: Path, records: list[dict[str, str]]) -> None:
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in records), encoding="utf-8")


def write_recipe(place: Path, output: Path, steps: int = 20) -> Path:
    path = output.with_suffix(".toml")
    path.write_text(
        f'output = "{output}"\nfiles = ["{place}/pool.jsonl"]\nnever_train_on = ["{place}/dev.jsonl"]\nheld_out = 0.2\n'
        f'[encoder]\nname = "{place}/encoder"\nmax_tokens = 64\n'
        f"[train]\nmax_steps = {steps}\nbatch_tokens = 512\nlearning_rate = 1e-2\ncheckpoint_steps = 5\n",
        encoding="utf-8",
    )
    return path


def test_the_loss_falls_and_the_folder_is_an_encoder(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    recipe = write_recipe(place, tmp_path / "out")
    assert run(monkeypatch, "pretrain", recipe, "--json") == 0
    out, err = capfd.readouterr()
    result = json.loads(out)
    loss = result["held_out_loss"]
    # Twenty steps from random weights: from the logarithm of the vocabulary downwards.
    assert loss["after"] < loss["before"] - 0.2
    # One of the articles stands in the held-out file, one twice.
    assert "29 articles to learn from; excluded: 2 that are duplicates or among 1 held-out texts and 0 unreadable" in err
    assert "step 10 of 20: masked loss" in err
    assert sorted(p.name for p in (tmp_path / "out").iterdir() if "checkpoint" in p.name) == []
    encoder, before = load_encoder(str(tmp_path / "out")), load_encoder(str(place / "encoder"))
    text = "Pemerintah memblokir situs."
    assert encoder.tokenizer.encode(text).ids == before.tokenizer.encode(text).ids
    assert (encoder.special, encoder.max_tokens) == (before.special, before.max_tokens)
    weights = [e.model.get_input_embeddings().weight for e in (encoder, before)]
    assert weights[0].shape == weights[1].shape and not torch.equal(*weights)

    # A finished run is not repeated; another recipe does not write over it.
    assert run(monkeypatch, "pretrain", recipe) == 0
    out, err = capfd.readouterr()
    assert "already pretrained" in err and f"{loss['after']:.4f} after" in out
    assert run(monkeypatch, "pretrain", write_recipe(place, tmp_path / "out", steps=21)) == 2
    assert "holds something other than a run of this recipe" in capfd.readouterr().err


def test_an_interrupted_run_goes_on_and_ends_the_same(place: Path, tmp_path: Path) -> None:
    whole = continue_pretraining(load_pretrain_recipe(write_recipe(place, tmp_path / "whole")), lambda _: None)

    def stop(text: str) -> None:
        if text.startswith("step 10"):
            raise KeyboardInterrupt

    broken = load_pretrain_recipe(write_recipe(place, tmp_path / "broken"))
    with pytest.raises(KeyboardInterrupt):
        continue_pretraining(broken, stop)
    assert not list((tmp_path / "broken").glob("*.safetensors"))
    said: list[str] = []
    resumed = continue_pretraining(broken, said.append)
    assert "resuming from checkpoint-5" in said
    assert (resumed.before, resumed.after) == pytest.approx((whole.before, whole.after), rel=1e-4)


def test_what_cannot_be_done_is_said(place: Path, tmp_path: Path) -> None:
    path = write_recipe(place, tmp_path / "out")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "diary.txt").write_text("mine")
    with pytest.raises(PretrainError, match="holds something other"):
        continue_pretraining(load_pretrain_recipe(path), print)
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["diary.txt"]
    path.write_text(path.read_text().replace("pool.jsonl", "gone.jsonl"))
    with pytest.raises(PretrainError, match=r"gone\.jsonl: no such file"):
        continue_pretraining(load_pretrain_recipe(path), print)
    path.write_text(path.read_text() + "mask_share = 0.5\n")
    with pytest.raises(RecipeError, match=r"train\.mask_share.*training/pretrain_recipe\.py"):
        load_pretrain_recipe(path)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_loss_over_hidden_tokens_is_the_librarys_own(family: str, tmp_path: Path) -> None:
    encoder = load_masked(EncoderSection(name=str(save_tiny_encoder(family, tmp_path / family)), max_tokens=64))
    windows = [np.array(encoder.bare.encode(text).ids[1:40], dtype=np.int32) for text in texts(3)]
    batches = MaskedWindows(
        windows, encoder.bare, special=encoder.special, mask=encoder.mask, share=0.2, batch_tokens=200, seed=1
    )
    batch, again, other = (batches.masked(0, draw) for draw in (1, 1, 2))
    assert torch.equal(batch["labels"], again["labels"]) and not torch.equal(batch["labels"], other["labels"])
    assert 0 < (batch["labels"] != IGNORED).sum() <= 0.2 * 39 * 3
    assert not torch.isin(batch["labels"], torch.tensor([encoder.special.bos, encoder.special.eos, encoder.special.pad])).any()
    model = encoder.model.eval()
    with torch.no_grad():
        assert float(masked_loss(model, batch)) == pytest.approx(float(model(**batch).loss), rel=1e-5)
    assert model.get_output_embeddings().weight is model.get_input_embeddings().weight


def test_the_builtin_encoder_gets_a_mask_and_a_tied_head(tmp_path: Path) -> None:
    encoder = load_masked(EncoderSection(layers=1))
    plain = load_encoder("builtin", layers=1)
    assert encoder.mask == plain.tokenizer.get_vocab_size() == encoder.model.config.vocab_size - 1
    assert encoder.special == plain.special
    assert encoder.model.get_output_embeddings().weight is encoder.model.get_input_embeddings().weight
    encoder.model.save_pretrained(tmp_path)
    encoder.tokenizer.save_pretrained(tmp_path)
    again = load_encoder(str(tmp_path))
    ids = torch.tensor([plain.tokenizer.encode("Pemerintah memblokir situs judi daring.").ids])
    assert again.tokenizer.encode("Pemerintah memblokir situs judi daring.").ids == ids[0].tolist()
    with torch.no_grad():
        states = [e.model.eval()(ids).last_hidden_state for e in (again, plain)]
    assert torch.allclose(*states, atol=1e-5)


@given(st.lists(st.booleans(), min_size=1, max_size=80), st.floats(0.15, 0.3), st.integers(0, 9))
def test_words_are_hidden_whole(begins: list[bool], share: float, seed: int) -> None:
    starts = np.array(begins)
    chosen = choose_words(np.arange(len(begins), dtype=np.int32), starts, share, np.random.default_rng(seed))
    assert chosen.any()
    for at in range(1, len(begins)):
        assert starts[at] or chosen[at] == chosen[at - 1]
    assert chosen.sum() <= max(share * len(begins), *_word_lengths(starts))


def _word_lengths(starts: np.ndarray) -> list[int]:
    edges = [0, *(at for at in range(1, len(starts)) if starts[at]), len(starts)]
    return [stop - start for start, stop in pairwise(edges)]


def test_words_begin_where_the_tokenizer_says(place: Path) -> None:
    tokenizer = load_encoder(str(place / "encoder")).tokenizer
    encoding = tokenizer.encode("Pemerintah memblokir situs-situs perjudian", add_special_tokens=False)
    starts = word_starts(tokenizer)[encoding.ids]
    assert len(encoding.ids) > 6
    assert [a != b for a, b in zip([None, *encoding.word_ids], encoding.word_ids, strict=False)] == starts.tolist()
