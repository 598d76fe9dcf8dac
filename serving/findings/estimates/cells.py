"""The cells of a corpus that shares are estimated in: its articles by period, and by outlet or the labels of a task."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sorot.serving.findings.errors import FindingsError
from sorot.serving.findings.periods import Period, period_name, period_starts
from sorot.serving.findings.tables.arrays import CorpusArrays

OUTLET = "outlet"


@dataclass(frozen=True, slots=True)
class Cell:
    """Rows of the corpus, and the (task, label) that the model gave them all, if that makes the group."""

    period: str | None
    group: str | None
    rows: NDArray[np.int64]
    given: tuple[str, str] | None = None

    def given_rows(self, corpus: CorpusArrays) -> NDArray[np.bool_] | None:
        """Which rows of the whole corpus, (n,), the model gave the cell's label; None if no label makes the cell."""
        if self.given is None:
            return None
        task, key = self.given
        return corpus.labels[task][:, corpus.taxonomy.task(task).keys.index(key)]


def divide(corpus: CorpusArrays, by: Period | None, per: str | None, notes: list[str]) -> Iterator[Cell]:
    """The cells of a corpus: by period, by group, both or neither; `notes` gets a sentence on what no cell holds.

    Raises FindingsError if there are no dates or outlets to divide by, or `per` is neither an outlet nor a task.
    """
    rows = np.arange(len(corpus))
    if by is None:
        yield from _groups(corpus, None, rows, per, notes)
        return
    dated = rows[~np.isnat(corpus.days)]
    if not len(dated):
        raise FindingsError(f"{corpus.name}: none of its {len(corpus)} articles has a date; leave --by out")
    if undated := len(corpus) - len(dated):
        notes.append(f"{undated} articles without a date are left out")
    starts = period_starts(corpus.days[dated], by)
    quiet: list[str] = []
    for start in np.unique(starts):
        yield from _groups(corpus, period_name(start, by), dated[starts == start], per, quiet)
    notes += dict.fromkeys(quiet)


def _groups(
    corpus: CorpusArrays, period: str | None, rows: NDArray[np.int64], per: str | None, notes: list[str]
) -> Iterator[Cell]:
    if per is None:
        yield Cell(period, None, rows)
    elif per == OUTLET:
        outlets = corpus.outlets[rows]
        names = sorted({name for name in outlets if name is not None})
        if not names and all(name is None for name in corpus.outlets):
            raise FindingsError(f"{corpus.name}: none of its {len(corpus)} articles has an outlet; leave --per out")
        for name in names:
            yield Cell(period, name, rows[outlets == name])
        if any(name is None for name in outlets):
            notes.append("articles without an outlet are left out")
    elif per in corpus.taxonomy.keys:
        for place, key in enumerate(corpus.taxonomy.task(per).keys):
            own = rows[corpus.labels[per][rows, place]]
            if len(own):
                yield Cell(period, key, own, (per, key))
    else:
        known = ", ".join((OUTLET, *corpus.taxonomy.keys))
        raise FindingsError(f"--per {per}: is neither outlet nor a task of this model; choose one of {known}")
