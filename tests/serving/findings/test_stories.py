"""Copies and stories among articles, through `find_groups`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.article import Article, Reject
from sorot.serving.findings.stories.corpus import DIGESTED_AT_ONCE, read_corpus
from sorot.serving.findings.stories.details import SourceOrder, describe_copies
from sorot.serving.findings.stories.digest import make_digests
from sorot.serving.findings.stories.groups import ArticleGroups, find_groups
from sorot.serving.findings.stories.linkage import link_groups
from sorot.serving.findings.stories.shared_text import number_agreement, shared_text
from tests.serving.findings.articles import (
    DAY,
    MORNING,
    NOON,
    OWN_REPORT,
    RELEASE,
    SHORTENED,
    UNRELATED,
    affair,
    article,
    gold,
)


def groups_of(articles: Sequence[Article]) -> dict[str, tuple[str | None, str | None]]:
    """Copy and story of each article, by its id."""
    return {group.id: (group.copy, group.story) for group in find_groups(make_digests(articles))}


def test_an_edited_text_is_a_copy_and_a_report_of_the_same_event_is_not() -> None:
    articles = [
        article("satu", RELEASE, DAY),
        article("lain", UNRELATED, DAY, title="Garuda Merapi Menang"),
        article("dua", SHORTENED, DAY, title="Jembatan Sukamulih Dibuka"),
        article("tiga", OWN_REPORT, DAY, title="Warga Sukamulih Punya Jembatan Gantung"),
    ]
    assert groups_of(articles) == {
        "satu": ("satu", "satu"), "lain": (None, None), "dua": ("satu", "satu"), "tiga": (None, "satu"),
    }  # fmt: skip


def test_a_group_is_named_by_its_first_article_and_ids_that_repeat_stay_apart() -> None:
    one = [article("a", RELEASE, DAY), article("b", RELEASE, DAY)]
    other = [article("a", UNRELATED, DAY, title="Garuda Merapi Menang"), article("c", UNRELATED, DAY, title="Garuda Menang")]
    found = find_groups(make_digests([*one, *other]))
    assert [group.copy for group in found] == ["a", "a", "a#2", "a#2"]
    assert [group.story for group in found] == ["a", "a", "a#2", "a#2"]


def test_daily_items_with_other_figures_are_neither_copy_nor_story() -> None:
    first, second = (901, 1752, 2603, 4314, 8588), (917, 1784, 2651, 4394, 8748)
    articles = [
        article("senin", gold(6, first), DAY, title="Harga Emas Hari Ini Rp 901.000"),
        article("selasa", gold(7, second), DAY + timedelta(days=1), title="Harga Emas Hari Ini Rp 917.000"),
        article("senin-lain", gold(6, first), DAY, title="Emas Dijual Rp 901.000"),
    ]
    assert number_agreement(*make_digests(articles[:2])) < 0.6
    assert groups_of(articles) == {
        "senin": ("senin", "senin"), "selasa": (None, None), "senin-lain": ("senin", "senin"),
    }  # fmt: skip


def test_a_shared_quote_or_law_alone_is_no_copy() -> None:
    quote = '"Kami ingin anak-anak berangkat dengan tenang dan pulang dengan selamat setiap hari tanpa rakit bambu," kata Ratna.'
    law = "Pelaku sebagaimana dimaksud pada ayat itu dipidana dengan pidana penjara paling lama tiga tahun dan denda berat."
    one = article("a", f"Jembatan itu dibuka hari ini oleh wali kota dan para nelayan.\n\n{quote}\n\n{law}", DAY)
    other = article("b", f"Sebelum pulang ke kantornya, wali kota menyapa warga kampung.\n\n{quote}\n\n{law}", DAY)
    # One word, "kata", is neither quoted nor law.
    assert shared_text(*make_digests([one, other])).narrative < 0.1
    assert shared_text(*make_digests([one, replace(other, body=one.body)])).narrative > 0.4


def test_a_story_ends_with_its_days_but_the_same_text_stays_a_copy() -> None:
    later = DAY + timedelta(days=40)
    articles = [article("a", RELEASE, DAY), article("b", OWN_REPORT, later), article("c", RELEASE, later)]
    found = groups_of(articles)
    assert found["a"] == found["c"] == ("a", "a")
    assert found["b"][0] is None


def test_an_article_without_a_date_takes_the_day_that_its_text_names() -> None:
    named = article("a", f"Tirtasari, Selasa (6/5/2021) - {RELEASE}", None)
    unnamed = article("b", RELEASE, None)
    wrong = article("c", f"Tirtasari, Selasa (31/2/2021) - {RELEASE}", None)
    assert [digest.day for digest in make_digests([named, unnamed, wrong])] == [DAY.toordinal(), None, None]
    assert groups_of([named, unnamed, article("d", RELEASE, DAY)]) == dict.fromkeys("abd", ("a", "a"))


def test_texts_without_words_are_alone() -> None:
    articles = [
        article("a", "", None, title=""),
        article("b", "", None, title=""),
        article("c", "12", DAY, title=""),
        article("d", "13", DAY, title=""),
    ]
    assert set(groups_of(articles).values()) == {(None, None)}
    assert find_groups([]) == []


def test_a_chain_is_vetoed_where_its_ends_have_nothing_in_common() -> None:
    chain = [(0, 1, 0.9), (1, 2, 0.8), (2, 3, 0.7)]
    assert link_groups(4, chain, enough=0.5, veto=0.0, unseen=0.0) == [0, 0, 0, 0]
    # The last article has one link to the three before it: 0.23 on average.
    assert link_groups(4, chain, enough=0.5, veto=0.3, unseen=0.0) == [0, 0, 0, 3]
    assert link_groups(4, [(0, 1, 0.4)], enough=0.5, veto=0.0, unseen=0.0) == [0, 1, 2, 3]
    assert link_groups(3, [(1, 2, 0.9)], enough=0.5, veto=0.3, unseen=0.0, joined=[0, 0, 2]) == [0, 0, 0]


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 7).flatmap(
        lambda n: st.tuples(
            st.just(n),
            st.dictionaries(
                st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda p: p[0] < p[1]), st.floats(0, 1)
            ),
        )
    ),
    st.floats(0, 0.6),
)
def test_groups_are_named_by_their_first_member_and_hold_what_the_veto_allows(
    given_links: tuple[int, dict[tuple[int, int], float]], veto: float
) -> None:
    number, links = given_links
    found = link_groups(number, [(a, b, strength) for (a, b), strength in links.items()], enough=0.5, veto=veto, unseen=0.0)
    for name in set(found):
        members = [article for article, group in enumerate(found) if group == name]
        assert members[0] == name
        if len(members) == 2:
            assert links[members[0], members[1]] >= max(0.5, veto)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=4))
def test_any_text_has_a_digest_and_shares_all_or_nothing_with_itself(bodies: list[str]) -> None:
    for digest in make_digests([article(str(number), body, None) for number, body in enumerate(bodies)]):
        assert len(digest.terms) == len(digest.counts) and len(digest.numbers) == len(digest.digits)
        assert 0 <= shared_text(digest, digest).narrative <= 1


def test_articles_are_read_the_same_in_one_process_and_in_two() -> None:
    items: list[Article | Reject] = [
        article(str(number), f"{RELEASE}\n\nCatatan nomor {number}.", DAY) for number in range(DIGESTED_AT_ONCE + 2)
    ]
    items.insert(5, Reject("x.jsonl", 6, "no text"))
    seen: list[int] = []
    alone, together = read_corpus(items, workers=1), read_corpus(items, workers=2, keep_texts=True, advance=seen.append)
    assert [digest.id for digest in alone.digests] == [digest.id for digest in together.digests]
    assert all((a.runs == b.runs).all() for a, b in zip(alone.digests, together.digests, strict=True))
    assert alone.rejects == together.rejects == [items[5]]
    assert sum(seen) == len(items) and together.texts[0].body == f"{RELEASE}\n\nCatatan nomor 0."


def test_details_say_who_was_first_and_what_changed() -> None:
    articles = [
        article("siang", SHORTENED, NOON, title="Jembatan Sukamulih Dibuka"),
        article("pagi", RELEASE, MORNING),
        article("hari", RELEASE, DAY),
    ]
    corpus = read_corpus(articles, keep_texts=True)
    groups = find_groups(corpus.digests)
    assert groups[0] == ArticleGroups("siang", "siang", "siang")
    noon, day = describe_copies(corpus, groups)
    assert (noon.id, noon.source, noon.order) == ("siang", "pagi", SourceOrder.FIRST)
    assert noon.headline_changed and noon.source_outlet == "Harian pagi"
    assert noon.credits == ("dikutip dari Kantor Berita Lentera",)
    # The first sentence is rewritten, so it is dropped and added.
    assert [sentence.split()[0] for sentence in noon.added] == ["Wali", "Peresmian"]
    assert [sentence.split()[0] for sentence in noon.dropped] == ["Wali", '"Kami', "Pemerintah"]
    # Its hour is unknown, so nobody was first that day.
    assert (day.id, day.source, day.order) == ("hari", "pagi", SourceOrder.SAME_DAY)
    assert not day.headline_changed and not day.dropped and not day.added


def test_a_later_day_comes_second_and_no_day_says_nothing() -> None:
    articles = [article("a", RELEASE, None), article("b", RELEASE, date(2021, 5, 8)), article("c", RELEASE, DAY)]
    corpus = read_corpus(articles, keep_texts=True)
    found = {copy.id: (copy.source, copy.order) for copy in describe_copies(corpus, find_groups(corpus.digests))}
    assert found == {"a": ("c", SourceOrder.UNKNOWN), "b": ("c", SourceOrder.FIRST)}


def test_independent_reports_join_by_the_words_of_their_day_and_those_of_the_next_event_stay_apart() -> None:
    found = groups_of(affair())
    stories = [{key for key in found if found[key][1] == story} for story in {s for _, s in found.values() if s is not None}]
    assert [len(story) for story in stories] == [8, 8]
    assert all(len({key[:5] for key in story}) == 1 for story in stories)
    assert all(copy is None for copy, _ in found.values())


def test_without_days_the_same_reports_of_one_affair_stay_alone() -> None:
    assert {story for _, story in groups_of([replace(one, published=None) for one in affair()]).values()} == {None}


def test_an_article_without_a_day_still_meets_its_copy_among_many() -> None:
    many = [
        article(f"x{number}", f"{SHORTENED}\n\nCatatan {number} {'abcdefghij'[number % 10] * 5}.", DAY) for number in range(110)
    ]
    found = groups_of(
        [*many, article("a", UNRELATED, None, title="Garuda Menang"), article("b", UNRELATED, DAY, title="Garuda Menang")]
    )
    assert found["a"] == found["b"] == ("a", "a")
