"""What the filter bar asks for, and the articles that pass it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from sorot.data.taxonomy import Taxonomy
from sorot.serving.page.corpus.kept.open_corpus import Flags, OpenCorpus, Rows
from sorot.serving.page.corpus.limits import CorpusError

SORTS = ("order", "sort_title", "sort_newest", "sort_oldest")
LONG_SEARCH = 200
# A year, a month or a day.
DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
# Between an outlet and a choice of it: no outlet at all.
NO_OUTLET = "\0"


@dataclass(frozen=True, slots=True)
class Query:
    """The filters; an empty one passes everything.

    `labels` holds labels of a task; an article needs at least one of them; `first` and `last` are a day, month or year as it
    was typed; `score` is 'task/label', whose probability lies within `least` and `most`; `picked` holds places in the corpus;
    `sort` is one of SORTS, or 'task/label' for the most probable first.
    """

    search: str = ""
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outlets: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    score: str = ""
    least: float = 0.0
    most: float = 1.0
    picked: tuple[int, ...] = ()
    sort: str = "order"

    def to_json(self) -> dict[str, Any]:
        """For a kept session."""
        return asdict(self)


def passing(opened: OpenCorpus, query: Query) -> Flags:
    """Which articles pass the filters. Raises CorpusError for what is no date."""
    arrays, n = opened.arrays, len(opened.items)
    flags = np.ones(n, dtype=bool)
    if wanted := query.search.casefold().strip():
        flags &= np.fromiter((wanted in text for text in arrays.texts), bool, n)
    for task, labels in query.labels.items():
        own = [opened.held[task][label] for label in labels if label in opened.held.get(task, {})]
        if own:
            flags &= np.logical_or.reduce(own)
    if query.outlets:
        flags &= np.isin(arrays.outlets, ["" if outlet == NO_OUTLET else outlet for outlet in query.outlets])
    # A comparison with NaT is false, so an article without a date passes only where no date is asked for.
    if day := read_day(query.first):
        flags &= arrays.days >= np.datetime64(day[0], "D")
    if day := read_day(query.last):
        flags &= arrays.days <= np.datetime64(day[1], "D")
    task, slash, label = query.score.partition("/")
    if slash and label in opened.held.get(task, {}):
        p = opened.probabilities(task, label)
        flags &= (p >= query.least) & (p <= query.most)
    if query.picked:
        chosen = np.zeros(n, dtype=bool)
        chosen[[place for place in query.picked if 0 <= place < n]] = True
        flags &= chosen
    return flags


def in_order(opened: OpenCorpus, flags: Flags, sort: str) -> Rows:
    """The places of these articles, sorted; those without a value to sort by come last."""
    rows = np.flatnonzero(flags)
    if sort == "sort_title":
        titles = [opened.items[row].row["title"] for row in rows]
        return rows[sorted(range(len(rows)), key=lambda k: (not titles[k], str(titles[k]).casefold()))]
    if sort in ("sort_newest", "sort_oldest"):
        moments = [opened.items[row].published_at for row in rows]
        keys = np.array([moment.timestamp() if moment else np.inf for moment in moments])
        return rows[np.argsort(np.where(np.isinf(keys), np.inf, -keys if sort == "sort_newest" else keys), kind="stable")]
    task, slash, label = sort.partition("/")
    if slash and label in opened.held.get(task, {}):
        p = opened.probabilities(task, label)[rows]
        return rows[np.argsort(np.where(np.isnan(p), np.inf, -p), kind="stable")]
    return rows


def read_day(typed: str) -> tuple[date, date] | None:
    """The first and the last day of what was typed: '2024', '2024-05' or '2024-05-17'; None for nothing. Raises CorpusError."""
    typed = typed.strip()
    if not typed:
        return None
    if not (found := DAY.fullmatch(typed)):
        raise CorpusError("no_date", text=typed[:20])
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        if day and month:
            only = date(year, month, day)
            return only, only
        first = date(year, month or 1, 1)
        following = date(year + 1, 1, 1) if month in (None, 12) else date(year, month + 1, 1)
    except ValueError as error:
        raise CorpusError("no_date", text=typed[:20]) from error
    return first, following - timedelta(1)


def read_query(raw: object, taxonomy: Taxonomy) -> Query:
    """A query from a browser or a file; what is unknown in it is left out."""
    given: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
    labels = given.get("labels")
    own = {
        task.key: tuple(key for key in task.keys if key in _texts(labels.get(task.key)))
        for task in taxonomy.tasks
        if isinstance(labels, Mapping)
    }
    search, first, last, score, sort = (
        text if isinstance(text := given.get(key), str) else "" for key in ("search", "first", "last", "score", "sort")
    )
    picked = given.get("picked")
    return Query(
        search[:LONG_SEARCH],
        {task: keys for task, keys in own.items() if keys},
        _texts(given.get("outlets")),
        first,
        last,
        score,
        _share(given.get("least"), 0.0),
        _share(given.get("most"), 1.0),
        tuple(place for place in picked if type(place) is int) if isinstance(picked, list | tuple) else (),
        sort or "order",
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(text for text in value if isinstance(text, str)) if isinstance(value, list | tuple) else ()


def _share(value: object, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) and 0 <= value <= 1 else otherwise
