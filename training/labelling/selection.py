"""Which articles to label next: uncertain ones that differ from one another, a share for every topic, and some at random.

The policy is two pure functions, which the command and the benchmark both use. `rank` makes strata of the articles:

- random: drawn uniformly, before all else. Only of these is it known how probable it was to choose them, so only they tell
  how often a label occurs in the corpus, and they alone can show what the model does not know that it misses.
- one a topic: nearest to the topic's threshold, in logits (uncertainty sampling, Lewis and Gale 1994). Probabilities of a rare
  topic are mostly far below its threshold, so the nearest are those that may be on it: it comes up however rare it is.
- one for stance and one for sentiment: the smallest margin between the two most probable labels (Scheffer et al. 2001).

`choose` then takes from the head of each stratum articles that are far from all chosen before, drawn by their squared distance
(the seeding of k-means++, Arthur and Vassilvitskii 2007), so that a batch is not fifty times the same story.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sorot.data.taxonomy import TASKS, Task
from sorot.training.measure.metrics import FloatArray, IntArray

RANDOM_SHARE = 0.2
TOPICS_SHARE = 0.4
# How many times its quota of a stratum's best is drawn from.
WINDOW = 4
# How many times its quota a stratum is long: near-duplicates and those that another stratum takes are left out of it.
DEPTH = 12
TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Stratum:
    """A reason to choose: `task` and, for topics, `label`, its number there; both None for the random one.

    `quota` articles are wanted of `order`, the indices of its articles, best first.
    """

    task: Task | None
    label: int | None
    quota: int
    order: IntArray


@dataclass(frozen=True, slots=True)
class Pick:
    """A chosen article and the stratum that it was chosen for; None where strata were exhausted and it fills a place."""

    index: int
    stratum: Stratum | None


def rank(probabilities: Mapping[str, FloatArray], thresholds: FloatArray, n: int, rng: np.random.Generator) -> list[Stratum]:
    """Strata for a choice of n articles, the random one first.

    `probabilities` by task are (articles, labels of the task), `thresholds` (topics,).
    """
    topics = probabilities["topics"]
    n_topics, others = topics.shape[1], TASKS[1:]
    rest = 1 - RANDOM_SHARE - TOPICS_SHARE
    quotas = _allot(n, [RANDOM_SHARE, *[TOPICS_SHARE / n_topics] * n_topics, *[rest / len(others)] * len(others)])
    distance = np.abs(_logit(topics) - _logit(thresholds))
    # The random order is long enough to fill all places.
    strata = [Stratum(None, None, quotas[0], rng.permutation(len(topics))[: DEPTH * n])]
    for k in range(n_topics):
        strata.append(_nearest("topics", k, quotas[1 + k], distance[:, k]))
    for task, quota in zip(others, quotas[1 + n_topics :], strict=True):
        best = np.sort(probabilities[task], axis=1)
        strata.append(_nearest(task, None, quota, best[:, -1] - best[:, -2]))
    return strata


def restrict(strata: Sequence[Stratum], kept: IntArray) -> list[Stratum]:
    """The same strata over the articles `kept` (m,) alone, whose places there are their new indices."""
    place = {int(old): new for new, old in enumerate(kept)}
    return [replace(s, order=np.array([place[i] for i in s.order.tolist() if i in place], dtype=np.int64)) for s in strata]


def choose(strata: Sequence[Stratum], features: FloatArray, n: int, rng: np.random.Generator) -> list[Pick]:
    """n different articles, or all there are in the strata where those are fewer; `features` is (articles, dimensions)."""
    picks: list[Pick] = []
    taken: set[int] = set()
    # Squared distance of each article from the nearest that is chosen.
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
    """One of the window by its squared distance; the first where nothing is chosen yet or nothing differs."""
    weight = apart[list(window)]
    total = weight.sum()
    if not 0 < total < np.inf:
        return window[0]
    return int(rng.choice(window, p=weight / total))


def _nearest(task: Task, label: int | None, quota: int, distance: FloatArray) -> Stratum:
    return Stratum(task, label, quota, np.argsort(distance, kind="stable")[: DEPTH * quota])


def _allot(n: int, shares: Sequence[float]) -> list[int]:
    """n in whole parts by `shares`, which add up to 1: largest remainders, the earlier one first."""
    exact = np.array(shares) * n
    parts = np.floor(exact + TINY).astype(int)
    for at in np.argsort(parts - exact, kind="stable")[: n - parts.sum()]:
        parts[at] += 1
    return [int(p) for p in parts]


def _logit(probability: FloatArray) -> FloatArray:
    inner = np.clip(probability, TINY, 1 - TINY)
    return np.asarray(np.log(inner / (1 - inner)))
