"""The stance of an article toward a target: a small calibrated model over the numbers of `features`.

Two logistic regressions: whether the article takes a side, and which. They were fitted on articles whose targets were read by
hand; `python -m tests.benchmarks.targets` fits, writes and measures them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from sorot.data.validation import describe_validation_error
from sorot.serving.actors.mention import Mention
from sorot.serving.model.analysis import Analysis
from sorot.serving.quotes.quote import Quote
from sorot.serving.targets.features import TargetReading, attitude_balance, read_target, sentence_at
from sorot.serving.targets.naming import StanceTarget, TargetError

MAPPING = Path(__file__).with_name("mapping.json")
FAVOUR, AGAINST, NEUTRAL = "favour", "against", "neutral"
SENTENCES = 2
Place = tuple[int | None, int | None]


class LogisticNumbers(BaseModel):
    """A logistic regression over standardised numbers: by name its mean, scale and weight."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    bias: float
    numbers: dict[str, tuple[float, float, float]]

    def probability(self, given: Mapping[str, float]) -> float:
        """The probability of 'yes'; a number that is not given counts as its mean."""
        terms = (weight * (given.get(name, mean) - mean) / scale for name, (mean, scale, weight) in self.numbers.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.bias + sum(terms)))))


class TargetMapping(BaseModel):
    """The two regressions, and what they scored: macro-F1 with its 95 % interval, and that of the target-blind control."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    takes_side: LogisticNumbers
    favours: LogisticNumbers
    macro_f1: tuple[float, float, float]
    blind_macro_f1: tuple[float, float, float]
    targets: int
    articles: int


@dataclass(frozen=True, slots=True)
class TargetEvidence:
    """A sentence that shows the stance. `start` and `end` count characters of the body; both are None for the title."""

    sentence: str
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class TargetStance:
    """The stance of an article toward a target: favour, against or neutral, with probabilities and sentences."""

    target: str
    stance: str
    probabilities: dict[str, float]
    evidence: tuple[TargetEvidence, ...]


@cache
def shipped_mapping() -> TargetMapping:
    """The mapping that comes with Sorot; TargetError if it is damaged."""
    try:
        return TargetMapping.model_validate(json.loads(MAPPING.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        reason = describe_validation_error(error) if isinstance(error, ValidationError) else str(error)
        raise TargetError(f"{MAPPING.name}: {reason}; install Sorot again") from error


def target_stance(
    target: StanceTarget,
    analysis: Analysis,
    mentions: Sequence[Mention],
    quotes: Sequence[Quote],
    mapping: TargetMapping | None = None,
) -> TargetStance | None:
    """The stance of an analysed article toward a target; None if the article does not name it.

    `analysis` needs its contributions.
    """
    reading = read_target(target, analysis, mentions, quotes)
    if reading is None:
        return None
    mapping = mapping or shipped_mapping()
    side, favours = mapping.takes_side.probability(reading.numbers), mapping.favours.probability(reading.numbers)
    probabilities = {FAVOUR: side * favours, AGAINST: side * (1 - favours), NEUTRAL: 1 - side}
    # As it was measured: first whether there is a side, then which.
    stance = NEUTRAL if side <= 0.5 else FAVOUR if favours > 0.5 else AGAINST
    return TargetStance(target.name, stance, probabilities, _evidence(analysis, reading, mapping.favours, stance))


def _evidence(analysis: Analysis, reading: TargetReading, favours: LogisticNumbers, stance: str) -> tuple[TargetEvidence, ...]:
    """Sentences that name the target, the strongest for the stance first; for 'neutral' the first ones."""
    article = analysis.article
    lean: dict[Place, float] = dict.fromkeys(reading.sentences, 0.0)
    for c in analysis.contributions:
        known = favours.numbers.get(f"{c.task}.{c.label}.sum")
        if known and (c.start, c.end) in lean:
            lean[c.start, c.end] += known[2] * c.contribution / known[1]
    for place in lean:
        lean[place] += attitude_balance(sentence_at(article.title, article.body, place))
    sign = {FAVOUR: 1, AGAINST: -1, NEUTRAL: 0}[stance]
    chosen = sorted(reading.sentences, key=lambda place: -sign * lean[place])[:SENTENCES]
    return tuple(TargetEvidence(sentence_at(article.title, article.body, place), *place) for place in chosen)
