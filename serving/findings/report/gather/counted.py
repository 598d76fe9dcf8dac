"""Articles counted by label in all, by period and by outlet, with what is needed of their stories to know how much they tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sorot.data.taxonomy import Task
from sorot.serving.findings.estimates.shares import size_of_stories
from sorot.serving.findings.report.findings import GroupKind
from sorot.serving.findings.tables.reading import identifier, literal
from sorot.serving.findings.tables.scored_tables import ScoredTables
from sorot.serving.output.columns import STORY

_KIND = (
    "CASE WHEN GROUPING(period) = 0 THEN 'period' WHEN GROUPING(media) = 1 THEN 'all' "
    "WHEN media IS NOT NULL THEN 'outlet' WHEN known THEN 'others' ELSE 'no_outlet' END"
)


@dataclass(frozen=True, slots=True)
class CountedLabel:
    """Articles and stories with a label; over all stories the sums of (articles with it) ** 2 and of these times all articles."""

    articles: int
    stories: int
    squares: int
    products: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Articles of a group, their stories (an article without one is its own), the sum of stories' articles ** 2, and labels."""

    articles: int = 0
    stories: int = 0
    squares: int = 0
    labels: Mapping[str, CountedLabel] = field(default_factory=dict)

    def independent(self, *keys: str) -> float:
        """How many independent articles tell as much about these labels together."""
        if self.stories == self.articles:
            return float(self.articles)
        labels = [self.labels[key] for key in keys]
        shares = np.array([label.articles / self.articles for label in labels])
        squares = sum(
            label.squares - 2 * share * label.products + share**2 * self.squares
            for label, share in zip(labels, shares, strict=True)
        )
        return size_of_stories(shares, self.articles, self.stories, float(squares))


Groups = dict[tuple[GroupKind, str], Counted]


def count_groups(scored: ScoredTables, task: Task, keys: Sequence[str], *, where: str, default: str | None = None) -> Groups:
    """The articles of `facts` that fulfil `where`, with these labels of a task, in all, by period and by outlet.

    `default` is the label of an article that has none.
    """
    column = identifier(task.key) if default is None else f"coalesce({identifier(task.key)}, {literal(default)})"
    fulfils = (f"list_contains({column}, {literal(key)})" if task.many else f"{column} = {literal(key)}" for key in keys)
    holds = ", ".join(f"coalesce({condition}, false)::INT AS l{at}" for at, condition in enumerate(fulfils))
    by_story = STORY in scored.columns
    # An article without a story has a number of its own.
    story = f"{STORY}, CASE WHEN {STORY} IS NULL THEN rowid END AS alone" if by_story else "1 AS one"
    rows = f"SELECT period, media, outlet IS NOT NULL AS known, {story}, {holds} FROM facts WHERE {where}"
    cluster = f"{STORY}, alone" if by_story else ""
    sets = ", ".join(f"({', '.join(part for part in (group, cluster) if part)})" for group in ("", "period", "media, known"))
    sums = "".join(f", sum(l{at})::BIGINT AS c{at}" for at in range(len(keys)))
    clusters = (
        f"SELECT {_KIND} AS kind, coalesce(period, media, '') AS name, count(*) AS m{sums} FROM ({rows}) "
        f"GROUP BY GROUPING SETS ({sets})"
    )
    labels = "".join(
        f", sum(c{at})::BIGINT, count(*) FILTER (c{at} > 0), sum(c{at} * c{at})::BIGINT, sum(c{at} * m)::BIGINT"
        for at in range(len(keys))
    )
    query = f"SELECT kind, name, sum(m)::BIGINT, count(*), sum(m * m)::BIGINT{labels} FROM ({clusters}) GROUP BY kind, name"
    found: Groups = {}
    for kind, name, articles, stories, squares, *counts in scored.connection.execute(query).fetchall():
        # Articles without a day are in no period.
        if articles and (kind != "period" or name):
            by_label = {key: CountedLabel(*counts[4 * at : 4 * at + 4]) for at, key in enumerate(keys)}
            found[(kind, name)] = Counted(articles, stories if by_story else articles, squares, by_label)
    return found
