"""How often the model is right where it is sure, and how often its label sets keep their promise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import Task
from sorot.serving.model.analysis import Analysis
from sorot.training.measure.metrics import BoolArray, interval

# The share of articles, those with the greatest probability, that counts as the surest (selective prediction, El-Yaniv and
# Wiener 2010, "On the foundations of noise-free selective classification").
SUREST = 0.8


def measure_certainty(rows: Sequence[LabelledArticle], analyses: Sequence[Analysis], task: Task) -> dict[str, Any]:
    """For a `one` task, with 95 % intervals: accuracy on all labelled articles and on the SUREST of them, and, for a model with
    label sets, how many sets have the true label, how many have one label alone, and the accuracy of those.
    """
    pairs = [(r.labels[task.key], a) for r, a in zip(rows, analyses, strict=True) if r.labels.get(task.key) and not a.withheld]
    if not pairs:
        return {}
    right = np.array([a.labels[task.key] == truth for truth, a in pairs])
    # A default label is given without regard to its own probability, so it is as sure as the label itself.
    probability = np.array([a.probabilities[task.key][str(a.labels[task.key])] for _, a in pairs])
    surest = np.argsort(-probability, kind="stable")[: max(1, round(SUREST * len(pairs)))]
    found: dict[str, Any] = {"accuracy": _share(right), "surest": SUREST, "accuracy_surest": _share(right[surest])}
    sets = [a.label_sets.get(task.key) for _, a in pairs]
    if None not in sets:
        hits = np.array([truth in (labels or ()) for (truth, _), labels in zip(pairs, sets, strict=True)])
        single = np.array([len(labels or ()) == 1 for labels in sets])
        found |= {"sets_right": _share(hits), "sets_single": _share(single)}
        if single.any():
            found["accuracy_single"] = _share(right[single])
    return found


_WORDS = {
    "accuracy": "articles with the right label",
    "accuracy_surest": "the same of the surest {surest:.0%} of articles",
    "sets_right": "label sets with the true label",
    "sets_single": "label sets of one label",
    "accuracy_single": "those that are right",
}


def certainty_rows(tasks: Mapping[str, Any]) -> list[tuple[str, str, float, list[float]]]:
    """What `measure_certainty` found for the tasks of a report: task, what is counted, the share, and its 95 % interval."""
    rows = []
    for task, scores in tasks.items():
        certainty = scores.get("certainty", {})
        for key, words in _WORDS.items():
            if key in certainty:
                share, *span = certainty[key]
                rows.append((task, words.format(surest=certainty["surest"]), share, span))
    return rows


def _share(right: BoolArray) -> list[float]:
    """The share of True, and its 95 % bootstrap interval."""
    return [float(right.mean()), *interval(lambda i: float(right[i].mean()), len(right))]
