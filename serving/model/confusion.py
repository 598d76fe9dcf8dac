"""How often the model takes one label for another: pairs of true and given labels of articles that training has not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator

from sorot.data.taxonomy import Task, Value, held

BETWEEN, JOIN, IS = " > ", "+", "="
Labels = Mapping[str, tuple[str, ...]]


class Confusion(BaseModel):
    """Development articles by their true labels and those that the model gave, all tasks together.

    A key of `pairs` is 'topics=a+b stance=c > topics=a stance=d': true labels, then given ones; a task without labels is
    written 'topics=', one that is not labelled is left out. The value counts articles.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    pairs: dict[str, int] = Field(min_length=1)

    @field_validator("pairs")
    @classmethod
    def _check(cls, pairs: dict[str, int]) -> dict[str, int]:
        for text, count in pairs.items():
            sides = text.split(BETWEEN)
            if count < 1 or len(sides) != 2 or any(IS not in part for side in sides for part in side.split()):
                raise ValueError(f"{text!r}: not a pair of labels with its number of articles")
        return pairs

    @property
    def articles(self) -> int:
        """The number of articles."""
        return sum(self.pairs.values())

    def matrix(self, task: Task, label: str | None = None, *, given: tuple[str, str] | None = None) -> NDArray[np.float64]:
        """Articles by true label (rows) and given label (columns), in the task's order, shape (K, K).

        With `label`, a label of a `many` task: whether it holds, shape (2, 2), 'no' first. `given` = (task, label) counts
        only articles to which the model gave that label.
        """
        size = 2 if label is not None else len(task.keys)
        counts = np.zeros((size, size))
        for truth, found, articles in self._read():
            if task.key not in truth or task.key not in found or (given and given[1] not in found.get(given[0], ())):
                continue
            if label is not None:
                counts[int(label in truth[task.key]), int(label in found[task.key])] += articles
            elif truth[task.key] and found[task.key]:
                counts[task.keys.index(truth[task.key][0]), task.keys.index(found[task.key][0])] += articles
        return counts

    def labels(self) -> Iterator[tuple[str, str]]:
        """Task and label of every label that stands in a pair."""
        seen = {(task, key) for *sides, _ in self._read() for side in sides for task, keys in side.items() for key in keys}
        yield from sorted(seen)

    def _read(self) -> Iterator[tuple[Labels, Labels, int]]:
        for text, articles in self.pairs.items():
            truth, found = (_read_side(side) for side in text.split(BETWEEN))
            yield truth, found, articles


def count_pairs(truth: Sequence[Mapping[str, Value]], found: Sequence[Mapping[str, Value]]) -> Confusion | None:
    """The confusion of articles with these true and given labels by task, None meaning unlabelled; None without articles."""
    pairs = Counter(
        f"{_write_side(true)}{BETWEEN}{_write_side(given)}" for true, given in zip(truth, found, strict=True) if true and given
    )
    return Confusion(pairs=dict(sorted(pairs.items()))) if pairs else None


def _write_side(labels: Mapping[str, Value]) -> str:
    return " ".join(f"{task}{IS}{JOIN.join(held(value))}" for task, value in labels.items() if value is not None)


def _read_side(text: str) -> dict[str, tuple[str, ...]]:
    parts = (part.partition(IS) for part in text.split())
    return {task: tuple(keys.split(JOIN)) if keys else () for task, _, keys in parts}
