"""Leases: an article is open at one reviewer at a time, until 15 minutes after the last click.

When a lease expires the article returns to the queue. A late answer is still accepted unless somebody else has the article by
then.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from sorot.data.article import Article
from sorot.serving.review.errors import ReviewError
from sorot.serving.review.reviewer_answer import ReviewerAnswer
from sorot.serving.review.store import Store
from sorot.serving.review.store_rows import (
    ANSWER_COLUMNS,
    Guess,
    answer_from_row,
    answer_to_row,
    article_from_row,
    guess_from_json,
)

LEASE_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class HeldArticle:
    """An article open at a reviewer. `before` is this person's last answer, undone or not, if any.

    One of an `audit` sample is shown without the model's labels until it is answered.
    """

    number: int
    article: Article
    guess: Guess
    before: ReviewerAnswer | None
    audit: bool = False


@dataclass(frozen=True, slots=True)
class ReviewerProgress:
    """Articles that a person has reviewed, and those left for this person, some of them perhaps open at others now."""

    done: int
    left: int


# Lacks a review, is open at nobody, and was not reviewed by this person.
_FREE = """
    missing > 0
    AND turns.article NOT IN (SELECT article FROM leases)
    AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.article = turns.article AND r.person = :person AND r.undone IS NULL)
"""
_FIRST = f"""
SELECT turns.article FROM turns WHERE {_FREE}
    AND NOT EXISTS (SELECT 1 FROM skips s WHERE s.article = turns.article AND s.person = :person)
ORDER BY place, turns.article LIMIT 1
"""
_SKIPPED_LONGEST_AGO = f"""
SELECT turns.article FROM turns JOIN skips ON skips.article = turns.article AND skips.person = :person WHERE {_FREE}
ORDER BY at, turns.article LIMIT 1
"""


def known_spelling(store: Store, person: str) -> str:
    """The name as this person spelled it before, whatever the capitals: two spellings would count as two people who agree."""
    with store.reading() as db:
        names = db.execute("SELECT person FROM reviews UNION SELECT person FROM leases UNION SELECT person FROM skips").fetchall()
    return next((name for (name,) in sorted(names) if name.casefold() == person.casefold()), person)


def take(store: Store, person: str) -> HeldArticle | None:
    """Hold the article that is open at this person, else the next free one; None if there is no more.

    Articles that the person skipped come back after all others.
    """
    with store.changing() as db:
        _expire(db, store)
        row = db.execute("SELECT article FROM leases WHERE person = ?", (person,)).fetchone()
        for wanted in (_FIRST, _SKIPPED_LONGEST_AGO):
            row = row or db.execute(wanted, {"person": person}).fetchone()
        if row is None:
            return None
        _lease(db, store, person, row[0])
        return _held(db, person, row[0])


def article_for(store: Store, person: str, article: int) -> HeldArticle:
    """An article as this person sees it, whoever holds it now. Raises ReviewError if no article has that number."""
    with store.reading() as db:
        if not db.execute("SELECT 1 FROM articles WHERE number = ?", (article,)).fetchone():
            raise ReviewError("there is no such article; get the next one", "no_article")
        return _held(db, person, article)


def renew(store: Store, person: str, article: int) -> None:
    """Extend the lease of a person at work. Raises ReviewError if somebody else has the article by now, or it is done.

    Does nothing if the person holds another article by now, from another window or because this call was delayed.
    """
    with store.changing() as db:
        _expire(db, store)
        if db.execute("SELECT 1 FROM leases WHERE person = ? AND article <> ?", (person, article)).fetchone():
            return
        _check_free(db, person, article)
        _lease(db, store, person, article)


def skip(store: Store, person: str, article: int) -> None:
    """Return an article to the queue; it comes back to this person after all others."""
    with store.changing() as db:
        _give_back(db, person, article)
        db.execute(
            "INSERT INTO skips VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at = excluded.at", (article, person, store.now())
        )


def give_back(store: Store, person: str, article: int) -> None:
    """Return an article to the queue."""
    with store.changing() as db:
        _give_back(db, person, article)


def confirm(store: Store, person: str, article: int, answer: ReviewerAnswer, *, blind: bool = False) -> None:
    """Store a person's answer, `blind` if the model's was hidden. Raises ReviewError if somebody else has the article by now,
    or it is done."""
    with store.changing() as db:
        _expire(db, store)
        _check_free(db, person, article)
        db.execute("DELETE FROM leases WHERE article = ?", (article,))
        db.execute("UPDATE turns SET missing = missing - 1 WHERE article = ?", (article,))
        _save(db, store, person, article, answer, blind)


def amend(store: Store, person: str, article: int, answer: ReviewerAnswer) -> None:
    """Store another answer in place of the one that this person gave, which stays as undone. Raises ReviewError without one."""
    with store.changing() as db:
        own = "UPDATE reviews SET undone = ? WHERE article = ? AND person = ? AND undone IS NULL"
        if not db.execute(own, (store.moment(), article, person)).rowcount:
            raise ReviewError("your review of this article is undone by now; take the next one", "gone")
        _save(db, store, person, article, answer, blind=False)


def undo(store: Store, person: str) -> HeldArticle:
    """Undo this person's last answer and hold its article again; the article held until now is returned to the queue.

    Raises ReviewError if there is no answer, or somebody else has the article now.
    """
    with store.changing() as db:
        _expire(db, store)
        last = db.execute(
            "SELECT number, article FROM reviews WHERE person = ? AND undone IS NULL ORDER BY number DESC LIMIT 1", (person,)
        ).fetchone()
        if last is None:
            raise ReviewError("you have no review to undo; save one first", "nothing_to_undo")
        review, article = last
        holder = db.execute("SELECT person FROM leases WHERE article = ?", (article,)).fetchone()
        if holder is not None:
            raise ReviewError("another person has that article open; try again in some minutes", "undo_taken")
        db.execute("UPDATE reviews SET undone = ? WHERE number = ?", (store.moment(), review))
        db.execute("UPDATE turns SET missing = missing + 1 WHERE article = ?", (article,))
        _lease(db, store, person, article)
        return _held(db, person, article)


def reviewer_progress(store: Store, person: str) -> ReviewerProgress:
    """This person's progress."""
    with store.reading() as db:
        db.execute("BEGIN")
        own = "FROM reviews r WHERE r.person = :person AND r.undone IS NULL"
        [done] = db.execute(f"SELECT count(*) {own}", {"person": person}).fetchone()
        [left] = db.execute(
            f"SELECT count(*) FROM turns WHERE missing > 0 AND article NOT IN (SELECT r.article {own})", {"person": person}
        ).fetchone()
    return ReviewerProgress(done, left)


