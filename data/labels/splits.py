"""Splits that never part a group of near-duplicates: at random (stratified), by outlet, by time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from random import Random

from sorot.data.labels.records import LabelledArticle

Split = tuple[tuple[LabelledArticle, ...], tuple[LabelledArticle, ...]]


def hold_out(rows: Sequence[LabelledArticle], *, fraction: float, seed: int) -> Split:
    """(held out, rest): about `fraction` of the articles of every combination of labels, drawn by whole groups."""
    groups = _groups(rows)
    strata: dict[object, list[list[LabelledArticle]]] = defaultdict(list)
    for members in groups:
        head = members[0]
        strata[(head.topics, head.stance, head.sentiment)].append(members)
    random = Random(seed)
    held: set[int] = set()
    owed = 0.0
    for key in sorted(strata, key=repr):
        stratum = strata[key]
        random.shuffle(stratum)
        owed += fraction * sum(len(g) for g in stratum)
        # What a small stratum cannot give in whole groups is carried to the next.
        for members in stratum:
            if owed < len(members) / 2:
                break
            held.update(id(m) for m in members)
            owed -= len(members)
    return _part(rows, lambda row: id(row) in held)


def hold_out_outlets(rows: Sequence[LabelledArticle], outlets: Iterable[str]) -> Split:
    """(articles of these outlets, the rest); a group with a member in them is held out whole."""
    wanted = set(outlets)
    return _by_group(rows, lambda row: row.article.outlet in wanted)


def hold_out_after(rows: Sequence[LabelledArticle], moment: datetime) -> Split:
    """(articles published at or after `moment`, an aware datetime; the rest, undated ones among them), by group."""
    return _by_group(rows, lambda row: row.article.published is not None and row.article.published >= moment)


def _groups(rows: Sequence[LabelledArticle]) -> list[list[LabelledArticle]]:
    groups: dict[object, list[LabelledArticle]] = defaultdict(list)
    for number, row in enumerate(rows):
        groups[number if row.group is None else row.group].append(row)
    return list(groups.values())


def _by_group(rows: Sequence[LabelledArticle], test: Callable[[LabelledArticle], bool]) -> Split:
    held = {id(m) for members in _groups(rows) if any(test(m) for m in members) for m in members}
    return _part(rows, lambda row: id(row) in held)


def _part(rows: Sequence[LabelledArticle], test: Callable[[LabelledArticle], bool]) -> Split:
    return tuple(r for r in rows if test(r)), tuple(r for r in rows if not test(r))
