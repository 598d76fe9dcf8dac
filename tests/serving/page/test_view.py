"""What the page shows of an analysis, as text."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import datetime
from typing import get_args

import pytest

from sorot.data.article import Article, Removed
from sorot.data.cleaning.boilerplate import LINE_RULES
from sorot.data.errors import SorotError
from sorot.data.taxonomy import load_taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.scorer import Scorer
from sorot.serving.page.article import view
from sorot.serving.page.article.marked_text import marked_text_html, strongest_sentences
from sorot.serving.page.common.label_chips import confidence, label_chips
from sorot.serving.page.common.label_styles import label_style
from sorot.serving.page.common.words import KINDS, kind_name
from sorot.serving.words.language import Language, format_number

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
        names = [tiny_scorer.taxonomy.task("sentiment").label(key).name("id").lower() for key in others]
        shown = f'<small class="unsure">Belum pasti; bisa juga: {", ".join(names)}</small>'
        assert (shown in verdict(tiny_scorer, ARTICLE, unsure, language)) == (least == 0.0)


@pytest.mark.parametrize("probability, sure, word", [(0.9, True, "jelas"), (0.7, True, "kemungkinan besar"), (0.5, True, "cenderung"), (0.9, False, "cenderung")])  # fmt: skip
def test_a_chip_says_how_sure_the_model_is(probability: float, sure: bool, word: str) -> None:
    assert confidence(TAXONOMY.task("stance"), "oppose", probability, sure, "id") == f"{word} menentang"


def test_every_task_has_chips_in_the_colours_of_its_labels(analysis: Analysis) -> None:
    groups = label_chips(with_topic(analysis, 0.61), TAXONOMY, "id")
    assert len(groups) == len(TAXONOMY.tasks)
    [chip] = groups[0].chips
    assert (chip.words, chip.percent) == ("kemungkinan besar penyensoran", "61\u00a0%")
    assert chip.style == label_style(TAXONOMY, "topics", "censorship")
    none = label_chips(without_topic(analysis, 0.4), TAXONOMY, "id")
    assert none[0].chips == () and none[0].nothing.startswith("Di luar ketiga topik (paling dekat: ")
    assert none[1].nothing == "Tidak ada"


def test_a_threshold_stands_beside_the_value_and_is_spoken(tiny_scorer: Scorer, analysis: Analysis) -> None:
    above = verdict(tiny_scorer, ARTICLE, with_topic(analysis, 0.61))
    assert '<span class="value">61\u00a0% (ambang 50\u00a0%)</span>' in above
    assert 'aria-label="Penyensoran: 61\u00a0%, ambang 50\u00a0% (ya)"' in above
    below = verdict(tiny_scorer, ARTICLE, without_topic(analysis, 0.4), "en")
    assert '<span class="value">40% (threshold 50%)</span>' in below
    assert 'aria-label="Censorship: 40%, threshold 50%"' in below


def test_a_value_just_below_its_threshold_does_not_read_like_it(tiny_scorer: Scorer, analysis: Analysis) -> None:
    assert "49,9\u00a0% (ambang 50,0\u00a0%)" in verdict(tiny_scorer, ARTICLE, without_topic(analysis, 0.499))


def test_fields_are_shown_where_labels_are_withheld(tiny_scorer: Scorer) -> None:
    article = replace(ARTICLE, language="en", outlet="The <Times>")
    withheld = tiny_scorer.score([article])[0]
    shown = verdict(tiny_scorer, article, withheld)
    assert "bukan bahasa Indonesia, melainkan bahasa Inggris" in shown and "Situs judi daring diblokir" in shown
    assert "The &lt;Times&gt;" in shown and 'class="bar' not in shown and "label-chip" not in shown
    assert "<mark" not in marked_text_html(article, withheld, TAXONOMY, "id")


def test_one_word_is_no_plural(tiny_scorer: Scorer) -> None:
    article = replace(ARTICLE, title=None, body="Situs", language="id")
    assert "<dd>1 word</dd>" in verdict(tiny_scorer, article, tiny_scorer.score([article])[0], "en")


def test_a_day_without_a_time_is_no_midnight(tiny_scorer: Scorer, analysis: Analysis) -> None:
    for published, shown in ((datetime(2024, 5, 6), "2024-05-06"), (datetime(2024, 5, 6, 9, 12), "2024-05-06 09:12")):
        assert f"<dd>{shown}</dd>" in verdict(tiny_scorer, replace(ARTICLE, published=published), analysis)


def contributing(analysis: Analysis, *shares: float) -> Analysis:
    """The analysis with these contributions of title and sentences to one label."""
    own = iter(shares)
    contributions = tuple(
        replace(e, contribution=next(own)) if (e.task, e.label) == ("topics", "censorship") else e for e in analysis.contributions
    )
    return replace(with_topic(analysis, 0.9), contributions=contributions)


def test_the_strongest_sentences_have_their_part_of_what_supports_the_label(analysis: Analysis) -> None:
    found = strongest_sentences(contributing(analysis, 0.5, -0.5, 1.0, 0.5), "topics/censorship")
    assert [share for _, share in found] == [0.5, 0.25, 0.25]
    assert strongest_sentences(contributing(analysis, -1.0, -1.0, -1.0, -1.0), "topics/censorship") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_character_of_the_text_is_lost_between_marks(analysis: Analysis, language: Language) -> None:
    hostile = replace(ARTICLE, title="Situs <b>judi</b> diblokir")
    shown = marked_text_html(hostile, contributing(analysis, 0.5, -0.5, 1.0, 0.5), TAXONOMY, language)
    text = shown.partition('<div class="reader-text"')[2].partition(">")[2].replace("</h3>", "\n\n")
    plain = html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<small.*?</small>", "", text))).removesuffix("\n")
    assert plain == f"{hostile.title}\n\n{hostile.body}"
    first = [part.partition("<small")[0] for part in shown.split('<mark class="shows on"')[1:]]
    assert len(first) == 3 and not any("mengkritik" in part for part in first if "topics/censorship" not in part)


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
    from sorot.serving.page.article.tab import Refusal

    for text in (None, "", "  \n"):
        state, shown, *_ = analyse(text, None)  # type: ignore[operator]
        assert isinstance(state, Refusal) and "Tidak ada teks untuk dibaca" in shown


def test_a_typed_error_is_a_sentence_on_the_page(tiny_scorer: Scorer) -> None:
    analyse = handler(Breaking(tiny_scorer, SorotError("the model <broke>; restore it")), "analyse")
    _, shown, *_ = analyse(ARTICLE.body, "en")  # type: ignore[operator]
    assert "This text cannot be analysed: the model &lt;broke&gt;; restore it" in shown


def test_too_long_a_text_is_refused_in_the_pages_language(tiny_scorer: Scorer) -> None:
    analyse = handler(tiny_scorer, "analyse")
    assert "200.000 karakter" in analyse("a" * 200_001, "id")[1]  # type: ignore[operator]
    assert "200,000 characters" in analyse("a" * 200_001, "en")[1]  # type: ignore[operator]
