"""From probabilities to labels: thresholds, the likeliest label, and the defaults that follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sorot.data.errors import SorotError
from sorot.data.taxonomy import Task, Taxonomy, Value

Thresholds = Mapping[str, Mapping[str, float]]


class ThresholdError(SorotError):
    """A threshold cannot be used; the message names label and cure."""


def choose_labels(task: Task, probabilities: Mapping[str, float], thresholds: Thresholds) -> Value:
    """A task's labels by their probabilities: those at or above their threshold, or the likeliest if exactly one holds."""
    if task.many:
        return tuple(key for key, p in probabilities.items() if p >= thresholds[task.key][key])
    return max(probabilities, key=probabilities.__getitem__)


def labels_at(taxonomy: Taxonomy, probabilities: Mapping[str, Mapping[str, float]], thresholds: Thresholds) -> dict[str, Value]:
    """The labels of every task at these thresholds, with the defaults that follow."""
    return taxonomy.settle({task.key: choose_labels(task, probabilities[task.key], thresholds) for task in taxonomy.tasks})


def labels_with_evidence(taxonomy: Taxonomy, labels: Mapping[str, Value]) -> list[tuple[str, str]]:
    """Task and label of every label that evidence is shown for: all that hold except defaults, in the taxonomy's order."""
    return [(task.key, key) for task in taxonomy.tasks for key in task.holding(labels[task.key])]


def label_set(task: Task, label: Value, probabilities: Mapping[str, float], least: float) -> tuple[str, ...]:
    """The labels of a `one` task that may hold: the one given, and every one at or above the `least` probability."""
    return tuple(key for key in task.keys if key == label or probabilities[key] >= least)


def possible_labels(taxonomy: Taxonomy, probabilities: Mapping[str, Mapping[str, float]]) -> list[tuple[str, str]]:
    """Task and label of every label that evidence is shown for at some thresholds; none if labels are withheld."""
    lowest = {task.key: dict.fromkeys(task.keys, 0.0) for task in taxonomy.many_tasks}
    if not probabilities:
        return []
    return labels_with_evidence(taxonomy, labels_at(taxonomy, probabilities, lowest))


def move_thresholds(taxonomy: Taxonomy, thresholds: Thresholds, moved: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """The thresholds with those of `moved` in their place: {label: value}, {task: value} for all labels of a task, or
    {task: {label: value}}.

    Raises ThresholdError for a value that is not between 0 and 1, and for a task or label that has no threshold.
    """
    merged = {task: dict(own) for task, own in thresholds.items()}
    for name, value in moved.items():
        if isinstance(value, Mapping):
            _check_known(name, list(merged), "task")
            for label, one in value.items():
                _check_known(label, list(merged[name]), f"label of {name}")
                merged[name][label] = _probability(f"{name}, {label}", one)
        elif name in merged:
            merged[name] = dict.fromkeys(merged[name], _probability(name, value))
        else:
            tasks = [task.key for task in taxonomy.many_tasks if name in task.keys]
            _check_known(name, [*merged, *(label for own in merged.values() for label in own)], "task or label")
            if len(tasks) > 1:
                raise ThresholdError(
                    f"{name!r} is a label of {' and '.join(tasks)}; write {{{tasks[0]!r}: {{{name!r}: {value}}}}}"
                )
            merged[tasks[0]][name] = _probability(name, value)
    return merged


def _check_known(name: str, known: list[str], kind: str) -> None:
    if name not in known:
        raise ThresholdError(f"{name!r} is no {kind} with a threshold; these are {', '.join(known)}")


def _probability(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ThresholdError(f"the threshold of {name} is {value!r}; give a number from 0 to 1")
    return float(value)
