"""Indonesian is distinguished from its neighbours; a text in doubt is Indonesian or has no language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorot.data.text.language import detect_language
from tests.data.text.local_sentences import INDONESIAN, JAVANESE, MALAY, SUNDANESE


def test_malay_is_found() -> None:
    missed = [sentence for sentence in MALAY if detect_language(sentence) != "ms"]
    assert len(MALAY) >= 60 and len(missed) <= 0.05 * len(MALAY), missed


@pytest.mark.parametrize(("code", "sentences"), [("jv", JAVANESE), ("su", SUNDANESE)])
def test_javanese_and_sundanese_are_found(code: str, sentences: list[str]) -> None:
    missed = [sentence for sentence in sentences if detect_language(sentence) != code]
    assert len(sentences) >= 20 and len(missed) <= 0.05 * len(sentences), missed


@pytest.mark.parametrize("sentence", INDONESIAN)
def test_words_of_two_languages_do_not_make_a_text_malay(sentence: str) -> None:
    assert detect_language(sentence) == "id"


@pytest.mark.parametrize("sentence", INDONESIAN[:6])
def test_an_article_that_repeats_such_a_word_is_indonesian(sentence: str) -> None:
    assert detect_language(" ".join([sentence] * 8)) == "id"


def test_indonesian_that_quotes_a_malay_or_javanese_sentence_is_indonesian() -> None:
    around = "Menteri mengatakan pemerintah akan menjelaskan aturan itu kepada warga karena banyak yang bertanya."
    for foreign in (MALAY[0], JAVANESE[0], SUNDANESE[0]):
        assert detect_language(f'{around} "{foreign}" {around} {around} {around}') == "id"


@pytest.mark.parametrize(
    "text",
    [
        'Menteri itu mengutip penulis dari London: "We cannot close our eyes to what happens in the villages any more."',
        'Ia pulang ke Batam dengan feri kemarin. "Saya sudah sihat kerana dirawat di hospital dan doktor benarkan pulang."',
        'Pesan simbahnya itu masih ia ingat terus. "Urip iku mung mampir ngombe, mula aja nganti lali marang kanca."',
    ],
)
def test_a_quotation_does_not_decide_where_six_words_stand_outside(text: str) -> None:
    assert detect_language(text) == "id"


def test_a_text_with_accents_or_without_them_is_the_same_language() -> None:
    sentence = "Barudak kénéh ngadéngé béja éta ti tatangga, tapi henteu nyaho naon sababna."
    assert detect_language(sentence) == detect_language(sentence.replace("é", "e")) == "su"


def test_malay_is_known_by_its_spelling_of_borrowed_words() -> None:
    assert detect_language("Komuniti itu menilai kualiti dan aktiviti persatuan masih kurang memuaskan.") == "ms"


def test_too_short_a_text_has_no_language() -> None:
    assert detect_language("Blokir lagi") is None


@given(st.text(max_size=200))
def test_any_text_has_a_known_code_or_none(text: str) -> None:
    found = detect_language(text)
    assert found is None or (len(found) == 2 and found.isalpha())
