"""Shares and bands: closed forms, coverage of simulated corpora, and smaller answers where something is missing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.serving.findings.errors import FindingsError
from sorot.serving.findings.estimates.estimate import method_note
from sorot.serving.findings.estimates.shares import (
    adjusted_draws,
    adjusted_shares,
    effective_size,
    sampled_draws,
    sampled_shares,
)
from sorot.serving.findings.periods import Period
from sorot.serving.findings.prevalence import prevalence
from sorot.serving.findings.tables.arrays import CorpusArrays, read_scored
from sorot.serving.model.confusion import count_pairs
from tests.benchmarks.coverage import MIXED, SCENARIOS, SHIFTED, USUAL, measure
from tests.serving.command import run
from tests.serving.findings.scored_files import TAXONOMY, row, write

FIRST = TAXONOMY.many_tasks[0]
DEPENDENT = next(task for task in TAXONOMY.one_tasks if task.without == FIRST.key)
COUNTS = st.lists(st.integers(0, 60), min_size=4, max_size=4)


def corpus(folder: Path, n: int = 90) -> CorpusArrays:
    """Every third article has the first label; by week one article a day, two outlets, some without a date."""
    rows = [
        row(
            i,
            {FIRST.key: FIRST.keys[:1], DEPENDENT.key: DEPENDENT.keys[i % 2]} if i % 3 == 0 else {},
            outlet=("Warta", "Kabar")[i % 2],
            published=None if i % 10 == 9 else f"2025-{10 + i // 30:02d}-{1 + i % 28:02d}",
        )
        for i in range(n)
    ]
    return read_scored(write(folder / "s.parquet", rows), TAXONOMY)


def errors(yes: int = 40, missed: int = 10, false: int = 5, no: int = 95):
    """Errors of the first label: of `yes + missed` articles that have it, `missed` are missed."""
    has, not_ = {FIRST.key: FIRST.keys[:1]}, {FIRST.key: ()}
    truth = [has] * (yes + missed) + [not_] * (false + no)
    return count_pairs(truth, [has] * yes + [not_] * missed + [has] * false + [not_] * no)


def test_two_classes_are_corrected_by_the_closed_form(tmp_path: Path) -> None:
    found = prevalence(corpus(tmp_path), errors()).estimates[0]
    sensitivity, false_alarms, share = 0.8, 0.05, 1 / 3
    # Rogan and Gladen 1978.
    assert found.share == pytest.approx((share - false_alarms) / (sensitivity - false_alarms), abs=1e-3)
    assert found.low < found.share < found.high and found.corrected and found.method == "matrix"
    assert (found.n, found.found, round(found.uncorrected, 4)) == (90, 30, 0.3333)
    assert "development articles" in found.note and "pengembangan" in method_note(found.method, "id")


def test_without_errors_shares_are_counted_and_say_so(tmp_path: Path) -> None:
    found = prevalence(corpus(tmp_path))
    assert all(not e.corrected and e.low <= e.uncorrected == e.share <= e.high for e in found.estimates)
    assert any("not corrected" in note for note in found.notes) and any("story" in note for note in found.notes)


def test_cells_by_period_and_group(tmp_path: Path) -> None:
    whole = corpus(tmp_path)
    months = prevalence(whole, by=Period.MONTH, per="outlet")
    cells = {(e.period, e.group): e for e in months.estimates if e.task == FIRST.key}
    assert [*cells] == [(m, o) for m in ("2025-10", "2025-11", "2025-12") for o in ("Kabar", "Warta")]
    assert sum(e.n for e in cells.values()) == 81 and all(e.small for e in cells.values())
    assert "9 articles without a date are left out" in months.notes
    weeks = {e.period for e in prevalence(whole, by=Period.WEEK).estimates}
    assert all(np.datetime64(week).astype(int) % 7 == 4 for week in weeks if week)
    topics = prevalence(whole, per=FIRST.key)
    assert {e.group for e in topics.estimates} == {FIRST.keys[0]} and all(e.task != FIRST.key for e in topics.estimates)


def test_a_dependent_task_has_shares_among_what_it_depends_on(tmp_path: Path) -> None:
    among = [e for e in prevalence(corpus(tmp_path)).estimates if e.among == FIRST.key]
    assert {e.task for e in among} == {DEPENDENT.key} and DEPENDENT.default not in {e.label for e in among}
    assert sum(e.share for e in among) == pytest.approx(1) and {e.n for e in among} == {30}


def test_missing_columns_and_three_rows(tmp_path: Path) -> None:
    bare = read_scored(write(tmp_path / "bare.jsonl", [row(i, {}) for i in range(3)]), TAXONOMY)
    assert all(e.small and e.n == 3 and e.high - e.low > 0.25 for e in prevalence(bare, errors()).estimates)
    with pytest.raises(FindingsError, match="has a date"):
        prevalence(bare, by=Period.DAY)
    with pytest.raises(FindingsError, match="has an outlet"):
        prevalence(bare, per="outlet")
    with pytest.raises(FindingsError, match="neither outlet nor a task"):
        prevalence(bare, per="mood")


def test_copies_of_a_story_widen_the_band(tmp_path: Path) -> None:
    alone = corpus(tmp_path)
    copied = replace(alone, stories=np.arange(len(alone)) // 9)
    holds = np.repeat([True, False], 45)[:, None]
    assert effective_size(holds, np.arange(90)) == 90
    assert effective_size(holds, np.arange(90) // 9) == pytest.approx(9, rel=0.01)
    wide, narrow = (prevalence(c, errors()).estimates[0] for c in (copied, alone))
    assert wide.high - wide.low >= narrow.high - narrow.low
    assert not any("story" in note for note in prevalence(copied).notes)


@settings(max_examples=25, deadline=None)
@given(st.lists(COUNTS, min_size=4, max_size=4), COUNTS.filter(any))
def test_any_matrix_gives_shares(matrix: list[list[int]], found: list[int]) -> None:
    counts, seen = np.array(matrix, dtype=float), np.array(found, dtype=float)
    for shares in (adjusted_shares(counts, seen)[None], adjusted_draws(counts, seen, seen.sum(), np.random.default_rng(0))):
        assert np.isfinite(shares).all() and (shares >= 0).all()
        assert np.allclose(shares.sum(axis=1), 1)


def test_a_perfect_model_needs_no_correction() -> None:
    found = np.array([40.0, 20.0, 30.0, 10.0])
    assert adjusted_shares(np.eye(4) * 1e6, found) == pytest.approx(found / 100, abs=1e-4)


def test_a_labelled_sample_gives_the_regression_estimate() -> None:
    """With one predictor, PPI++ at its best weight (Angelopoulos and others 2023, section 6) is mean y + b (all f - mean f)."""
    rng = np.random.default_rng(3)
    f = rng.random(5_000) < 0.3
    drawn = rng.choice(5_000, 200, replace=False)
    y = np.where(f[drawn], rng.random(200) < 0.7, rng.random(200) < 0.1).astype(float)
    g = f[drawn].astype(float)
    slope = np.cov(y, g)[0, 1] / g.var(ddof=1)
    expected = y.mean() + slope * (f.mean() - g.mean())
    arguments = np.array([(~f).sum(), f.sum()], dtype=float), np.stack([1 - y, y], axis=1), g.astype(int), np.ones(200)
    assert sampled_shares(*arguments)[1] == pytest.approx(expected)
    draws = sampled_draws(arguments[0], 5_000, *arguments[1:], rng)[:, 1]
    error = np.std(y - slope * g, ddof=1) / np.sqrt(200)
    assert draws.mean() == pytest.approx(expected, abs=0.01) and draws.std() == pytest.approx(error, rel=0.25)


@pytest.mark.parametrize(
    "scenario", [s for s in SCENARIOS if (s.shares is MIXED and "590 development" in s.name) or s.errors is SHIFTED]
)
def test_bands_hold_the_truth(scenario: object) -> None:
    """The benchmark tests.benchmarks.coverage in small: 60 corpora of four shares, so the tolerance is wide."""
    assert 0.88 <= measure(scenario, 60)["coverage"] <= 1.0  # type: ignore[arg-type,operator]


def test_errors_other_than_assumed_break_the_matrix_bands() -> None:
    """Why an audit sample is asked for: the simulation can fail, and does where the assumption does."""
    from tests.benchmarks.coverage import BROKEN

    assert (USUAL != SHIFTED).all() and measure(BROKEN, 20)["coverage"] < 0.8  # type: ignore[operator]


def test_the_command(
    tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    rows = [row(i, {}, published=f"2025-10-{1 + i % 28:02d}", model="tiny-0") for i in range(40)]
    path = write(tmp_path / "s.csv", rows)
    assert run(monkeypatch, "prevalence", path, "--by", "month", "--bundle", tiny_bundle) == 0
    out, err = capfd.readouterr()
    assert "95 % band" in out and "2025-10" in out and "not corrected" in err
    assert run(monkeypatch, "prevalence", path, "--bundle", tiny_bundle, "--json") == 0
    found = json.loads(capfd.readouterr().out)
    assert {e["task"] for e in found["estimates"]} == set(TAXONOMY.keys) and found["breaks"] == []
    assert run(monkeypatch, "prevalence", tmp_path / "x.csv", "--bundle", tiny_bundle) == 2
    assert run(monkeypatch, "prevalence", path, "--sample", path, "--bundle", tiny_bundle) == 2
    assert "Traceback" not in capfd.readouterr().err
