"""What a person has answered: searched, and opened again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sorot.serving.review.errors import ReviewError
from sorot.serving.review.leases import HeldArticle, article_for
from sorot.serving.review.reviewer_answer import ReviewerAnswer
from sorot.serving.review.store import Store
from sorot.serving.review.store_rows import ANSWER_COLUMNS, answer_from_row

SEARCH_CHARACTERS = 200
SEARCH_WORDS = 10


@dataclass(frozen=True, slots=True)
class AnsweredArticle:
    """A person's answer in a list: the article's number, title or first characters, outlet, and the answer. `at` is an ISO time
    in UTC."""

    number: int
    title: str
    outlet: str | None
    at: str
    answer: ReviewerAnswer


@dataclass(frozen=True, slots=True)
class AnsweredPage:
    """The latest answers that a search found, and how many it found in all."""

    found: tuple[AnsweredArticle, ...]
    total: int


def search_answered(store: Store, person: str, words: object, *, flagged: bool = False, most: int = 20) -> AnsweredPage:
    """This person's answers whose title, outlet, text or note has all of `words`, the latest first; `flagged` ones if asked."""
    asked = words.split()[:SEARCH_WORDS] if isinstance(words, str) and len(words) <= SEARCH_CHARACTERS else []
    where = "FROM reviews JOIN articles ON articles.number = reviews.article WHERE person = ? AND undone IS NULL"
    values: list[object] = [person]
    for word in asked:
        where += " AND instr(lower(coalesce(title, '') || ' ' || coalesce(outlet, '') || ' ' || body || ' ' || note), lower(?))"
        values.append(word)
    if flagged:
        where += " AND flag = 1"
    with store.reading() as db:
        db.execute("BEGIN")
        [total] = db.execute(f"SELECT count(*) {where}", values).fetchone()
        rows = db.execute(
            f"SELECT article, coalesce(nullif(trim(title), ''), substr(body, 1, 100)), outlet, at, {ANSWER_COLUMNS} {where} "
            "ORDER BY reviews.number DESC LIMIT ?",
            (*values, most),
        ).fetchall()
    return AnsweredPage(tuple(_from_row(row) for row in rows), total)


def open_answered(store: Store, person: str, article: object) -> HeldArticle:
    """An article that this person has answered, with the answer. Raises ReviewError if there is no such answer."""
    known = isinstance(article, int) and not isinstance(article, bool) and 0 < article < 2**63
    own = "SELECT 1 FROM reviews WHERE article = ? AND person = ? AND undone IS NULL"
    with store.reading() as db:
        if not known or not db.execute(own, (article, person)).fetchone():
            raise ReviewError("you have no review of that article; search again", "not_answered")
    assert isinstance(article, int)
    return article_for(store, person, article)


def _from_row(row: Sequence[Any]) -> AnsweredArticle:
    number, title, outlet, at, *answer = row
    return AnsweredArticle(number, title, outlet, at, answer_from_row(answer))
