"""Steps of a run: done once, done again when their inputs change, resumed after an interruption."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomlkit
from safetensors.numpy import load_file
from transformers import Trainer

from sorot.serving.model.bundle import load_bundle
from sorot.serving.model.manifest import CARD_FILE, Manifest
from sorot.training.pipeline import bundle_steps, code_hash, fit_steps
from sorot.training.pipeline.code_hash import hash_code
from sorot.training.pipeline.run import run_recipe
from sorot.training.pipeline.step_cache import StepError
from sorot.training.recipe import Recipe, RecipeError, SoupSection, WideSection
from tests.serving.test_command_line import run as command
from tests.training.pipeline.test_pipeline import make_recipe, save_encoder, write_corpus

SOUP_STEPS = ("data", "linear", "train", "soup", "export", "calibrate", "evaluate", "card")
STEPS = ("data", "linear", "train", "export", "calibrate", "evaluate", "card")


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("steps")
    save_encoder(folder / "encoder")
    write_corpus(folder / "train.jsonl", 60, 1)
    write_corpus(folder / "dev.jsonl", 30, 2)
    run_recipe(make_recipe(folder, epochs=1), folder / "run", lambda _: None)
    return folder


def done(workplace: Path, **changes: object) -> list[str]:
    """The steps that the same command does again."""
    said: list[str] = []
    recipe = make_recipe(workplace, epochs=1).model_copy(update=changes)
    run_recipe(recipe, workplace / "run", said.append)
    named = [line.split(": ") for line in said]
    return [name for name, *rest in named if name in STEPS and rest != ["up to date"]]


def test_only_what_must_be_is_done_again(workplace: Path) -> None:
    assert done(workplace) == []
    # The linear part has nothing to do with the encoder's training.
    assert done(workplace, wide=WideSection(min_articles=2)) == ["linear", "calibrate", "evaluate", "card"]
    assert done(workplace, wide=WideSection(min_articles=1)) == ["linear", "calibrate", "evaluate", "card"]
    assert done(workplace, version="2") == ["card"]
    # A file that was changed behind the run's back is made again, and what follows stands if it comes out the same.
    (workplace / "run" / "calibration.json").write_text("{}")
    assert done(workplace, version="2")[0] == "calibrate"
    with (workplace / "dev.jsonl").open("a", encoding="utf-8") as file:
        file.write("\n")
    # The card names the files with their hashes.
    assert done(workplace, version="2") == ["data", "card"]
    with (workplace / "dev.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"id": "new", "text": "cuaca cerah hari ini .", "sentiment": "positive"}) + "\n")
    # Development articles tell which channels int8 keeps apart and fit the last numbers; nothing is trained on them, but a
    # training article with the same words is left out.
    assert {"data", "export", "calibrate", "evaluate", "card"} <= set(done(workplace, version="2"))


def test_a_run_that_was_killed_goes_on_to_the_same_result(
    workplace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at the end of every step in turn, before the step is recorded as done."""
    recipe = make_recipe(workplace, epochs=1)
    whole = load_bundle(run_recipe(recipe, tmp_path / "whole", lambda _: None)).manifest
    for last in ("data", "linear", "export", "calibrate", "evaluate", "card"):
        name = f"run_{last}_step"
        module = fit_steps if hasattr(fit_steps, name) else bundle_steps
        real = getattr(module, name)

        def die(run: object, act: Callable[[object], None] = real) -> None:
            act(run)
            raise KeyboardInterrupt

        monkeypatch.setattr(module, name, die)
        with pytest.raises(KeyboardInterrupt):
            run_recipe(recipe, tmp_path / "killed", lambda _: None)
        monkeypatch.setattr(module, name, real)
    again = load_bundle(run_recipe(recipe, tmp_path / "killed", lambda _: None)).manifest
    assert again.metrics == whole.metrics
    assert {n: h for n, h in again.files.items() if n != CARD_FILE} == {n: h for n, h in whole.files.items() if n != CARD_FILE}


@pytest.fixture(scope="module")
def three_epochs(workplace: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Recipe, Manifest]:
    """A recipe with checkpoints, and the manifest of a run that nobody disturbed."""
    recipe = make_recipe(workplace, epochs=3, batch_tokens=128, checkpoint_steps=2)
    return recipe, load_bundle(run_recipe(recipe, tmp_path_factory.mktemp("whole"), lambda _: None)).manifest


