"""Where an article names a target, and which of its quotes are the target's own words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sorot.data.errors import SorotError
from sorot.serving.actors.mention import Mention
from sorot.serving.names.people import is_part, name_words
from sorot.serving.names.table import ActorTable
from sorot.serving.quotes.quote import Quote

# 'Dewan Perwakilan Rakyat (DPR) RI' has two names.
_BRACKETED = re.compile(r"^(?P<full>[^()]+?)\s*\((?P<short>[^()]+)\)\s*(?P<rest>.*)$")
LEAST_LETTERS = 2


class TargetError(SorotError):
    """A target cannot be read or judged; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class StanceTarget:
    """A target as the user names it: `pattern` finds its names, `actors` are the ids of the table that it means."""

    name: str
    names: tuple[str, ...]
    actors: frozenset[str]
    pattern: re.Pattern[str]


def make_target(name: str, others: Sequence[str], table: ActorTable) -> StanceTarget:
    """A target with its other names: those given, those of the table, and an abbreviation in brackets."""
    names = [name, *others]
    for one in (name, *others):
        if match := _BRACKETED.match(one):
            names += [match["full"], match["short"], f"{match['full']} {match['rest']}".strip()]
    known = [actor for one in names if (actor := table.named(one))]
    names = [one for one in dict.fromkeys(names) if sum(map(str.isalnum, one)) >= LEAST_LETTERS]
    # Spaces may be doubled or lost around signs in scraped text; an abbreviation counts in capitals only.
    patterns = sorted((_pattern(one) for one in names), key=len, reverse=True)
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(patterns) + r")(?!\w)")
    return StanceTarget(name, tuple(names), frozenset(actor.id for actor in known), pattern)


def chosen_targets(names: Sequence[str], aliases: Sequence[str]) -> dict[str, list[str]]:
    """The other names of each target, from 'NAME=OTHER' entries; TargetError for one that is empty or names no target."""
    chosen: dict[str, list[str]] = {name.strip(): [] for name in names}
    for name in chosen:
        if sum(map(str.isalnum, name)) < LEAST_LETTERS:
            raise TargetError(f"--target {name!r}: too short to be found; write the target's full name")
    for entry in aliases:
        name, sign, other = (part.strip() for part in entry.partition("="))
        if not sign or not other or name not in chosen:
            raise TargetError(f"--alias {entry!r}: not NAME=OTHER of a target; NAME must be one of {', '.join(chosen)}")
        chosen[name].append(other)
    return chosen


def is_named(target: StanceTarget, title: str | None, body: str, mentions: Sequence[Mention]) -> bool:
    """Whether an article names the target."""
    in_title, spans = named_spans(target, title, body, mentions)
    return bool(in_title or spans)


def named_spans(
    target: StanceTarget, title: str | None, body: str, mentions: Sequence[Mention]
) -> tuple[int, list[tuple[int, int]]]:
    """How often the title names the target, and the spans of the body that do, in order, none twice."""
    persons = {mention.actor for mention in mentions if _same_person(target, mention)}
    meant = [mention for mention in mentions if mention.actor in target.actors or mention.actor in persons]
    in_title = {match.start() for match in target.pattern.finditer(title or "")}
    count = max(len(in_title), sum(mention.start is None for mention in meant))
    spans = [match.span() for match in target.pattern.finditer(body)]
    spans += [(mention.start, mention.end) for mention in meant if mention.start is not None and mention.end is not None]
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return count, found


def own_quotes(target: StanceTarget, quotes: Sequence[Quote], mentions: Sequence[Mention]) -> list[Quote]:
    """The quotes whose speaker is the target."""
    texts = {mention.text for mention in mentions if mention.actor in target.actors or _same_person(target, mention)}
    own = [name_words(name) for name in target.names]

    def speaks(quote: Quote) -> bool:
        if quote.speaker is None:
            return False
        speaker = name_words(quote.speaker)
        return quote.speaker in texts or any(is_part(speaker, name) or is_part(name, speaker) for name in own)

    return [quote for quote in quotes if speaks(quote)]


def _same_person(target: StanceTarget, mention: Mention) -> bool:
    """Whether an unlisted person's full name is one of the target's, or the other way round by whole words."""
    if not mention.actor.startswith("person:"):
        return False
    theirs = name_words(mention.name)
    return any(len(own) > 1 and (is_part(own, theirs) or theirs == own) for own in map(name_words, target.names))


def _pattern(name: str) -> str:
    words = r"\s+".join(re.escape(word) for word in name.split())
    return words if name.isupper() else f"(?i:{words})"
