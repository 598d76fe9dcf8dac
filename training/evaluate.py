"""Measure a bundle on labelled articles, through the same scorer that serves it, beside baselines of the same run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from data.labels import LabelledArticle
from data.taxonomy import TASKS, Task, Taxonomy
from serving.analysis import Analysis
from serving.scorer import Scorer
from training.baselines import Indicators, indicators, is_labelled, majority, tfidf
from training.metrics import brier, expected_calibration_error, interval, label_score, macro_f1

CHUNK = 64


def analyse_rows(scorer: Scorer, rows: Sequence[LabelledArticle]) -> list[Analysis]:
    """Score labelled articles, whose text is cleaned already, as the batch scorer would."""
    out: list[Analysis] = []
    for start in range(0, len(rows), CHUNK):
        out += scorer.score([row.article for row in rows[start : start + CHUNK]])
    return out


def found_labels(analyses: Sequence[Analysis], taxonomy: Taxonomy) -> Indicators:
    """Assigned labels by task, (n, labels of the task)."""
    out: Indicators = {}
    for task in TASKS:
        given = [a.topics if task == "topics" else (getattr(a, task),) for a in analyses]
        out[task] = np.array([[label in g for label in taxonomy.labels(task)] for g in given], dtype=bool)
    return out


def evaluate_rows(
    scorer: Scorer, rows: Sequence[LabelledArticle], baseline_rows: Sequence[LabelledArticle] = ()
) -> dict[str, Any]:
    """A report: for each task that is labelled macro-F1 with interval, scores by label, ECE, Brier, baselines' macro-F1."""
    taxonomy = scorer.taxonomy
    analyses = analyse_rows(scorer, rows)
    truth, found = indicators(rows, taxonomy), found_labels(analyses, taxonomy)
    baselines: dict[str, Indicators] = {}
    if baseline_rows:
        baselines = {"tfidf": tfidf(baseline_rows, rows, taxonomy), "majority": majority(baseline_rows, rows, taxonomy)}
    report: dict[str, Any] = {"articles": len(rows), "withheld": sum(a.withheld is not None for a in analyses), "tasks": {}}
    for task in TASKS:
        known = np.flatnonzero(is_labelled(rows, task))
        if len(known) == 0:
            continue
        scored = [i for i in known if analyses[i].withheld is None]
        report["tasks"][task] = {
            "articles": len(known),
            **_score(truth[task][known], found[task][known]),
            "labels": {
                label: asdict(label_score(truth[task][known, k], found[task][known, k]))
                for k, label in enumerate(taxonomy.labels(task))
            },
            **_calibration([analyses[i] for i in scored], truth[task][scored], task),
            "baselines": {name: _score(truth[task][known], b[task][known]) for name, b in baselines.items()},
        }
    return report


def _score(truth: np.ndarray[Any, Any], found: np.ndarray[Any, Any]) -> dict[str, Any]:
    low, high = interval(lambda i: macro_f1(truth[i], found[i]), len(truth))
    return {"macro_f1": macro_f1(truth, found), "macro_f1_interval": [low, high]}


def _calibration(analyses: Sequence[Analysis], truth: np.ndarray[Any, Any], task: Task) -> dict[str, float]:
    probability = np.array([list(a.probabilities[task].values()) for a in analyses])
    if task == "topics":
        confidence, right = probability.ravel(), truth.ravel()
    else:
        confidence = probability.max(axis=1)
        right = truth[np.arange(len(truth)), probability.argmax(axis=1)]
    return {"ece": expected_calibration_error(confidence, right), "brier": brier(probability, truth)}
