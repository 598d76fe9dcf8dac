"""Confusion counts, and the model's most confident errors with their evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import Task, Taxonomy, held
from sorot.serving.model.analysis import Analysis
from sorot.training.measure.metrics import BoolArray

WORST = 10
EVIDENCE_SENTENCES = 2
WITHHELD_COLUMN = "withheld"


@dataclass(frozen=True, slots=True)
class WrongLabel:
    """A wrong label of an article: for a `many` task the label wrongly given or missed, else the label given.

    `probability` is the model's probability of its own answer: 1 - p for a missed label. `evidence` holds the sentences that
    contribute most to `label`.
    """

    id: str
    title: str
    label: str
    truth: str
    found: str
    probability: float
    evidence: tuple[str, ...]


def confusion_matrix(truth: BoolArray, found: BoolArray, labels: Sequence[str]) -> dict[str, Any]:
    """Counts of articles by true label (rows) and given label (columns, the last for withheld ones); JSON-ready.

    Both arrays have shape (n, labels); a row of `found` without a label was withheld.
    """
    given = np.concatenate([found, ~found.any(axis=1, keepdims=True)], axis=1)
    counts = truth.astype(np.int64).T @ given.astype(np.int64)
    return {"rows": list(labels), "columns": [*labels, WITHHELD_COLUMN], "counts": counts.tolist()}


def binary_counts(truth: BoolArray, found: BoolArray, labels: Sequence[str]) -> dict[str, dict[str, int]]:
    """By label the true and false positives and negatives, in articles; both arrays have shape (n, labels)."""
    return {
        label: {
            "tp": int((truth[:, k] & found[:, k]).sum()),
            "fp": int((~truth[:, k] & found[:, k]).sum()),
            "fn": int((truth[:, k] & ~found[:, k]).sum()),
            "tn": int((~truth[:, k] & ~found[:, k]).sum()),
        }
        for k, label in enumerate(labels)
    }


def worst_errors(
    rows: Sequence[LabelledArticle], analyses: Sequence[Analysis], taxonomy: Taxonomy
) -> dict[str, list[dict[str, Any]]]:
    """By task the `WORST` wrong labels of greatest probability, the surest first, withheld articles aside; JSON-ready."""
    worst: dict[str, list[dict[str, Any]]] = {}
    for task in taxonomy.tasks:
        errors = [e for row, a in zip(rows, analyses, strict=True) if a.withheld is None for e in _errors(row, a, task)]
        errors.sort(key=lambda e: (-e.probability, e.id, e.label))
        worst[task.key] = [asdict(e) for e in errors[:WORST]]
    return worst


def _errors(row: LabelledArticle, analysis: Analysis, task: Task) -> Iterator[WrongLabel]:
    true, given = row.labels.get(task.key), analysis.labels[task.key]
    probability = analysis.probabilities[task.key]

    def error(label: str, truth: str, found: str, p: float) -> WrongLabel:
        evidence = _evidence(analysis, task.key, label)
        return WrongLabel(row.article.id, row.article.title or "", label, truth, found, p, evidence)

    if true is None:
        return
    if isinstance(given, str):
        if given != true:
            yield error(given, str(true), given, probability[given])
        return
    for label in task.keys:
        holds, found, p = label in held(true), label in held(given), probability[label]
        if holds != found:
            yield error(label, "yes" if holds else "no", "yes" if found else "no", p if found else 1 - p)


def _evidence(analysis: Analysis, task: str, label: str) -> tuple[str, ...]:
    own = [e for e in analysis.contributions if e.task == task and e.label == label and e.contribution > 0]
    return tuple(e.sentence for e in sorted(own, key=lambda e: -e.contribution)[:EVIDENCE_SENTENCES])
