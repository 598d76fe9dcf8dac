"""How often each label holds in a scored corpus, by period, outlet or another task's labels, with the error of every share.

Three ways, the best that the material allows for each cell:
- `audit`: a random sample of this corpus that people labelled (sorot.serving.findings.audit_sample); assumes nothing.
- `matrix`: the model's errors on development articles, from the bundle; assumes that its errors here are the same.
- `counted`: the model's labels as they are; the band holds the chance of the draw alone, not the model's errors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sorot.data.taxonomy import Task
from sorot.serving.findings.estimates.cells import Cell, divide
from sorot.serving.findings.estimates.estimate import AUDIT, AUDIT_MATRIX, COUNTED, MATRIX, Estimate
from sorot.serving.findings.estimates.sample import LabelledSample, two_columns
from sorot.serving.findings.estimates.shares import (
    FloatArray,
    adjusted_draws,
    adjusted_shares,
    band,
    effective_size,
    sampled_draws,
    sampled_shares,
    wilson,
)
from sorot.serving.findings.periods import Period
from sorot.serving.findings.tables.arrays import CorpusArrays
from sorot.serving.model.confusion import Confusion

# A cell with fewer labelled articles borrows the errors found in the whole sample.
LEAST_LABELLED = 30


@dataclass(frozen=True, slots=True)
class Prevalence:
    """The shares of every label in every cell, in the order of periods, groups, tasks and labels; `notes` are sentences."""

    estimates: tuple[Estimate, ...]
    by: str | None
    per: str | None
    model: str
    articles: int
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready form."""
        return {
            "model": self.model,
            "articles": self.articles,
            "by": self.by,
            "per": self.per,
            "notes": list(self.notes),
            "estimates": [estimate.to_dict() for estimate in self.estimates],
        }


def prevalence(
    corpus: CorpusArrays,
    confusion: Confusion | None = None,
    *,
    by: Period | None = None,
    per: str | None = None,
    audit: LabelledSample | None = None,
    seed: int = 0,
) -> Prevalence:
    """Estimate the share of every label: of the whole corpus, or of each period (`by`) and group (`per`).

    `confusion` has the errors of the model that scored the corpus (a bundle's manifest), `audit` a labelled sample of it.
    `per` is 'outlet' or a task, whose labels as the model gave them are the groups. Raises FindingsError if the articles have
    no dates or outlets to divide them by, or `per` is neither.
    """
    notes: list[str] = []
    estimates: list[Estimate] = []
    for cell in divide(corpus, by, per, notes):
        for task in corpus.taxonomy.tasks:
            if task.key == per:
                continue
            # The same draws of the model's errors in every cell, so that cells differ by their articles alone.
            estimates += _estimate(corpus, cell, task, confusion, audit, seed)
    methods = {estimate.method for estimate in estimates}
    if COUNTED in methods and confusion is None and audit is None:
        notes.append("the bundle says nothing of the model's errors, so shares are not corrected")
    if corpus.stories is None:
        notes.append("no column 'story': copies of one text count as independent articles, so bands are a little narrow")
    if audit is not None:
        notes += _sample_notes(corpus, audit)
    if unlabelled := corpus.unlabelled:
        reasons = ", ".join(f"{why} {n}" for why, n in unlabelled.items())
        notes.append(f"{sum(unlabelled.values())} articles have no labels and are left out ({reasons})")
    return Prevalence(tuple(estimates), by, per, corpus.model, len(corpus), tuple(notes))


def estimate_rows(
    corpus: CorpusArrays,
    rows: NDArray[np.int64],
    task: Task,
    confusion: Confusion | None,
    audit: LabelledSample | None,
    *,
    given: tuple[str, str] | None = None,
    seed: int = 0,
) -> tuple[Estimate, ...]:
    """The shares of a task's labels among some rows of a corpus; other arguments as in `prevalence`.

    `given` is the (task, label) that the model gave them all, if that makes the group.
    """
    return tuple(_estimate(corpus, Cell(None, None, rows, given), task, confusion, audit, seed))


def _sample_notes(corpus: CorpusArrays, audit: LabelledSample) -> Iterator[str]:
    yield from audit.notes
    for task in corpus.taxonomy.tasks:
        if (answered := int(audit.answered[task.key].sum())) < audit.drawn:
            yield (
                f"{audit.drawn - answered} of {audit.drawn} sampled articles have no label for {task.key}; label them all, "
                "because those left over may be the hard ones"
            )


