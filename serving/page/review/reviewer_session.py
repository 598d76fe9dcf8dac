"""What the page remembers of a reviewer: who it is, which article is open, and what was marked in others meanwhile.

It lies in the browser and comes with every click, so what is saved is always about the article that is shown: after a lost
reply, in a second window, when the service was started anew. Whatever comes back is checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sorot.data.taxonomy import Taxonomy
from sorot.serving.review.errors import ReviewError
from sorot.serving.review.reviewer_answer import check_name


@dataclass(frozen=True, slots=True)
class Draft:
    """Labels and numbers of marked sentences as they stand on the page; a stance or sentiment may be missing yet."""

    topics: tuple[str, ...] = ()
    stance: str | None = None
    sentiment: str | None = None
    marks: tuple[int, ...] = ()

    def to_client(self) -> list[Any]:
        """As `read_draft` takes it."""
        return [list(self.topics), self.stance, self.sentiment, list(self.marks)]


@dataclass(frozen=True, slots=True)
class ReviewerSession:
    """A reviewer, the number of the article that is open, and choices not saved yet in articles that will come back."""

    person: str
    number: int | None = None
    drafts: Mapping[str, Draft] = field(default_factory=dict)

    def to_client(self, taxonomy: Taxonomy, shown: Draft) -> dict[str, Any]:
        """What the browser keeps. `bare`, no topic is ticked, and `kept`, the stance before that, are review_stance.js's."""
        return {
            "person": self.person,
            "number": self.number,
            "drafts": {number: draft.to_client() for number, draft in self.drafts.items()},
            "bare": not shown.topics,
            "kept": None,
            "none": taxonomy.stance_without_topic,
        }


def read_session(taxonomy: Taxonomy, raw: object) -> ReviewerSession | None:
    """Who reviews, from what a browser sent; None where that is nobody."""
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
            str(of): read_draft(taxonomy, *told)
            for of, told in (drafts.items() if isinstance(drafts, dict) else ())
            if isinstance(told, list) and len(told) == len(Draft().to_client())
        },
    )


def read_draft(taxonomy: Taxonomy, topics: object, stance: object, sentiment: object, marks: object) -> Draft:
    """What of a choice can be shown; what is no label or no number falls away."""
    chosen = topics if isinstance(topics, list | tuple) else ()
    numbers = marks if isinstance(marks, list | tuple) else ()
    return Draft(
        tuple(topic for topic in taxonomy.labels("topics") if topic in chosen),
        stance if isinstance(stance, str) and stance in taxonomy.labels("stance") else None,
        sentiment if isinstance(sentiment, str) and sentiment in taxonomy.labels("sentiment") else None,
        tuple(sorted({n for n in numbers if isinstance(n, int) and not isinstance(n, bool)})),
    )
