"""Sets of labels that have the true one as often as promised, on sources that training has not seen.

Split conformal prediction (Vovk, Gammerman and Shafer 2005, "Algorithmic learning in a random world"; Angelopoulos and Bates
2023, "Conformal prediction: a gentle introduction", section 1): the least probability in a set is the quantile of the
probabilities of true labels. Calibration has read the same articles, so their probabilities are cross-fitted.
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
# With fewer articles a promise of COVERAGE has no meaning.
MIN_ARTICLES = 50


def fit_label_sets(
    deep: NDArray[np.float32],
    wide: NDArray[np.float32],
    targets: Sequence[Targets],
    taxonomy: Taxonomy,
    unseen: NDArray[np.bool_],
    coverage: float = COVERAGE,
) -> LabelSets | None:
    """The least probability in the set of each `one` task; None if no task has MIN_ARTICLES labelled articles to fit it on.

    `deep`, `wide` and `targets` as in `fit_calibration`. Sets are fitted on the first rows, those that `unseen` (at most n,) is
    true for; each row's probabilities come from a calibration on the other folds.
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
    """The greatest bound that at least `coverage` of further scores reach, given n exchangeable ones; 0 where n is too small."""
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
    """The probability of the true label of each labelled row; 1 where it is the one given, which is always in the set."""
    truth = truth_of(targets, task)
    known = labelled_rows(truth)
    probabilities = calibration.probabilities(deep, wide, taxonomy)
    given = probabilities[task.key].argmax(axis=1)
    if task.default is not None and task.without is not None:
        other = taxonomy.task(task.without)
        thresholds = np.array([calibration.thresholds[other.key][label] for label in other.keys])
        given = np.where((probabilities[other.key] >= thresholds).any(axis=1), given, task.keys.index(task.default))
    return [1.0 if given[i] == truth[i] else float(probabilities[task.key][i, truth[i]]) for i in known]
