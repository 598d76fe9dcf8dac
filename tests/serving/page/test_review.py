"""The tab of reviews: what it shows, and what its handlers do with whatever they are sent."""

from __future__ import annotations

import ast
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from markupsafe import escape

pytest.importorskip("gradio")

from sorot.data.article import Article
from sorot.data.taxonomy import load_taxonomy
from sorot.serving.model.scorer import Scorer
from sorot.serving.page.app import build_page
from sorot.serving.page.review import view
from sorot.serving.page.review.words import RULES_AFTER, RULES_BEFORE, review_text
from sorot.serving.review import leases
from sorot.serving.review.leases import ReviewerProgress
from sorot.serving.review.store import Store
from sorot.serving.words.language import Language
from tests.serving.reviewing import ANSWER, fill

LANGUAGES: tuple[Language, ...] = get_args(Language)
HOSTILE = "<img src=x onerror=alert(1)>"
ARTICLE = Article(id="1", title="Judul", body="Kalimat satu. Kalimat dua.\n\nKalimat tiga.")
# Where the parts are in what handlers return.
REST: tuple[Any, ...] = ([], False, "")
NOTICE, SITTING, DESK, HEAD, SENTENCES, TOPICS, STANCE, SENTIMENT = 0, 1, 4, 5, 8, 9, 10, 11


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return fill(tmp_path, 3)


@pytest.fixture
def handler(tiny_scorer: Scorer, store: Store) -> Callable[[str], Callable[..., tuple[Any, ...]]]:
    """A function behind the tab, by its name."""
    page = build_page(tiny_scorer, store)
    named = {f.fn.__name__: f.fn for f in page.fns.values() if f.fn and "page.review" in f.fn.__module__}
    return lambda name: named[name]


def begun(handler: Any, name: str = "Sari") -> dict[str, Any]:
    """What the browser of somebody who sat down remembers."""
    return dict(handler("begin")(name, "id")[SITTING])


def untouched(parts: tuple[Any, ...]) -> bool:
    return all(isinstance(part, dict) and part.get("__type__") == "update" and len(part) == 1 for part in parts)


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_have_names_numbers_and_probabilities(store: Store, language: Language) -> None:
    held = leases.take(store, "Sari")
    assert held is not None
    taxonomy = load_taxonomy()
    choices = view.label_choices(taxonomy, taxonomy.task("topics"), held.guess, language)
    assert choices[0][0].startswith("1. Penyensoran · 0," if language == "id" else "1. Censorship · 0.")
    assert [key for _, key in choices] == list(taxonomy.task("topics").keys)
    guidelines = view.guidelines_html(taxonomy, language)
    for rule in (*RULES_BEFORE, *RULES_AFTER):
        assert escape(rule[language]) in guidelines
    assert all(set(words) == set(LANGUAGES) for words in (*review_text.texts.values(), *RULES_BEFORE, *RULES_AFTER))
    assert "Alt+1–0" in view.shortcuts_html(taxonomy, language)


def test_names_and_folders_are_only_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert f"<code>{tmp_path.name}</code>" in view.keeps_html(Path("review.sqlite"), "id")
    assert HOSTILE not in view.review_progress_html(HOSTILE, ReviewerProgress(1, 2), "id")
    assert HOSTILE not in view.keeps_html(Path(HOSTILE) / "x", "id") and HOSTILE not in view.status_html([HOSTILE])
    assert HOSTILE not in view.fields_html(replace(ARTICLE, outlet=HOSTILE))


def test_an_article_is_confirmed_and_the_next_one_comes(handler: Any, store: Store) -> None:
    first = handler("begin")("  Sari ", "id")
    sitting = first[SITTING]
    assert sitting["person"] == "Sari" and first[DESK]["visible"] is True and "0 selesai oleh Anda · 3 tersisa" in first[HEAD]
    assert (first[TOPICS]["value"], first[STANCE]["value"]) == (["censorship"], "neutral")
    second = handler("confirm")(sitting, ["censorship"], "oppose", "negative", [1, 0], *REST, "id")
    assert "Tersimpan" in second[NOTICE] and second[SITTING]["number"] != sitting["number"]
    [review] = store.reviews()
    assert review.person == "Sari" and review.answer.labels["stance"] == "oppose"
    assert review.answer.sentences == (review.article.title, review.article.body.split(". ")[0] + ".")
    back = handler("undo")(second[SITTING], ["censorship"], "neutral", "neutral", [], *REST, "en")
    assert back[SITTING]["number"] == sitting["number"] and "remembered" not in back[NOTICE]
    assert (back[STANCE]["value"], back[SENTENCES]["value"]) == ("oppose", [0, 1])


