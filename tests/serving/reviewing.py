"""What the tests of reviews share: a store of made-up articles, without a model."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from sorot.data.article import Article, Source
from sorot.data.taxonomy import TASKS, Taxonomy, load_taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.serving.review.reviewer_answer import ReviewerAnswer
from sorot.serving.review.store import Store, create_store

THRESHOLDS = dict.fromkeys(load_taxonomy().labels("topics"), 0.5)
ANSWER = ReviewerAnswer(("censorship",), "oppose", "negative", ("Pemerintah memblokir situs nomor 1.",))


def analysis(taxonomy: Taxonomy, seed: int) -> Analysis:
    """A model's answer, made up."""
    rng = random.Random(seed)
    probabilities = {task: {label: rng.random() for label in taxonomy.labels(task)} for task in TASKS}
    for task in TASKS[1:]:
        total = sum(probabilities[task].values())
        probabilities[task] = {label: p / total for label, p in probabilities[task].items()}
    return Analysis(
        {"topics": ("censorship",), "stance": "neutral", "sentiment": "neutral"},
        probabilities,
        {},
        (),
        (),
        9,
        1,
        "id",
        "made-up-1",
    )


def article(number: int) -> Article:
    body = f"Pemerintah memblokir situs nomor {number}. Warga mengkritik kebijakan itu.\n\nCuaca cerah hari ini."
    return Article(id=f"a{number}", body=body, title=f"Judul {number}", source=Source("k.jsonl", number))


def fill(folder: Path, n: int, people: int = 1) -> Store:
    """A store with so many articles in order."""
    store = create_store(folder, load_taxonomy())
    store.add([(article(i), analysis(store.taxonomy, i)) for i in range(n)], THRESHOLDS, people)
    store.put_in_order()
    return store


class Clock:
    """A time that passes when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds


def with_clock(store: Store, clock: Clock) -> Store:
    return replace(store, now=clock)
