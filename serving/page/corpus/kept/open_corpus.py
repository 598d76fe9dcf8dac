"""A scored corpus opened for work: its articles at chosen thresholds, and arrays over them that make a filter quick."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sorot.data.article import Article, published_from
from sorot.data.taxonomy import Taxonomy
from sorot.serving.findings.stories.digest import make_digests
from sorot.serving.findings.stories.groups import ArticleGroups, find_groups
from sorot.serving.model.labels import Thresholds
from sorot.serving.page.corpus.kept.word_matrix import WordMatrix, count_words
from sorot.serving.page.corpus.scored_articles import ScoredArticle, relabel
from sorot.serving.page.corpus.scoring import ScoredCorpus

Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class CorpusArrays:
    """What does not depend on thresholds, in the corpus' order: texts for searching, outlets ('' for none), days in Jakarta."""

    texts: tuple[str, ...]
    outlets: NDArray[np.str_]
    days: NDArray[np.datetime64]
    articles: tuple[Article, ...]

    @cached_property
    def words(self) -> WordMatrix:
        """How often each word stands in each article; counted when it is first asked for."""
        return count_words(self.texts)

    @cached_property
    def groups(self) -> tuple[ArticleGroups, ...]:
        """The copy and the story of each article; found when they are first asked for."""
        return tuple(find_groups(make_digests(self.articles)))

    @cached_property
    def story_numbers(self) -> NDArray[np.int64]:
        """A number for each story; an article without one is a story of its own."""
        numbers: dict[object, int] = {}
        stories = [group.story for group in self.groups]
        return np.array([numbers.setdefault(n if s is None else s, len(numbers)) for n, s in enumerate(stories)], dtype=np.int64)


# Without slots: a cached property needs a dictionary.
@dataclass(frozen=True)
class OpenCorpus:
    """A corpus by the name of its file, with its rows at `thresholds`."""

    name: str
    corpus: ScoredCorpus
    items: tuple[ScoredArticle, ...]
    thresholds: Mapping[str, Mapping[str, float]]
    arrays: CorpusArrays
    taxonomy: Taxonomy

    @cached_property
    def held(self) -> Mapping[str, Mapping[str, Flags]]:
        """By task and label, which articles have the label."""
        found = {task.key: {key: np.zeros(len(self.items), dtype=bool) for key in task.keys} for task in self.taxonomy.tasks}
        for place, item in enumerate(self.items):
            for task, own in found.items():
                for key in row_labels(item, task):
                    own[key][place] = True
        return found

    def probabilities(self, task: str, label: str) -> NDArray[np.float64]:
        """The label's probability in each article; NaN where labels are withheld."""
        return np.array([item.probabilities.get(task, {}).get(label, np.nan) for item in self.items], dtype=float)

    def article(self, place: int) -> Article:
        """The cleaned article at a place, as the model read it."""
        return self.arrays.articles[place]


def open_corpus(name: str, corpus: ScoredCorpus, thresholds: Thresholds, taxonomy: Taxonomy) -> OpenCorpus:
    """The corpus as it was scored, at the model's own `thresholds`."""
    days = [moment.date() if (moment := item.published_at) else None for item in corpus.items]
    arrays = CorpusArrays(
        tuple(f"{item.row['title'] or ''}\n{item.text}".casefold() for item in corpus.items),
        np.array([item.row["outlet"] or "" for item in corpus.items], dtype=str),
        as_days(days),
        tuple(_article(item) for item in corpus.items),
    )
    return OpenCorpus(name, corpus, corpus.items, {task: dict(own) for task, own in thresholds.items()}, arrays, taxonomy)


def _article(item: ScoredArticle) -> Article:
    row = item.row
    return Article(
        id=row["id"],
        body=item.text,
        title=row["title"],
        outlet=row["outlet"],
        published=published_from(row["published"]) if row["published"] else None,
        url=row["url"],
        language=row["language"],
    )


def move_corpus(opened: OpenCorpus, thresholds: Thresholds) -> OpenCorpus:
    """The corpus with the rows that the scorer would have made at these thresholds."""
    if thresholds == opened.thresholds:
        return opened
    items = relabel(opened.corpus.items, thresholds, opened.taxonomy)
    moved = {task: dict(own) for task, own in thresholds.items()}
    return OpenCorpus(opened.name, opened.corpus, items, moved, opened.arrays, opened.taxonomy)


def row_labels(item: ScoredArticle, task: str) -> list[str]:
    """The keys of an article's labels for a task of either kind."""
    value = item.row[task]
    return value if isinstance(value, list) else [value] if value else []


def as_days(days: Iterable[date | None]) -> NDArray[np.datetime64]:
    """Days as an array, NaT where there is none."""
    return np.array([np.datetime64(day or "NaT", "D") for day in days], dtype="datetime64[D]")
