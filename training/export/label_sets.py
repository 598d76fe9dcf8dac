"""Fit label sets: sets that contain the true label with a given coverage, on sources that training has not seen.

Split conformal prediction (Vovk, Gammerman and Shafer 2005, "Algorithmic learning in a random world"; Angelopoulos and Bates
2023, "Conformal prediction: a gentle introduction", section 1): a set holds all labels whose probability reaches a quantile
of the true labels' probabilities. These are cross-fitted, because calibration uses the same articles.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.model.manifest import LabelSets
from sorot.training.export.calibrate import Calibration, fit_calibration
from sorot.training.input.batches import Targets, labelled_rows, truth_of

COVERAGE = 0.9
FOLDS = 5
# With fewer articles, the coverage would be too uncertain.
MIN_ARTICLES = 50


def fit_label_sets(
    deep: NDArray[np.float32],
    wide: NDArray[np.float32],
    targets: Sequence[Targets],
    taxonomy: Taxonomy,
    unseen: NDArray[np.bool_],
    coverage: float = COVERAGE,
) -> LabelSets | None:
    """Least probability in the set of each `one` task; None if any such task has fewer than MIN_ARTICLES labelled articles.

    `deep`, `wide` and `targets` are as in `fit_calibration`. `unseen` (at most n,) covers the first rows and selects those to
    fit on. Each row's probabilities come from a calibration on the other folds.
    """
    chosen = np.flatnonzero(unseen)
    scores: dict[str, list[float]] = {task.key: [] for task in taxonomy.one_tasks}
    fold_of = np.arange(len(targets)) % FOLDS
    for fold in range(FOLDS):
        rest = np.flatnonzero(fold_of != fold)
        rows = chosen[fold_of[chosen] == fold]
        calibration = fit_calibration(deep[rest], wide[rest], [targets[int(i)] for i in rest], taxonomy)
        for task in taxonomy.one_tasks:
            scores[task.key] += _scores(calibration, deep[rows], wide[rows], [targets[int(i)] for i in rows], taxonomy, task)
    n = min(map(len, scores.values()), default=0)
    if n < MIN_ARTICLES:
        return None
    return LabelSets(coverage=coverage, articles=n, least={task: least_probability(s, coverage) for task, s in scores.items()})


def least_probability(scores: Sequence[float], coverage: float) -> float:
    """Greatest bound that new scores reach with probability `coverage`, given exchangeable `scores`; 0 if they are too few."""
    k = math.floor((len(scores) + 1) * (1 - coverage) + 1e-9)
    return round(sorted(scores)[k - 1], 6) if k else 0.0


def _scores(
    calibration: Calibration,
    deep: NDArray[np.float32],
    wide: NDArray[np.float32],
    targets: Sequence[Targets],
    taxonomy: Taxonomy,
    task: Task,
) -> list[float]:
    """Probability of each labelled row's true label; 1 if it is the predicted label, which is always in the set."""
    truth = truth_of(targets, task)
    known = labelled_rows(truth)
    probabilities = calibration.probabilities(deep, wide, taxonomy)
    predicted = probabilities[task.key].argmax(axis=1)
    if task.default is not None and task.without is not None:
        other = taxonomy.task(task.without)
        thresholds = np.array([calibration.thresholds[other.key][label] for label in other.keys])
        predicted = np.where((probabilities[other.key] >= thresholds).any(axis=1), predicted, task.keys.index(task.default))
    return [1.0 if predicted[i] == truth[i] else float(probabilities[task.key][i, truth[i]]) for i in known]
