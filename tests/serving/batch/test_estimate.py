"""`sorot estimate` measures a few articles and tells time and cost for all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sorot.serving.batch.estimate import ScoringEstimate
from tests.serving.command import run
from tests.tiny_bundle import WORDS, build_bundle


def test_an_estimate_counts_all_rows_and_measures_some(
    tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [{"isi": " ".join(WORDS[: 6 + n % 20] * 4) + f" nomor {n} ."} for n in range(200)]
    Path("in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows) + "{\n", encoding="utf-8")
    assert run(monkeypatch, "estimate", "in.jsonl", "--bundle", tiny_bundle, "--json", "--price", 2, "--workers", 10) == 0
    found = json.loads(capfd.readouterr().out)
    assert (found["rows"], found["measured"]) == (200, 64)
    assert 0 < found["low"] < found["core_seconds"] < found["high"]
    assert found["cost"] == pytest.approx(2 * found["core_hours"])
    assert found["workers"]["10"]["hours"] <= found["workers"]["10"]["most"] and found["core_hours"] > 0
    assert run(monkeypatch, "estimate", "in.jsonl", "--bundle", tiny_bundle, "--gate", "--price", 2) == 0
    out = capfd.readouterr().out
    assert "Estimated from 200 of 200 articles: " in out and "(this machine)" in out and "core-hours, costing" in out


def test_an_estimate_of_nothing_is_one_sentence(
    tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.jsonl").write_text("{\n", encoding="utf-8")
    assert run(monkeypatch, "estimate", "in.jsonl", "--bundle", tiny_bundle) == 2
    assert capfd.readouterr().err == "sorot: in.jsonl: nothing could be read; check the input\n"


def test_hours_fall_with_workers_as_long_as_reading_keeps_up() -> None:
    found = ScoringEstimate(rows=36_000, measured=64, core_seconds=0.1, low=0.08, high=0.12, reading_seconds=0.001)
    assert found.hours(1) == pytest.approx((1.0, 0.8, 1.2)) and found.hours(4)[0] == pytest.approx(0.25)
    assert found.hours(1000) == pytest.approx((0.01, 0.01, 0.01))


def test_a_gate_that_is_not_there_is_told_rather_than_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    bundle = build_bundle(tmp_path / "tiny", gate=False)
    Path("in.txt").write_text("situs judi daring", encoding="utf-8")
    assert run(monkeypatch, "estimate", "in.txt", "--bundle", bundle, "--gate") == 2
    assert "this bundle has no gate" in capfd.readouterr().err


def test_short_times_are_never_zero(
    tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.txt").write_text("situs judi daring", encoding="utf-8")
    assert run(monkeypatch, "estimate", "in.txt", "--bundle", tiny_bundle, "--price", 1) == 0
    out = capfd.readouterr().out
    assert "< 1 s" in out and " 0 s" not in out
    assert "less than 0.01 core-hours, costing less than 0.01" in out
