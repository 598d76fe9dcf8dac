"""A place where an article names an actor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in an article and whom it means.

    `actor` is an id of the table, or for a person it does not list 'person:' and the name; `name` is the actor's name at the
    time, and `type` its kind. `start` and `end` count characters of the body; both are None for the title.
    """

    actor: str
    name: str
    type: str
    start: int | None
    end: int | None
    text: str
