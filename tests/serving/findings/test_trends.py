"""Breaks: none in flat series, planted ones where they are; the benchmark tests.benchmarks.coverage in small."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sorot.serving.findings.periods import Period
from sorot.serving.findings.tables.arrays import read_scored
from sorot.serving.findings.trends import find_breaks, label_breaks
from tests.benchmarks.coverage import measure_breaks
from tests.serving.findings.scored_files import TAXONOMY, row, write


def test_flat_series_and_planted_breaks() -> None:
    measured = measure_breaks(6)
    assert measured["flat_without_break"] >= 5 / 6 and measured["planted_found"] == 1


def test_short_and_empty_series_have_no_break() -> None:
    totals = np.full(7, 50)
    assert find_breaks(np.array([1, 1, 1, 40, 40, 40, 40]), totals) == []
    assert find_breaks(np.zeros(20, dtype=np.int64), np.full(20, 50)) == []


def test_a_break_is_told_with_both_levels(tmp_path: Path) -> None:
    first = TAXONOMY.many_tasks[0]
    start = np.datetime64("2025-01-06")
    rows = [
        row(
            10 * week + n,
            {first.key: first.keys[:1]} if n < (2 if week < 9 else 7) else {},
            published=str(start + 7 * week + n % 7),
        )
        for week in range(16)
        for n in range(10)
    ]
    corpus = read_scored(write(tmp_path / "s.parquet", rows), TAXONOMY)
    [found] = [one for one in label_breaks(corpus, Period.WEEK) if one.label == first.keys[0]]
    assert found.period == str(start + 63) and found.support > 0.5
    assert (found.before.share, found.after.share) == (0.2, 0.7) and found.before.high < found.after.low
