"""The gate keeps articles from the encoder and says so; what passes it has the labels that it has without."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorot.data.article import Article
from sorot.serving.model.manifest import Gate
from sorot.serving.model.scorer import Scorer
from sorot.training.export.gate_fit import ROUNDING, fit_gate
from tests.serving.command import lines, run, summary
from tests.tiny_bundle import WORDS, build_bundle


def write_input(path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = [{"isi": " ".join(rng.choice(WORDS, 8)) + f" nomor {n} ."} for n in range(30)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_the_gate_changes_no_label_of_what_passes_and_says_what_does_not(
    tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_input(tmp_path / "in.jsonl")
    assert run(monkeypatch, "score", "in.jsonl", "-o", "all.jsonl", "--bundle", tiny_bundle) == 0
    capfd.readouterr()
    assert run(monkeypatch, "score", "in.jsonl", "-o", "out.jsonl", "--bundle", tiny_bundle, "--gate", "--json") == 0
    out, error = capfd.readouterr()
    found = summary(out)
    pairs = list(zip(lines(tmp_path / "all.jsonl"), lines(tmp_path / "out.jsonl"), strict=True))
    kept = [after for _, after in pairs if after["withheld"] == "gate"]
    assert 0 < len(kept) < 30 and found["gated"] == found["withheld"] == len(kept)
    assert all(before == after for before, after in pairs if after["withheld"] is None)
    assert all(row["topics"] == [] and row["sentiment"] is None and row["p_stance_none"] is None for row in kept)
    assert found["gate_recall"][0] == 1.0 and found["gate_recall"][1] < 0.8
    assert (
        f"the gate kept {len(kept)} articles from the encoder; of the development articles that "
        "the model labels it lets 100.0 % through" in error
    )


def test_the_encoder_reads_nothing_that_the_gate_keeps(tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    monkeypatch.setattr(type(tiny_scorer.runtime), "run", lambda _, windows: iter(read.extend(map(len, windows)) or ()))
    [analysis] = tiny_scorer.score_each([Article("a", "xyzzy qvvx")], gate=True)
    assert (analysis.withheld, analysis.labels["topics"], analysis.n_tokens, read) == ("gate", (), 0, [])


def test_a_bundle_without_a_gate_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    bundle = build_bundle(tmp_path / "tiny", gate=False)
    write_input(tmp_path / "in.jsonl")
    assert run(monkeypatch, "score", "in.jsonl", "-o", "out.jsonl", "--bundle", bundle, "--gate") == 2
    assert "this bundle has no gate; leave --gate out" in capfd.readouterr().err


@given(st.lists(st.tuples(st.floats(-9, 9), st.booleans(), st.booleans()), min_size=1, max_size=300))
def test_the_gate_keeps_at_least_its_recall(articles: list[tuple[float, bool, bool]]) -> None:
    score, found, labelled = (np.array(side) for side in zip(*articles, strict=True))
    wide = np.stack([score, score - 1], axis=1).astype(np.float32)
    gate = fit_gate("topics", wide, found, labelled)
    if not found.any():
        assert gate is None
        return
    assert gate is not None and gate.recall >= 0.995
    assert gate.found_kept == int((found & (score >= gate.threshold)).sum())
    # It is no lower than it must be.
    lowest = np.sort(score[found])[int(0.005 * found.sum())]
    assert gate.threshold == pytest.approx(lowest - ROUNDING, abs=1e-3)


def test_a_recall_has_the_interval_of_wilson() -> None:
    gate = Gate(task="topics", threshold=0, found=170, found_kept=170, labelled=192, labelled_kept=185)
    low, high = gate.recall_interval
    assert (round(low, 4), high) == (0.9779, 1.0)
    low, high = Gate(task="topics", threshold=0, found=100, found_kept=90, labelled=0, labelled_kept=0).recall_interval
    assert (round(low, 4), round(high, 4)) == (0.8256, 0.9448)
