"""How well the sentences shown as evidence are those that a person marked.

Measured for the labels that the model gave rightly, so that a wrong label is not counted twice. A sentence is marked where it
overlaps a marked stretch; agreement is by whole sentences, as rationales are compared in DeYoung et al. 2020, "ERASER".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from sorot.data.labels.records import LabelledArticle, Mark
from sorot.data.taxonomy import Taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.evidence import Evidence
from sorot.training.measure.metrics import FloatArray, IntArray, interval


def score_evidence(rows: Sequence[LabelledArticle], analyses: Sequence[Analysis], taxonomy: Taxonomy) -> dict[str, Any]:
    """By task with marked labels that the model gave: how many, sentence F1 and first-sentence precision with 95 % intervals.

    F1 is over all shown and all marked sentences together; the first sentence is the strongest one shown for a label.
    """
    counts: dict[str, list[tuple[int, int, int, int]]] = defaultdict(list)
    for row, analysis in zip(rows, analyses, strict=True):
        marks: dict[tuple[str, str], list[Mark]] = defaultdict(list)
        for mark in row.marks:
            marks[mark.task, mark.label].append(mark)
        for (task, label), marked in marks.items():
            shown = [e for e in analysis.evidence if (e.task, e.label) == (task, label)]
            if shown:
                hits = [_overlaps(sentence, marked, row.article.body) for sentence in shown]
                found = sum(any(_overlaps(sentence, [mark], row.article.body) for sentence in shown) for mark in marked)
                counts[task].append((len(shown), sum(hits), len(marked), found))
                counts[f"{task} first"].append((1, int(hits[0]), 0, 0))
    scores = {}
    for task in taxonomy.keys:
        if not counts[task]:
            continue
        numbers, first = np.array(counts[task]), np.array(counts[f"{task} first"])[:, 1].astype(float)
        low, high = interval(partial(_f1_of, numbers), len(numbers))
        first_low, first_high = interval(partial(_mean_of, first), len(first))
        scores[task] = {
            "labels": len(numbers),
            "f1": _f1(numbers),
            "f1_interval": [low, high],
            "first_sentence": float(first.mean()),
            "first_sentence_interval": [first_low, first_high],
        }
    return scores


def _f1_of(counts: FloatArray, chosen: IntArray) -> float:
    return _f1(counts[chosen])


def _mean_of(values: FloatArray, chosen: IntArray) -> float:
    return float(values[chosen].mean())


def _f1(counts: FloatArray) -> float:
    """F1 of (shown, of them marked, marked, of them shown) per label."""
    shown, hits, marked, found = counts.sum(axis=0)
    precision, recall = hits / shown, found / marked
    return float(2 * precision * recall / (precision + recall)) if precision + recall else 0.0


def _overlaps(sentence: Evidence, marks: Sequence[Mark], body: str) -> bool:
    """Whether a sentence shown shares text with a marked stretch; a title has no place in the body and is compared as text."""
    if sentence.start is None or sentence.end is None:
        return any(mark.sentence in sentence.sentence or sentence.sentence in mark.sentence for mark in marks)
    for mark in marks:
        start = body.find(mark.sentence)
        if start >= 0 and sentence.start < start + len(mark.sentence) and start < sentence.end:
            return True
    return False
