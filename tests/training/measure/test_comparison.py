"""The paired bootstrap that decides on a release, on labellings made here."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.article import Article
from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import load_taxonomy
from sorot.training.measure.baselines import Indicators, indicators
from sorot.training.measure.comparison import MIN_ARTICLES, compare_labels, find_slices, paired_differences
from sorot.training.measure.metrics import BoolArray, macro_f1

TASKS = load_taxonomy().keys

TAXONOMY = load_taxonomy()


def make_rows(n: int, seed: int = 0, outlets: int = 2) -> list[LabelledArticle]:
    """Articles with labels drawn at random, some tasks unlabelled, of outlets that take turns."""
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(n):
        topics = tuple(t for t in TAXONOMY.task("topics").keys if rng.random() < 0.4)
        stance, sentiment = (str(rng.choice(TAXONOMY.task(task).keys)) for task in TASKS[1:])
        published = datetime(2019 + i % 2, 1, 1, tzinfo=UTC)
        article = Article(id=str(i), body="kata " * int(rng.integers(50, 600)), outlet=f"o{i % outlets}", published=published)
        rows.append(
            LabelledArticle(article, {"topics": topics, "stance": stance, "sentiment": sentiment if rng.random() < 0.9 else None})
        )
    return rows


def spoil(labels: Indicators, rows: BoolArray, share: float, seed: int = 1) -> Indicators:
    """Labels with a share of them flipped, among some rows."""
    rng = np.random.default_rng(seed)
    return {task: column ^ ((rng.random(column.shape) < share) & rows[:, None]) for task, column in labels.items()}


def slow_differences(truth: BoolArray, candidate: BoolArray, current: BoolArray, resamples: int) -> list[float]:
    rng = np.random.default_rng(9)
    drawn = (rng.integers(0, len(truth), len(truth)) for _ in range(resamples))
    return [macro_f1(truth[i], candidate[i]) - macro_f1(truth[i], current[i]) for i in drawn]


def test_it_agrees_with_a_direct_bootstrap() -> None:
    rows = make_rows(80)
    truth = indicators(rows, TAXONOMY)
    everywhere = np.ones(80, dtype=bool)
    for task in TASKS:
        current, candidate = (spoil(truth, everywhere, share, seed)[task] for share, seed in ((0.1, 1), (0.2, 2)))
        quick = paired_differences(truth[task], candidate, current, np.arange(80))
        slow = slow_differences(truth[task], candidate, current, 4000)
        assert quick.shape == (10_000,)
        for quantile in (0.025, 0.5, 0.975):
            assert np.quantile(quick, quantile) == pytest.approx(np.quantile(slow, quantile), abs=0.012)
        assert quick.std() == pytest.approx(np.std(slow), rel=0.08)


def test_a_label_that_a_resample_lacks_is_left_out_of_its_mean() -> None:
    """One article has the second label: resamples without it have the mean over the first alone, as macro_f1 has."""
    truth = np.array([[True, False]] * 5 + [[True, True]])
    candidate = truth & np.array([True, False])
    found = paired_differences(truth, candidate, truth, np.arange(6), resamples=500)
    assert set(found.round(9)) == {0.0, -0.5}


def test_near_duplicates_are_drawn_together() -> None:
    truth = indicators(make_rows(60), TAXONOMY)["topics"]
    candidate = truth ^ (np.random.default_rng(3).random(truth.shape) < 0.2)
    four_times = [np.repeat(labels, 4, axis=0) for labels in (truth, candidate, truth)]
    alone = paired_differences(*four_times, np.arange(240))
    whole = paired_differences(*four_times, np.repeat(np.arange(60), 4))
    assert whole.std() == pytest.approx(2 * alone.std(), rel=0.1)


@settings(max_examples=15, deadline=None)
@given(n=st.integers(1, 70), share=st.floats(0, 1), seed=st.integers(0, 1000))
def test_a_model_is_never_worse_than_itself(n: int, share: float, seed: int) -> None:
    rows = make_rows(n, seed)
    found = spoil(indicators(rows, TAXONOMY), np.ones(n, dtype=bool), share, seed)
    compared = compare_labels({"a": rows[: n // 2], "b": rows[n // 2 :]}, found, found, TAXONOMY)
    assert compared.tasks and not compared.worse
    assert all(d.difference == d.low == d.high == 0 and d.candidate == d.current for d in (*compared.tasks, *compared.slices))


def test_the_worst_slice_is_the_one_that_was_spoilt() -> None:
    rows = make_rows(240, outlets=6)
    truth = indicators(rows, TAXONOMY)
    mine = np.array([row.article.outlet == "o3" for row in rows])
    compared = compare_labels({"news": rows}, spoil(truth, mine, 0.5), truth, TAXONOMY)
    worst = compared.worst_slice
    assert worst is not None and (worst.kind, worst.value, worst.verdict) == ("outlet", "o3", "worse")
    assert worst.articles <= 40 and worst.candidate < worst.current == 1.0
    assert worst.low <= worst.difference <= worst.high < 0
    assert worst in compared.worse
    others = [s for s in compared.slices if s.kind == "outlet" and s.value != "o3"]
    assert len(others) == 15 and all(s.difference == 0 for s in others)
    better = compare_labels({"news": rows}, truth, spoil(truth, mine, 0.5), TAXONOMY)
    assert not better.worse and all(d.verdict == "better" for d in better.tasks)


def test_slices_are_those_that_say_something() -> None:
    rows = make_rows(90, outlets=3)
    few = make_rows(MIN_ARTICLES - 1, seed=7, outlets=1)
    few = [
        LabelledArticle(
            Article(id=r.article.id, body=r.article.body),
            {"topics": r.labels["topics"], "stance": r.labels["stance"], "sentiment": None},
        )
        for r in few
    ]
    found = {(s.kind, s.value): int(s.rows.sum()) for s in find_slices({"news": rows, "few": few})}
    assert found[("file", "news")] == 90 and ("file", "few") not in found
    assert [found[("outlet", f"o{i}")] for i in range(3)] == [30, 30, 30]
    assert found[("year", "2019")] == found[("year", "2020")] == 45
    lengths = [count for (kind, _), count in found.items() if kind == "length"]
    assert len(lengths) == 3 and sum(lengths) == 109
    assert not [s for s in find_slices({"news": rows}) if s.kind == "file"]


def test_the_interval_of_a_slice_is_wider_than_that_of_a_task() -> None:
    """Two files with the same articles: each is half of all, so by its size alone wider by the root of two."""
    rows = make_rows(150)
    truth = indicators([*rows, *rows], TAXONOMY)
    candidate = spoil(truth, np.ones(300, dtype=bool), 0.2)
    compared = compare_labels({"a": rows, "b": rows}, candidate, truth, TAXONOMY)
    for whole in compared.tasks:
        for half in (s for s in compared.slices if s.kind == "file" and s.task == whole.task):
            assert half.high - half.low > 1.3 * 2**0.5 * (whole.high - whole.low)
