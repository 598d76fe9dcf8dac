"""What sets articles on one event apart, as the page counts it."""

from __future__ import annotations

from sorot.serving.findings.distinctive_words import distinctive_words, find_repeats

CRITICAL = "Warga mengkritik pemblokiran situs. Warga menilai pemblokiran itu menekan kebebasan, dan kebebasan dijamin."
OFFICIAL = "Kementerian menertibkan situs. Kementerian menyebut pemblokiran situs itu ketertiban."


def test_each_text_is_set_apart_by_the_words_that_it_uses_more_than_the_others() -> None:
    critical, official = distinctive_words([CRITICAL, OFFICIAL], 5)
    assert {d.word for d in critical} >= {"warga", "kebebasan"}
    assert official[0].word == "kementerian" and (official[0].here, official[0].elsewhere) == (2, 0)
    assert not {d.word for d in critical} & {d.word for d in official}


def test_words_of_grammar_and_words_seen_once_set_nothing_apart() -> None:
    critical, _ = distinctive_words([CRITICAL + " yang yang yang", OFFICIAL], 20)
    assert not {"yang", "dan", "dijamin"} & {d.word for d in critical}


def test_there_is_nothing_to_set_apart_in_one_text_in_equal_ones_or_in_none() -> None:
    assert distinctive_words([], 5) == []
    assert distinctive_words([CRITICAL], 5) == [[]]
    assert distinctive_words([CRITICAL, ""], 5) == [[], []]
    assert distinctive_words([CRITICAL, CRITICAL], 5) == [[], []]
    assert distinctive_words(["situs situs", "situs"], 5) == [[], []]


def test_an_article_pasted_twice_is_found_whatever_its_spaces_and_case() -> None:
    assert find_repeats([CRITICAL, OFFICIAL, CRITICAL.upper().replace(" ", "\n")]) == [(2, 0)]
    assert find_repeats([CRITICAL, OFFICIAL]) == []
