"""Drift: a corpus like the reference raises no warning, another one does, with what differs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sorot.serving.findings.drift import COMPARED_TEXTS, compare_with_reference, corpus_measures
from sorot.serving.findings.tables.arrays import read_scored
from sorot.serving.model.reference import LANGUAGE, LENGTH, TITLE_WORDS, make_reference
from sorot.serving.model.scorer import Scorer
from tests.serving.command import run
from tests.serving.findings.scored_files import TAXONOMY, row, write
from tests.tiny_bundle import WORDS, build_bundle

PLAIN = WORDS[:20]


def rows(n: int, *, title: str | None = None, long: int = 0, language: str = "id") -> list[dict[str, object]]:
    return [
        row(
            i,
            {},
            title=title or " ".join(PLAIN[i % 15 : i % 15 + 4]),
            n_tokens=100 + i % 50 + long,
            language=language,
            model="tiny-0",
        )
        for i in range(n)
    ]


def test_what_differs_is_told(tiny_scorer: Scorer, tmp_path: Path) -> None:
    keys = tiny_scorer.wide.keys
    usual = read_scored(write(tmp_path / "usual.parquet", rows(200), without=["body"]), TAXONOMY, texts=COMPARED_TEXTS)
    numbers, categories, _ = corpus_measures(usual, keys)
    reference = make_reference({name: values for name, (values, _) in numbers.items()}, categories)
    same = compare_with_reference(usual, reference, keys)
    assert not any(measure.differs for measure in same.measures) and same.warning.startswith("like the 200 articles")
    odd = rows(100, title="zat kuark meson memuai", long=400, language="ms")
    other = compare_with_reference(
        read_scored(write(tmp_path / "odd.parquet", odd, without=["body"]), TAXONOMY, texts=COMPARED_TEXTS), reference, keys
    )
    differing = {measure.name: measure for measure in other.measures if measure.differs}
    assert set(differing) == {LENGTH, LANGUAGE, TITLE_WORDS}
    assert any("kuark (100 articles)" in example for example in differing[TITLE_WORDS].examples)
    assert "unlike the 200 articles" in other.warning and "audit sample" in other.warning


def test_few_articles_do_not_differ_by_chance(tiny_scorer: Scorer, tmp_path: Path) -> None:
    keys = tiny_scorer.wide.keys
    usual = read_scored(write(tmp_path / "usual.parquet", rows(200)), TAXONOMY, texts=COMPARED_TEXTS)
    numbers, categories, _ = corpus_measures(usual, keys)
    reference = make_reference({name: values for name, (values, _) in numbers.items()}, categories)
    three = read_scored(write(tmp_path / "three.parquet", rows(200)[10::67]), TAXONOMY, texts=COMPARED_TEXTS)
    assert not any(measure.differs for measure in compare_with_reference(three, reference, keys).measures)


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    bundle = build_bundle(tmp_path / "bundle")
    path = write(tmp_path / "s.csv", rows(60))
    assert run(monkeypatch, "drift", path, "--against", bundle) == 2
    assert "sorot reference" in capfd.readouterr().err
    manifest = json.loads((bundle / "manifest.json").read_text())
    manifest["reference"] = make_reference({LENGTH: np.full(50, 900.0)}, {LANGUAGE: ["id"] * 50}).model_dump()
    (bundle / "manifest.json").write_text(json.dumps(manifest))
    assert run(monkeypatch, "drift", path, "--against", bundle) == 0
    out = capfd.readouterr().out
    assert "differs" in out and f"in {LENGTH}" in out
    assert run(monkeypatch, "drift", path, "--against", bundle, "--json") == 0
    assert json.loads(capfd.readouterr().out)["measures"][0]["differs"] is True
    assert run(monkeypatch, "drift", write(tmp_path / "o.csv", [row(1, {})]), "--against", bundle) == 2
    assert "was scored by sorot-test" in capfd.readouterr().err
