"""The contents of a review folder as objects, and how they are stored in the columns of its database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sorot.data.article import Article, published_from
from sorot.data.taxonomy import Value
from sorot.serving.model.analysis import Analysis
from sorot.serving.review.reviewer_answer import ReviewerAnswer

DIGITS = 6
# The columns of an answer in the table of reviews.
ANSWER_COLUMNS = "labels, sentences, quotes, flag, note"


@dataclass(frozen=True, slots=True)
class Guess:
    """The model's labels of an article by task, with the probability of every label."""

    labels: Mapping[str, Value]
    probabilities: Mapping[str, Mapping[str, float]]
    model: str


@dataclass(frozen=True, slots=True)
class Review:
    """One person's answer about an article, with what the export needs. `at` is an ISO time in UTC.

    It is `blind` if the person had not seen the model's labels of the article.
    """

    article: Article
    text_hash: str
    person: str
    at: str
    answer: ReviewerAnswer
    reason: str
    guess: Guess
    source: str | None
    blind: bool


@dataclass(frozen=True, slots=True)
class Status:
    """Progress of a review folder: articles, those that still lack a review (`left`), those open at a reviewer now (`held`),
    and answers, in total and by person."""

    articles: int
    left: int
    held: int
    reviews: int
    people: dict[str, int]


def article_from_row(row: Sequence[Any]) -> Article:
    """The article in the columns id, title, outlet, published, url, body."""
    article_id, title, outlet, published, url, body = row
    return Article(
        id=article_id,
        body=body,
        title=title,
        outlet=outlet,
        published=published_from(published) if published else None,
        url=url,
    )


def answer_from_row(row: Sequence[Any]) -> ReviewerAnswer:
    """The answer in the columns of ANSWER_COLUMNS."""
    labels, sentences, quotes, flag, note = row
    return ReviewerAnswer(labels_from_json(labels), tuple(json.loads(sentences)), tuple(json.loads(quotes)), bool(flag), note)


def answer_to_row(answer: ReviewerAnswer) -> tuple[Any, ...]:
    """The columns of ANSWER_COLUMNS."""
    return (
        json.dumps(dict(answer.labels)),
        json.dumps(answer.sentences, ensure_ascii=False),
        json.dumps(answer.quotes, ensure_ascii=False),
        int(answer.flag),
        answer.note,
    )


def guess_from_json(text: str) -> Guess:
    """The model's labels in the column guess."""
    raw = json.loads(text)
    return Guess(_labels(raw["labels"]), raw["probabilities"], raw["model"])


def guess_to_json(analysis: Analysis) -> str:
    """The column guess: labels, probabilities of DIGITS digits, model."""
    return json.dumps(
        {
            "labels": analysis.labels,
            "probabilities": {
                task: {label: round(p, DIGITS) for label, p in labels.items()} for task, labels in analysis.probabilities.items()
            },
            "model": analysis.model,
        }
    )


def labels_from_json(text: str) -> dict[str, Value]:
    """The labels by task in the column labels of reviews."""
    return _labels(json.loads(text))


def _labels(raw: Mapping[str, Any]) -> dict[str, Value]:
    """Labels by task from JSON, which has lists for tuples."""
    return {task: tuple(value) if isinstance(value, list) else value for task, value in raw.items()}
