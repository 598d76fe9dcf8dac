"""Helpers for tests of reviews: a store of invented articles, without a model."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from sorot.data.article import Article, Source
from sorot.data.taxonomy import Taxonomy, Value, load_taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.serving.review.reviewer_answer import ReviewerAnswer
from sorot.serving.review.store import Store, create_store

ANSWER = ReviewerAnswer(
    {"topics": ("censorship",), "stance": "oppose", "sentiment": "negative"}, ("Pemerintah memblokir situs nomor 1.",)
)


def thresholds(taxonomy: Taxonomy) -> dict[str, dict[str, float]]:
    """Thresholds of 0.5."""
    return {task.key: dict.fromkeys(task.keys, 0.5) for task in taxonomy.many_tasks}


THRESHOLDS = thresholds(load_taxonomy())


def analysis(taxonomy: Taxonomy, seed: int) -> Analysis:
    """An invented analysis: the first label of a task of many, else neutral, or the last one."""
    rng = random.Random(seed)
    labels: dict[str, Value] = {}
    probabilities: dict[str, dict[str, float]] = {}
    for task in taxonomy.tasks:
        drawn = {label: rng.random() for label in task.keys}
        total = 1 if task.many else sum(drawn.values())
        probabilities[task.key] = {label: p / total for label, p in drawn.items()}
        labels[task.key] = task.keys[:1] if task.many else "neutral" if "neutral" in task.keys else task.keys[-1]
    return Analysis(labels, probabilities, {}, (), (), 9, 1, "id", "made-up-1")


def article(number: int) -> Article:
    body = f"Pemerintah memblokir situs nomor {number}. Warga mengkritik kebijakan itu.\n\nCuaca cerah hari ini."
    return Article(id=f"a{number}", body=body, title=f"Judul {number}", source=Source("k.jsonl", number))


def fill(folder: Path, n: int, people: int = 1, taxonomy: Taxonomy | None = None) -> Store:
    """A store of n articles in order."""
    taxonomy = taxonomy or load_taxonomy()
    store = create_store(folder, taxonomy)
    store.add([(article(i), analysis(taxonomy, i)) for i in range(n)], thresholds(taxonomy), people)
    store.put_in_order()
    return store


class Clock:
    """A clock that tests set forward."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds


def with_clock(store: Store, clock: Clock) -> Store:
    return replace(store, now=clock)
