"""What the page shows of an analysis, as text."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import get_args

import pytest

from sorot.data.article import Article, Removed
from sorot.data.cleaning.boilerplate import LINE_RULES
from sorot.data.errors import SorotError
from sorot.data.taxonomy import load_taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.scorer import Scorer
from sorot.serving.page.article import view
from sorot.serving.page.common import evidence_marks as marks
from sorot.serving.page.common.language import Language, format_number
from sorot.serving.page.common.words import KINDS, kind_name, page_text

TAXONOMY = load_taxonomy()
LANGUAGES: tuple[Language, ...] = get_args(Language)
ARTICLE = Article(
    id="1",
    title="Situs judi daring diblokir",
    body="Pemerintah memblokir situs judi daring. Warga mengkritik kebijakan itu.\n\nCuaca cerah hari ini.",
    place="Jakarta",
    language="id",
)


@pytest.fixture(scope="module")
def analysis(tiny_scorer: Scorer) -> Analysis:
    return tiny_scorer.score([ARTICLE])[0]


def verdict(scorer: Scorer, article: Article, analysis: Analysis, language: Language = "id") -> str:
    return view.verdict_html(article, analysis, scorer.taxonomy, scorer.manifest.thresholds, language)


def with_topic(analysis: Analysis, probability: float) -> Analysis:
    topics = {**analysis.probabilities["topics"], "censorship": probability}
    return replace(
        analysis,
        probabilities={**analysis.probabilities, "topics": topics},
        labels={**analysis.labels, "topics": ("censorship",)},
    )


def without_topic(analysis: Analysis, probability: float) -> Analysis:
    return replace(with_topic(analysis, probability), labels={**analysis.labels, "topics": (), "stance": "none"})


def test_where_the_model_is_not_sure_the_other_labels_are_named(tiny_scorer: Scorer, analysis: Analysis) -> None:
    assert analysis.basis is not None and "unsure" not in verdict(tiny_scorer, ARTICLE, analysis)
    for least, language in ((0.0, "id"), (1.0, "en")):
        unsure = replace(analysis, basis=replace(analysis.basis, least={"sentiment": least}))
        others = [key for key in tiny_scorer.taxonomy.task("sentiment").keys if key != analysis.labels["sentiment"]]
        names = [tiny_scorer.taxonomy.task("sentiment").label(key).name("id") for key in others]
        shown = f'<p class="unsure">Belum pasti; bisa juga: {", ".join(names)}</p>'
        assert (shown in verdict(tiny_scorer, ARTICLE, unsure, language)) == (least == 0.0)


def test_a_threshold_stands_beside_the_value_and_is_spoken(tiny_scorer: Scorer, analysis: Analysis) -> None:
    above = verdict(tiny_scorer, ARTICLE, with_topic(analysis, 0.61))
    assert '<span class="value">0,61 ≥ 0,50</span>' in above
    assert 'aria-label="Penyensoran: 0,61, ambang 0,50 (ya)"' in above
    below = verdict(tiny_scorer, ARTICLE, without_topic(analysis, 0.4), "en")
    assert '<span class="value">0.40 &lt; 0.50</span>' in below
    assert 'aria-label="Censorship: 0.40, threshold 0.50"' in below


def test_a_value_just_below_its_threshold_does_not_read_like_it(tiny_scorer: Scorer, analysis: Analysis) -> None:
    assert "0,499 &lt; 0,500" in verdict(tiny_scorer, ARTICLE, without_topic(analysis, 0.499))


def test_probabilities_are_written_alike(tiny_scorer: Scorer, analysis: Analysis) -> None:
    shown = verdict(tiny_scorer, ARTICLE, analysis)
    bars = shown[shown.index("<h2>") :]  # Below the sentence.
    assert "%" not in bars.replace("%;", "").replace('%"', "")
    for task in ("stance", "sentiment"):
        for probability in analysis.probabilities[task].values():  # type: ignore[index]
            assert f'<span class="value">{probability:.2f}</span>'.replace(".", ",") in shown


def test_fields_are_shown_where_labels_are_withheld(tiny_scorer: Scorer) -> None:
    article = replace(ARTICLE, language="en", outlet="The <Times>")
    withheld = tiny_scorer.score([article])[0]
    shown = verdict(tiny_scorer, article, withheld)
    assert "bukan bahasa Indonesia (en)" in shown and "Situs judi daring diblokir" in shown
    assert "The &lt;Times&gt;" in shown and 'class="bar' not in shown
    assert view.choices(withheld, tiny_scorer.taxonomy, "id") == []
    pieces = marks.highlights(article, withheld, tiny_scorer.taxonomy, None, "id")
    assert all(mark is None for _, mark in pieces) and pieces[0][0] == ARTICLE.title


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_title_is_the_first_piece_and_no_character_is_lost(analysis: Analysis, language: Language) -> None:
    for task in TAXONOMY.tasks:
        label = next(iter(analysis.probabilities[task.key]))
        pieces = marks.highlights(ARTICLE, analysis, TAXONOMY, f"{task.key}/{label}", language)
        assert pieces[0][0] == ARTICLE.title
        assert "".join(text for text, _ in pieces) == f"{ARTICLE.title}{marks.TITLE_GAP}{ARTICLE.body}"
        assert {mark for _, mark in pieces if mark} <= set(marks.colour_map(TAXONOMY))
        assert not any(one[1] is None and other[1] is None for one, other in pairwise(pieces[2:]))


def test_a_mark_names_its_task_its_sign_and_its_strength(analysis: Analysis) -> None:
    shares = (0.9, -0.5, 0.2, 0.05)
    own = iter(shares)
    contributions = tuple(
        replace(e, contribution=next(own)) if (e.task, e.label) == ("topics", "censorship") else e for e in analysis.contributions
    )
    pieces = marks.highlights(ARTICLE, replace(analysis, contributions=contributions), TAXONOMY, "topics/censorship", "id")
    assert [mark for text, mark in pieces if text.strip()] == ["Topik +++", "Topik −−", "Topik +", None]


def test_marks_differ_by_task_and_sign_in_name_and_colour() -> None:
    strong = [(task, sign) for task in TAXONOMY.tasks for sign in (marks.FOR, marks.AGAINST)]
    names = [marks.mark_name(task, sign, 3, "id") for task, sign in strong]
    colours = marks.colour_map(TAXONOMY)
    assert len(set(names)) == 6
    assert len({colours[name] for name in names}) == 4  # One for each task, and red for what speaks against.


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_legend_names_the_marks_of_the_chosen_task(language: Language) -> None:
    for task in TAXONOMY.tasks:
        shown = marks.legend_html(TAXONOMY, f"{task.key}/any", language)
        assert marks.mark_name(task, "+", 1, language) in shown and marks.mark_name(task, "−", 1, language) in shown
        colour, code = marks.task_colour(TAXONOMY, task)
        assert code in shown and page_text(f"colour_{colour}", language) in shown
    assert marks.legend_html(TAXONOMY, None, language) == ""


def test_what_was_removed_has_a_readable_name() -> None:
    article = replace(ARTICLE, removed=(Removed("repeated_title", "<b>Judul</b>"), Removed("unheard_of", "x")))
    assert "<b>Judul yang terulang</b> &lt;b&gt;Judul&lt;/b&gt;" in view.removed_html(article, "id")
    assert "<b>Repeated title</b>" in view.removed_html(article, "en")
    assert "<b>Other</b> x" in view.removed_html(article, "en")
    assert {kind for kind, _ in LINE_RULES} <= set(KINDS)
    assert kind_name("menu", "id") == "Menu"


def test_numbers_are_written_as_the_language_does() -> None:
    assert [format_number(-0.125, language, 3, signed=True) for language in LANGUAGES] == ["−0,125", "−0.125"]
    assert format_number(0.5, "id", 2, signed=True) == "+0,50"


class Breaking:
    """A scorer that cannot read what it is given."""

    def __init__(self, scorer: Scorer, error: Exception) -> None:
        self.bundle, self.manifest, self.taxonomy, self.error = scorer.bundle, scorer.manifest, scorer.taxonomy, error

    def score(self, _: object) -> None:
        raise self.error


def handler(scorer: object, name: str) -> object:
    """The function behind one of the page's own endpoints."""
    pytest.importorskip("gradio")
    from sorot.serving.page.app import build_page

    page = build_page(scorer)  # type: ignore[arg-type]
    return next(f.fn for f in page.fns.values() if f.api_name == name)


def test_no_text_at_all_is_an_empty_text(tiny_scorer: Scorer) -> None:
    analyse = handler(tiny_scorer, "analyse")
    for text in (None, "", "  \n"):
        state, shown, *_ = analyse(text, None)  # type: ignore[operator]
        assert state is None and "Tidak ada teks untuk dibaca" in shown


def test_a_typed_error_is_a_sentence_on_the_page(tiny_scorer: Scorer) -> None:
    analyse = handler(Breaking(tiny_scorer, SorotError("the model <broke>; restore it")), "analyse")
    _, shown, *_ = analyse(ARTICLE.body, "en")  # type: ignore[operator]
    assert "This text cannot be analysed: the model &lt;broke&gt;; restore it" in shown


def test_too_long_a_text_is_refused_in_the_pages_language(tiny_scorer: Scorer) -> None:
    analyse = handler(tiny_scorer, "analyse")
    assert "200.000 karakter" in analyse("a" * 200_001, "id")[1]  # type: ignore[operator]
    assert "200,000 characters" in analyse("a" * 200_001, "en")[1]  # type: ignore[operator]