def _estimate(
    corpus: CorpusArrays, cell: Cell, task: Task, confusion: Confusion | None, audit: LabelledSample | None, seed: int
) -> Iterator[Estimate]:
    rows = cell.rows[corpus.labelled[task.key][cell.rows]]
    if not len(rows):
        return
    if not task.many:
        yield from _share_of_each(corpus, cell, rows, task, None, confusion, audit, seed)
        return
    for label in task.keys:
        yield from _share_of_each(corpus, cell, rows, task, label, confusion, audit, seed)


def _share_of_each(
    corpus: CorpusArrays,
    cell: Cell,
    rows: NDArray[np.int64],
    task: Task,
    label: str | None,
    confusion: Confusion | None,
    audit: LabelledSample | None,
    seed: int,
) -> Iterator[Estimate]:
    """The shares of a `one` task's labels, or of one label of a `many` task."""
    holds = corpus.labels[task.key][rows]
    if label is not None:
        holds = two_columns(holds[:, task.keys.index(label)])
    found = holds.sum(axis=0).astype(np.float64)
    size = effective_size(holds, corpus.stories[rows] if corpus.stories is not None else None)
    rng = np.random.default_rng(seed)
    labelled = _labelled_in(corpus, rows, task, label, audit)
    method, shares, draws = COUNTED, found / found.sum(), None
    if audit is not None and labelled is not None and len(labelled[2]) >= LEAST_LABELLED:
        truth, strata, weights = labelled
        method, shares = AUDIT, sampled_shares(found, truth, strata, weights)
        draws = sampled_draws(found, size, truth, strata, weights, rng)
    elif (matrix := _errors(corpus, cell, task, label, confusion, audit)) is not None:
        method, shares = AUDIT_MATRIX if audit is not None else MATRIX, adjusted_shares(matrix, found)
        draws = adjusted_draws(matrix, found, size, rng)
    for place, key in enumerate(task.keys if label is None else (None, label)):
        if key is None:
            continue
        counted = float(found[place] / found.sum())
        low, high = wilson(counted, size) if draws is None else band(draws[:, place], float(shares[place]))
        yield Estimate(
            task.key, key, cell.period, cell.group, None, len(rows), int(found[place]), counted, float(shares[place]), low, high,
            method, 0 if labelled is None else len(labelled[2]),
        )  # fmt: skip
    if task.default is not None and (cell.given is None or cell.given[0] != task.without):
        yield from _among(cell, task, found, size, shares, draws, method, 0 if labelled is None else len(labelled[2]))


def _among(
    cell: Cell,
    task: Task,
    found: FloatArray,
    size: float,
    shares: FloatArray,
    draws: FloatArray | None,
    method: str,
    labelled: int,
) -> Iterator[Estimate]:
    """The shares of a task's other labels among the articles that do not have its default."""
    default = task.keys.index(task.default or "")
    rest = found.sum() - found[default]
    if rest == 0 or shares[default] >= 1:
        return
    for place, key in enumerate(task.keys):
        if place == default:
            continue
        counted = float(found[place] / rest)
        share = counted if draws is None else float(shares[place] / (1 - shares[default]))
        if draws is None:
            low, high = wilson(counted, size * rest / found.sum())
        else:
            left = 1 - draws[:, default]
            # A draw without any such article says nothing of their labels.
            low, high = band(draws[left > 1e-9, place] / left[left > 1e-9], share)
        yield Estimate(
            task.key, key, cell.period, cell.group, task.without, int(rest), int(found[place]), counted, share, low, high,
            method, labelled,
        )  # fmt: skip


def _labelled_in(
    corpus: CorpusArrays, rows: NDArray[np.int64], task: Task, label: str | None, audit: LabelledSample | None
) -> tuple[FloatArray, NDArray[np.int64], FloatArray] | None:
    """True labels (m, K), given label (m,) and weight (m,) of a cell's articles that people labelled."""
    if audit is None:
        return None
    known = audit.answered[task.key] & np.isin(audit.rows, rows)
    truth, given = audit.truth[task.key][known], corpus.labels[task.key][audit.rows[known]]
    if label is not None:
        at = task.keys.index(label)
        truth, given = two_columns(truth[:, at]), two_columns(given[:, at])
    return truth.astype(np.float64), given.argmax(axis=1), audit.weights[known]


def _errors(
    corpus: CorpusArrays,
    cell: Cell,
    task: Task,
    label: str | None,
    confusion: Confusion | None,
    audit: LabelledSample | None,
) -> FloatArray | None:
    """The matrix of true by given label that fits the cell, None without one."""
    if audit is not None:
        return audit.matrix(task, corpus.labels[task.key], label, given=cell.given_rows(corpus))
    if confusion is None:
        return None
    matrix = confusion.matrix(task, label, given=cell.given)
    return matrix if matrix.sum() else None
