"""The labels that a scored corpus gives to articles of which exactly one holds, to see what a copy moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from sorot.data.taxonomy import Taxonomy
from sorot.serving.findings.tables.reading import identifier
from sorot.serving.findings.tables.scored_tables import open_scored, single_model

# By id of the article: by task, its label; None where it has none.
LabelsById = Mapping[str, Mapping[str, str | None]]


def read_labels(scored: Path, taxonomy: Taxonomy) -> LabelsById:
    """The label of each `one` task by the article's id; ids that repeat are left out.

    Raises FindingsError if `scored` is no scored corpus of this taxonomy, or was scored by two models.
    """
    tasks = [task.key for task in taxonomy.one_tasks]
    with open_scored(scored, taxonomy) as tables:
        single_model(tables)
        rows = tables.connection.sql(f"SELECT {', '.join(map(identifier, ('id', *tasks)))} FROM articles").fetchall()
    times = Counter(row[0] for row in rows)
    return {row[0]: dict(zip(tasks, row[1:], strict=True)) for row in rows if times[row[0]] == 1}


def moved_labels(labels: LabelsById, source: str, copy: str) -> dict[str, tuple[str, str]] | None:
    """By task, the labels of source and copy where they differ; None if one of them was not scored."""
    if source not in labels or copy not in labels:
        return None
    pairs = {task: (before, labels[copy][task]) for task, before in labels[source].items()}
    return {task: (before, after) for task, (before, after) in pairs.items() if before and after and before != after}
