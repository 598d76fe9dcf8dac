"""The tab that compares: what its columns and its summary say, what it refuses, and that pasted text stays text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.article import Article
from sorot.data.errors import SorotError
from sorot.data.taxonomy import Taxonomy, load_taxonomy
from sorot.serving.limits import DEFAULT_LIMITS
from sorot.serving.model.analysis import Analysis, Evidence
from sorot.serving.model.scorer import Scorer
from sorot.serving.page.app import build_page
from sorot.serving.page.compare.alignment import AlignedSentences, align_texts
from sorot.serving.page.compare.pasted_articles import (
    MAX_OUTLET,
    ComparedArticle,
    ComparingError,
    example_articles,
    read_articles,
)
from sorot.serving.page.compare.view import compare_html, open_quotation, sentence_share, summary_sentence
from sorot.serving.page.compare.words import compare_text
from sorot.serving.words.language import LANGUAGES

CRITICAL = "Warga mengkritik pemblokiran situs itu di Jakarta. Warga menilai kebijakan itu sangat buruk untuk kebebasan mereka."
OFFICIAL = "Pemerintah memblokir situs judi daring. Kementerian menilai aturan itu baik, dan pemerintah mendukung kebijakan itu."
ENGLISH = (
    "The government has blocked the website, and the people who read it every day were told nothing about the reasons for it."
)
HOSTILE = '<img src=x onerror="alert(1)">'
Handler = Callable[..., tuple[object, str]]


@pytest.fixture(scope="module")
def handler(tiny_scorer: Scorer) -> Handler:
    """The function behind the button."""
    found: Handler = next(f.fn for f in build_page(tiny_scorer).fns.values() if f.fn and f.fn.__name__ == "compare")
    return found


def labelled(compared: ComparedArticle, topics: tuple[str, ...], stance: str, sentiment: str) -> ComparedArticle:
    labels = {"topics": topics, "stance": stance, "sentiment": sentiment}
    return replace(compared, analysis=replace(compared.analysis, labels=labels))


@pytest.fixture
def pair(tiny_scorer: Scorer) -> tuple[ComparedArticle, ComparedArticle]:
    one, other = read_articles(tiny_scorer, [("Warta A", CRITICAL), (None, OFFICIAL)], "id")
    return labelled(one, ("censorship",), "oppose", "negative"), labelled(other, ("censorship",), "support", "negative")


def test_the_summary_says_what_is_shared_and_where_they_part(pair: tuple[ComparedArticle, ...], tiny_scorer: Scorer) -> None:
    said = summary_sentence(pair, tiny_scorer.taxonomy, "id")
    assert said.startswith(
        "Menurut model, semua artikel ini tentang penyensoran; sikapnya terhadap tindakan pemerintah berbeda: "
    )
    assert "(Warta A)" in said and "(Artikel 2)" in said and said.endswith("nadanya sama: negatif.")
    without = tuple(labelled(c, (), "none", "neutral") for c in pair)
    assert summary_sentence(without, tiny_scorer.taxonomy, "en") == (
        "According to the model, there is no topic that all these articles share; their tone is the same: neutral."
    )


def test_each_column_has_its_outlet_its_sentences_and_its_own_words(
    pair: tuple[ComparedArticle, ...], tiny_scorer: Scorer
) -> None:
    shown = compare_html(pair, tiny_scorer.taxonomy, "id")
    first, second = shown.split("<article>")[1:]
    assert "<h2>Warta A</h2>" in first and "<h2>Artikel 2</h2>" in second
    assert "<b>warga</b> 2× di sini, 0× di artikel lain" in first and "<b>pemerintah</b> 2× di sini, 0× di artikel lain" in second
    for column, text in ((first, CRITICAL), (second, OFFICIAL)):
        quoted = [part.partition("</q>")[0] for part in column.split("<q>")[1:]]
        assert quoted and all(sentence in text for sentence in quoted) and len(quoted) == len(set(quoted))
        assert column.count('role="img"') == 5 and "menguatkan topiknya" in column


def test_the_share_counts_sentences_of_the_body_that_carry_a_sign(pair: tuple[ComparedArticle, ...]) -> None:
    shares = [("t", None, 5.0), ("a", 0, 4.0), ("b", 2, 0.6), ("c", 4, 0.4), ("d", 6, -3.0)]
    contributions = tuple(Evidence("topics", "censorship", s, at, at, share) for s, at, share in shares)
    analysis: Analysis = replace(pair[0].analysis, contributions=contributions)
    assert sentence_share(analysis, load_taxonomy().task("topics")) == (2, 4)
    assert sentence_share(replace(analysis, labels={**analysis.labels, "topics": ()}), load_taxonomy().task("topics")) == (0, 0)


def test_what_is_left_out_is_named(tiny_scorer: Scorer) -> None:
    found = read_articles(tiny_scorer, [("", CRITICAL), ("", "  "), ("The Post", ENGLISH), ("", OFFICIAL), ("B", CRITICAL)], "id")
    shown = compare_html(found, tiny_scorer.taxonomy, "id")
    assert "The Post bukan bahasa Indonesia, melainkan bahasa Inggris" in shown
    assert "Teks Artikel 5 sama dengan Artikel 1" in shown
    assert shown.count("<article>") == 2
    assert "The text of Article 5 is that of Article 1" in compare_html(found, tiny_scorer.taxonomy, "en")


@pytest.mark.parametrize("pasted", [[], [("", CRITICAL)], [("", CRITICAL), ("", CRITICAL)], [("", CRITICAL), ("", ENGLISH)]])
def test_fewer_than_two_are_too_few(tiny_scorer: Scorer, pasted: list[tuple[str, str]]) -> None:
    shown = compare_html(read_articles(tiny_scorer, pasted, "id"), tiny_scorer.taxonomy, "id")
    assert "sedikitnya dua artikel" in shown and "<article>" not in shown


def test_limits_are_told_in_the_pages_language(tiny_scorer: Scorer, handler: Handler) -> None:
    _, shown = handler("en", "", CRITICAL, "", "a" * (DEFAULT_LIMITS.characters + 1))
    assert "Article 2 is longer than 200,000 characters" in shown
    _, shown = handler("id", *["", CRITICAL] * 7)
    assert "Paling banyak 6 artikel" in shown
    with pytest.raises(ComparingError):
        read_articles(tiny_scorer, [("", CRITICAL)] * 7, "id")
    (found,) = read_articles(tiny_scorer, [("x" * 500, CRITICAL)], "id")
    assert found.article.outlet == "x" * MAX_OUTLET


def test_what_is_no_text_counts_as_none(handler: Handler) -> None:
    state, shown = handler(None, None, None, 3, {"a": 1}, [], 1.5)
    assert state == () and "sedikitnya dua artikel" in shown


def test_an_error_of_the_model_is_a_sentence_on_the_page(tiny_scorer: Scorer) -> None:
    class Breaking:
        bundle, manifest, taxonomy = tiny_scorer.bundle, tiny_scorer.manifest, tiny_scorer.taxonomy

        def score(self, _: object) -> list[Analysis]:
            raise SorotError("the model <broke>")

    broken = next(f.fn for f in build_page(Breaking()).fns.values() if f.fn and f.fn.__name__ == "compare")
    state, shown = broken("en", "", CRITICAL, "", OFFICIAL)
    assert state is None and "the model &lt;broke&gt;" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_pasted_text_stays_text(tiny_scorer: Scorer, handler: Handler, language: str) -> None:
    titled = f"Judul {HOSTILE} situs diblokir pemerintah\n\n{CRITICAL} {HOSTILE}. Pemerintah {HOSTILE} {HOSTILE}."
    _, shown = handler(language, HOSTILE, titled, HOSTILE, f"{OFFICIAL} {HOSTILE}.", HOSTILE, ENGLISH)
    assert "<img" not in shown and shown.count("&lt;img") > 2
    article = Article(id="1", title=HOSTILE, body=f"{HOSTILE}. {CRITICAL}", outlet=HOSTILE, language="id")
    bare = [ComparedArticle(1, article, tiny_scorer.score([article])[0])]
    bare.append(replace(bare[0], article=replace(article, body=OFFICIAL)))
    taxonomy: Taxonomy = tiny_scorer.taxonomy
    assert "<img" not in compare_html(bare, taxonomy, "id")


def test_the_examples_are_three_of_one_event_in_indonesian(tiny_scorer: Scorer) -> None:
    assert [outlet for outlet, _ in example_articles()] == ["Warta Pesisir", "Harian Nusa Raya", "Kabar Tengah"]
    found = read_articles(tiny_scorer, example_articles(), "id")
    assert all(150 <= len(text.split()) <= 200 and "suarateluk" in text for _, text in example_articles())
    assert all(c.analysis.language == "id" and c.article.title for c in found)


def kinds(rows: list[AlignedSentences]) -> list[str]:
    return [row.kind for row in rows]


def test_sentences_of_two_texts_are_aligned() -> None:
    one = "Pemerintah memblokir situs itu kemarin. Warga menolak keras. Polisi menjaga kantor kementerian di Jakarta."
    other = "Pemerintah memblokir situs itu pagi ini. Menteri belum menjawab. Polisi menjaga kantor kementerian di Jakarta."
    rows = align_texts(one, other)
    assert kinds(rows) == ["changed", "added", "dropped", "same"]
    assert rows[0].first[-1] == (True, "kemarin.") and rows[0].second[-1] == (True, "pagi ini.")
    assert kinds(align_texts(one, one)) == ["same"] * 3
    assert kinds(align_texts("", other)) == ["added"] * 3 and kinds(align_texts(one, "")) == ["dropped"] * 3


SENTENCES = st.lists(st.sampled_from(["Warga menolak aturan itu.", "Menteri diam.", "Polisi menjaga kantor itu hari ini.", "Cuaca cerah."]), max_size=6)  # fmt: skip


@given(one=SENTENCES, other=SENTENCES)
@settings(max_examples=30, deadline=None)
def test_every_sentence_is_in_one_row(one: list[str], other: list[str]) -> None:
    rows = align_texts(" ".join(one), " ".join(other))
    assert [text for row in rows if row.second for text in ["".join(t for _, t in row.second)]] == other
    assert sorted("".join(t for _, t in row.first) for row in rows if row.first) == sorted(one)


def test_shared_sentences_stand_below_the_columns(handler: Handler) -> None:
    _, shown = handler("id", "A", CRITICAL, "B", f"{OFFICIAL} {CRITICAL}")
    assert "A → B" in shown and "sama: 2" in shown and "ditambahkan: 2" in shown
    _, shown = handler("en", "A", CRITICAL, "B", OFFICIAL)
    assert "No sentence is the same or nearly the same." in shown


def test_a_sentence_within_a_quotation_gets_its_opening_mark() -> None:
    assert open_quotation('Apakah itu kejahatan?" kata Budi.') == '"… Apakah itu kejahatan?" kata Budi.'
    assert open_quotation("Itu salah,” katanya.") == "“… Itu salah,” katanya."
    for whole in ('"Itu salah," katanya.', "Ia pergi.", "“Itu salah,” katanya."):
        assert open_quotation(whole) == whole


def test_every_phrase_stands_in_both_languages() -> None:
    assert all(words[language].strip() for words in compare_text.texts.values() for language in LANGUAGES)
