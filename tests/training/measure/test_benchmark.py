"""`sorot benchmark`: test texts that were trained on are found, and bad files get one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.serving.command import run

TEXTS = [
    "polisi menangkap warga di jakarta hari ini dan kementerian menilai aturan itu sangat buruk",
    "pemerintah memblokir situs judi daring yang baru dan warga mendukung kebijakan itu sekali hari ini",
    "cuaca cerah hari ini di jakarta dan warga menilai kebijakan baru pemerintah sangat baik untuk platform digital",
    "kementerian mengkritik platform digital baru untuk denda yang sangat buruk dan warga mendukung aturan itu",
]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    labels = ["negative", "neutral", "positive", "negative"]
    rows = [f"{text}\t{label}" for text, label in zip(TEXTS, labels, strict=True)]
    (tmp_path / "test.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    # One word for word but for its sign, one with its last word changed.
    seen = [TEXTS[0].upper() + " !", TEXTS[1].removesuffix("ini") + "itu", "lain sama sekali dari yang ada di sana kemarin sore"]
    (tmp_path / "train.tsv").write_text("".join(f"{text}\tneutral\n" for text in seen), encoding="utf-8")
    return tmp_path


def test_texts_that_were_trained_on_are_counted_and_left_out(
    files: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    arguments = ("benchmark", "smsa", files / "test.tsv", "--bundle", tiny_bundle)
    assert run(monkeypatch, *arguments, "--trained-on", files / "train.tsv", "--json") == 0
    found = json.loads(capfd.readouterr().out)
    assert (found["exact"], found["near"], found["whole"]["texts"], found["clean"]["texts"]) == (1, 1, 4, 2)
    assert found["model"] == "tiny-0" and found["published"]["published"]["IndoBERT-base"] == 87.7
    low, high = found["whole"]["interval"]
    assert 0 <= low <= found["whole"]["macro_f1"] <= high <= 1
    assert run(monkeypatch, *arguments, "--json") == 0
    alone = json.loads(capfd.readouterr().out)
    assert alone["clean"] is None and alone["whole"] == found["whole"]
    assert run(monkeypatch, *arguments) == 0
    assert "IndoBERT-large, published" in capfd.readouterr().out


def test_a_recipe_stands_for_the_rows_that_it_trains_on(
    files: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    recipe = f"""name = "uji"
version = "1"
[[data]]
path = "{files / "train.tsv"}"
format = "smsa"
[dev]
paths = ["{files / "dev.jsonl"}"]
never_train_on = ["{files / "test.tsv"}"]
"""
    record = {"id": "d", "text": "Cuaca cerah.", "topics": [], "stance": "none", "sentiment": "neutral"}
    (files / "dev.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    (files / "recipe.toml").write_text(recipe, encoding="utf-8")
    soup = f'[[soup]]\nrecipe = "{files / "recipe.toml"}"\nshare = 0.5\n'
    (files / "soup.toml").write_text(f"{recipe}{soup}", encoding="utf-8")
    distil = f'[distil]\nrecipe = "{files / "soup.toml"}"\nlayers = [0]\n'
    (files / "distil.toml").write_text(f"{recipe}{distil}", encoding="utf-8")
    for name in ("recipe.toml", "soup.toml", "distil.toml"):
        arguments = ("benchmark", "smsa", files / "test.tsv", "--bundle", tiny_bundle, "--trained-on", files / name)
        assert run(monkeypatch, *arguments, "--json") == 0
        found = json.loads(capfd.readouterr().out)
        # What stands there word for word is left out of training, what is nearly so is not.
        assert (found["exact"], found["near"], found["clean"]["texts"]) == (0, 1, 3)
    (files / "recipe.toml").write_text(recipe.replace("never_train_on", "never_train_near"), encoding="utf-8")
    assert run(monkeypatch, *arguments[:-1], files / "recipe.toml", "--json") == 0
    found = json.loads(capfd.readouterr().out)
    assert (found["exact"], found["near"], found["clean"]["texts"]) == (0, 0, 4)


@pytest.mark.parametrize(
    ("content", "message"),
    [("", "holds no row"), ("satu\tdua\ttiga\n", "holds no row"), ("bagus\tsenang\n", "senang is not a label of SmSA")],
)
def test_a_file_of_another_form_is_named(
    tmp_path: Path,
    tiny_bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    content: str,
    message: str,
) -> None:
    (tmp_path / "x.tsv").write_text(content, encoding="utf-8")
    assert run(monkeypatch, "benchmark", "smsa", tmp_path / "x.tsv", "--bundle", tiny_bundle) == 2
    error = capfd.readouterr().err
    assert message in error and "x.tsv" in error
    assert run(monkeypatch, "benchmark", "smsa", tmp_path / "absent.tsv", "--bundle", tiny_bundle) == 2
    assert "absent.tsv" in capfd.readouterr().err
