"""A bundle that is whole by its hashes, and still cannot be used, is one sentence."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from safetensors.numpy import load_file, save_file

from sorot.data.article import Article
from sorot.serving.model.bundle import BundleError, load_bundle, sha256
from sorot.serving.model.scorer import Scorer
from tests.serving.command import GOOD, run


@pytest.fixture
def copy(tmp_path: Path, tiny_bundle: Path) -> Path:
    """A bundle to break."""
    return Path(shutil.copytree(tiny_bundle, tmp_path / "copy"))


def rewrite(bundle: Path, change: Callable[[dict[str, Any]], None] = lambda _: None) -> None:
    """Change a bundle's manifest, and have its hashes right again."""
    raw = json.loads((bundle / "manifest.json").read_text())
    raw["files"] = {name: sha256(bundle / name) for name in raw["files"]}
    change(raw)
    (bundle / "manifest.json").write_text(json.dumps(raw))


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "wide.safetensors"])
def test_a_file_that_cannot_be_loaded_is_named(
    name: str, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (copy / name).write_bytes(b"not what it should be")
    rewrite(copy)
    (tmp_path / "in.txt").write_text(GOOD)
    assert run(monkeypatch, "score", tmp_path / "in.txt", "-o", tmp_path / "out.csv", "--bundle", copy) == 2
    error = capfd.readouterr().err
    assert f"{copy / name}: cannot be loaded (" in error and "; restore the bundle" in error
    assert "Traceback" not in error and len(error.splitlines()) == 1


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("temperatures", 0, "temperatures.*greater than 0"),
        ("temperatures", float("inf"), "temperatures.*finite"),
        ("thresholds", {"censorship": 1.1}, "thresholds.*less than or equal to 1"),
        ("thresholds", {"censorship": -0.1}, "thresholds.*greater than or equal to 0"),
        ("thresholds", {"censorship": float("nan")}, "thresholds"),
        ("bias", [float("nan")], "bias.*finite"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(key: str, value: object, message: str, copy: Path) -> None:
    rewrite(copy, lambda raw: raw[key].update({next(iter(raw[key])): value}))
    with pytest.raises(BundleError, match=rf"1 mistake, first: {message}"):
        load_bundle(copy)


def test_widths_must_be_those_of_the_taxonomy(copy: Path) -> None:
    wide = load_file(copy / "wide.safetensors")
    save_file({**wide, "weight": np.ascontiguousarray(wide["weight"][:, :-1])}, copy / "wide.safetensors")
    rewrite(copy)
    with pytest.raises(BundleError, match=r"wide\.safetensors: weight has shape .* restore the bundle"):
        Scorer.load(copy)
    save_file({**wide, "keys": wide["keys"][::-1].copy()}, copy / "wide.safetensors")
    rewrite(copy)
    with pytest.raises(BundleError, match=r"wide\.safetensors: its keys are not sorted"):
        Scorer.load(copy)


@pytest.mark.parametrize(("table", "output"), [("attention_table", "attention"), ("value_table", "value")])
def test_model_outputs_must_be_as_wide_as_the_taxonomy(table: str, output: str, copy: Path) -> None:
    model = onnx.load(copy / "model.onnx")
    [tensor] = [t for t in model.graph.initializer if t.name == table]
    tensor.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(tensor)[:, :-1], table))
    del model.graph.output[:]
    model.graph.output.extend(
        onnx.helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, ["b", "t", "n" + n]) for n in ("attention", "value")
    )
    onnx.save(model, copy / "model.onnx")
    rewrite(copy)
    with pytest.raises(BundleError, match=rf"model\.onnx: {output} has shape"):
        Scorer.load(copy)


def test_values_that_are_not_finite_are_no_result(copy: Path) -> None:
    wide = load_file(copy / "wide.safetensors")
    save_file({**wide, "idf": np.full_like(wide["idf"], np.nan)}, copy / "wide.safetensors")
    rewrite(copy)
    with pytest.raises(BundleError, match="not finite"):
        Scorer.load(copy).score([Article(id="a", body=GOOD, language="id")])


def replace(content: str, pattern: str = "a") -> dict[str, Any]:
    return {"type": "Replace", "pattern": {"String": pattern}, "content": content}


@pytest.mark.parametrize(
    "steps",
    [
        # 33 times twice as long: 8.5 GB of one letter.
        [replace("aa")] * 33,
        [replace("a" * 1_000)],
        [{"type": "Sequence", "normalizers": [replace("a" * 20)]}] * 2,
        [{"type": "Replace", "pattern": {"Regex": "(?=.)"}, "content": "a" * 300}],
        [{"type": "Prepend", "prepend": "a" * 300}],
        [{"type": "Precompiled", "precompiled_charsmap": base64.b64encode(bytes(4) + b"a" * 1_000 + b"\0").decode()}],
    ],
)
def test_a_tokenizer_that_lengthens_texts_is_refused(steps: list[dict[str, Any]], copy: Path) -> None:
    file = copy / "tokenizer.json"
    raw = json.loads(file.read_text())
    file.write_text(json.dumps(raw | {"normalizer": {"type": "Sequence", "normalizers": steps}}))
    rewrite(copy)
    with pytest.raises(BundleError, match=r"tokenizer\.json: cannot be loaded \(its normalizer may make .* restore the bundle"):
        Scorer.load(copy)


def test_a_missing_shipped_bundle_is_an_incomplete_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sorot.serving.model.bundle.SHIPPED", tmp_path / "bundle")
    for _ in range(2):
        with pytest.raises(BundleError, match=r"the installation is incomplete.*clone it again, or run: make release"):
            Scorer.load()
        (tmp_path / "bundle").mkdir(exist_ok=True)


def test_a_bundle_may_be_named_by_a_string(tiny_bundle: Path) -> None:
    assert Scorer.load(str(tiny_bundle)).model == "tiny-0"
