"""Which articles to label next: uncertain ones that differ from one another, a share for every label, and some at random.

The policy is two pure functions, used by the command and the benchmark. `rank` makes strata of the articles:

- random: drawn uniformly, before all others. Only these have a known chance of being chosen, so only they show how often a
  label occurs in the corpus, and what the model misses without doubting it.
- one for each label of a `many` task: nearest to the label's threshold, in logits (uncertainty sampling, Lewis and Gale 1994).
  Most probabilities of a rare label are far below its threshold, so the nearest articles are those that may have it.
- one for each `one` task: the smallest margin between the two most probable labels (Scheffer et al. 2001).

`choose` then takes from the head of each stratum articles that are far from all chosen before, drawn by their squared distance
(the seeding of k-means++, Arthur and Vassilvitskii 2007), so that a batch is not fifty times the same story.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sorot.data.taxonomy import Taxonomy
from sorot.training.measure.metrics import FloatArray, IntArray

RANDOM_SHARE = 0.2
MANY_TASKS_SHARE = 0.4
# Articles are drawn from the best WINDOW * quota of a stratum.
WINDOW = 4
# A stratum is DEPTH * quota long, because near-duplicates and articles of earlier strata drop out of it.
DEPTH = 12
EPSILON = 1e-6


@dataclass(frozen=True, slots=True)
class Stratum:
    """A reason to choose: `task` and, for a `many` task, `label`; both None for the random stratum.

    `quota` articles are wanted from `order`, the indices of its articles, best first.
    """

    task: str | None
    label: str | None
    quota: int
    order: IntArray


@dataclass(frozen=True, slots=True)
class Pick:
    """A chosen article and its stratum; None if the strata were exhausted and it fills a free place."""

    index: int
    stratum: Stratum | None


def rank(
    taxonomy: Taxonomy,
    probabilities: Mapping[str, FloatArray],
    thresholds: Mapping[str, Mapping[str, float]],
    n: int,
    rng: np.random.Generator,
) -> list[Stratum]:
    """Strata for a choice of n articles, the random one first.

    `probabilities` by task are (articles, labels of the task); `thresholds[task][label]` are those of the `many` tasks.
    """
    labels = [(task, k, label) for task in taxonomy.many_tasks for k, label in enumerate(task.keys)]
    others = taxonomy.one_tasks
    to_labels = MANY_TASKS_SHARE if labels and others else (1 - RANDOM_SHARE) * bool(labels)
    to_others = 1 - RANDOM_SHARE - to_labels
    shares = [to_labels / len(labels)] * len(labels) + [to_others / len(others)] * len(others)
    quotas = iter(_allot(n, [RANDOM_SHARE, *shares]))
    # The random order is long enough to fill all places.
    n_articles = len(probabilities[taxonomy.keys[0]])
    strata = [Stratum(None, None, next(quotas), rng.permutation(n_articles)[: DEPTH * n])]
    for task, k, label in labels:
        threshold = np.array(thresholds[task.key][label])
        distance = np.abs(_logit(probabilities[task.key][:, k]) - _logit(threshold))
        strata.append(_nearest(task.key, label, next(quotas), distance))
    for task in others:
        best = np.sort(probabilities[task.key], axis=1)
        strata.append(_nearest(task.key, None, next(quotas), best[:, -1] - best[:, -2]))
    return strata


def restrict(strata: Sequence[Stratum], kept: IntArray) -> list[Stratum]:
    """The strata over the articles `kept` (m,) alone; positions in `kept` are the new indices."""
    place = {int(old): new for new, old in enumerate(kept)}
    return [replace(s, order=np.array([place[i] for i in s.order.tolist() if i in place], dtype=np.int64)) for s in strata]


def choose(strata: Sequence[Stratum], features: FloatArray, n: int, rng: np.random.Generator) -> list[Pick]:
    """At most n different articles, fewer if the strata hold fewer; `features` is (articles, dimensions)."""
    picks: list[Pick] = []
    taken: set[int] = set()
    # Squared distance of each article from the nearest chosen one.
    apart = np.full(len(features), np.inf)

    def take(index: int, stratum: Stratum | None) -> None:
        picks.append(Pick(index, stratum))
        taken.add(index)
        np.minimum(apart, ((features - features[index]) ** 2).sum(axis=1), out=apart)

    for stratum in strata:
        free = [i for i in stratum.order.tolist() if i not in taken]
        if stratum.task is None:
            for index in free[: stratum.quota]:
                take(index, stratum)
            continue
        window = free[: WINDOW * stratum.quota]
        for _ in range(min(stratum.quota, len(window))):
            index = _draw(window, apart, rng)
            window.remove(index)
            take(index, stratum)
    for index in (i for stratum in strata for i in stratum.order.tolist()):
        if len(picks) == n:
            break
        if index not in taken:
            take(index, None)
    return picks


def _draw(window: Sequence[int], apart: FloatArray, rng: np.random.Generator) -> int:
    """An article of the window drawn by its squared distance; the first if nothing is chosen yet or nothing differs."""
    weight = apart[list(window)]
    total = weight.sum()
    if not 0 < total < np.inf:
        return window[0]
    return int(rng.choice(window, p=weight / total))


def _nearest(task: str, label: str | None, quota: int, distance: FloatArray) -> Stratum:
    return Stratum(task, label, quota, np.argsort(distance, kind="stable")[: DEPTH * quota])


def _allot(n: int, shares: Sequence[float]) -> list[int]:
    """n in whole parts by `shares`, which sum to 1, by largest remainders; the earlier part wins a tie."""
    exact = np.array(shares) * n
    parts = np.floor(exact + EPSILON).astype(int)
    for at in np.argsort(parts - exact, kind="stable")[: n - parts.sum()]:
        parts[at] += 1
    return [int(p) for p in parts]


def _logit(probability: FloatArray) -> FloatArray:
    inner = np.clip(probability, EPSILON, 1 - EPSILON)
    return np.asarray(np.log(inner / (1 - inner)))
