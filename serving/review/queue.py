"""In which order articles are reviewed: those that the model doubts, a share for every task and topic, some by chance.

A topic is doubted where its probability is near its threshold, in logits; that of a rare topic is mostly far below, so the
nearest are those that may be on it, and it comes up however rare it is. Stance and sentiment are doubted where the two best
labels are close, stance only as far as there is a topic to take a stance on. A fifth of all articles waits for its turn
by chance alone: only these may be counted to estimate how often a label occurs. `sorot suggest` chooses by the same shares.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sorot.data.taxonomy import TASKS, Taxonomy
from sorot.serving.model.analysis import Analysis

CHANCE = "the random share"
CHANCE_SHARE = 0.2
TOPICS_SHARE = 0.4
TINY = 1e-6

# By what is doubted: 0 where there is no doubt, 1 where there is nothing else.
Doubts = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Turn:
    """An article's turn: its number among those to order, and what it is there for."""

    index: int
    reason: str


def find_doubts(analysis: Analysis, thresholds: Mapping[str, float], taxonomy: Taxonomy) -> dict[str, float]:
    """What the model doubts of an article that it labels, each from 0 to 1."""
    topics = analysis.probabilities["topics"]
    doubts = {f"topics: {t}": math.exp(-abs(_logit(p) - _logit(thresholds[t]))) for t, p in topics.items()}
    for task in TASKS[1:]:
        second, best = sorted(analysis.probabilities[task].values())[-2:]
        doubts[task] = 1 - (best - second)
    if taxonomy.stance_without_topic is not None:
        doubts["stance"] *= max(topics.values())
    return doubts


def first_reason(text_hash: str, doubts: Doubts) -> str:
    """What an article is there for as long as it has no turn: chance, which nothing else settles, or its greatest doubt."""
    return CHANCE if _lot(text_hash) < CHANCE_SHARE else max(doubts, key=lambda name: doubts[name])


def order_queue(articles: Sequence[tuple[str, Doubts]]) -> list[Turn]:
    """All articles in turn; each is told by a hash of its text, which settles what chance decides, and by all its doubts."""
    drawn = [_lot(text_hash) for text_hash, _ in articles]
    names = sorted({name for _, doubts in articles for name in doubts})
    by_lot = sorted(range(len(articles)), key=lambda i: drawn[i])
    doubted = [i for i in by_lot if drawn[i] >= CHANCE_SHARE]
    lists = {name: sorted(doubted, key=lambda i: -articles[i][1][name]) for name in names}
    lists[CHANCE] = [i for i in by_lot if drawn[i] < CHANCE_SHARE]
    weights = _weights(names)
    credit = dict.fromkeys(lists, 0.0)
    at = dict.fromkeys(lists, 0)
    taken = [False] * len(articles)
    turns: list[Turn] = []
    while len(turns) < len(articles):
        for name, own in lists.items():
            while at[name] < len(own) and taken[own[at[name]]]:
                at[name] += 1
        having = [name for name, own in lists.items() if at[name] < len(own)]
        for name in having:
            credit[name] += weights[name]
        # The greatest credit has its turn, so that over any stretch each list has its share.
        name = max(having, key=lambda each: credit[each])
        credit[name] -= sum(weights[each] for each in having)
        index = lists[name][at[name]]
        taken[index] = True
        turns.append(Turn(index, name))
    return turns


def _weights(names: Sequence[str]) -> dict[str, float]:
    topics = [name for name in names if name.startswith("topics")]
    rest = [name for name in names if name not in topics]
    weights = {CHANCE: CHANCE_SHARE} | dict.fromkeys(topics, TOPICS_SHARE / max(1, len(topics)))
    return weights | dict.fromkeys(rest, (1 - CHANCE_SHARE - TOPICS_SHARE) / max(1, len(rest)))


def _lot(text_hash: str) -> float:
    """A number from 0 to 1 that belongs to a text."""
    return int(text_hash[:12], 16) / 16**12


def _logit(probability: float) -> float:
    p = min(max(probability, TINY), 1 - TINY)
    return math.log(p / (1 - p))
