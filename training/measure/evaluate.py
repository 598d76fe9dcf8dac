"""Measure a bundle on labelled articles, through the scorer that serves it, beside baselines fitted in the same run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Protocol

import numpy as np

from sorot.data.article import Article
from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import Task, Taxonomy, held
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.scorer import Scorer
from sorot.training.measure.baselines import Indicators, indicators, is_labelled, majority, tfidf
from sorot.training.measure.certainty import measure_certainty
from sorot.training.measure.confusion import binary_counts, confusion_matrix, worst_errors
from sorot.training.measure.evidence_scores import score_evidence
from sorot.training.measure.metrics import FloatArray, label_score, macro_f1_with_interval
from sorot.training.measure.probability_curves import calibration, label_curves
from sorot.training.measure.slices import score_slices, training_coverage

ARTICLES_PER_CALL = 64


class BatchScorer(Protocol):
    """Analyses articles by a taxonomy, as sorot.serving.model.scorer.Scorer does."""

    @property
    def taxonomy(self) -> Taxonomy: ...

    def score(self, articles: Sequence[Article]) -> list[Analysis]: ...


def analyse_articles(scorer: BatchScorer, articles: Sequence[Article]) -> list[Analysis]:
    """Score cleaned articles as the batch scorer would."""
    out: list[Analysis] = []
    for start in range(0, len(articles), ARTICLES_PER_CALL):
        out += scorer.score(articles[start : start + ARTICLES_PER_CALL])
    return out


def analyse_rows(scorer: BatchScorer, rows: Sequence[LabelledArticle]) -> list[Analysis]:
    """Score labelled articles, cleaned already, as the batch scorer would."""
    return analyse_articles(scorer, [row.article for row in rows])


def given_labels(analyses: Sequence[Analysis], taxonomy: Taxonomy) -> Indicators:
    """Labels that the model gave by task, (n, labels of the task); only False where they are withheld."""
    out: Indicators = {}
    for task in taxonomy.tasks:
        given = [held(a.labels[task.key]) for a in analyses]
        out[task.key] = np.array([[key in g for key in task.keys] for g in given], dtype=bool).reshape(len(given), len(task.keys))
    return out


def evaluate_rows(
    scorer: Scorer, rows: Sequence[LabelledArticle], baseline_rows: Sequence[LabelledArticle] = ()
) -> dict[str, Any]:
    """A report, JSON-ready.

    For each task with labelled articles: its kind, macro-F1 with interval, scores by label, confusion counts, ECE, Brier
    score, reliability bins, for `many` tasks precision-recall curves, and macro-F1 of baselines fitted on `baseline_rows`, the
    training articles. Also macro-F1 by slice (`baseline_rows` say which outlets and years training has seen), agreement with
    marked evidence, and the worst errors.
    """
    taxonomy = scorer.taxonomy
    analyses = analyse_rows(scorer, rows)
    truth, found = indicators(rows, taxonomy), given_labels(analyses, taxonomy)
    baselines: dict[str, Indicators] = {}
    if baseline_rows:
        baselines = {"tfidf": tfidf(baseline_rows, rows, taxonomy), "majority": majority(baseline_rows, rows, taxonomy)}
    tasks: dict[str, Any] = {}
    for task in taxonomy.tasks:
        known = np.flatnonzero(is_labelled(rows, task.key))
        if len(known) == 0:
            continue
        true, given = truth[task.key][known], found[task.key][known]
        scored = [i for i in known if analyses[i].withheld is None]
        probability = _probabilities([analyses[i] for i in scored], task)
        tasks[task.key] = {
            "kind": task.kind,
            "articles": len(known),
            **macro_f1_with_interval(true, given),
            "labels": {label: asdict(label_score(true[:, k], given[:, k])) for k, label in enumerate(task.keys)},
            "confusion": (binary_counts if task.many else confusion_matrix)(true, given, task.keys),
            **calibration(probability, truth[task.key][scored], task),
            "baselines": {name: macro_f1_with_interval(true, b[task.key][known]) for name, b in baselines.items()},
        }
        if not task.many:
            tasks[task.key]["certainty"] = measure_certainty(rows, analyses, task)
        if task.many:
            thresholds = scorer.manifest.thresholds[task.key]
            tasks[task.key]["curves"] = label_curves(probability, truth[task.key][scored], thresholds, task)
    return {
        "articles": len(rows),
        "withheld": sum(a.withheld is not None for a in analyses),
        "tasks": tasks,
        "slices": score_slices(rows, truth, found, taxonomy, training_coverage(baseline_rows) if baseline_rows else None),
        "evidence": score_evidence(rows, analyses, taxonomy),
        "errors": worst_errors(rows, analyses, taxonomy),
    }


def _probabilities(analyses: Sequence[Analysis], task: Task) -> FloatArray:
    """Probabilities of a task, (n, labels of the task)."""
    rows = [[a.probabilities[task.key][label] for label in task.keys] for a in analyses]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(task.keys))