def test_a_stance_without_a_topic_is_refused_and_nothing_is_lost(handler: Any, store: Store) -> None:
    sitting = begun(handler)
    told = handler("confirm")(sitting, [], "oppose", "negative", [], *REST, "id")
    assert "sikapnya harus “Tidak ada”" in told[NOTICE] and untouched(told[1:])
    assert untouched(handler("work")(sitting, "id")) and "terbuka" in handler("work")(None, "id")[NOTICE]
    assert list(store.reviews()) == []


@pytest.mark.parametrize("how", ["undo", "skip"])
def test_what_is_filled_in_is_there_again_when_the_article_comes_back(handler: Any, how: str) -> None:
    first = begun(handler)
    second = handler("confirm")(first, ["censorship"], "oppose", "negative", [], *REST, "id")[SITTING]
    away = handler(how)(second, ["terrorism"], None, "positive", [2], *REST, "id")
    assert ("diingat" in away[NOTICE]) == (how == "undo")
    shown = away
    while shown[SITTING]["number"] != second["number"]:
        shown = handler("confirm")(shown[SITTING], ["censorship"], "oppose", "negative", [], *REST, "id")
    assert [shown[part]["value"] for part in (TOPICS, STANCE, SENTIMENT, SENTENCES)] == [["terrorism"], None, "positive", [2]]
    # Somebody else at the same page has nothing of it.
    handler("leave")(shown[SITTING], "id")
    other = handler("begin")("Dewi", "id")
    assert (other[TOPICS]["value"], other[SENTENCES]["value"]) == (["censorship"], [])


def test_what_is_saved_is_about_the_article_that_the_page_shows(handler: Any, store: Store) -> None:
    shown = begun(handler)
    handler("confirm")(shown, ["censorship"], "oppose", "negative", [], *REST, "en")
    # The reply was lost, or this is a second window: the page still shows the first article.
    again = handler("confirm")(shown, ["terrorism"], "support", "positive", [], *REST, "en")
    assert "You have reviewed that article already" in again[NOTICE] and "Here is the next one" in again[NOTICE]
    assert again[SITTING]["number"] not in (None, shown["number"])
    assert untouched(handler("work")(shown, "en"))
    [review] = store.reviews()
    assert review.answer.labels["topics"] == ("censorship",)
    moved = leases.take(store, "Sari")
    assert moved is not None and moved.number == again[SITTING]["number"]


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
        assert 'role="status"' in handler("confirm")(sitting, *sent, *REST, None)[NOTICE]
    labels = ([], "none", "neutral", [], *REST)
    for raw in (
        None,
        [],
        "x",
        {"person": 7, "number": 1},
        {"person": "Ani"},
        *({"person": "Ani", "number": n} for n in (0, 99, 2**70, True, "1")),
    ):
        for name, given in (("confirm", labels), ("skip", labels), ("work", ())):
            assert "Tidak ada artikel yang terbuka" in handler(name)(raw, *given, "id")[NOTICE]
    assert "Tidak ada artikel yang terbuka" in handler("undo")(None, *labels, "x")[NOTICE]
    odd = {**sitting, "drafts": {"7": "x", "8": [1, 2, 3, 4], "9": [[[]], {}, [], [True, "1", 10**30], {}, 1, []]}}
    assert handler("skip")(odd, [[]], {}, [], {"x": 1}, *REST, "id")[SITTING]["number"] != sitting["number"]
    assert handler("more")(None, None)[SITTING] is None and handler("leave")(None, None)[SITTING] is None
    assert store.status().reviews == 0


