"""What the page remembers of a reviewer: the name, the open article, and unsaved choices in other articles.

It is kept in the browser and comes with every click, so an answer is always saved for the article that is shown: after a lost
reply, in a second window, after the service restarted. All of it is checked when it comes back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sorot.data.taxonomy import Task, Taxonomy, Value, json_value
from sorot.serving.review.errors import ReviewError
from sorot.serving.review.reviewer_answer import check_name


@dataclass(frozen=True, slots=True)
class Draft:
    """Labels by task and numbers of marked sentences as the page shows them; a `one` task may have no label yet."""

    labels: Mapping[str, Value]
    marks: tuple[int, ...] = ()

    def to_client(self) -> list[Any]:
        """The labels in the order of tasks, then the marks, as `read_draft` takes them."""
        return [*(json_value(value) for value in self.labels.values()), list(self.marks)]


@dataclass(frozen=True, slots=True)
class ReviewerSession:
    """A reviewer, the number of the open article, and unsaved drafts by the numbers of articles that will come back."""

    person: str
    number: int | None = None
    drafts: Mapping[str, Draft] = field(default_factory=dict)

    def to_client(self, taxonomy: Taxonomy, shown: Draft) -> dict[str, Any]:
        """What the browser keeps. `defaults`, `bare` and `kept` belong to defaults.js; tasks are numbered in their order."""
        keys = taxonomy.keys
        defaults = [
            {"task": keys.index(task.key), "without": keys.index(task.without), "label": task.default}
            for task in taxonomy.tasks
            if task.without is not None
        ]
        return {
            "person": self.person,
            "number": self.number,
            "drafts": {number: draft.to_client() for number, draft in self.drafts.items()},
            "defaults": defaults,
            "bare": [task.without is not None and not shown.labels[task.without] for task in taxonomy.tasks],
            "kept": [None] * len(keys),
        }


def empty_draft(taxonomy: Taxonomy) -> Draft:
    """A draft without labels and marks."""
    return Draft({task.key: () if task.many else None for task in taxonomy.tasks})


def read_session(taxonomy: Taxonomy, raw: object) -> ReviewerSession | None:
    """The session that a browser sent; None if it names no reviewer."""
    if not isinstance(raw, dict):
        return None
    try:
        person = check_name(raw.get("person"))
    except ReviewError:
        return None
    number, drafts = raw.get("number"), raw.get("drafts")
    return ReviewerSession(
        person,
        number if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**63 else None,
        {
            str(article): read_draft(taxonomy, values[:-1], values[-1])
            for article, values in (drafts.items() if isinstance(drafts, dict) else ())
            if isinstance(values, list) and len(values) == len(taxonomy.tasks) + 1
        },
    )


def read_draft(taxonomy: Taxonomy, labels: Sequence[object], marks: object) -> Draft:
    """The draft that a browser sent: `labels` has a value for each task in order. Unknown labels and marks are dropped."""
    numbers = marks if isinstance(marks, list | tuple) else ()
    return Draft(
        {task.key: _known_labels(task, value) for task, value in zip(taxonomy.tasks, labels, strict=True)},
        tuple(sorted({n for n in numbers if isinstance(n, int) and not isinstance(n, bool)})),
    )


def _known_labels(task: Task, value: object) -> Value:
    if task.many:
        chosen = value if isinstance(value, list | tuple) else ()
        return tuple(key for key in task.keys if key in chosen)
    return value if isinstance(value, str) and value in task.keys else None
