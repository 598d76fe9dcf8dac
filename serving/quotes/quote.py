"""What a quote is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

QuoteType = Literal["direct", "indirect"]


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of an article whose content the article attributes to somebody.

    `text` is `body[start:end]`, offsets in characters: the words between quotation marks (direct), or the reported content
    without speaker and verb (indirect). `speaker` is the fullest name by which the article calls who spoke, a role where no
    name is given, or None. `cue` is the word that attributes the quote, such as 'ujarnya', or None.

    A model adds `labels`, one for each of its tasks where exactly one label holds (None: withheld, or the model is not sure),
    and the `probabilities` they come from.
    """

    type: QuoteType
    start: int
    end: int
    text: str
    speaker: str | None
    cue: str | None
    labels: Mapping[str, str | None] = field(default_factory=dict)
    probabilities: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
