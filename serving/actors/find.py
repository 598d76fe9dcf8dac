"""Finds the actors that an article names: those of the table, and other people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sorot.data.text.names.features import is_capitalised
from sorot.serving.actors.listed import Hit, find_aliases, holder_of, is_abroad, is_meant, redefined_acronyms
from sorot.serving.actors.mention import Mention
from sorot.serving.actors.text import Text
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

    def words_outside_names(self) -> list[str]:
        """The words that belong to no name of the table and of no person."""
        spans = [*self.people, *((hit.first, hit.stop) for hit in self.hits)]
        taken = {at for first, stop in spans for at in range(first, stop)}
        return [word.text for at, word in enumerate(self.text.words) if at not in taken]

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
    found = _found_parts(title or "", body, table)
    parts = [_without_namesakes(part, found) for part in found]
    lowered = f"{title or ''}\n{body}".casefold()
    parts = [_meant(part, parts, lowered, day) for part in parts]
    has_short_name = any(_is_of_state(hit) and len(hit.alias.words) == 1 for part in parts for hit in part.hits)
    if not has_short_name and is_abroad([word for part in parts for word in part.words_outside_names()], table):
        parts = [replace(part, hits=tuple(hit for hit in part.hits if not _is_of_state(hit))) for part in parts]
    mentions = [*_listed(parts, day), *_holders(parts, day, table), *_people(parts, table)]
    return tuple(sorted(mentions, key=lambda one: (one.start is not None, one.start or 0)))


def _found_parts(title: str, body: str, table: ActorTable) -> list[_Part]:
    """The title, if there is one, and the body.

    In a part without capitals names of one word count only where the other part has them; a title takes only such names.
    """
    if body.islower():
        head = _find(Text.of(title, table), table, in_body=False)
        found = _find(Text.of(body, table), table, in_body=True, any_case=True)
        named = _ids(head.hits)
        hits = tuple(h for h in found.hits if len(h.alias.words) > 1 or (h.alias.actor and h.alias.actor.id in named))
        rest = _Part(found.text, True, hits, (), ())
        return [head, rest] if title and not title.islower() else [rest]
    found = _find(Text.of(body, table), table, in_body=True)
    return [_find_in_title(title, table, found), found] if title else [found]


def _ids(hits: Sequence[Hit]) -> set[str]:
    return {hit.alias.actor.id for hit in hits if hit.alias.actor}


def _is_of_state(hit: Hit) -> bool:
    return hit.alias.actor is not None and hit.alias.actor.is_of_state


def _find(text: Text, table: ActorTable, *, in_body: bool, any_case: bool = False) -> _Part:
    found = tuple(find_aliases(text, table, any_case=any_case))
    hits = tuple(hit for hit in found if hit.alias.actor is not None)
    offices = tuple(hit for hit in found if hit.alias.actor is None)
    if text.text.isupper() or text.text.islower():
        return _Part(text, in_body, hits, offices, ())
    people = find_people(text.words, shipped_names())
    longer = [span for span in people if span[1] - span[0] > 1 and not any(_has_nickname(span, hit) for hit in hits)]
    hits = tuple(hit for hit in hits if not any(_is_inside_a_name(hit, span) for span in longer))
    taken = [(hit.first, hit.stop) for hit in (*hits, *offices)]
    people = [span for span in people if not any(first < span[1] and span[0] < stop for first, stop in taken)]
    people += repeated_names(text.words, people, taken)
    return _Part(text, in_body, hits, offices, tuple(people))


def _is_inside_a_name(hit: Hit, span: Span) -> bool:
    """Whether one word of the table is part of somebody else's name, as in 'Edhy Prabowo'."""
    actor = hit.alias.actor
    return hit.stop - hit.first == 1 and actor is not None and is_person(actor) and span[0] <= hit.first < span[1]


def _has_nickname(span: Span, hit: Hit) -> bool:
    """Whether a range of words has a nickname that is no part of its bearer's name ('Jokowi'), so is no name of another."""
    actor = hit.alias.actor
    return _is_inside_a_name(hit, span) and actor is not None and hit.alias.words[0].casefold() not in name_words(actor.name)


def _without_namesakes(part: _Part, parts: Sequence[_Part]) -> _Part:
    """The part in which a short name of a listed person means another one whose full name the article has.

    'Prabowo' is Edhy Prabowo, unless Prabowo Subianto is named too, or a word with a capital stands before it.
    """
    others = {
        one.text.words[at].text for one in parts for first, stop in one.people if stop - first > 1 for at in range(first, stop)
    }
    certain = _ids([hit for one in parts for hit in one.hits if len(hit.alias.words) > 1])

    def is_namesake(hit: Hit) -> bool:
        actor, word = hit.alias.actor, part.text.words[hit.first].text
        if actor is None or not is_person(actor) or len(hit.alias.words) > 1 or word not in others or actor.id in certain:
            return False
        return hit.first == 0 or not is_capitalised(part.text.words[hit.first - 1].text)

    namesakes = tuple(hit for hit in part.hits if is_namesake(hit))
    hits = tuple(hit for hit in part.hits if hit not in namesakes)
    return replace(part, hits=hits, people=(*part.people, *((hit.first, hit.stop) for hit in namesakes)))


def _find_in_title(title: str, table: ActorTable, body: _Part) -> _Part:
    """What the title names. In a title without capitals only actors whom the body names are found."""
    if not title.islower():
        return _find(Text.of(title, table), table, in_body=False)
    part = _find(Text.of(title, table), table, in_body=False, any_case=True)
    named = _ids(body.hits)
    hits = tuple(hit for hit in part.hits if hit.alias.actor and hit.alias.actor.id in named)
    return _Part(part.text, False, hits, (), ())


def _meant(part: _Part, parts: Sequence[_Part], lowered: str, day: date | None) -> _Part:
    """The part without short forms that mean something else here."""
    redefined = {word for one in parts for word in redefined_acronyms(one.text, one.hits)}
    certain = {hit.alias.actor.id for one in parts for hit in one.hits if hit.alias.actor and not hit.alias.is_short}

    def holds(hit: Hit) -> bool:
        actor = hit.alias.actor
        word = hit.alias.words[0] if len(hit.alias.words) == 1 else ""
        return (
            actor is not None
            and word not in redefined
            and is_meant(hit, part.text, actor, lowered, named_otherwise=actor.id in certain, day=day)
        )

    return _Part(part.text, part.in_body, tuple(hit for hit in part.hits if holds(hit)), part.offices, part.people)


def _listed(parts: Sequence[_Part], day: date | None) -> Iterator[Mention]:
    for part in parts:
        for hit in part.hits:
            if actor := hit.alias.actor:
                yield part.mention(actor.id, actor.name_at(day), actor.type, (hit.first, hit.stop))


def _holders(parts: Sequence[_Part], day: date | None, table: ActorTable) -> Iterator[Mention]:
    """Titles of offices that stand for their holders on the day; other titles name the body that they belong to."""
    named = {who for part in parts for who in _ids(part.hits)}
    for part in parts:
        for hit in part.offices:
            who = hit.alias.holder_at(day) if day else hit.alias.sole_holder(named)
            common = " ".join(hit.alias.words).casefold() in _COMMON_TITLES
            if who and holder_of(hit, part.text) and not (common and who not in named):
                actor = table.actors[who]
                yield part.mention(actor.id, actor.name, actor.type, (hit.first, hit.stop))
            elif hit.alias.body:
                actor, size = hit.alias.body
                yield part.mention(actor.id, actor.name_at(day), actor.type, (hit.stop - size, hit.stop))


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
