"""Measure a bundle on labelled articles, through the same scorer that serves it, beside baselines of the same run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Protocol

import numpy as np

from sorot.data.article import Article
from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import TASKS, Task, Taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.scorer import Scorer
from sorot.training.measure.baselines import Indicators, indicators, is_labelled, majority, tfidf
from sorot.training.measure.confusion import binary_counts, confusion_matrix, worst_errors
from sorot.training.measure.metrics import FloatArray, label_score, macro_f1_with_interval
from sorot.training.measure.probability_curves import calibration, topic_curves
from sorot.training.measure.slices import score_slices, training_coverage

CHUNK = 64


class ArticleScorer(Protocol):
    """What analyses articles by a taxonomy, as sorot.serving.model.scorer.Scorer does."""

    @property
    def taxonomy(self) -> Taxonomy: ...

    def score(self, articles: Sequence[Article]) -> list[Analysis]: ...


def analyse_articles(scorer: ArticleScorer, articles: Sequence[Article]) -> list[Analysis]:
    """Score articles, cleaned ones, as the batch scorer would."""
    out: list[Analysis] = []
    for start in range(0, len(articles), CHUNK):
        out += scorer.score(articles[start : start + CHUNK])
    return out


def analyse_rows(scorer: ArticleScorer, rows: Sequence[LabelledArticle]) -> list[Analysis]:
    """Score labelled articles, whose text is cleaned already, as the batch scorer would."""
    return analyse_articles(scorer, [row.article for row in rows])


def found_labels(analyses: Sequence[Analysis], taxonomy: Taxonomy) -> Indicators:
    """Assigned labels by task, (n, labels of the task)."""
    out: Indicators = {}
    for task in TASKS:
        labels = taxonomy.labels(task)
        given = [a.topics if task == "topics" else (getattr(a, task),) for a in analyses]
        out[task] = np.array([[label in g for label in labels] for g in given], dtype=bool).reshape(len(given), len(labels))
    return out


def evaluate_rows(
    scorer: Scorer, rows: Sequence[LabelledArticle], baseline_rows: Sequence[LabelledArticle] = ()
) -> dict[str, Any]:
    """A report, JSON-ready.

    For each task that is labelled: macro-F1 with interval, scores by label, confusion table, ECE, Brier score, reliability
    bins, precision-recall curves of topics, and macro-F1 of baselines fitted on `baseline_rows`, the training articles.
    Besides, macro-F1 by slice (seen or unseen by the same articles), and the worst errors.
    """
    taxonomy = scorer.taxonomy
    analyses = analyse_rows(scorer, rows)
    truth, found = indicators(rows, taxonomy), found_labels(analyses, taxonomy)
    baselines: dict[str, Indicators] = {}
    if baseline_rows:
        baselines = {"tfidf": tfidf(baseline_rows, rows, taxonomy), "majority": majority(baseline_rows, rows, taxonomy)}
    tasks: dict[str, Any] = {}
    for task in TASKS:
        known = np.flatnonzero(is_labelled(rows, task))
        if len(known) == 0:
            continue
        labels = taxonomy.labels(task)
        true, given = truth[task][known], found[task][known]
        scored = [i for i in known if analyses[i].withheld is None]
        probability = _probabilities([analyses[i] for i in scored], taxonomy, task)
        tasks[task] = {
            "articles": len(known),
            **macro_f1_with_interval(true, given),
            "labels": {label: asdict(label_score(true[:, k], given[:, k])) for k, label in enumerate(labels)},
            "confusion": binary_counts(true, given, labels) if task == "topics" else confusion_matrix(true, given, labels),
            **calibration(probability, truth[task][scored], task),
            "baselines": {name: macro_f1_with_interval(true, b[task][known]) for name, b in baselines.items()},
        }
        if task == "topics":
            tasks[task]["curves"] = topic_curves(probability, truth[task][scored], scorer.manifest.flat_thresholds, taxonomy)
    return {
        "articles": len(rows),
        "withheld": sum(a.withheld is not None for a in analyses),
        "tasks": tasks,
        "slices": score_slices(rows, truth, found, training_coverage(baseline_rows) if baseline_rows else None),
        "errors": worst_errors(rows, analyses, taxonomy),
    }


def _probabilities(analyses: Sequence[Analysis], taxonomy: Taxonomy, task: Task) -> FloatArray:
    """Probabilities of a task, (n, labels of the task)."""
    labels = taxonomy.labels(task)
    rows = [[a.probabilities[task][label] for label in labels] for a in analyses]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(labels))
