"""Label sets have the true label as often as promised, and say where the model is not sure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.taxonomy import load_taxonomy
from sorot.serving.model.labels import label_set
from sorot.training.export.calibrate import fit_calibration
from sorot.training.export.label_sets import MIN_ARTICLES, fit_label_sets, least_probability
from sorot.training.input.batches import Targets

TAXONOMY = load_taxonomy()
SENTIMENT = TAXONOMY.task("sentiment")


@given(st.lists(st.floats(0, 1), min_size=1, max_size=300), st.sampled_from([0.5, 0.8, 0.9]))
def test_at_least_the_coverage_of_the_scores_reach_the_bound(scores: list[float], coverage: float) -> None:
    least = least_probability(scores, coverage)
    assert sum(score >= least - 1e-6 for score in scores) >= coverage * len(scores) - 1e-6
    if (len(scores) + 1) * (1 - coverage) < 1 - 1e-9:
        assert least == 0


@pytest.mark.parametrize("noise", [0.5, 3.0])
def test_sets_hold_the_promised_share_of_true_labels_on_other_articles(noise: float) -> None:
    rng = np.random.default_rng(1)
    n, columns = 600, TAXONOMY.columns()["sentiment"]
    truth = rng.integers(0, 3, n)
    deep = rng.normal(scale=noise, size=(n, TAXONOMY.n_labels)).astype(np.float32)
    deep[np.arange(n), columns.start + truth] += 2
    targets = [Targets({"topics": (1, 0, 0), "stance": (int(t),), "sentiment": (int(t),)}, 1.0) for t in truth]
    first, other = slice(0, 300), slice(300, n)
    sets = fit_label_sets(deep[first], np.zeros_like(deep[first]), targets[first], TAXONOMY, np.ones(300, dtype=bool))
    assert sets is not None and sets.articles == 300
    calibration = fit_calibration(deep[first], np.zeros_like(deep[first]), targets[first], TAXONOMY)
    probabilities = calibration.probabilities(deep[other], np.zeros_like(deep[other]), TAXONOMY)["sentiment"]
    hits, sizes = [], []
    for row, true in zip(probabilities, truth[other], strict=True):
        by_label = dict(zip(SENTIMENT.keys, map(float, row), strict=True))
        found = label_set(SENTIMENT, max(by_label, key=by_label.__getitem__), by_label, sets.least["sentiment"])
        hits.append(SENTIMENT.keys[true] in found)
        sizes.append(len(found))
    # The quantile has a standard error of about two points, the share of hits as much.
    assert np.mean(hits) >= sets.coverage - 0.06
    assert 1 <= np.mean(sizes) < 3


def test_too_few_articles_promise_nothing() -> None:
    n = MIN_ARTICLES - 1
    deep = np.zeros((n, TAXONOMY.n_labels), dtype=np.float32)
    targets = [Targets({"topics": (1, 0, 0), "stance": (k % 4,), "sentiment": (k % 3,)}, 1.0) for k in range(n)]
    assert fit_label_sets(deep, deep, targets, TAXONOMY, np.ones(n, dtype=bool)) is None


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=3, max_size=3), st.sampled_from(SENTIMENT.keys), st.floats(0, 1))
def test_the_given_label_is_always_in_its_set(values: list[float], label: str, least: float) -> None:
    found = label_set(SENTIMENT, label, dict(zip(SENTIMENT.keys, values, strict=True)), least)
    assert label in found and list(found) == [key for key in SENTIMENT.keys if key in found]