@pytest.mark.parametrize("steps", [3, 8])
def test_fine_tuning_that_was_killed_goes_on_to_the_same_weights(
    three_epochs: tuple[Recipe, Manifest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    recipe, whole = three_epochs
    real = Trainer.training_step
    taken = 0

    def die(self: Trainer, *arguments: Any, **options: Any) -> Any:
        nonlocal taken
        taken += 1
        if taken > steps:
            raise KeyboardInterrupt
        return real(self, *arguments, **options)

    monkeypatch.setattr(Trainer, "training_step", die)
    with pytest.raises(KeyboardInterrupt):
        run_recipe(recipe, tmp_path / "killed", lambda _: None)
    monkeypatch.setattr(Trainer, "training_step", real)
    assert list((tmp_path / "killed" / "checkpoints").glob("checkpoint-*"))
    again = load_bundle(run_recipe(recipe, tmp_path / "killed", lambda _: None)).manifest
    assert again.files["model.onnx"] == whole.files["model.onnx"]
    assert again.metrics == whole.metrics


def test_one_step_alone_and_steps_that_are_kept(workplace: Path, tmp_path: Path) -> None:
    recipe = make_recipe(workplace, epochs=1)
    run_recipe(recipe, tmp_path, lambda _: None, only="data")
    assert (tmp_path / "data.json").is_file() and not (tmp_path / "linear.safetensors").exists()
    with pytest.raises(StepError, match="'calibrate' needs 'linear', which is not up to date"):
        run_recipe(recipe, tmp_path, lambda _: None, only="calibrate")
    with pytest.raises(StepError, match=r"no step 'bake'; the steps of this recipe are data, linear, train"):
        run_recipe(recipe, tmp_path, lambda _: None, only="bake")
    with pytest.raises(StepError, match=r"'train' cannot be kept: .*deep.safetensors is absent"):
        run_recipe(recipe, tmp_path, lambda _: None, keep=frozenset({"train"}))
    first = load_bundle(run_recipe(recipe, tmp_path, lambda _: None)).manifest
    other = make_recipe(workplace, epochs=2)
    said: list[str] = []
    kept = load_bundle(run_recipe(other, tmp_path, said.append, keep=frozenset({"train"}))).manifest
    assert "train: kept as it is" in said
    assert kept.files["model.onnx"] == first.files["model.onnx"]
    assert json.loads((tmp_path / "steps.json").read_text())["train"]["kept"] is True


def test_weights_are_averaged_with_those_of_another_recipe(workplace: Path, tmp_path: Path) -> None:
    first = make_recipe(workplace, epochs=1).model_dump(mode="json", exclude_none=True)
    (tmp_path / "first.toml").write_text(tomlkit.dumps({**first, "version": "0"}), encoding="utf-8")
    recipe = make_recipe(workplace, epochs=2).model_copy(
        update={"soup": (SoupSection(recipe=str(tmp_path / "first.toml"), share=0.3),)}
    )
    said: list[str] = []
    run_recipe(recipe, tmp_path / "uji-1", said.append)
    folders = (tmp_path / "uji-0", tmp_path / "uji-1")
    one, two = (load_file(folder / "deep.safetensors") for folder in folders)
    mean = load_file(tmp_path / "uji-1" / "soup.safetensors")
    assert not np.allclose(one["heads.value.weight"], two["heads.value.weight"])
    for name, found in mean.items():
        assert np.allclose(found, 0.3 * one[name] + 0.7 * two[name], atol=1e-6)
    again: list[str] = []
    run_recipe(recipe, tmp_path / "uji-1", again.append)
    assert [line for line in again if line.endswith(": up to date")] == [
        f"{name}: up to date" for name in ("data", "train", *SOUP_STEPS)
    ]
    (tmp_path / "first.toml").write_text(tomlkit.dumps({**first, "version": "1"}), encoding="utf-8")
    with pytest.raises(RecipeError, match="raise the version"):
        run_recipe(recipe, tmp_path / "uji-1", again.append)
    other = {**first, "version": "0", "train": {**first["train"], "seed": 6}}
    (tmp_path / "first.toml").write_text(tomlkit.dumps(other), encoding="utf-8")
    with pytest.raises(RecipeError, match=r"first.toml: weights can be averaged only with the same encoder, taxonomy and seed"):
        run_recipe(recipe, tmp_path / "uji-1", again.append)


def test_code_is_told_apart_by_what_it_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("sorot.training.pipeline.code_hash.PACKAGES", ("uji_kode",))
    package = tmp_path / "uji_kode"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "low.py").write_text("def f():\n    return 1\n")
    (package / "top.py").write_text("from uji_kode import low\n\n\ndef g():\n    return low.f()\n")
    first = hash_code(["uji_kode.top"])
    (package / "low.py").write_text('def f():\n    """Says what it does."""\n    return 1  # and why\n')
    assert hash_code(["uji_kode.top"]) == first
    (package / "low.py").write_text("def f():\n    return 2\n")
    assert hash_code(["uji_kode.top"]) != first


def test_code_that_a_step_imports_at_any_depth_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Training tokenises sentences: code that cuts them otherwise is another step."""
    source, deep = code_hash._source, "sorot.data.text.sentences"
    before = hash_code(["sorot.training.pipeline.fit_steps"])
    other = tmp_path / "sentences.py"
    other.write_text(source(deep).read_text(encoding="utf-8") + "\nOTHER = 1\n", encoding="utf-8")
    monkeypatch.setattr(code_hash, "_source", lambda module: other if module == deep else source(module))
    assert hash_code(["sorot.training.pipeline.fit_steps"]) != before


def test_a_dry_run_tells_time_and_memory_and_leaves_nothing(
    workplace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.toml").write_text(
        f'name = "uji"\nversion = "3"\n[encoder]\nname = {json.dumps(str(workplace / "encoder"))}\nmax_tokens = 32\n'
        f"[[data]]\npath = {json.dumps(str(workplace / 'train.jsonl'))}\n"
        f"[dev]\npaths = [{json.dumps(str(workplace / 'dev.jsonl'))}]\n[train]\nepochs = 4\nbatch_tokens = 256\n"
    )
    assert command(monkeypatch, "train", "r.toml", "--dry-run") == 0
    out = capfd.readouterr().out
    assert out.startswith("uji-3: ") and "steps of" in out and "GB of memory" in out
    soup = (tmp_path / "r.toml").read_text().replace('"3"', '"4"') + '[[soup]]\nrecipe = "r.toml"\nshare = 0.5\n'
    (tmp_path / "soup.toml").write_text(soup)
    assert command(monkeypatch, "train", "soup.toml", "--dry-run") == 0
    assert [line.split(":")[0] for line in capfd.readouterr().out.splitlines()] == [
        "uji-4",
        "uji-3, unless it is already trained",
    ]
    assert not (tmp_path / "runs").exists()
