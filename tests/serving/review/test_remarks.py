"""Quotes, flag and note of an answer; blind audit samples; search and reopening; agreement."""

from __future__ import annotations

import random
from pathlib import Path

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.article import Article
from sorot.data.labels.records import read_labelled, validate_labelled
from sorot.data.reading.columns import Columns
from sorot.data.taxonomy import load_taxonomy
from sorot.serving.model.scorer import Scorer
from sorot.serving.review import leases
from sorot.serving.review.add import add_articles
from sorot.serving.review.agreement import nominal_alpha, reviewer_agreement
from sorot.serving.review.answered import open_answered, search_answered
from sorot.serving.review.errors import ReviewError
from sorot.serving.review.export import write_records
from sorot.serving.review.queue import AUDIT
from sorot.serving.review.reviewer_answer import QUOTE_CHARACTERS, ReviewerAnswer, add_remarks, find_quote
from sorot.serving.review.store import create_store, hash_text
from tests.serving.command import lines, run
from tests.serving.findings.scored_files import row, write
from tests.serving.reviewing import ANSWER, THRESHOLDS, analysis, article, fill

ARTICLE = article(1)
WITH_ALL = ReviewerAnswer(ANSWER.labels, ANSWER.sentences, ("mengkritik kebijakan",), True, "Judul menyesatkan")
OTHER = {**ANSWER.labels, "stance": "support"}


def test_a_quote_is_verbatim_whatever_the_white_space_between_its_words() -> None:
    found = find_quote("kebijakan itu.   Cuaca\tcerah", ARTICLE)
    assert found in ARTICLE.body and "\n\n" in found
    assert find_quote("Judul 1", ARTICLE) == "Judul 1"
    for wrong in ("bukan dari sini", "", "  ", None, 7, ["x"], "a" * 10**6):
        with pytest.raises(ReviewError) as caught:
            find_quote(wrong, ARTICLE)
        assert caught.value.key == "unknown_quote"