@pytest.mark.parametrize("step", ["confirm", "work"])
def test_two_people_get_different_articles_and_what_has_gone_is_told(handler: Any, store: Store, step: str) -> None:
    sari, dewi = begun(handler), begun(handler, "Dewi")
    assert None not in (sari["number"], dewi["number"]) and sari["number"] != dewi["number"]
    handler("leave")(sari, "id")
    leases.confirm(store, "Tono", sari["number"], ANSWER)
    labels: tuple[Any, ...] = (["censorship"], "oppose", "negative", [], *REST) if step == "confirm" else ()
    late = handler(step)(sari, *labels, "en")
    assert "your review was not kept. Here is the next one." in late[NOTICE]
    assert late[SITTING]["number"] not in (sari["number"], dewi["number"]) and late[DESK]["visible"]
    assert [r.person for r in store.reviews()] == ["Tono"]
    assert "being reviewed by others" in handler("begin")("Rini", "en")[NOTICE]
    leases.give_back(store, "Sari", late[SITTING]["number"])
    assert handler("begin")("Rini", "en")[SITTING]["number"] == late[SITTING]["number"]
    leases.confirm(store, "Rini", late[SITTING]["number"], ANSWER)
    none = handler(step)(late[SITTING], *labels, "en")
    assert "your review was not kept." in none[NOTICE] and "Here is" not in none[NOTICE] and not none[DESK]["visible"]


def test_a_person_is_the_same_one_in_capitals_or_not(handler: Any, store: Store) -> None:
    first = begun(handler, "Sari Dewi")
    handler("confirm")(first, ["censorship"], "oppose", "negative", [], *REST, "id")
    assert begun(handler, "sari  DEWI")["person"] == "Sari Dewi"
    assert begun(handler, "Sari")["person"] == "Sari" and begun(handler, "SARI")["person"] == "Sari"
    assert store.status().people == {"Sari Dewi": 1}


def test_leaving_gives_the_article_back(handler: Any, store: Store) -> None:
    sitting = begun(handler)
    assert store.status().held == 1
    assert handler("leave")(sitting, "id")[SITTING] is None and store.status().held == 0


def test_what_goes_wrong_is_told_in_the_language_of_the_page(handler: Any, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    sitting = begun(handler)
    labels = (["censorship"], "oppose", "negative", [])
    store.path.rename(store.path.with_suffix(".away"))
    for told in (
        handler("confirm")(sitting, *labels, *REST, "id"),
        handler("begin")("Ani", "id"),
        handler("switch")(sitting, *labels[:3], "", False, "id"),
    ):
        assert "Folder tinjauan tidak ada lagi di tempatnya" in told[NOTICE] and untouched(told[1:])
    store.path.with_suffix(".away").rename(store.path)

    def fail(*_: Any, **__: Any) -> None:
        raise sqlite3.OperationalError("unheard of")

    monkeypatch.setattr(sqlite3, "connect", fail)
    assert "Folder tinjauan tidak dapat dipakai" in handler("begin")("Ani", "id")[NOTICE]
    monkeypatch.undo()
    monkeypatch.setattr(leases, "take", lambda *_: {}["the article"])
    told = handler("begin")("Ani", "id")[NOTICE]
    assert "Ada kesalahan di dalam program (KeyError)" in told and "the article" not in told


def test_every_error_that_a_review_raises_has_its_words() -> None:
    keys = {
        key
        for source in Path(leases.__file__).parent.glob("*.py")
        for call in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "ReviewError"
        for key in [a.value for a in call.args[1:] if isinstance(a, ast.Constant)]
    }
    assert {"gone", "answered", "no_name", "no_folder"} <= keys <= {*review_text.texts, "default_not_chosen"}


def test_another_language_changes_words_and_no_choice(handler: Any) -> None:
    sitting = begun(handler)
    told = handler("switch")(sitting, ["terrorism"], "support", "positive", "", False, "en")
    topics, stance, _ = told[2:5]
    assert (topics["value"], stance["value"]) == (["terrorism"], "support")
    assert topics["choices"][0][0].startswith("1. Censorship") and "0 done by you" in told[1]
