"""Slices of labelled articles: outlet, year, length, dump or clean, and what training has seen; macro-F1 in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from sorot.data.article import Article
from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import TASKS
from sorot.training.measure.baselines import Indicators, is_labelled
from sorot.training.measure.metrics import IntArray, macro_f1_with_interval

# Below this many articles an interval says nothing that would decide anything.
MIN_ARTICLES = 20
SHORT_WORDS = 200
LONG_WORDS = 400


@dataclass(frozen=True, slots=True)
class TrainingCoverage:
    """What training has seen: the outlets of its articles, and their latest date (None where none has one)."""

    outlets: frozenset[str]
    latest: datetime | None


def training_coverage(rows: Sequence[LabelledArticle]) -> TrainingCoverage:
    """The outlets and the latest date of training articles."""
    dates = [row.article.published for row in rows if row.article.published is not None]
    outlets = frozenset(_outlet(row.article.outlet) for row in rows if row.article.outlet)
    return TrainingCoverage(outlets, max(dates, default=None))


def slice_names(article: Article, seen: TrainingCoverage | None = None) -> dict[str, str]:
    """The slice of each kind that an article is in; a kind is left out where the article or `seen` does not tell.

    Kinds: outlet, year, length (words of the body), page ('dump' where cleaning took something away), outlet_seen and
    time (against the training articles).
    """
    names: dict[str, str] = {}
    outlet, published = article.outlet, article.published
    if outlet:
        names["outlet"] = _outlet(outlet)
    if published:
        names["year"] = str(published.year)
    words = len(article.body.split())
    names["length"] = (
        f"under {SHORT_WORDS} words"
        if words < SHORT_WORDS
        else f"{SHORT_WORDS} to {LONG_WORDS} words"
        if words <= LONG_WORDS
        else f"over {LONG_WORDS} words"
    )
    names["page"] = "dump" if article.removed else "clean"
    if seen and seen.outlets and outlet:
        names["outlet_seen"] = "seen" if _outlet(outlet) in seen.outlets else "unseen"
    if seen and seen.latest and published:
        names["time"] = "later" if published > seen.latest else "seen"
    return names


def score_slices(
    rows: Sequence[LabelledArticle], truth: Indicators, found: Indicators, seen: TrainingCoverage | None = None
) -> list[dict[str, Any]]:
    """Macro-F1 with interval by slice and task, kinds in the order of `slice_names`; JSON-ready.

    A slice of fewer than `MIN_ARTICLES` is named with `too_small` and not scored; so is a task with fewer labels in it.
    """
    members: dict[tuple[str, str], list[int]] = {}
    for number, row in enumerate(rows):
        for kind, name in slice_names(row.article, seen).items():
            members.setdefault((kind, name), []).append(number)
    known = {task: is_labelled(rows, task) for task in TASKS}
    kinds = list(dict.fromkeys(kind for kind, _ in members))
    slices: list[dict[str, Any]] = []
    for kind, name in sorted(members, key=lambda key: (kinds.index(key[0]), key[1])):
        inside = np.array(members[kind, name])
        tasks: dict[str, Any] = {}
        for task in TASKS:
            chosen: IntArray = inside[known[task][inside]]
            if len(chosen) >= MIN_ARTICLES:
                tasks[task] = {"articles": len(chosen), **macro_f1_with_interval(truth[task][chosen], found[task][chosen])}
        slices.append({"kind": kind, "name": name, "articles": len(inside), "too_small": not tasks, "tasks": tasks})
    return slices


def _outlet(name: str) -> str:
    return name.strip().casefold()