def test_remarks_are_checked() -> None:
    answer = add_remarks(ANSWER, ARTICLE, ["Cuaca cerah", "Cuaca  cerah"], True, "  dua\nbaris ")
    assert (answer.quotes, answer.flag, answer.note) == (("Cuaca cerah",), True, "dua\nbaris")
    assert add_remarks(ANSWER, ARTICLE, "x", "yes", 7) == ANSWER
    with pytest.raises(ReviewError, match="at most 1000 characters"):
        add_remarks(ANSWER, ARTICLE, [], False, "a" * 1001)
    long = Article(id="l", body="kata " * QUOTE_CHARACTERS)
    with pytest.raises(ReviewError, match="select it again"):
        add_remarks(ANSWER, long, ["kata " * (QUOTE_CHARACTERS // 4)], False, "")


def test_remarks_are_kept_and_exported(tmp_path: Path) -> None:
    store = fill(tmp_path / "reviews", 2)
    held = leases.take(store, "Ani")
    assert held is not None
    answer = add_remarks(ANSWER, held.article, ["mengkritik kebijakan"], True, "Judul menyesatkan")
    leases.confirm(store, "Ani", held.number, ReviewerAnswer(answer.labels, (), answer.quotes, True, answer.note), blind=True)
    [review] = store.reviews()
    assert review.answer.quotes == ("mengkritik kebijakan",) and review.answer.flag and review.blind
    out = tmp_path / "out.jsonl"
    assert write_records(store, out) == 1 and validate_labelled(out, store.taxonomy) == []
    [record] = lines(out)
    assert (record["quotes"], record["flag"], record["reviewer_note"], record["blind"]) == (
        ["mengkritik kebijakan"], True, "Judul menyesatkan", True,
    )  # fmt: skip
    assert len(read_labelled(out, store.taxonomy)) == 1


def test_only_a_first_answer_is_blind(tmp_path: Path) -> None:
    store = fill(tmp_path, 1)
    held = leases.take(store, "Ani")
    assert held is not None and held.before is None
    leases.confirm(store, "Ani", held.number, ANSWER, blind=True)
    assert [review.blind for review in store.reviews()] == [True]
    leases.undo(store, "Ani")
    leases.confirm(store, "Ani", held.number, ANSWER, blind=True)
    assert [review.blind for review in store.reviews()] == [False]


def test_an_audit_sample_comes_first_and_takes_in_what_is_queued_unreviewed(tmp_path: Path) -> None:
    store = fill(tmp_path, 6)
    taken = leases.take(store, "Ani")
    assert taken is not None
    leases.confirm(store, "Ani", taken.number, ANSWER)
    store.add([(article(n), analysis(store.taxonomy, n)) for n in (20, 21)], THRESHOLDS, audit=True)
    with store.reading() as db:
        [queued] = db.execute("SELECT body FROM articles JOIN turns ON article = number WHERE missing > 0 LIMIT 1").fetchone()
    store.make_audit([hash_text(queued), hash_text(taken.article.body), "unknown"])
    store.put_in_order()
    order = []
    while (held := leases.take(store, "Budi")) is not None:
        order.append((held.audit, held.article.body))
        leases.confirm(store, "Budi", held.number, ANSWER)
    assert [audit for audit, _ in order] == [True] * 3 + [False] * 4
    assert {body for audit, body in order if audit} == {queued, article(20).body, article(21).body}
    reasons = {review.article.body: review.reason for review in store.reviews()}
    assert reasons[queued] == AUDIT and reasons[taken.article.body] != AUDIT


def test_a_drawn_sample_goes_into_the_queue(tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taxonomy = load_taxonomy()
    rows = [
        row(i, {}, published=f"2025-{1 + i % 12:02d}-05", body=f"{article(i).body} Warga kota itu tetap bekerja.", model="tiny-0")
        for i in range(20)
    ]
    scored = write(tmp_path / "s.parquet", rows)
    sample, reviews = tmp_path / "sample.jsonl", tmp_path / "reviews"
    options = ("-n", 10, "-o", sample, "--review", reviews, "--bundle", tiny_bundle)
    assert run(monkeypatch, "audit-sample", scored, *options) == 0
    store = create_store(tmp_path / "reviews", taxonomy)
    assert store.status().articles == 10
    held = leases.take(store, "Ani")
    assert held is not None and held.audit


def test_blind_articles_are_added_by_the_command_line(tiny_scorer: Scorer, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f'isi\n"{ARTICLE.body} Warga kota itu tetap bekerja."\n', encoding="utf-8")
    store = create_store(tmp_path / "reviews", tiny_scorer.taxonomy)
    inputs = [str(tmp_path / "a.csv")]
    assert add_articles(store, tiny_scorer, inputs, Columns()).queued == 1
    again = add_articles(store, tiny_scorer, inputs, Columns(), audit=True)
    held = leases.take(store, "Ani")
    assert again.repeats == 1 and held is not None and held.audit


def test_own_answers_are_searched_and_changed(tmp_path: Path) -> None:
    store = fill(tmp_path, 3, people=2)
    for answer in (ANSWER, WITH_ALL):
        held = leases.take(store, "Ani")
        assert held is not None
        leases.confirm(store, "Ani", held.number, answer)
    flagged = held
    assert held is not None and flagged is not None
    assert search_answered(store, "Ani", "").total == 2 and search_answered(store, "Budi", "").total == 0
    assert [one.number for one in search_answered(store, "Ani", "MENYESATKAN judul").found] == [flagged.number]
    assert search_answered(store, "Ani", None, flagged=True).total == 1
    for nothing in ("% _", "entah", "'; DROP TABLE reviews; --"):
        assert search_answered(store, "Ani", nothing).total == 0
    assert search_answered(store, "Ani", "", most=1).total == 2 and len(search_answered(store, "Ani", "", most=1).found) == 1
    opened = open_answered(store, "Ani", flagged.number)
    assert opened.before == WITH_ALL
    # What is open meanwhile stays open.
    other = leases.take(store, "Ani")
    leases.amend(store, "Ani", flagged.number, ReviewerAnswer(OTHER))
    assert other is not None and leases.take(store, "Ani") == other
    kept = {review.article.id: review.answer.labels["stance"] for review in store.reviews()}
    assert kept[flagged.article.id] == "support" and store.status().reviews == 2 and store.status().left == 3
    for wrong in (None, True, 0, 99, 2**70, "1", other.number):
        with pytest.raises(ReviewError) as caught:
            open_answered(store, "Ani", wrong)
        assert caught.value.key == "not_answered"
    with pytest.raises(ReviewError, match="undone by now"):
        leases.amend(store, "Ani", other.number, ANSWER)


def test_agreement_counts_articles_that_two_people_answered(tmp_path: Path) -> None:
    store = fill(tmp_path, 3, people=2)
    assert [(one.articles, one.equal) for one in reviewer_agreement(store)] == [(0, None)] * 3
    for person in ("Ani", "Budi"):
        for n in range(3 if person == "Ani" else 2):
            held = leases.take(store, person)
            assert held is not None
            differs = person == "Budi" and n == 0
            leases.confirm(store, person, held.number, ReviewerAnswer(OTHER) if differs else ANSWER)
    found = {one.task: one for one in reviewer_agreement(store)}
    stance = found["stance"]
    assert (stance.articles, stance.equal) == (2, 0.5)
    # Two units of (oppose, support) and (oppose, oppose): alpha is 0.
    assert stance.reliability == pytest.approx(0)
    assert (found["topics"].equal, found["topics"].reliability) == (1, None)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 4), st.integers(2, 4))
def test_alpha_is_that_of_the_package(seed: int, people: int, values: int) -> None:
    rng = random.Random(seed)
    units = [[(str(rng.randrange(values)),) for _ in range(rng.randint(2, people))] for _ in range(12)]
    counts = np.array([[unit.count((str(v),)) for v in range(values)] for unit in units])
    own = nominal_alpha(units)
    if np.count_nonzero(counts.sum(axis=0)) < 2:
        assert own is None
    else:
        assert own == pytest.approx(float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal")))
