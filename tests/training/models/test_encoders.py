"""Encoders of every family: loaded from a folder, trained, exported, served; and those that are refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import huggingface_hub.constants
import numpy as np
import onnxruntime
import pytest
import torch
from safetensors.torch import load_file, save_file

from sorot.data.article import Article
from sorot.data.taxonomy import load_taxonomy
from sorot.serving.model.scorer import Scorer
from sorot.serving.model.tokenizer import frame_ids
from sorot.training.export.onnx_export import count_fused, export_fp32, is_fused, quantise
from sorot.training.input.batches import frame_windows
from sorot.training.models.deep import ArticleModel, TokenModel
from sorot.training.models.e5_file import EncoderSourceError
from sorot.training.models.encoder import load_encoder
from sorot.training.models.finetune import parameter_groups, set_dropout
from sorot.training.pipeline.run import run_recipe
from sorot.training.recipe import Recipe, TrainSection
from tests.training.pipeline.test_pipeline import write_corpus
from tests.training.tiny_encoders import FAMILIES, POSITIONS, save_tiny_encoder

TAXONOMY = load_taxonomy()


@pytest.fixture(scope="module")
def encoders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoders")
    for family in FAMILIES:
        save_tiny_encoder(family, folder / family)
    return folder


@pytest.mark.parametrize("family", FAMILIES)
def test_a_folder_is_loaded_with_its_own_limits_and_frame(encoders: Path, family: str) -> None:
    folder = encoders / family
    encoder = load_encoder(str(folder), max_tokens=4096)
    assert encoder.max_tokens == (POSITIONS[family] or 4096)
    assert load_encoder(str(folder), max_tokens=40).max_tokens == 40
    names = json.loads((folder / "tokenizer_config.json").read_text())
    begin, end = (names.get(key) or names[other] for key, other in (("cls_token", "bos_token"), ("sep_token", "eos_token")))
    find = encoder.tokenizer.token_to_id
    assert (encoder.special.bos, encoder.special.eos, encoder.special.pad) == (find(begin), find(end), find(names["pad_token"]))
    # What the scorer reads from the tokenizer alone is what training framed its windows by.
    assert frame_ids(encoder.tokenizer) == (encoder.special.bos, encoder.special.eos)
    assert len(encoder.tokenizer.encode("pemerintah memblokir situs " * 40).ids) > 100
    assert encoder.name == family and getattr(encoder.model, "pooler", None) is None


@pytest.mark.parametrize("family", FAMILIES)
def test_the_lowest_layers_are_kept(encoders: Path, family: str) -> None:
    whole, cut = (load_encoder(str(encoders / family), layers=n).model for n in (None, 1))
    kept = cut.state_dict()
    assert cut.config.num_hidden_layers == 1
    assert all(torch.equal(tensor, whole.state_dict()[name]) for name, tensor in kept.items())
    # ALBERT goes through its one group of weights once, where it went twice.
    assert (len(kept) == len(whole.state_dict())) == (family == "albert")
    ids = torch.arange(10, 20)[None]
    with torch.no_grad():
        outputs = [model.eval()(ids, attention_mask=torch.ones_like(ids)).last_hidden_state for model in (whole, cut)]
    assert not torch.allclose(*outputs)
    with pytest.raises(EncoderSourceError, match="has 2 layers; choose 1 to 2, not 3"):
        load_encoder(str(encoders / family), layers=3)


@pytest.mark.parametrize("family", FAMILIES)
def test_learning_rates_fall_towards_the_embeddings(encoders: Path, family: str) -> None:
    encoder = load_encoder(str(encoders / family))
    set_dropout(encoder.model, 0.3)
    model = ArticleModel(TokenModel(encoder.model, TAXONOMY, 0.3), TAXONOMY, torch.ones(TAXONOMY.n_labels))
    section = TrainSection(learning_rate=1.0, head_learning_rate=9.0, layer_decay=0.5)
    names = {id(p): name for name, p in model.named_parameters()}
    rates = {names[id(p)]: g["lr"] for g in parameter_groups(model, section) for p in g["params"]}
    assert set(rates) == set(names.values())
    assert {rate for name, rate in rates.items() if not name.startswith("tokens.encoder.")} == {9.0}
    inside = {rate for name, rate in rates.items() if name.startswith("tokens.encoder.")}
    assert inside == ({1.0, 0.5} if family == "albert" else {1.0, 0.5, 0.25})
    words = next(name for name, p in model.named_parameters() if p is encoder.model.get_input_embeddings().weight)
    assert rates[words] == min(inside)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_graph_says_what_torch_says(encoders: Path, family: str, tmp_path: Path) -> None:
    encoder = load_encoder(str(encoders / family))
    model = TokenModel(encoder.model, TAXONOMY, dropout=0.1).eval()
    torch.nn.init.normal_(model.heads.score)
    rng = np.random.default_rng(0)
    # The longest a window can be, and one that is padded to it.
    windows = [rng.integers(10, 300, n).astype(np.int32) for n in (62, 9)]
    framed = frame_windows(windows, [0, 1], encoder.special)
    with torch.no_grad():
        expected = [t.numpy() for t in model(framed["input_ids"], framed["attention_mask"])]
    export_fp32(model, tmp_path / "fp32.onnx", [framed["input_ids"][0].numpy()])
    quantise(tmp_path / "fp32.onnx", tmp_path / "int8.onnx")
    assert count_fused(tmp_path / "fp32.onnx") == (2 if is_fused(encoder.model) else 0)
    assert is_fused(encoder.model) == (family in ("bert", "roberta", "xlm-roberta"))
    keep = framed["keep"].numpy()
    for name, tolerance in (("fp32", 1e-3), ("int8", 0.25)):
        session = onnxruntime.InferenceSession(str(tmp_path / f"{name}.onnx"))
        found = session.run(None, {key: framed[key].numpy() for key in ("input_ids", "attention_mask")})
        for have, want in zip(found, expected, strict=True):
            assert np.abs(have[keep] - want[keep]).max() < tolerance * max(1.0, np.abs(want[keep]).max())


@pytest.mark.parametrize("family", FAMILIES)
def test_from_a_folder_to_labels(encoders: Path, family: str, tmp_path: Path) -> None:
    write_corpus(tmp_path / "train.jsonl", 12, 1)
    write_corpus(tmp_path / "dev.jsonl", 12, 2)
    recipe = Recipe.model_validate(
        {
            "name": "uji",
            "version": "1",
            "min_examples": 1,
            "encoder": {"name": str(encoders / family), "max_tokens": 32},
            "data": [{"path": str(tmp_path / "train.jsonl")}],
            "dev": {"paths": [str(tmp_path / "dev.jsonl")]},
            "train": {"epochs": 1, "batch_tokens": 256},
            "wide": {"min_articles": 1},
        }
    )
    said: list[str] = []
    bundle = run_recipe(recipe, tmp_path / "run", said.append)
    assert any("is not fused" in s for s in said) == (family not in ("bert", "roberta", "xlm-roberta"))
    scorer = Scorer.load(bundle)
    assert scorer.manifest.encoder == f"{family}, 2 layers"
    body = "Polisi menangkap terduga teroris di Jakarta. " * 12
    [analysis] = scorer.score([Article(id="a", body=body, language="id")])
    assert analysis.n_windows > 1 and analysis.withheld is None
    assert (
        analysis.labels["stance"] in TAXONOMY.task("stance").keys
        and analysis.labels["sentiment"] in TAXONOMY.task("sentiment").keys
    )
    assert all(0 <= p <= 1 for by_label in analysis.probabilities.values() for p in by_label.values())


def test_weights_in_half_precision_are_trained_in_full(encoders: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(encoders / "bert", tmp_path / "half")
    weights = load_file(folder / "model.safetensors")
    save_file({k: v.half() for k, v in weights.items()}, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text((folder / "config.json").read_text().replace('"float32"', '"float16"'))
    assert load_encoder(str(folder)).model.dtype == torch.float32


def test_what_cannot_be_an_encoder_is_refused_in_a_sentence(
    encoders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(name: object, message: str) -> None:
        with pytest.raises(EncoderSourceError, match=message) as error:
            load_encoder(str(name))
        assert "\n" not in str(error.value) and "; " in str(error.value)

    def copy(name: str) -> Path:
        return Path(shutil.copytree(encoders / "bert", tmp_path / name))

    refused(tmp_path / "absent", "no such folder")
    refused("./absent", "no such folder")
    (tmp_path / "empty").mkdir()
    refused(tmp_path / "empty", "holds no config.json")
    pickled = copy("pickled")
    (pickled / "model.safetensors").rename(pickled / "pytorch_model.bin")
    refused(pickled, "holds no weights in safetensors")
    remote = copy("remote")
    config = json.loads((remote / "config.json").read_text())
    (remote / "config.json").write_text(json.dumps({**config, "auto_map": {"AutoModel": "modeling.Own"}}))
    (remote / "modeling.py").write_text("raise SystemExit('this code was run')")
    refused(remote, "needs its own code")
    unknown = copy("unknown")
    (unknown / "config.json").write_text(json.dumps({**config, "model_type": "unheard_of"}))
    refused(unknown, "cannot be loaded .*unheard_of")
    partial = copy("partial")
    weights = load_file(partial / "model.safetensors")
    fewer = {k: v for k, v in weights.items() if "layer.1." not in k}
    save_file(fewer, partial / "model.safetensors", metadata={"format": "pt"})
    refused(partial, r"lacks 16 of the weights .*layer\.1\.")
    broken = copy("broken")
    (broken / "model.safetensors").write_bytes(b"no tensors")
    refused(broken, "cannot be loaded")
    foreign = copy("foreign")
    shutil.copy(encoders / "albert" / "tokenizer.json", foreign)
    shutil.copy(encoders / "albert" / "tokenizer_config.json", foreign)
    save_file(
        {**weights, "embeddings.word_embeddings.weight": torch.zeros(50, 32)},
        foreign / "model.safetensors",
        metadata={"format": "pt"},
    )
    (foreign / "config.json").write_text(json.dumps({**config, "vocab_size": 50}))
    refused(foreign, "more pieces than the model's 50 rows")
    frameless = copy("frameless")
    names = json.loads((frameless / "tokenizer_config.json").read_text())
    (frameless / "tokenizer_config.json").write_text(json.dumps({k: v for k, v in names.items() if k != "cls_token"}))
    refused(frameless, "has no start or end token")
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    refused("nobody/no-such-encoder", "is not a local folder and could not be loaded from the Hugging Face hub")
