"""The table of known actors, `actors.toml`, in the form in which names are looked up."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sorot.data.errors import SorotError
from sorot.data.text.names.features import split_words
from sorot.data.toml_files import load_toml
from sorot.data.validation import describe_validation_error

PERSON = "person"
TABLE = Path(__file__).with_name("actors.toml")
# Bodies of a state: other countries' have the same Indonesian names.
_OF_A_STATE = frozenset(("government", "ministry", "agency", "court", "parliament", "police"))
# Names of these may begin with a small letter: 'pemerintah Indonesia', 'the Fed'.
_OPENS_LOWER = _OF_A_STATE | {"international", "party"}


class ActorTableError(SorotError):
    """The table of actors is missing or wrong; the message names the entry and what to do."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class _EarlierName(_Row):
    name: str
    until: date


class _Entry(_Row):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    aliases: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    was: tuple[_EarlierName, ...] = ()
    parent: str | None = None
    since: date | None = Field(default=None, alias="from")


class _Holder(_Row):
    person: str
    since: date = Field(alias="from")
    until: date | None = None


class _Office(_Row):
    titles: tuple[str, ...]
    holders: tuple[_Holder, ...]


class _File(_Row):
    foreign: str = ""
    home: str = ""
    actors: dict[str, tuple[_Entry, ...]]
    offices: tuple[_Office, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """A known actor. `context` finds a word that its short forms need; `was` holds earlier names and until when each held.

    Before `since` its short forms do not mean it.
    """

    id: str
    name: str
    type: str
    parent: str | None
    aliases: tuple[str, ...]
    context: re.Pattern[str] | None
    after: frozenset[str]
    not_before: frozenset[str]
    was: tuple[tuple[str, date], ...]
    since: date | None

    @property
    def is_of_state(self) -> bool:
        """Whether it is a body of a state, of whose kind other countries have one too."""
        return self.type in _OF_A_STATE

    def name_at(self, day: date | None) -> str:
        """The actor's name on a day; today's if the day is None."""
        if day is not None:
            for name, until in self.was:
                if day < until:
                    return name
        return self.name


@dataclass(frozen=True, slots=True)
class Alias:
    """A name as a sequence of words. `actor` is None for the title of an office, whose `holders` are (id, from, until).

    `opens_lower`: the first word may begin with a small letter. `body` is the actor that the last words of a title name, with
    their number: 'TNI' of 'Panglima TNI'.
    """

    words: tuple[str, ...]
    actor: Actor | None
    is_short: bool = False
    opens_lower: bool = False
    holders: tuple[tuple[str, date, date | None], ...] = ()
    body: tuple[Actor, int] | None = None

    def holder_at(self, day: date) -> str | None:
        """Who held the office on a day; None where the table does not say."""
        return next((who for who, since, until in self.holders if since <= day and (until is None or day < until)), None)

    def sole_holder(self, named: Collection[str]) -> str | None:
        """Whom the title means where no day is known: the one of its holders who is named; None for none or several."""
        found = {who for who, _, _ in self.holders if who in named}
        return found.pop() if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class ActorTable:
    """All known actors by id, and their names by the first word in lower case, longest first.

    `foreign` are names of other countries, `home` words that show that a text is on Indonesia; `longest` is the number of
    words of the longest name.
    """

    actors: dict[str, Actor]
    by_word: dict[str, tuple[Alias, ...]]
    foreign: frozenset[str]
    home: frozenset[str]
    longest: int

    def named(self, name: str) -> Actor | None:
        """The actor with this id, name or alias, whatever its case; None if none or several have it."""
        wanted = name.casefold()
        if wanted in self.actors:
            return self.actors[wanted]
        found = [actor for actor in self.actors.values() if wanted in {alias.casefold() for alias in actor.aliases}]
        return found[0] if len(found) == 1 else None


@cache
def shipped_actors() -> ActorTable:
    """The table that comes with Sorot."""
    return load_actors(TABLE)


def load_actors(path: Path) -> ActorTable:
    """Read a table of actors; ActorTableError if it is missing, not valid, or names an actor twice or one that it lacks."""
    raw = load_toml(path, ActorTableError, kind="table of actors")
    try:
        file = _File.model_validate(raw)
    except ValidationError as error:
        raise ActorTableError(f"{path}: {describe_validation_error(error)}") from error
    foreign = frozenset(file.foreign.split())
    actors: dict[str, Actor] = {}
    aliases: list[Alias] = []
    for kind, entries in file.actors.items():
        for entry in entries:
            if entry.id in actors:
                raise ActorTableError(f"{path}: the id {entry.id!r} stands twice; give each actor its own")
            actor = _actor(entry, kind, foreign)
            actors[entry.id] = actor
            aliases += _aliases(actor, entry.short)
    certain = {alias.words: alias.actor for alias in aliases if alias.actor and not alias.is_short}
    for office in file.offices:
        holders = tuple((holder.person, holder.since, holder.until) for holder in office.holders)
        for title in office.titles:
            words = _words(title)
            bodies = ((certain.get(words[at:]), len(words) - at) for at in range(1, len(words)))
            body = next(((actor, size) for actor, size in bodies if actor), None)
            aliases.append(Alias(words, None, holders=holders, body=body))
    named = {entry.parent for entries in file.actors.values() for entry in entries if entry.parent}
    named |= {holder.person for office in file.offices for holder in office.holders}
    if unknown := sorted(named - actors.keys()):
        raise ActorTableError(f"{path}: {unknown[0]!r} is named but has no entry; add it or correct the name")
    by_word: dict[str, list[Alias]] = {}
    for alias in sorted(aliases, key=lambda one: -len(one.words)):
        by_word.setdefault(alias.words[0].casefold(), []).append(alias)
    longest = max((len(alias.words) for alias in aliases), default=0)
    names = {word: tuple(own) for word, own in by_word.items()}
    return ActorTable(actors, names, foreign, frozenset(file.home.split()), longest)


def _aliases(actor: Actor, short: Collection[str]) -> Iterator[Alias]:
    for name in actor.aliases:
        for words in dict.fromkeys(_spellings(name)):
            yield Alias(words, actor, is_short=name in short, opens_lower=len(words) > 1 and actor.type in _OPENS_LOWER)


def _actor(entry: _Entry, kind: str, foreign: frozenset[str]) -> Actor:
    names = dict.fromkeys((entry.name, *(earlier.name for earlier in entry.was), *entry.aliases, *entry.short))
    words = "|".join(re.escape(word) for word in entry.context)
    return Actor(
        id=entry.id,
        name=entry.name,
        type=kind,
        parent=entry.parent,
        aliases=tuple(names),
        context=re.compile(rf"\b(?:{words})\b") if words else None,
        after=frozenset(entry.after),
        not_before=frozenset(entry.not_before) | (foreign if kind in _OF_A_STATE else frozenset()),
        was=tuple((earlier.name, earlier.until) for earlier in entry.was),
        since=entry.since,
    )


def _spellings(name: str) -> Iterator[tuple[str, ...]]:
    """A name as words; lists with 'dan' with and without the comma before it, and a common misspelling of 'Kementerian'."""
    for spelling in (name, name.replace(", dan ", " dan ")):
        yield _words(spelling)
        yield _words(spelling.replace("Kementerian ", "Kementrian "))


def _words(name: str) -> tuple[str, ...]:
    return tuple(word.text for word in split_words(name))


def is_person(actor: Actor) -> bool:
    """Whether an actor is a person."""
    return actor.type == PERSON
