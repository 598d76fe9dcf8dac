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

# Of a draft, besides a value for each task: marks, quotes, flag, note.
DRAFT_PARTS = 4


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer as the page shows it: labels by task, numbers of marked sentences, quotes, flag and note.

    A `one` task may have no label yet.
    """

    labels: Mapping[str, Value]
    marks: tuple[int, ...] = ()
    quotes: tuple[str, ...] = ()
    flag: bool = False
    note: str = ""

    def to_client(self) -> list[Any]:
        """The labels in the order of tasks, then the rest, as `read_draft` takes them."""
        return [*(json_value(value) for value in self.labels.values()), list(self.marks), list(self.quotes), self.flag, self.note]


@dataclass(frozen=True, slots=True)
class ReviewerSession:
    """A reviewer, the number of the open article, and unsaved drafts by the numbers of articles that will come back.

    `blind` hides the model's labels of every article, `seen` says that those of the open one were shown. An article is
    `reopened` if it is answered, and saving replaces the answer.
    """

    person: str
    number: int | None = None
    drafts: Mapping[str, Draft] = field(default_factory=dict)
    blind: bool = False
    seen: bool = True
    reopened: bool = False

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
            "blind": self.blind,
            "seen": self.seen,
            "reopened": self.reopened,
            "drafts": {number: draft.to_client() for number, draft in self.drafts.items()},
            "defaults": defaults,
            "bare": [task.without is not None and not shown.labels[task.without] for task in taxonomy.tasks],
            "kept": [None] * len(keys),
        }


def empty_draft(taxonomy: Taxonomy) -> Draft:
    """A draft without labels and marks; a task that depends on another has the label that follows where that one has none."""
    return Draft({task.key: () if task.many else task.default if task.without else None for task in taxonomy.tasks})


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
            str(article): read_draft(taxonomy, values)
            for article, values in (drafts.items() if isinstance(drafts, dict) else ())
            if isinstance(values, list) and len(values) == len(taxonomy.tasks) + DRAFT_PARTS
        },
        raw.get("blind") is True,
        raw.get("seen") is not False,
        raw.get("reopened") is True,
    )


def read_draft(taxonomy: Taxonomy, values: Sequence[object]) -> Draft:
    """The draft that a browser sent: a value for each task in order, then the DRAFT_PARTS. What is unknown is dropped."""
    *labels, marks, quotes, flag, note = values
    numbers = marks if isinstance(marks, list | tuple) else ()
    return Draft(
        {task.key: _known_labels(task, value) for task, value in zip(taxonomy.tasks, labels, strict=True)},
        tuple(sorted({n for n in numbers if isinstance(n, int) and not isinstance(n, bool)})),
        tuple(q for q in quotes if isinstance(q, str)) if isinstance(quotes, list | tuple) else (),
        flag is True,
        note if isinstance(note, str) else "",
    )


def _known_labels(task: Task, value: object) -> Value:
    if task.many:
        chosen = value if isinstance(value, list | tuple) else ()
        return tuple(key for key in task.keys if key in chosen)
    return value if isinstance(value, str) and value in task.keys else None
