"""How many training articles each label has, and the refusal of a label with too few, before any long work starts."""

from __future__ import annotations

from collections.abc import Sequence

from sorot.data.errors import SorotError
from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import Taxonomy, held

Counts = dict[str, dict[str, int]]


class TooFewExamplesError(SorotError):
    """Labels have too few training articles; the message names each with its count, and the cure."""


def count_labels(rows: Sequence[LabelledArticle], taxonomy: Taxonomy) -> Counts:
    """Rows of each label by task, in the taxonomy's order; a row that is seen several times an epoch counts once."""
    counts: Counts = {task.key: dict.fromkeys(task.keys, 0) for task in taxonomy.tasks}
    for row in rows:
        for task in taxonomy.tasks:
            for label in held(row.labels.get(task.key)):
                counts[task.key][label] += 1
    return counts


def describe_counts(counts: Counts) -> list[str]:
    """One line a task."""
    return [f"{task}: " + ", ".join(f"{label} {n}" for label, n in by_label.items()) for task, by_label in counts.items()]


def require_examples(counts: Counts, least: int) -> None:
    """Raise TooFewExamplesError where a label has fewer than `least` training articles."""
    few = [f"{task} {label} ({n})" for task, by_label in counts.items() for label, n in by_label.items() if n < least]
    if few:
        raise TooFewExamplesError(
            f"too few training articles of {', '.join(few)}, where each label needs {least}; label more of them, take the label "
            "out of the taxonomy, or lower min_examples in the recipe"
        )
