"""The analysis of an article: labels by task, probabilities, and the sentences that show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sorot.data.taxonomy import Value


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that shows a label. `start` and `end` count characters of the body; both are None for the title.

    `contribution` is the sentence's signed share of the label's logit: the contributions of all sentences and the bias
    sum exactly to it.
    """

    task: str
    label: str
    sentence: str
    start: int | None
    end: int | None
    contribution: float


@dataclass(frozen=True, slots=True)
class Analysis:
    """Labels of one article by task, with the probability and logit of every label, and the sentences that show them.

    `withheld` says in one word why there are no labels ('language', 'empty', 'gate'): then a `many` task has an empty tuple,
    a `one` task None, and `probabilities` and `logits` are empty. `contributions` holds every sentence's share of every
    label, in the order of tasks and labels; `evidence` is the strongest part of it for the labels given.
    """

    labels: dict[str, Value]
    probabilities: dict[str, dict[str, float]]
    logits: dict[str, dict[str, float]]
    evidence: tuple[Evidence, ...]
    contributions: tuple[Evidence, ...]
    n_tokens: int
    n_windows: int
    language: str | None
    model: str
    withheld: str | None = None

    # Until every part reads labels by task.
    @property
    def topics(self) -> Any:
        return self.labels.get("topics")

    @property
    def stance(self) -> Any:
        return self.labels.get("stance")

    @property
    def sentiment(self) -> Any:
        return self.labels.get("sentiment")