def _save(db: sqlite3.Connection, store: Store, person: str, article: int, answer: ReviewerAnswer, blind: bool) -> None:
    # Who has answered once has seen the model's labels since.
    again = db.execute("SELECT 1 FROM reviews WHERE article = ? AND person = ?", (article, person)).fetchone()
    db.execute(
        f"INSERT INTO reviews (article, person, at, blind, {ANSWER_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (article, person, store.moment(), int(blind and not again), *answer_to_row(answer)),
    )


def _give_back(db: sqlite3.Connection, person: str, article: int) -> None:
    """End this person's lease, if it is still this person's."""
    db.execute("DELETE FROM leases WHERE article = ? AND person = ?", (article, person))


def _expire(db: sqlite3.Connection, store: Store) -> None:
    now = store.now()
    # One that ends later than any lease given now is of before the clock was set back.
    db.execute("DELETE FROM leases WHERE expires <= ? OR expires > ?", (now, now + LEASE_SECONDS))


def _lease(db: sqlite3.Connection, store: Store, person: str, article: int) -> None:
    """Lease a free article, or extend the person's own lease. Any other article of this person is returned to the queue."""
    db.execute("DELETE FROM leases WHERE person = ? AND article <> ?", (person, article))
    db.execute(
        "INSERT INTO leases VALUES (?, ?, ?) "
        "ON CONFLICT (article) DO UPDATE SET expires = excluded.expires WHERE person = excluded.person",
        (article, person, store.now() + LEASE_SECONDS),
    )


def _check_free(db: sqlite3.Connection, person: str, article: int) -> None:
    """Raise ReviewError unless the article is open at this person, or free and without its reviews."""
    holder = db.execute("SELECT person FROM leases WHERE article = ?", (article,)).fetchone()
    if holder is not None and holder[0] == person:
        return
    own = "SELECT 1 FROM reviews WHERE article = ? AND person = ? AND undone IS NULL"
    if db.execute(own, (article, person)).fetchone():
        raise ReviewError("you have reviewed this article already; undo that first, or take the next one", "answered")
    if holder is not None or not db.execute("SELECT 1 FROM turns WHERE article = ? AND missing > 0", (article,)).fetchone():
        raise ReviewError("the article has gone to another person, or is done already; take the next one", "gone")


def _held(db: sqlite3.Connection, person: str, article: int) -> HeldArticle:
    row = db.execute(
        "SELECT id, title, outlet, published, url, body, guess, audit FROM articles JOIN turns ON article = number "
        "WHERE number = ?",
        (article,),
    ).fetchone()
    before = db.execute(
        f"SELECT {ANSWER_COLUMNS} FROM reviews WHERE article = ? AND person = ? ORDER BY number DESC LIMIT 1",
        (article, person),
    ).fetchone()
    answered = answer_from_row(before) if before else None
    return HeldArticle(article, article_from_row(row[:6]), guess_from_json(row[6]), answered, bool(row[7]))
