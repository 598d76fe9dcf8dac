"""Slices, confusion tables, curves and worst errors of an evaluation."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, confusion_matrix

from sorot.data.article import Article, Removed
from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import load_taxonomy
from sorot.training.measure.baselines import indicators
from sorot.training.measure.confusion import binary_counts
from sorot.training.measure.confusion import confusion_matrix as count_confusion
from sorot.training.measure.metrics import expected_calibration_error, macro_f1, one_hot
from sorot.training.measure.probability_curves import calibration, label_curves, reliability_bins
from sorot.training.measure.slices import MIN_ARTICLES, score_slices, slice_names, training_coverage
from tests.training.measured import make_rows, measured

TAXONOMY = load_taxonomy()


def article(words: int = 10, **fields: object) -> Article:
    return replace(Article(id="a", body=" ".join(["kata"] * words)), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "name"),
    [(199, "under 200 words"), (200, "200 to 400 words"), (400, "200 to 400 words"), (401, "over 400 words")],
)
def test_slices_of_length_meet_at_200_and_400_words(words: int, name: str) -> None:
    assert slice_names(article(words)) == {"length": name, "page": "clean"}


def test_an_article_is_sliced_by_what_it_is_and_by_what_training_saw() -> None:
    seen = training_coverage(
        [LabelledArticle(article(outlet="Lensa", published=datetime(2017, 3, 1, tzinfo=UTC)), {"topics": ()})]
    )
    early = article(outlet="lensa ", published=datetime(2017, 3, 1, tzinfo=UTC), removed=(Removed("menu", "Beranda"),))
    names = slice_names(early, seen)
    assert names == {
        "outlet": "lensa", "year": "2017", "length": "under 200 words", "page": "dump", "outlet_seen": "seen", "time": "seen",
    }  # fmt: skip
    late = slice_names(article(outlet="Warta", published=datetime(2017, 3, 2, tzinfo=UTC)), seen)
    assert (late["outlet_seen"], late["time"]) == ("unseen", "later")
    assert not {"outlet_seen", "time"} & slice_names(early).keys()
    assert (
        not {"outlet_seen", "time"} & slice_names(early, training_coverage([LabelledArticle(article(), {"topics": ()})])).keys()
    )


def test_slices_are_scored_on_their_own_articles_and_small_ones_only_named() -> None:
    rows = [
        replace(row, article=replace(row.article, outlet="Ada" if i < 30 else "Tiada")) for i, row in enumerate(make_rows(45, 4))
    ]
    truth = indicators(rows, TAXONOMY)
    found = {task: np.roll(truth[task], 1, axis=0) for task in TAXONOMY.keys}
    slices = {(s["kind"], s["name"]): s for s in score_slices(rows, truth, found, TAXONOMY)}
    big, small = slices["outlet", "ada"], slices["outlet", "tiada"]
    assert big["tasks"]["topics"]["macro_f1"] == macro_f1(truth["topics"][:30], found["topics"][:30])
    low, high = big["tasks"]["topics"]["macro_f1_interval"]
    assert low <= big["tasks"]["topics"]["macro_f1"] <= high
    assert (big["articles"], big["too_small"]) == (30, False)
    assert (small["articles"], small["too_small"], small["tasks"]) == (15, True, {})
    for s in slices.values():
        assert all(score["articles"] >= MIN_ARTICLES for score in s["tasks"].values())
    # Without labels for a task there is nothing to score of it.
    unlabelled = [replace(row, labels={**row.labels, "topics": None}) for row in rows]
    assert all("topics" not in s["tasks"] for s in score_slices(unlabelled, truth, found, TAXONOMY))


def test_confusion_tables_are_what_scikit_learn_counts() -> None:
    rng = np.random.default_rng(0)
    true, given_ = rng.integers(0, 3, 60), rng.integers(0, 3, 60)
    found = one_hot(given_, 3)
    found[:4] = False
    table = count_confusion(one_hot(true, 3), found, ("a", "b", "c"))
    assert table["columns"] == ["a", "b", "c", "withheld"]
    counts = np.array(table["counts"])
    assert (counts[:, :3] == confusion_matrix(true[4:], given_[4:], labels=[0, 1, 2])).all()
    assert counts[:, 3].sum() == 4 and counts.sum() == 60
    truth, topics = rng.random((50, 2)) < 0.4, rng.random((50, 2)) < 0.4
    (tn, fp), (fn, tp) = confusion_matrix(truth[:, 1], topics[:, 1])
    assert binary_counts(truth, topics, ("x", "y"))["y"] == {"tp": tp, "fp": fp, "fn": fn, "tn": tn}


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_the_bins_hold_every_decision_and_give_the_calibration_error(decisions: list[tuple[float, bool]]) -> None:
    confidence, right = np.array([c for c, _ in decisions]), np.array([r for _, r in decisions])
    bins = reliability_bins(confidence, right)
    assert sum(b.decisions for b in bins) == len(decisions)
    for b in bins:
        assert b.low - 1e-9 <= b.confidence <= b.high + 1e-9
    error = sum(abs(b.accuracy - b.confidence) * b.decisions for b in bins) / len(decisions)
    assert error == pytest.approx(expected_calibration_error(confidence, right), abs=1e-9)


def test_curves_go_through_the_point_of_the_threshold() -> None:
    rng = np.random.default_rng(1)
    topics = TAXONOMY.task("topics").keys
    truth = rng.random((80, len(topics))) < 0.3
    truth[:, -1] = False
    probability = np.clip(rng.normal(0.3 + 0.3 * truth, 0.2), 0, 1)
    curves = label_curves(probability, truth, dict.fromkeys(topics, 0.45), TAXONOMY.task("topics"))
    first = curves[topics[0]]
    assert first["average_precision"] == pytest.approx(average_precision_score(truth[:, 0], probability[:, 0]))
    hits = (truth[:, 0] & (probability[:, 0] >= 0.45)).sum()
    assert first["threshold"]["recall"] == pytest.approx(hits / truth[:, 0].sum())
    assert first["recall"][0] == 1.0 and first["recall"] == sorted(first["recall"], reverse=True)
    assert (curves[topics[-1]]["average_precision"], curves[topics[-1]]["recall"]) == (None, [])


def test_nothing_scored_is_no_error() -> None:
    for task in TAXONOMY.keys:
        n = len(TAXONOMY.task(task).keys)
        found = calibration(np.zeros((0, n)), np.zeros((0, n), dtype=bool), TAXONOMY.task(task))
        assert found == {"ece": 0.0, "brier": 0.0, "reliability": []}


def test_a_report_is_json_and_names_its_worst_errors(tiny_bundle: Path) -> None:
    report = measured(tiny_bundle)["dev"]
    assert json.loads(json.dumps(report)) == json.loads(json.dumps(report, allow_nan=False))
    rows = {row.article.id: row for row in make_rows(90, 1)}
    for task in TAXONOMY.keys:
        errors = report["errors"][task]
        assert 0 < len(errors) <= 10
        assert [e["probability"] for e in errors] == sorted((e["probability"] for e in errors), reverse=True)
        for e in errors:
            row = rows[e["id"]]
            assert e["truth"] != e["found"] and e["title"] == row.article.title
            assert all(sentence == row.article.title or sentence in row.article.body for sentence in e["evidence"])
            if task == "topics":
                assert (e["label"] in (row.labels["topics"] or ())) == (e["truth"] == "yes")
            else:
                assert row.labels[task] == e["truth"]
    stance = report["tasks"]["stance"]
    assert np.array(stance["confusion"]["counts"]).sum() == stance["articles"] == 72
    assert report["tasks"]["sentiment"]["articles"] == 90
    topics = report["tasks"]["topics"]
    for topic, counts in topics["confusion"].items():
        assert counts["tp"] + counts["fn"] == topics["labels"][topic]["support"]
        assert topics["curves"][topic]["threshold"]["recall"] == topics["labels"][topic]["recall"]
