"""Macro-F1 by slice of labelled articles: outlet, year, length, scraped page or clean text, seen by training or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from sorot.data.article import Article, moment_of
from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import Taxonomy
from sorot.training.measure.baselines import Indicators, is_labelled
from sorot.training.measure.metrics import IntArray, macro_f1_with_interval

# With fewer articles the interval is too wide to decide anything.
MIN_ARTICLES = 20
SHORT_WORDS = 200
LONG_WORDS = 400


@dataclass(frozen=True, slots=True)
class TrainingCoverage:
    """Outlets of the training articles and their latest date (None if no article has a date)."""

    outlets: frozenset[str]
    latest: datetime | None


def training_coverage(rows: Sequence[LabelledArticle]) -> TrainingCoverage:
    """The outlets and the latest date of training articles."""
    dates = [moment_of(row.article.published) for row in rows if row.article.published is not None]
    outlets = frozenset(_outlet(row.article.outlet) for row in rows if row.article.outlet)
    return TrainingCoverage(outlets, max(dates, default=None))


def slice_names(article: Article, coverage: TrainingCoverage | None = None) -> dict[str, str]:
    """The slice of an article by kind; a kind that the article or `coverage` says nothing about is left out.

    Kinds: outlet, year, length (words of the body), page ('dump' if cleaning removed something), outlet_seen and time
    (compared with the training articles).
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
    if coverage and coverage.outlets and outlet:
        names["outlet_seen"] = "seen" if _outlet(outlet) in coverage.outlets else "unseen"
    if coverage and coverage.latest and published:
        names["time"] = "later" if moment_of(published) > coverage.latest else "seen"
    return names


def score_slices(
    rows: Sequence[LabelledArticle],
    truth: Indicators,
    found: Indicators,
    taxonomy: Taxonomy,
    coverage: TrainingCoverage | None = None,
) -> list[dict[str, Any]]:
    """Macro-F1 with interval by slice and task, kinds in the order of `slice_names`; JSON-ready.

    A slice with fewer than `MIN_ARTICLES` articles is listed as `too_small` and not scored; a task with fewer labelled
    articles in a slice is left out there.
    """
    members: dict[tuple[str, str], list[int]] = {}
    for number, row in enumerate(rows):
        for kind, name in slice_names(row.article, coverage).items():
            members.setdefault((kind, name), []).append(number)
    known = {task: is_labelled(rows, task) for task in taxonomy.keys}
    kinds = list(dict.fromkeys(kind for kind, _ in members))
    slices: list[dict[str, Any]] = []
    for kind, name in sorted(members, key=lambda key: (kinds.index(key[0]), key[1])):
        inside = np.array(members[kind, name])
        tasks: dict[str, Any] = {}
        for task in taxonomy.keys:
            chosen: IntArray = inside[known[task][inside]]
            if len(chosen) >= MIN_ARTICLES:
                tasks[task] = {"articles": len(chosen), **macro_f1_with_interval(truth[task][chosen], found[task][chosen])}
        slices.append({"kind": kind, "name": name, "articles": len(inside), "too_small": not tasks, "tasks": tasks})
    return slices


def _outlet(name: str) -> str:
    return name.strip().casefold()
