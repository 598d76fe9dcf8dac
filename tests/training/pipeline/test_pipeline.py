"""The whole of training on a small local BERT and articles made here: recipe in, bundle with its card out."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from sorot.data.article import Article
from sorot.serving.model.bundle import load_bundle
from sorot.serving.model.manifest import CARD_FILE
from sorot.serving.model.scorer import Scorer
from sorot.training.pipeline.run import run_recipe
from sorot.training.recipe import DataSection, Recipe, RecipeError, TeacherSection
from tests.serving.test_command_line import run
from tests.tiny_bundle import make_tokenizer

SAYINGS = {
    ("censorship", "oppose", "negative"): "warga mengkritik pemerintah memblokir situs itu sangat buruk .",
    ("terrorism", "support", "negative"): "polisi menangkap terduga teroris di jakarta .",
    ("platform_regulation", "support", "positive"): "kementerian menilai aturan platform digital baru baik sekali .",
    ("platform_regulation", "neutral", "neutral"): "denda yang untuk platform hari ini .",
    (None, "none", "positive"): "cuaca cuaca cuaca cerah cerah cerah",
    (None, "none", "negative"): "cuaca hari ini dan itu sangat buruk .",
}


def write_corpus(path: Path, n: int, seed: int) -> None:
    rng = random.Random(seed)
    records = []
    for i in range(n):
        topic, stance, sentiment = list(SAYINGS)[i % len(SAYINGS)]
        words = SAYINGS[topic, stance, sentiment].split()
        rng.shuffle(words)
        records.append(
            {
                "id": f"{seed}-{i}",
                "text": " ".join(words),
                "topics": [topic] if topic else [],
                "stance": stance,
                "sentiment": sentiment,
            }
        )
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")


def words(path: Path) -> list[tuple[str, ...]]:
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    return [tuple(word for word in text.split() if word != ".") for text in texts]


def save_encoder(folder: Path) -> None:
    tokenizer = make_tokenizer()
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token="<pad>", unk_token="<unk>"
    ).save_pretrained(folder)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=64, pad_token_id=1,
    )  # fmt: skip
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    save_encoder(folder / "encoder")
    write_corpus(folder / "train.jsonl", 90, 1)
    write_corpus(folder / "dev.jsonl", 36, 2)
    return folder


def make_recipe(workplace: Path, **train: object) -> Recipe:
    return Recipe.model_validate(
        {
            "name": "uji",
            "version": "1",
            "encoder": {"name": str(workplace / "encoder"), "max_tokens": 32},
            "data": [{"path": str(workplace / "train.jsonl")}, {"path": str(workplace / "absent.jsonl"), "optional": True}],
            "dev": {"paths": [str(workplace / "dev.jsonl")]},
            "train": {"epochs": 3, "learning_rate": 2e-3, "head_learning_rate": 1e-2, "batch_tokens": 256, "seed": 5, **train},
            "wide": {"min_articles": 1},
        }
    )


def test_from_recipe_to_a_bundle_that_serves(workplace: Path) -> None:
    said: list[str] = []
    bundle = run_recipe(make_recipe(workplace), workplace / "runs", said.append)
    assert any("absent.jsonl is absent: done without it" in s for s in said)
    manifest = load_bundle(bundle).manifest
    # Training articles whose words stand in the development file too are left out, and the run says so.
    dev = set(words(workplace / "dev.jsonl"))
    used = sum(text not in dev for text in words(workplace / "train.jsonl"))
    assert manifest.data["train.jsonl"].rows == used < 90
    assert any(f"{90 - used} rows left out" in s for s in said)
    metrics = json.loads((workplace / "runs" / "metrics.json").read_text())
    topics = metrics["reports"]["dev"]["tasks"]["topics"]
    # The words decide these articles, so anything that learns at all gets them nearly right.
    assert topics["macro_f1"] > 0.9 > topics["baselines"]["majority"]["macro_f1"]
    assert manifest.metrics["dev"]["topics"].macro_f1 == topics["macro_f1"]
    card = (bundle / CARD_FILE).read_text(encoding="utf-8")
    assert f"{topics['macro_f1']:.3f}" in card and f"| train.jsonl | {used} |" in card
    [analysis] = Scorer.load(bundle).score([Article(id="a", body="polisi menangkap terduga teroris di jakarta .", language="id")])
    assert (analysis.labels["topics"], analysis.labels["sentiment"]) == (("terrorism",), "negative")

    again: list[str] = []
    run_recipe(make_recipe(workplace), workplace / "runs", again.append)
    assert "train: up to date" in again
    assert load_bundle(bundle).manifest.metrics == manifest.metrics


def test_a_student_learns_what_its_teacher_makes_of_a_pool(workplace: Path, tmp_path: Path) -> None:
    write_corpus(tmp_path / "pool.jsonl", 40, 7)
    pool = [str(tmp_path / "pool.jsonl"), str(tmp_path / "gone.jsonl")]
    recipe = make_recipe(workplace, epochs=1)
    recipe = recipe.model_copy(update={"teacher": TeacherSection(layers=1, epochs=2, learning_rate=2e-3, pool=pool, articles=20)})
    said: list[str] = []
    manifest = load_bundle(run_recipe(recipe, tmp_path / "run", said.append)).manifest
    assert any("gone.jsonl is absent: nothing learned from it" in s for s in said)
    assert manifest.data["pool.jsonl"].rows == 20
    assert (tmp_path / "run" / "teacher" / "deep.safetensors").is_file()
    soft = load_file(tmp_path / "run" / "teacher" / "soft.safetensors")
    assert len(set(map(tuple, soft["chosen"].tolist()))) == 20
    assert soft["probability"].shape == (20, 10)
    for task in (slice(3, 7), slice(7, 10)):
        assert soft["probability"][:, task].sum(axis=1) == pytest.approx(np.ones(20), abs=1e-4)
    # Half of the articles are those most surely on a topic, which the teacher says too.
    texts = words(tmp_path / "pool.jsonl")
    taken = [texts[row] for _, row in soft["chosen"].tolist()]
    surest = soft["probability"][:, :3].max(axis=1)
    on_topic = np.array(["cuaca" not in text for text in taken])
    assert on_topic.sum() >= 10
    assert surest[on_topic].mean() > surest[~on_topic].mean()

    again: list[str] = []
    assert load_bundle(run_recipe(recipe, tmp_path / "run", again.append)).manifest.metrics == manifest.metrics
    assert {"teacher: up to date", "soft: up to date", "train: up to date"} <= set(again)
    # Soft labels are learned from: without them the same seed gives another model.
    alone = recipe.model_copy(update={"teacher": None})
    other = load_bundle(run_recipe(alone, tmp_path / "alone", lambda _: None)).manifest
    assert other.files["model.onnx"] != manifest.files["model.onnx"]
    assert "pool.jsonl" not in other.data


def test_a_shorter_encoder_learns_what_a_longer_one_does(
    workplace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    write_corpus(tmp_path / "pool.jsonl", 40, 7)
    monkeypatch.chdir(tmp_path)
    text = json.dumps(str(workplace))[1:-1]
    common = (
        f'name = "uji"\n[[data]]\npath = "{text}/train.jsonl"\n[dev]\npaths = ["{text}/dev.jsonl"]\n[wide]\nmin_articles = 1\n'
        "[train]\nepochs = 3\nlearning_rate = 2e-3\nhead_learning_rate = 1e-2\nbatch_tokens = 256\nseed = 5\n"
        f'[encoder]\nname = "{text}/encoder"\nmax_tokens = 32\n'
    )
    distil = '[distil]\nrecipe = "long.toml"\npool = ["pool.jsonl", "gone.jsonl"]\narticles = 20\nepochs = 6\n'
    Path("long.toml").write_text('version = "1"\n' + common)
    short = 'version = "2"\n' + common + "layers = 1\n" + distil + "learning_rate = 3e-3\n"
    Path("short.toml").write_text(short + "layers = [1]\n")
    assert run(monkeypatch, "train", "short.toml", "--dry-run") == 0
    out = capfd.readouterr().out
    assert not Path("runs/uji-2/deep.safetensors").exists() and out.count("steps of") == 2
    assert "uji-1, unless it is already trained: " in out
    assert run(monkeypatch, "train", "short.toml") == 0
    error = capfd.readouterr().err
    assert "uji-1, whose weights are needed" in error and "gone.jsonl is absent: nothing learned from it" in error
    manifest = load_bundle(tmp_path / "runs" / "uji-2" / "bundle").manifest
    assert manifest.encoder == "encoder, 1 layers" and manifest.data["pool.jsonl"].rows == 20
    # It was told no label, and knows what the longer one knows.
    losses = [step["loss"] for step in json.loads(Path("runs/uji-2/curves.json").read_text()) if "loss" in step]
    assert manifest.metrics["dev"]["topics"].macro_f1 > 0.9 and (len(losses) < 2 or losses[-1] < losses[0])
    long, small = (load_file(tmp_path / "runs" / name / "deep.safetensors") for name in ("uji-1", "uji-2"))
    assert {name for name in long if "layer.1." in name} and not {name for name in small if "layer.1." in name}
    assert run(monkeypatch, "train", "short.toml") == 0
    assert capfd.readouterr().err.count("train: up to date") == 2
    for layers, message in (
        ("[0, 1]", "names 2, encoder.layers says 1"),
        ("[2]", "layers 0 to 1 of the teacher in rising order"),
    ):
        Path("wrong.toml").write_text(short.replace('"2"', '"3"') + f"layers = {layers}\n")
        assert run(monkeypatch, "train", "wrong.toml") == 2
        assert message in capfd.readouterr().err
    Path("wrong.toml").write_text(short.replace('"2"', '"3"').replace("max_tokens = 32", "max_tokens = 24") + "layers = [0]\n")
    assert run(monkeypatch, "train", "wrong.toml") == 2
    assert "long.toml: differs from this recipe in encoder or taxonomy; only the layers may differ" in capfd.readouterr().err


def test_calibration_files_move_the_numbers_and_are_never_trained_on(workplace: Path, tmp_path: Path) -> None:
    plain = make_recipe(workplace, epochs=1)
    texts = "cuaca hari ini baik sekali .\tnegative\npolisi menangkap warga di jakarta .\tpositive\n" * 20
    (tmp_path / "short.tsv").write_text(texts, encoding="utf-8")
    beside = DataSection(path=str(tmp_path / "short.tsv"), format="smsa", weight=2.0)
    gone = DataSection(path=str(tmp_path / "gone.tsv"), format="smsa", optional=True)
    recipe = plain.model_copy(update={"calibration": (beside, gone)})
    said: list[str] = []
    first = load_bundle(run_recipe(plain, tmp_path / "run", lambda _: None)).manifest
    second = load_bundle(run_recipe(recipe, tmp_path / "run", said.append)).manifest
    assert any("gone.tsv is absent" in s for s in said)
    assert second.data["short.tsv"].rows == 40 and "short.tsv" not in first.data
    # Neither encoder nor linear part depends on them, what has no label for topics leaves those alone.
    assert second.files["model.onnx"] == first.files["model.onnx"]
    assert second.temperatures["sentiment"] != first.temperatures["sentiment"]
    assert (second.temperatures["topics"], second.thresholds) == (first.temperatures["topics"], first.thresholds)
    with pytest.raises(RecipeError, match=r"gone.tsv: no such file"):
        run_recipe(
            recipe.model_copy(update={"calibration": (gone.model_copy(update={"optional": False}),)}), tmp_path / "x", print
        )


def test_a_tracker_is_fed_and_one_that_is_not_there_is_named_at_once(workplace: Path, tmp_path: Path) -> None:
    for tracker, message in (("teleskop", "teleskop is not supported"), ("comet_ml", "run: pip install comet_ml")):
        with pytest.raises(RecipeError, match=message):
            run_recipe(make_recipe(workplace, trackers=[tracker]), tmp_path / "none", lambda _: None)
    assert not (tmp_path / "none").exists()
    run_recipe(make_recipe(workplace, epochs=1, trackers=["tensorboard"]), tmp_path / "run", lambda _: None)
    assert list((tmp_path / "run" / "logs").rglob("events.out.*"))


def test_a_tracker_that_cannot_begin_is_named_with_its_own_reason(
    workplace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise RuntimeError("a plain folder is refused\n\nand a page on what else there is")

    monkeypatch.setattr("torch.utils.tensorboard.SummaryWriter", refuse)
    recipe = make_recipe(workplace, epochs=1, trackers=["tensorboard"])
    with pytest.raises(RecipeError, match=r"^train\.trackers: tensorboard cannot start \(a plain folder is refused\); [^\n]*$"):
        run_recipe(recipe, tmp_path / "run", lambda _: None)
    # No other error is taken for a tracker's.
    monkeypatch.undo()
    monkeypatch.setattr("sorot.training.models.finetune._SetEpoch.on_train_begin", lambda *_, **__: 1 / 0, raising=False)
    with pytest.raises(ZeroDivisionError):
        run_recipe(recipe, tmp_path / "run", lambda _: None)


def test_two_runs_with_one_seed_agree(workplace: Path, tmp_path: Path) -> None:
    recipe = make_recipe(workplace, epochs=1)
    first, second = (load_bundle(run_recipe(recipe, tmp_path / name, lambda _: None)).manifest for name in ("a", "b"))
    assert first.metrics == second.metrics
    assert {n: h for n, h in first.files.items() if n != CARD_FILE} == {n: h for n, h in second.files.items() if n != CARD_FILE}


def test_the_commands(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    recipe = tmp_path / "r.toml"
    text = json.dumps(str(workplace))[1:-1]
    recipe.write_text(
        f'name = "uji"\nversion = "2"\n[encoder]\nname = "{text}/encoder"\nmax_tokens = 32\n[[data]]\npath = "{text}/train.jsonl"\n'
        f'[dev]\npaths = ["{text}/dev.jsonl"]\n[train]\nepochs = 1\nbatch_tokens = 256\n[wide]\nmin_articles = 1\n'
    )
    assert run(monkeypatch, "train", recipe) == 0
    capfd.readouterr()
    bundle = tmp_path / "runs" / "uji-2" / "bundle"
    assert (
        run(
            monkeypatch,
            "evaluate",
            bundle,
            workplace / "dev.jsonl",
            "--baseline",
            workplace / "train.jsonl",
            "--json",
        )
        == 0
    )
    report = json.loads(capfd.readouterr().out)["dev"]
    assert set(report["tasks"]["stance"]["baselines"]) == {"tfidf", "majority"}
    assert report["articles"] == 36
    assert run(monkeypatch, "train", "absent.toml") == 2
    assert "no such recipe" in capfd.readouterr().err
    assert run(monkeypatch, "evaluate", bundle, "absent.jsonl") == 2
    assert "cannot be read" in capfd.readouterr().err


def test_a_shorter_encoder_goes_on_from_another_with_fewer_heads(
    workplace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text = json.dumps(str(workplace))[1:-1]
    common = (
        f'name = "uji"\n[[data]]\npath = "{text}/train.jsonl"\n[dev]\npaths = ["{text}/dev.jsonl"]\n[wide]\nmin_articles = 1\n'
        "[train]\nepochs = 3\nlearning_rate = 2e-3\nhead_learning_rate = 1e-2\nbatch_tokens = 256\nseed = 5\n"
        f'[encoder]\nname = "{text}/encoder"\nmax_tokens = 32\n'
    )
    distil = 'layers = 1\n[distil]\nrecipe = "long.toml"\nlayers = [1]\nlearning_rate = 3e-3\n'
    Path("long.toml").write_text('version = "1"\n' + common)
    Path("short.toml").write_text('version = "2"\n' + common + distil + "epochs = 6\n")
    begin = 'begin = "short.toml"\n'
    last = 'version = "3"\n' + common + distil + begin + "epochs = 1\n"
    Path("last.toml").write_text(last + "heads = 2\n")
    assert run(monkeypatch, "train", "last.toml", "--dry-run") == 0
    assert run(monkeypatch, "train", "last.toml") == 0
    error = capfd.readouterr().err
    assert error.count("uji-1, whose weights are needed") == error.count("uji-2, whose weights are needed") == 1
    assert "attention heads: 1 of 1 layers measured" in error
    manifest = load_bundle(Path("runs/uji-3/bundle")).manifest
    assert manifest.encoder == "encoder, 1 layers, 2 of 4 attention heads" and manifest.metrics["dev"]["topics"].macro_f1 > 0.9
    # It began where the other had come to, and so is ahead of one that did not.
    Path("fresh.toml").write_text(last.replace('"3"', '"4"').replace(begin, "") + "heads = 2\n")
    assert run(monkeypatch, "train", "fresh.toml") == 0
    losses = [json.loads(Path(f"runs/uji-{n}/curves.json").read_text())[-1]["train_loss"] for n in (3, 4)]
    assert losses[0] < losses[1]
    capfd.readouterr()
    for changed, message in (
        (last + "heads = 5\n", "distil.heads: the encoder has 4 heads in 1 layers; keep 1 to 4"),
        (
            last.replace("short.toml", "long.toml"),
            "long.toml: differs in encoder or taxonomy from the recipe that begins with it",
        ),
    ):
        Path("last.toml").write_text(changed)
        assert run(monkeypatch, "train", "last.toml") == 2
        assert message in capfd.readouterr().err
