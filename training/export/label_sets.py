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

from sorot.data.taxonomy import Taxonomy
from sorot.serving.model.manifest import LabelSets
from sorot.training.export.calibrate import cross_fit
from sorot.training.input.batches import Targets, labelled_rows, truth_of

COVERAGE = 0.9
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
    scores: dict[str, list[float]] = {task.key: [] for task in taxonomy.one_tasks}
    for rows, calibration in cross_fit(deep, wide, targets, taxonomy, np.flatnonzero(unseen)):
        probabilities = calibration.probabilities(deep[rows], wide[rows], taxonomy)
        predicted = calibration.labels(deep[rows], wide[rows], taxonomy)
        for task in taxonomy.one_tasks:
            truth = truth_of([targets[int(i)] for i in rows], task)
            # The predicted label is always in the set.
            scores[task.key] += [
                1.0 if predicted[task.key][i, truth[i]] else float(probabilities[task.key][i, truth[i]])
                for i in labelled_rows(truth)
            ]
    n = min(map(len, scores.values()), default=0)
    if n < MIN_ARTICLES:
        return None
    return LabelSets(coverage=coverage, articles=n, least={task: least_probability(s, coverage) for task, s in scores.items()})


def least_probability(scores: Sequence[float], coverage: float) -> float:
    """Greatest bound that new scores reach with probability `coverage`, given exchangeable `scores`; 0 if they are too few."""
    k = math.floor((len(scores) + 1) * (1 - coverage) + 1e-9)
    return round(sorted(scores)[k - 1], 6) if k else 0.0
