"""The tab of the model, over the shipped bundle and one without card or figures."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from markupsafe import escape

from sorot.data.taxonomy import Taxonomy
from sorot.serving.model.bundle import load_bundle
from sorot.serving.model.scorer import Scorer
from sorot.serving.page.app import build_page
from sorot.serving.page.model.card import plots, read_card
from sorot.serving.page.model.view import model_html
from tests.tiny_bundle import build_bundle


def test_figures_stand_with_their_intervals_and_labels_with_their_definitions() -> None:
    bundle = load_bundle()
    card, pictures = read_card(bundle)
    shown = model_html(bundle.manifest, Taxonomy.from_dict(bundle.manifest.taxonomy), plots(card, pictures), "en")
    assert shown.count('class="whisker"') == sum(len(tasks) for tasks in bundle.manifest.metrics.values()) > 0
    assert all(escape(label.definition_en) in shown for label in bundle.taxonomy.task("topics").labels)
    for sooner, later in pairwise(("What it is for", "Not for decisions", "Measured on", "Labels and what", "<img alt")):
        assert 0 < shown.index(sooner) < shown.index(later)


def test_a_bundle_without_card_or_figures_says_so(tmp_path: Path) -> None:
    scorer = Scorer.load(build_bundle(tmp_path / "tiny"))
    assert read_card(scorer.bundle) == ("", {})
    assert "tidak memuat angka" in model_html(scorer.manifest, scorer.taxonomy, [], "id")
    assert "tidak memuat kartu" in str(build_page(scorer).get_config_file())
