"""What an analysis of an article says."""

from __future__ import annotations

from dataclasses import dataclass

from sorot.data.taxonomy import Task


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that shows a label. `start` and `end` count characters of the body; both None for the title.

    `contribution` is the sentence's signed share of the label's logit: over all sentences, with the bias, the shares
    add up to it.
    """

    task: Task
    label: str
    sentence: str
    start: int | None
    end: int | None
    contribution: float


@dataclass(frozen=True, slots=True)
class Analysis:
    """Labels of one article with their probabilities, by task and label, and the sentences that show them.

    `withheld` says in a word why there are no labels ('language', 'empty', 'gate'); then `stance` and `sentiment` are None and
    `probabilities` and `logits` empty. `contributions` holds every sentence's share for every label, in the order of
    tasks and labels, for those who want more than `evidence`.
    """

    topics: tuple[str, ...]
    stance: str | None
    sentiment: str | None
    probabilities: dict[Task, dict[str, float]]
    logits: dict[Task, dict[str, float]]
    evidence: tuple[Evidence, ...]
    contributions: tuple[Evidence, ...]
    n_tokens: int
    n_windows: int
    language: str | None
    model: str
    withheld: str | None = None
