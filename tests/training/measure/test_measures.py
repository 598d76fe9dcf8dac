from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from sklearn.metrics import f1_score, precision_recall_fscore_support

from sorot.data.taxonomy import load_taxonomy
from sorot.training.export.calibrate import fit_calibration
from sorot.training.input.batches import Targets
from sorot.training.measure.metrics import (
    bagged_threshold,
    best_threshold,
    brier,
    expected_calibration_error,
    interval,
    label_score,
    macro_f1,
    one_hot,
)


def targets_of(topics: Sequence[int], stance: int, sentiment: int) -> Targets:
    return Targets({"topics": tuple(int(t) for t in topics), "stance": (int(stance),), "sentiment": (int(sentiment),)}, 1.0)


def test_f1_is_what_scikit_learn_says() -> None:
    rng = np.random.default_rng(0)
    truth, found = rng.random((200, 4)) < 0.3, rng.random((200, 4)) < 0.4
    assert macro_f1(truth, found) == pytest.approx(f1_score(truth, found, average="macro"))
    precision, recall, f1, _ = precision_recall_fscore_support(truth[:, 0], found[:, 0], average="binary")
    score = label_score(truth[:, 0], found[:, 0])
    assert (score.precision, score.recall, score.f1) == pytest.approx((precision, recall, f1))
    assert score.support == truth[:, 0].sum()
    classes = rng.integers(0, 3, 100), rng.integers(0, 3, 100)
    assert macro_f1(one_hot(classes[0], 3), one_hot(classes[1], 3)) == pytest.approx(f1_score(*classes, average="macro"))


def test_a_label_that_nobody_has_or_finds_is_no_error() -> None:
    none = np.zeros(5, dtype=bool)
    assert label_score(none, none).f1 == 0.0
    assert macro_f1(np.array([[True, False]] * 3), np.array([[True, False]] * 3)) == 1.0


def test_calibration_errors_of_known_cases() -> None:
    right = np.array([True] * 8 + [False] * 2)
    assert expected_calibration_error(np.full(10, 0.8), right) == pytest.approx(0.0)
    assert expected_calibration_error(np.full(10, 1.0), right) == pytest.approx(0.2)
    assert brier(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[True, False], [True, False]])) == pytest.approx(1.0)


def test_an_interval_holds_the_measure_and_narrows_with_more_articles() -> None:
    def width(n: int) -> float:
        values = np.random.default_rng(1).random(n)
        low, high = interval(lambda i: float(values[i].mean()), n)
        assert low < values.mean() < high
        return high - low

    assert width(2000) < width(100)


def test_the_threshold_is_the_best_there_is() -> None:
    rng = np.random.default_rng(2)
    truth = rng.random(300) < 0.2
    probability = np.clip(rng.normal(0.3 + 0.3 * truth, 0.15), 0, 1)
    chosen = best_threshold(probability, truth)
    best = max(f1_score(truth, probability >= t) for t in np.unique(probability))
    assert f1_score(truth, probability >= chosen) == pytest.approx(best)
    assert best_threshold(probability, np.zeros(300, dtype=bool)) == 0.5


def test_a_bagged_threshold_strays_less_from_sample_to_sample() -> None:
    rng = np.random.default_rng(1)
    single, bagged = [], []
    for _ in range(20):
        truth = rng.random(150) < 0.2
        probability = np.clip(rng.normal(np.where(truth, 0.6, 0.4), 0.15), 0, 1)
        single.append(best_threshold(probability, truth))
        bagged.append(bagged_threshold(probability, truth))
    assert np.std(bagged) < np.std(single)
    assert bagged_threshold(np.ones(3), np.zeros(3, dtype=bool)) == bagged_threshold(np.ones(0), np.zeros(0, dtype=bool)) == 0.5


def test_calibration_finds_the_part_that_knows_and_true_probabilities() -> None:
    """Deep logits carry the signal at twice the true scale, wide ones are noise: ratio near 0, temperature near 2."""
    taxonomy = load_taxonomy()
    rng = np.random.default_rng(3)
    n = 4000
    true_logits = rng.normal(size=(n, taxonomy.n_labels)) * 2
    columns = taxonomy.columns()
    topics = rng.random((n, 3)) < 1 / (1 + np.exp(-true_logits[:, columns["topics"]]))

    def draw(part: slice) -> np.ndarray:
        logits = true_logits[:, part]
        return np.array((logits + rng.gumbel(size=logits.shape)).argmax(axis=1))

    stance, sentiment = draw(columns["stance"]), draw(columns["sentiment"])
    targets = [targets_of(topics[i], stance[i], sentiment[i]) for i in range(n)]
    noise = rng.normal(size=true_logits.shape).astype(np.float32)
    found = fit_calibration((true_logits * 2).astype(np.float32), noise, targets, taxonomy)
    for task in ("topics", "stance", "sentiment"):
        assert found.ratios[task] < 0.2
        assert found.temperatures[task] == pytest.approx(2.0, rel=0.15)
    unlabelled = [targets_of((-1, -1, -1), -1, s) for s in sentiment]
    assert fit_calibration((true_logits * 2).astype(np.float32), noise, unlabelled, taxonomy).temperatures["stance"] == 1.0


def test_calibrated_probabilities_lean_to_rare_classes() -> None:
    """Classes of 80, 15 and 5 % with true log-odds given: the rare one wins more often than by true probabilities alone."""
    taxonomy = load_taxonomy()
    columns = taxonomy.columns()["sentiment"]
    rng = np.random.default_rng(4)
    n = 5000
    logits = np.zeros((n, taxonomy.n_labels), dtype=np.float32)
    logits[:, columns] = rng.normal(size=(n, 3)) * 1.5 + np.log([0.8, 0.15, 0.05])
    truth = (logits[:, columns] + rng.gumbel(size=(n, 3))).argmax(axis=1)
    targets = [targets_of((-1, -1, -1), -1, k) for k in truth]
    found = fit_calibration(logits, np.zeros_like(logits), targets, taxonomy).probabilities(
        logits, np.zeros_like(logits), taxonomy
    )
    leaning, plain = found["sentiment"].argmax(axis=1), logits[:, columns].argmax(axis=1)
    assert (leaning == 2).sum() > 1.3 * (plain == 2).sum()
    assert macro_f1(one_hot(truth, 3), one_hot(leaning, 3)) > macro_f1(one_hot(truth, 3), one_hot(plain, 3))
    # Still near the truth: a class that few articles have is not given to most.
    assert found["sentiment"].mean(axis=0) == pytest.approx(np.bincount(truth) / n, abs=0.1)
