"""Random splits, stratified by label, that keep each group of near-duplicates together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from random import Random

from sorot.data.labels.records import LabelledArticle

Split = tuple[tuple[LabelledArticle, ...], tuple[LabelledArticle, ...]]


def hold_out(rows: Sequence[LabelledArticle], *, fraction: float, seed: int) -> Split:
    """(held out, rest): about `fraction` of the articles with each combination of labels, drawn in whole groups."""
    groups = _groups(rows)
    strata: dict[object, list[list[LabelledArticle]]] = defaultdict(list)
    for members in groups:
        head = members[0]
        strata[tuple(head.labels.items())].append(members)
    random = Random(seed)
    held: set[int] = set()
    owed = 0.0
    for key in sorted(strata, key=repr):
        stratum = strata[key]
        random.shuffle(stratum)
        owed += fraction * sum(len(g) for g in stratum)
        # A small stratum's remainder, too little for a whole group, carries over to the next stratum.
        for members in stratum:
            if owed < len(members) / 2:
                break
            held.update(id(m) for m in members)
            owed -= len(members)
    return _part(rows, lambda row: id(row) in held)


def _groups(rows: Sequence[LabelledArticle]) -> list[list[LabelledArticle]]:
    groups: dict[object, list[LabelledArticle]] = defaultdict(list)
    for number, row in enumerate(rows):
        groups[number if row.group is None else row.group].append(row)
    return list(groups.values())


def _part(rows: Sequence[LabelledArticle], test: Callable[[LabelledArticle], bool]) -> Split:
    return tuple(r for r in rows if test(r)), tuple(r for r in rows if not test(r))
