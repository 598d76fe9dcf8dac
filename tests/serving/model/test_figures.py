"""The figures of a manifest: typed, and completed from the card for bundles of format 1."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from sorot.serving.model.bundle import load_bundle
from sorot.serving.model.figures import Figures, figures_of, with_card_intervals

CARD = "# My model\n\n### dev (12 articles)\n\n| topics | 12 | 0.500 | 0.400 to 0.600 | 0.1 | 0.1 |\n"


def test_the_shipped_bundle_has_figures_with_intervals_for_every_task() -> None:
    bundle = load_bundle()
    assert set(bundle.manifest.metrics) == {"dev_unseen", "dev", "dev_shift"}
    for tasks in bundle.manifest.metrics.values():
        assert tuple(tasks) == bundle.taxonomy.keys
        for own in tasks.values():
            assert own.interval is not None and own.interval[0] < own.macro_f1 < own.interval[1]
            assert own.articles is not None and own.articles >= 100


def test_numbers_alone_are_figures_without_intervals_unless_the_card_has_them() -> None:
    old = {"dev": {"topics": 0.5, "stance": 0.25}}
    alone = TypeAdapter(Figures).validate_python(old)
    assert alone["dev"]["topics"].macro_f1 == 0.5 and alone["dev"]["topics"].interval is None
    completed = TypeAdapter(Figures).validate_python(with_card_intervals(old, CARD))
    assert (completed["dev"]["topics"].interval, completed["dev"]["topics"].articles) == ((0.4, 0.6), 12)
    assert completed["dev"]["stance"].interval is None
    assert with_card_intervals(old, "### dev (12 articles)\n\n| topics | 3 | 0.1 | 9 to 1.1.1 |") == {
        "dev": {"topics": {"macro_f1": 0.5}, "stance": {"macro_f1": 0.25}}
    }


@pytest.mark.parametrize("wrong", [{"dev": 0.5}, {"dev": {"topics": 1.5}}, {"dev": {"topics": {"f1": 0.5}}}, None])
def test_malformed_figures_are_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Figures).validate_python(with_card_intervals(wrong, CARD))


def test_figures_of_a_report_keep_its_labels() -> None:
    label = {"precision": 0.5, "recall": 1.0, "f1": 0.667, "support": 3}
    scores = {"macro_f1": 0.667, "macro_f1_interval": [0.2, 0.9], "articles": 9, "labels": {"yes": label}}
    own = figures_of({"dev": {"tasks": {"frame": scores}}})["dev"]["frame"]
    assert own.interval == (0.2, 0.9) and own.labels["yes"].support == 3 and own.articles == 9
