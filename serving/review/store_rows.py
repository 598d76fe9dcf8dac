"""What a review folder holds, and how it stands in the columns of its database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sorot.data.article import Article
from sorot.data.taxonomy import Task
from sorot.serving.model.analysis import Analysis
from sorot.serving.review.reviewer_answer import ReviewerAnswer


@dataclass(frozen=True, slots=True)
class Guess:
    """What the model made of an article."""

    topics: tuple[str, ...]
    stance: str
    sentiment: str
    probabilities: dict[Task, dict[str, float]]
    model: str


@dataclass(frozen=True, slots=True)
class Review:
    """One person's answer about an article, with what export needs of it; `at` is an ISO time in UTC."""

    article: Article
    text_hash: str
    person: str
    at: str
    answer: ReviewerAnswer
    reason: str
    guess: Guess
    source: str | None


@dataclass(frozen=True, slots=True)
class Status:
    """How far a folder is. `left` articles lack a review, `held` of them are before a reviewer now; `people` counts answers."""

    articles: int
    left: int
    held: int
    reviews: int
    people: dict[str, int]


def as_article(row: Sequence[Any]) -> Article:
    """The article of the columns id, title, outlet, published, url, body."""
    found_id, title, outlet, published, url, body = row
    return Article(
        id=found_id,
        body=body,
        title=title,
        outlet=outlet,
        published=datetime.fromisoformat(published) if published else None,
        url=url,
    )


def answer_from_row(row: Sequence[str]) -> ReviewerAnswer:
    """The answer of the columns topics, stance, sentiment, sentences."""
    topics, stance, sentiment, sentences = row
    return ReviewerAnswer(tuple(json.loads(topics)), stance, sentiment, tuple(json.loads(sentences)))


def guess_from_json(told: str) -> Guess:
    """What the column `guess` holds."""
    raw = json.loads(told)
    return Guess(tuple(raw["topics"]), raw["stance"], raw["sentiment"], raw["probabilities"], raw["model"])


def guess_to_json(analysis: Analysis) -> str:
    """As `guess_from_json` takes it."""
    return json.dumps(
        {
            "topics": analysis.topics,
            "stance": analysis.stance,
            "sentiment": analysis.sentiment,
            "probabilities": {t: {k: round(p, 6) for k, p in of.items()} for t, of in analysis.probabilities.items()},
            "model": analysis.model,
        }
    )
