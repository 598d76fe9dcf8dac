"""What an article says about a target, in numbers that a small model reads.

Numbers of three kinds: how central the target is (title, share of sentences, quoted or not), how the model's heads judge the
sentences that name it, and words of praise and blame beside its name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from sorot.data.toml_files import load_toml
from sorot.serving.actors.mention import Mention
from sorot.serving.model.analysis import Analysis
from sorot.serving.quotes.quote import Quote
from sorot.serving.targets.naming import StanceTarget, TargetError, named_spans, own_quotes

WORDS_FILE = Path(__file__).with_name("attitude_words.toml")
# Characters before and after a name in which words of attitude count.
NEAR = 90
_TOKEN = re.compile(r"\w+(?:-\w+)*")


class _AttitudeFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    praise: str
    blame: str
    # Verbs whose object is judged: what follows them.
    praised_object: str
    blamed_object: str
    measure: str
    negation: str


@dataclass(frozen=True, slots=True)
class AttitudeWords:
    """Beginnings of words that praise or blame, and kinds of targets."""

    praise: re.Pattern[str]
    blame: re.Pattern[str]
    praised_object: re.Pattern[str]
    blamed_object: re.Pattern[str]
    measure: re.Pattern[str]
    negation: re.Pattern[str]


@cache
def attitude_words() -> AttitudeWords:
    """The shipped list."""
    raw = load_toml(WORDS_FILE, TargetError, kind="list of words")
    file = _AttitudeFile.model_validate(raw)
    return AttitudeWords(*(_any_of(getattr(file, name)) for name in AttitudeWords.__slots__))


@dataclass(frozen=True, slots=True)
class TargetReading:
    """Numbers of one article and target by name, and the sentences that name the target or quote it."""

    numbers: dict[str, float]
    sentences: tuple[tuple[int | None, int | None], ...]


def read_target(
    target: StanceTarget, analysis: Analysis, mentions: Sequence[Mention], quotes: Sequence[Quote], *, blind: bool = False
) -> TargetReading | None:
    """The numbers of an article about a target; None if it does not name the target.

    `blind` reads the whole article instead of the places that name the target: the control that says what the target's
    name adds.
    """
    article = analysis.article
    in_title, spans = named_spans(target, article.title, article.body, mentions)
    if not in_title and not spans:
        return None
    places = list(dict.fromkeys((c.start, c.end) for c in analysis.contributions))
    speech = own_quotes(target, quotes, mentions)
    named = [place for place in places if _names(place, spans, in_title)]
    if blind:
        named = places
    numbers = _head_numbers(analysis, places, named)
    texts = [sentence_at(article.title, article.body, place) for place in named]
    around = texts if blind else _around(article.title, article.body, spans, target)
    numbers |= _attitude(texts, "sentence") | _attitude(around, "near")
    if not blind:
        numbers |= _salience(target, article.body, places, named, spans, in_title, speech, quotes)
        numbers |= _roles(article.title, article.body, spans, target)
    return TargetReading(numbers, tuple(named))


def _names(place: tuple[int | None, int | None], spans: Sequence[tuple[int, int]], in_title: int) -> bool:
    start, end = place
    if start is None or end is None:
        return bool(in_title)
    return any(start <= a < end for a, _ in spans)


def _head_numbers(
    analysis: Analysis, places: Sequence[tuple[int | None, int | None]], named: Sequence[tuple[int | None, int | None]]
) -> dict[str, float]:
    """For each label of a `one` task: its probability, and the mean contribution of the sentences that name the target."""
    numbers: dict[str, float] = {}
    wanted = set(named)
    tasks = {task.key for task in analysis.basis.taxonomy.one_tasks} if analysis.basis else set()
    own: dict[tuple[str, str], list[float]] = {}
    rest: dict[tuple[str, str], list[float]] = {}
    for c in analysis.contributions:
        if c.task in tasks:
            ((own if (c.start, c.end) in wanted else rest).setdefault((c.task, c.label), [])).append(c.contribution)
    for task in tasks:
        for label, probability in analysis.probabilities.get(task, {}).items():
            key = (task, label)
            numbers[f"{task}.{label}.article"] = probability
            numbers[f"{task}.{label}.sentences"] = _mean(own.get(key, ())) * math.sqrt(len(places))
            numbers[f"{task}.{label}.sum"] = sum(own.get(key, ()))
    return numbers


def _salience(
    target: StanceTarget,
    body: str,
    places: Sequence[tuple[int | None, int | None]],
    named: Sequence[tuple[int | None, int | None]],
    spans: Sequence[tuple[int, int]],
    in_title: int,
    speech: Sequence[Quote],
    quotes: Sequence[Quote],
) -> dict[str, float]:
    name = target.names[0]
    words = name.split()
    capitals = sum(word[:1].isupper() for word in words)
    return {
        "title": float(min(in_title, 1)),
        "mentions": math.log1p(len(spans)),
        "share": len(named) / max(len(places), 1),
        "first": spans[0][0] / max(len(body), 1) if spans else 0.0,
        "lead": float(bool(spans) and spans[0][0] < 300),
        "speaks": float(bool(speech)),
        "speech": len(speech) / max(len(quotes), 1),
        "person_like": float(2 <= len(words) <= 4 and capitals == len(words) and not name.isupper()),
        "capitals": float(name.isupper()),
        "lower": float(capitals == 0),
        "measure": float(attitude_words().measure.search(name.casefold()) is not None),
    }


def _roles(title: str | None, body: str, spans: Sequence[tuple[int, int]], target: StanceTarget) -> dict[str, float]:
    """Verbs right before the name, whose object it is, and words right after it, whose subject it is."""
    words = attitude_words()
    pieces = [(body[max(0, a - 45) : a], body[b : b + 60]) for a, b in spans]
    if title and (match := target.pattern.search(title)):
        pieces.append((title[: match.start()], title[match.end() :]))
    before = " | ".join(one for one, _ in pieces).casefold()
    after = " | ".join(one for _, one in pieces).casefold()
    count = math.sqrt(len(pieces))
    return {
        "object_praised": len(words.praised_object.findall(before)) / count,
        "object_blamed": len(words.blamed_object.findall(before)) / count,
        "subject_praised": len(words.praise.findall(after)) / count,
        "subject_blamed": len(words.blame.findall(after)) / count,
    }


def _around(title: str | None, body: str, spans: Sequence[tuple[int, int]], target: StanceTarget) -> list[str]:
    pieces = [body[max(0, a - NEAR) : b + NEAR] for a, b in spans]
    return [*pieces, title] if title and target.pattern.search(title) else pieces


def _attitude(texts: Sequence[str], name: str) -> dict[str, float]:
    """Words of praise and blame by sentence; a negation before a word turns it."""
    words = attitude_words()
    praise = blame = 0.0
    for text in texts:
        low = text.casefold()
        for pattern, sign in ((words.praise, 1), (words.blame, -1)):
            for match in pattern.finditer(low):
                turned = words.negation.search(low[max(0, match.start() - 16) : match.start()]) is not None
                if (sign > 0) != turned:
                    praise += 1
                else:
                    blame += 1
    count = math.sqrt(max(len(texts), 1))
    return {
        f"{name}_praise": praise / count,
        f"{name}_blame": blame / count,
        f"{name}_balance": (praise - blame) / (praise + blame + 1),
    }


def sentence_at(title: str | None, body: str, place: tuple[int | None, int | None]) -> str:
    """The characters of a sentence; the title for (None, None)."""
    start, end = place
    return (title or "") if start is None or end is None else body[start:end]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _any_of(stems: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, stems.split())).replace("_", r"\s+") + ")")


def attitude_balance(text: str) -> float:
    """Words of praise less words of blame in a text, over one more than both."""
    return _attitude([text], "text")["text_balance"]
