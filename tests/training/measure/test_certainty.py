"""Accuracy where the model is sure, and the promise of its label sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import pytest

from sorot.data.article import Article
from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import load_taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.training.measure.certainty import measure_certainty

TASK = load_taxonomy().task("stance")


@dataclass(frozen=True)
class Given:
    """The part of an analysis that is compared."""

    labels: dict[str, str]
    probabilities: dict[str, dict[str, float]]
    label_sets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    withheld: str | None = None


def measure(cases: list[tuple[str, str, float, tuple[str, ...]]]) -> dict[str, object]:
    """Cases of true label, given label, its probability and the label set, which is left out if it is empty."""
    rows = [LabelledArticle(Article(id="a", body="x"), {"stance": truth}) for truth, *_ in cases]
    given = [
        Given({"stance": label}, {"stance": {label: p}}, {"stance": labels} if labels else {}) for _, label, p, labels in cases
    ]
    return measure_certainty(rows, cast(list[Analysis], given), TASK)


def test_the_surest_articles_and_the_sets_are_counted() -> None:
    found = measure(
        [
            ("support", "support", 0.9, ("support",)),
            ("oppose", "oppose", 0.8, ("oppose",)),
            ("neutral", "oppose", 0.7, ("oppose",)),
            ("neutral", "neutral", 0.6, ("neutral", "support")),
            ("oppose", "neutral", 0.3, ("oppose", "neutral")),
        ]
    )
    shares = {key: value[0] for key, value in found.items() if isinstance(value, list)}
    assert shares["accuracy"] == pytest.approx(3 / 5) and shares["accuracy_surest"] == pytest.approx(3 / 4)
    assert shares["sets_right"] == pytest.approx(4 / 5) and shares["sets_single"] == pytest.approx(3 / 5)
    assert shares["accuracy_single"] == pytest.approx(2 / 3)


def test_a_model_without_sets_and_rows_without_labels() -> None:
    assert "sets_right" not in measure([("support", "support", 0.9, ())])
    rows = [LabelledArticle(Article(id="a", body="x"), {})]
    assert measure_certainty(rows, cast(list[Analysis], [Given({}, {})]), TASK) == {}
