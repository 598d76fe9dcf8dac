"""The tab of reviews: what it shows, and what its handlers do with whatever they are sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any, get_args

import pytest

pytest.importorskip("gradio")

from data.article import Article
from data.taxonomy import load_taxonomy
from serving.page import review_view as view
from serving.page.app import build_page
from serving.page.review_tab import Sitting
from serving.page.review_words import RULES, WORDS
from serving.page.words import Language
from serving.review.answers import Answer
from serving.review.leases import Progress, confirm, take
from serving.review.store import Store
from serving.scorer import Scorer
from tests.serving.reviewing import ANSWER, fill

LANGUAGES: tuple[Language, ...] = get_args(Language)
HOSTILE = "<img src=x onerror=alert(1)>"
ARTICLE = Article(id="1", title="Judul", body="Kalimat satu. Kalimat dua.\n\nKalimat tiga.")
# Where the parts are in what handlers return.
NOTICE, STATE, DESK, HEAD, SENTENCES, TOPICS, STANCE, SENTIMENT = 0, 1, 4, 5, 8, 9, 10, 11


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return fill(tmp_path, 3)


@pytest.fixture
def handler(tiny_scorer: Scorer, store: Store) -> Callable[[str], Callable[..., tuple[Any, ...]]]:
    """A function behind the tab, by its name."""
    page = build_page(tiny_scorer, store)
    named = {f.fn.__name__: f.fn for f in page.fns.values() if f.fn and "review_tab" in f.fn.__module__}
    return lambda name: named[name]


def begun(handler: Any, name: str = "Sari") -> Sitting:
    return handler("begin")(name, "id")[STATE]


def test_there_is_no_tab_without_a_folder(tiny_scorer: Scorer, store: Store) -> None:
    def labels(*given: Any) -> set[str]:
        return {getattr(block, "label", None) for block in build_page(*given).blocks.values()}

    assert "Tinjauan" not in labels(tiny_scorer) and "Tinjauan" in labels(tiny_scorer, store)


def test_sentences_are_running_text_and_verbatim() -> None:
    assert view.sentences_of(ARTICLE) == ("Judul", "Kalimat satu.", "Kalimat dua.", "Kalimat tiga.")
    assert [text for text, _ in view.sentence_choices(ARTICLE)] == [
        "Judul",
        "\n\nKalimat satu.",
        "Kalimat dua.",
        "\n\nKalimat tiga.",
    ]
    untitled = replace(ARTICLE, title=None)
    assert [text.strip() for text, _ in view.sentence_choices(untitled)] == list(view.sentences_of(untitled))
    assert view.marked(ARTICLE, Answer((), "none", "neutral", ("Kalimat dua.",))) == [2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_have_names_numbers_and_probabilities(store: Store, language: Language) -> None:
    held = take(store, "Sari")
    assert held is not None
    taxonomy = load_taxonomy()
    choices = view.label_choices(taxonomy, "topics", held.guess, language)
    assert choices[0][0].startswith("1. Penyensoran · 0," if language == "id" else "1. Censorship · 0.")
    assert [key for _, key in choices] == list(taxonomy.labels("topics"))
    guidelines = view.guidelines_html(taxonomy, language)
    for rule in RULES:
        assert escape(rule[language]) in guidelines
    assert all(set(words) == set(LANGUAGES) for words in (*WORDS.values(), *RULES))
    assert "Alt+1–3" in view.shortcuts_html(taxonomy, language)


def test_names_and_folders_are_only_text() -> None:
    assert HOSTILE not in view.progress_html(HOSTILE, Progress(1, 2), "id")
    assert HOSTILE not in view.keeps_html(HOSTILE, "id") and HOSTILE not in view.status_html([HOSTILE])
    assert HOSTILE not in view.fields_html(replace(ARTICLE, outlet=HOSTILE))


def test_an_article_is_confirmed_and_the_next_one_comes(handler: Any, store: Store) -> None:
    first = handler("begin")("  Sari ", "id")
    sitting = first[STATE]
    assert sitting.person == "Sari" and first[DESK]["visible"] is True and "0 selesai oleh Anda · 3 tersisa" in first[HEAD]
    assert (first[TOPICS]["value"], first[STANCE]["value"]) == (["censorship"], "neutral")
    second = handler("confirm")(sitting, ["censorship"], "oppose", "negative", [1, 0], "id")
    assert "Tersimpan" in second[NOTICE] and second[STATE].held.number != sitting.held.number
    [review] = store.reviews()
    assert review.person == "Sari" and review.answer.stance == "oppose"
    assert review.answer.sentences == (sitting.held.article.title, sitting.held.article.body.split(". ")[0] + ".")
    back = handler("undo")(second[STATE], "en")
    assert back[STATE].held.number == sitting.held.number
    assert (back[STANCE]["value"], back[SENTENCES]["value"]) == ("oppose", [0, 1])


def test_a_stance_without_a_topic_is_refused_and_nothing_is_lost(handler: Any, store: Store) -> None:
    sitting = begun(handler)
    told = handler("confirm")(sitting, [], "oppose", "negative", [], "id")
    assert "sikapnya harus “Tidak ada”" in told[NOTICE]
    assert all(isinstance(part, dict) and part.get("__type__") == "update" and len(part) == 1 for part in told[1:])
    assert handler("follow")([])["value"] == "none"
    assert "value" not in handler("follow")(["censorship"])
    assert handler("work")(sitting, "id") == "" and "terbuka" in handler("work")(None, "id")
    assert list(store.reviews()) == []


def test_whatever_is_sent_gets_a_sentence(handler: Any, store: Store) -> None:
    sitting = begun(handler)
    for name in (None, 7, "", "a" * 10**6, ["x"]):
        assert 'role="status"' in handler("begin")(name, None)[NOTICE]
    for sent in (
        (None, None, None, None),
        ("x", 1, [], {}),
        (["x"], "oppose", "negative", []),
        (["censorship"], "oppose", "negative", [99]),
    ):
        assert 'role="status"' in handler("confirm")(sitting, *sent, None)[NOTICE]
    for name, sent in (("confirm", (None, [], "none", "neutral", [], "id")), ("skip", (None, "id")), ("undo", (None, None))):
        assert "Tidak ada artikel yang terbuka" in handler(name)(*sent)[NOTICE]
    assert handler("more")(None, None)[STATE] is None and handler("leave")(None, None)[STATE] is None
    assert store.status().reviews == 0


def test_two_people_get_different_articles_and_what_has_gone_is_told(handler: Any, store: Store) -> None:
    sari, dewi = begun(handler), begun(handler, "Dewi")
    assert sari.held is not None and dewi.held is not None and sari.held.number != dewi.held.number
    handler("skip")(sari, "id")
    confirm(store, "Tono", sari.held.number, ANSWER)
    late = handler("confirm")(sari, ["censorship"], "oppose", "negative", [], "en")
    assert "your review was not kept" in late[NOTICE] and late[STATE].held.number not in (sari.held.number, dewi.held.number)
    assert [r.person for r in store.reviews()] == ["Tono"]
    assert "before other people now" in handler("begin")("Rini", "en")[NOTICE]


def test_leaving_gives_the_article_back(handler: Any, store: Store) -> None:
    sitting = begun(handler)
    assert store.status().held == 1
    assert handler("leave")(sitting, "id")[STATE] is None and store.status().held == 0


def test_a_store_that_has_gone_is_a_sentence(handler: Any, store: Store) -> None:
    sitting = begun(handler)
    store.path.rename(store.path.with_suffix(".away"))
    for told in (handler("confirm")(sitting, ["censorship"], "oppose", "negative", [], "id"), handler("begin")("Ani", "id")):
        assert "Tidak berhasil: " in told[NOTICE] and "is not there any more" in told[NOTICE]


def test_another_language_changes_words_and_no_choice(handler: Any) -> None:
    sitting = begun(handler)
    told = handler("switch")(sitting, ["terrorism"], "support", "positive", "en")
    topics, stance, _ = told[2:5]
    assert (topics["value"], stance["value"]) == (["terrorism"], "support")
    assert topics["choices"][0][0].startswith("1. Censorship") and "0 done by you" in told[1]
