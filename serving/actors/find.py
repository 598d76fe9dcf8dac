"""Finds the actors that an article names: those of the table, and other people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sorot.serving.actors.listed import (
    Hit,
    Text,
    find_aliases,
    holder_of,
    is_meant,
    redefined_acronyms,
)
from sorot.serving.actors.mention import Mention
from sorot.serving.names.people import (
    Span,
    find_people,
    full_names,
    joined_names,
    name_words,
    repeated_names,
    shipped_names,
    text_of,
)
from sorot.serving.names.table import PERSON, Actor, ActorTable, is_person, shipped_actors

# Offices that other countries have too.
_COMMON_TITLES = frozenset(("presiden", "wakil presiden", "wapres"))


@dataclass(frozen=True, slots=True)
class _Part:
    """The title or the body with what was found in it: names of the table, offices and people as ranges of words."""

    text: Text
    in_body: bool
    hits: tuple[Hit, ...]
    offices: tuple[Hit, ...]
    people: tuple[Span, ...]

    def mention(self, actor: str, name: str, kind: str, span: Span) -> Mention:
        start, end = self.text.words[span[0]].start, self.text.words[span[1] - 1].end
        text = self.text.text[start:end]
        return Mention(actor, name, kind, start, end, text) if self.in_body else Mention(actor, name, kind, None, None, text)


def find_actors(
    title: str | None, body: str, published: datetime | date | None = None, *, table: ActorTable | None = None
) -> tuple[Mention, ...]:
    """Every mention of an actor in the title and the body of an article, in order, the title first.

    An actor of the table is found by any of its names; short forms with other meanings need a word of their context. Other
    people are found by a linear model (sorot.data.text.names.model); a short name is joined to the full name in the article.
    With the day of publication, an actor has its name of that day and the title of an office ('Kapolri') alone means who
    held it. Time is linear in the length of the text.
    """
    table = table or shipped_actors()
    day = published.date() if isinstance(published, datetime) else published
    parts = [_find(Text.of(body, table), table, in_body=True)]
    if title:
        parts.insert(0, _find_in_title(title, table, parts[0]))
    lowered = f"{title or ''}\n{body}".casefold()
    parts = [_meant(part, parts, lowered) for part in parts]
    mentions = [*_listed(parts, day), *_holders(parts, day, table), *_people(parts, table)]
    return tuple(sorted(mentions, key=lambda one: (one.start is not None, one.start or 0)))


def _find(text: Text, table: ActorTable, *, in_body: bool, any_case: bool = False) -> _Part:
    found = tuple(find_aliases(text, table, any_case=any_case))
    hits = tuple(hit for hit in found if hit.alias.actor is not None)
    offices = tuple(hit for hit in found if hit.alias.actor is None)
    if text.text.isupper() or text.text.islower():
        return _Part(text, in_body, hits, offices, ())
    people = find_people(text.words, shipped_names())
    longer = [span for span in people if any(_is_inside_a_name(hit, span) for hit in hits)]
    hits = tuple(hit for hit in hits if not any(_is_inside_a_name(hit, span) for span in longer))
    taken = [(hit.first, hit.stop) for hit in (*hits, *offices)]
    people = [span for span in people if not any(first < span[1] and span[0] < stop for first, stop in taken)]
    people += repeated_names(text.words, people, taken)
    return _Part(text, in_body, hits, offices, tuple(people))


def _is_inside_a_name(hit: Hit, span: Span) -> bool:
    """Whether one word of the table is part of somebody else's name, as in 'Edhy Prabowo'."""
    actor = hit.alias.actor
    single = hit.stop - hit.first == 1
    return single and actor is not None and is_person(actor) and span[0] <= hit.first < span[1] and span[1] - span[0] > 1


def _find_in_title(title: str, table: ActorTable, body: _Part) -> _Part:
    """What the title names. In a title without capitals only actors whom the body names are found."""
    if not title.islower():
        return _find(Text.of(title, table), table, in_body=False)
    part = _find(Text.of(title, table), table, in_body=False, any_case=True)
    named = {hit.alias.actor.id for hit in body.hits if hit.alias.actor}
    hits = tuple(hit for hit in part.hits if hit.alias.actor and hit.alias.actor.id in named)
    return _Part(part.text, False, hits, (), ())


def _meant(part: _Part, parts: Sequence[_Part], lowered: str) -> _Part:
    """The part without short forms that mean something else here."""
    redefined = {word for one in parts for word in redefined_acronyms(one.text, one.hits)}
    certain = {hit.alias.actor.id for one in parts for hit in one.hits if hit.alias.actor and not hit.alias.is_short}

    def holds(hit: Hit) -> bool:
        actor = hit.alias.actor
        word = hit.alias.words[0] if len(hit.alias.words) == 1 else ""
        return (
            actor is not None
            and word not in redefined
            and is_meant(hit, part.text, actor, lowered, named_otherwise=actor.id in certain)
        )

    return _Part(part.text, part.in_body, tuple(hit for hit in part.hits if holds(hit)), part.offices, part.people)


def _listed(parts: Sequence[_Part], day: date | None) -> Iterator[Mention]:
    for part in parts:
        for hit in part.hits:
            if actor := hit.alias.actor:
                yield part.mention(actor.id, actor.name_at(day), actor.type, (hit.first, hit.stop))


def _holders(parts: Sequence[_Part], day: date | None, table: ActorTable) -> Iterator[Mention]:
    """Titles of offices that stand for their holders on the day."""
    named = {hit.alias.actor.id for part in parts for hit in part.hits if hit.alias.actor}
    for part in parts:
        for hit in part.offices:
            who = hit.alias.holder_at(day)
            common = " ".join(hit.alias.words).casefold() in _COMMON_TITLES
            if who is None or not holder_of(hit, part.text) or (common and who not in named):
                continue
            actor = table.actors[who]
            yield part.mention(actor.id, actor.name, actor.type, (hit.first, hit.stop))


def _people(parts: Sequence[_Part], table: ActorTable) -> Iterator[Mention]:
    """Other people, by the fullest name that the article gives them."""
    texts = [text_of(part.text.words, span, part.text.text) for part in parts for span in part.people]
    listed: dict[tuple[str, ...], Actor] = {}
    for part in parts:
        for hit in part.hits:
            actor = hit.alias.actor
            if actor is not None and is_person(actor):
                listed |= {name_words(name): actor for name in (actor.name, *actor.aliases)}
    known = {words: actor.id for words, actor in listed.items()}
    full = full_names([*texts, *(actor.name for actor in listed.values())])
    ids = joined_names(full, known)
    for part in parts:
        for span in part.people:
            name = text_of(part.text.words, span, part.text.text)
            actor = table.actors.get(ids[name])
            yield part.mention(ids[name], actor.name if actor else full[name], PERSON, span)
