"""The order of the review queue: most doubtful articles first, in fixed shares for every task and label, some at random.

For a task of the kind 'many' each label is in doubt as far as its probability is near its threshold, in logits. The
probability of a rare label is mostly far below, so the nearest articles are those that may have it: it comes up however rare
it is. For a task of the kind 'one' an article is in doubt if the two best labels are close; if the task depends on another,
only as far as that one has a label. A fifth of the articles comes up at random: only these may be counted to estimate how
often a label occurs. `sorot suggest` uses the same shares.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sorot.data.taxonomy import Taxonomy
from sorot.serving.model.analysis import Analysis

# The reasons of an article of an audit sample, and of one that came up at random.
AUDIT = "the audit sample"
CHANCE = "the random share"
CHANCE_SHARE = 0.2
# Of tasks of the kind 'many', divided among them and their labels; the rest is for those of the kind 'one'.
MANY_SHARE = 0.4
# Between task and label in the name of a doubt; no key of a taxonomy holds it.
SEPARATOR = ": "
TINY = 1e-6

# From 'task: label' or 'task' to a number from 0, no doubt, to 1, as doubtful as can be.
Doubts = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Turn:
    """An article's place in the queue: its index among the articles given, and the reason why it comes up."""

    index: int
    reason: str


def find_doubts(analysis: Analysis, thresholds: Mapping[str, Mapping[str, float]], taxonomy: Taxonomy) -> dict[str, float]:
    """The model's doubts about an article that it labels. `thresholds` by task and label, for every 'many' task."""
    doubts: dict[str, float] = {}
    for task in taxonomy.tasks:
        probabilities = analysis.probabilities[task.key]
        if task.many:
            for label, p in probabilities.items():
                distance = abs(_logit(p) - _logit(thresholds[task.key][label]))
                doubts[f"{task.key}{SEPARATOR}{label}"] = math.exp(-distance)
        else:
            second, best = sorted(probabilities.values())[-2:]
            doubts[task.key] = 1 - (best - second)
            if task.without is not None:
                doubts[task.key] *= max(analysis.probabilities[task.without].values())
    return doubts


def first_reason(text_hash: str, doubts: Doubts) -> str:
    """The reason of an article that is not in order yet: chance, if its hash says so, else its greatest doubt."""
    return CHANCE if _random(text_hash) < CHANCE_SHARE else max(doubts, key=lambda name: doubts[name])


def order_queue(articles: Sequence[tuple[str, Doubts]]) -> list[Turn]:
    """The turns of all articles, given as (hash of the text, doubts). The hash serves as the random number."""
    random = [_random(text_hash) for text_hash, _ in articles]
    names = sorted({name for _, doubts in articles for name in doubts})
    by_chance = sorted(range(len(articles)), key=lambda i: random[i])
    doubted = [i for i in by_chance if random[i] >= CHANCE_SHARE]
    lists = {name: sorted(doubted, key=lambda i: -articles[i][1][name]) for name in names}
    lists[CHANCE] = [i for i in by_chance if random[i] < CHANCE_SHARE]
    weights = _weights(names)
    credit = dict.fromkeys(lists, 0.0)
    position = dict.fromkeys(lists, 0)
    taken = [False] * len(articles)
    turns: list[Turn] = []
    while len(turns) < len(articles):
        for name, indices in lists.items():
            while position[name] < len(indices) and taken[indices[position[name]]]:
                position[name] += 1
        waiting = [name for name, indices in lists.items() if position[name] < len(indices)]
        for name in waiting:
            credit[name] += weights[name]
        # The list with the greatest credit is next, so that each has its share over any stretch of the queue.
        name = max(waiting, key=lambda each: credit[each])
        credit[name] -= sum(weights[each] for each in waiting)
        index = lists[name][position[name]]
        taken[index] = True
        turns.append(Turn(index, name))
    return turns


def _weights(names: Sequence[str]) -> dict[str, float]:
    """The share of the queue of every doubt, and of chance."""
    labels: dict[str, list[str]] = {}
    for name in names:
        if SEPARATOR in name:
            labels.setdefault(name.partition(SEPARATOR)[0], []).append(name)
    one_tasks = [name for name in names if SEPARATOR not in name]
    weights = {CHANCE: CHANCE_SHARE}
    for own in labels.values():
        weights |= dict.fromkeys(own, MANY_SHARE / len(labels) / len(own))
    return weights | dict.fromkeys(one_tasks, (1 - CHANCE_SHARE - MANY_SHARE) / max(1, len(one_tasks)))


def _random(text_hash: str) -> float:
    """A number from 0 to 1, fixed by the text."""
    return int(text_hash[:12], 16) / 16**12


def _logit(probability: float) -> float:
    p = min(max(probability, TINY), 1 - TINY)
    return math.log(p / (1 - p))
