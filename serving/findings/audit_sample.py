"""Draws a random sample of a scored corpus for people to label, so that shares can be estimated without trusting the model.

Strata are the model's label of one task and the period; each article's probability of being drawn is kept, because the
estimates weigh by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sorot.data.taxonomy import Task
from sorot.serving.findings.errors import FindingsError
from sorot.serving.findings.tables.arrays import CorpusArrays
from sorot.serving.output.rows import Row

# Spans of days in which labels are drawn apart.
SPANS = 4
CHANCE_KEY = "draw_probability"
# Half of the sample goes to strata by their size, half to all alike: rare labels are seen, common ones still well measured.
EQUAL_SHARE = 0.5
# Fewer from one stratum tell nothing of its spread.
LEAST_DRAWN = 2


@dataclass(frozen=True, slots=True)
class DrawnRows:
    """Rows of a corpus in random order, with the probability with which each was drawn; both (m,)."""

    rows: NDArray[np.int64]
    chances: NDArray[np.float64]


def draw_rows(strata: NDArray[np.int64], n: int, rng: np.random.Generator) -> DrawnRows:
    """Draw about `n` rows, all if there are no more; `strata` (N,) has each row's stratum, and -1 for rows not to draw.

    Within a stratum every row has the same probability, and the number of rows drawn is fixed.
    """
    numbers, sizes = np.unique(strata[strata >= 0], return_counts=True)
    quotas = share_out(sizes, n)
    rows, chances = [], []
    for number, size, quota in zip(numbers, sizes, quotas, strict=True):
        own = np.flatnonzero(strata == number)
        rows.append(rng.choice(own, quota, replace=False))
        chances.append(np.full(quota, quota / size))
    order = rng.permutation(sum(map(len, rows)))
    return DrawnRows(np.concatenate(rows)[order], np.concatenate(chances)[order])


def share_out(sizes: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """How many rows to draw from strata of these sizes, n in all if there are as many."""
    if sizes.sum() <= n:
        return sizes
    wanted = n * ((1 - EQUAL_SHARE) * sizes / sizes.sum() + EQUAL_SHARE / len(sizes))
    quotas: NDArray[np.int64] = np.minimum(sizes, np.maximum(LEAST_DRAWN, np.floor(wanted).astype(np.int64)))
    # What small strata cannot give goes to the others, where most is missing.
    while quotas.sum() < n:
        open_ = np.flatnonzero(quotas < sizes)
        quotas[open_[np.argmax((wanted / np.maximum(quotas, 1))[open_])]] += 1
    return quotas


@dataclass(frozen=True, slots=True)
class Strata:
    """Each row's stratum, (n,), -1 for rows without labels, and the strata's names: a label and a span of days."""

    numbers: NDArray[np.int64]
    names: tuple[str, ...]


def make_strata(corpus: CorpusArrays, task: str | None = None) -> Strata:
    """Strata of the labels that the model gave for a task, in each of SPANS spans of days with as many articles each.

    By default the task is the first that depends on another, else the first where one label holds, else the first. Articles
    without a date are a span of their own. Raises FindingsError for a task that the taxonomy lacks.
    """
    chosen = _stratified_task(corpus, task)
    known = corpus.labelled[chosen.key]
    codes = corpus.labels[chosen.key] @ (1 << np.arange(len(chosen.keys)))
    spans, span_names = _spans(corpus.days)
    pairs = np.stack([codes, spans], axis=1)
    distinct, which = np.unique(pairs[known], axis=0, return_inverse=True)
    numbers = np.full(len(corpus), -1)
    numbers[known] = which.ravel()
    return Strata(numbers, tuple(f"{_label_names(chosen, int(code))}, {span_names[span]}" for code, span in distinct))


def draw_sample(corpus: CorpusArrays, texts: Mapping[str, str], n: int, *, task: str | None = None, seed: int = 0) -> list[Row]:
    """Rows of about `n` articles drawn at random from all strata, JSON-ready, for people to label.

    Each has id, title, text, outlet, date, url, `stratum` and `draw_probability`; not the model's labels, which would lead
    whoever labels. `texts` are by id. Raises FindingsError if a drawn article has no text.
    """
    strata = make_strata(corpus, task)
    drawn = draw_rows(strata.numbers, n, np.random.default_rng(seed))
    sample = []
    for row, chance in zip(drawn.rows, drawn.chances, strict=True):
        article_id = corpus.ids[row]
        if not texts.get(article_id):
            raise FindingsError(
                f"{corpus.name}: article {article_id!r} has no text there; score with --with-body, or name the articles that "
                "were scored with --texts"
            )
        day = corpus.days[row]
        sample.append(
            {
                "id": article_id,
                "title": corpus.text("title", row),
                "text": texts[article_id],
                "outlet": corpus.outlets[row],
                "date": None if np.isnat(day) else str(day),
                "url": corpus.text("url", row),
                "stratum": strata.names[strata.numbers[row]],
                CHANCE_KEY: float(chance),
            }
        )
    return sample


def _stratified_task(corpus: CorpusArrays, wanted: str | None) -> Task:
    taxonomy = corpus.taxonomy
    if wanted is None:
        dependent = [task for task in taxonomy.one_tasks if task.without is not None]
        return next(iter((*dependent, *taxonomy.one_tasks, *taxonomy.tasks)))
    if wanted not in taxonomy.keys:
        raise FindingsError(f"--task {wanted}: is no task of this model; choose one of {', '.join(taxonomy.keys)}")
    return taxonomy.task(wanted)


def _spans(days: NDArray[np.datetime64]) -> tuple[NDArray[np.int64], list[str]]:
    """The span of each day, and the spans' names; the last is for articles without a date."""
    dated = ~np.isnat(days)
    spans = np.full(len(days), SPANS)
    names = ["no date"] * (SPANS + 1)
    if dated.any():
        numbers = days[dated].astype(np.int64)
        inner = np.unique(np.quantile(numbers, np.arange(1, SPANS) / SPANS))
        spans[dated] = np.searchsorted(inner, numbers, side="right")
        for span in np.unique(spans[dated]):
            own = days[dated & (spans == span)]
            names[span] = f"{own.min()} to {own.max()}"
    return spans, names


def _label_names(task: Task, code: int) -> str:
    return f"{task.key} {'+'.join(key for place, key in enumerate(task.keys) if code >> place & 1) or 'no label'}"
