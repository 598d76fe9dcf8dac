"""What was taken for what: confusion tables, and the errors that the model was surest of, with the sentences behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import TASKS, Task, Taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.training.measure.metrics import BoolArray

WORST = 10
SENTENCES = 2
WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong label of an article. Of topics `label` is the one wrongly given or missed, else the one given.

    `probability` is what the model held of the side it took: of a missed topic 1 - p. `evidence` holds the sentences that
    speak most for `label`.
    """

    id: str
    title: str
    label: str
    truth: str
    found: str
    probability: float
    evidence: tuple[str, ...]


def confusion_matrix(truth: BoolArray, found: BoolArray, labels: Sequence[str]) -> dict[str, Any]:
    """Counts of articles by true label (rows) and label given (columns, the last one those without a label); JSON-ready.

    Both arrays have shape (n, labels); a row of `found` without a label was withheld.
    """
    given = np.concatenate([found, ~found.any(axis=1, keepdims=True)], axis=1)
    counts = truth.astype(np.int64).T @ given.astype(np.int64)
    return {"rows": list(labels), "columns": [*labels, WITHHELD], "counts": counts.tolist()}


def binary_counts(truth: BoolArray, found: BoolArray, labels: Sequence[str]) -> dict[str, dict[str, int]]:
    """By topic its true and false positives and negatives, in articles; both arrays have shape (n, labels)."""
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
    """By task the `WORST` wrong labels of greatest probability, the surest first; JSON-ready. Withheld articles have none."""
    worst: dict[str, list[dict[str, Any]]] = {}
    for task in TASKS:
        mistakes = [
            m for row, a in zip(rows, analyses, strict=True) if a.withheld is None for m in _mistakes(row, a, task, taxonomy)
        ]
        mistakes.sort(key=lambda m: (-m.probability, m.id, m.label))
        worst[task] = [asdict(m) for m in mistakes[:WORST]]
    return worst


def _mistakes(row: LabelledArticle, analysis: Analysis, task: Task, taxonomy: Taxonomy) -> Iterator[Mistake]:
    probability = analysis.probabilities[task]
    title = row.article.title or ""

    def mistake(label: str, truth: str, found: str, p: float) -> Mistake:
        return Mistake(row.article.id, title, label, truth, found, p, _evidence(analysis, task, label))

    if task != "topics":
        truth, found = getattr(row, task), getattr(analysis, task)
        if truth is not None and found != truth:
            yield mistake(found, truth, found, probability[found])
        return
    for topic in taxonomy.labels(task) if row.topics is not None else ():
        true, given, p = topic in (row.topics or ()), topic in analysis.topics, probability[topic]
        if true != given:
            yield mistake(topic, "yes" if true else "no", "yes" if given else "no", p if given else 1 - p)


def _evidence(analysis: Analysis, task: Task, label: str) -> tuple[str, ...]:
    own = [e for e in analysis.contributions if e.task == task and e.label == label and e.contribution > 0]
    return tuple(e.sentence for e in sorted(own, key=lambda e: -e.contribution)[:SENTENCES])
