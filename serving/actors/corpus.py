"""Joins people's names over a corpus, and counts who is quoted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sorot.serving.actors.listed import find_aliases
from sorot.serving.actors.mention import Mention
from sorot.serving.actors.text import Text
from sorot.serving.names.people import full_names, is_part, name_words, person_id
from sorot.serving.names.table import PERSON, ActorTable
from sorot.serving.quotes.quote import Quote


class CorpusNames:
    """The names of people whom the table does not list, collected article by article."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def add(self, mentions: Iterable[Mention]) -> None:
        """Take in the people of an article."""
        self._names |= {one.actor: one.name for one in mentions if one.type == PERSON and one.actor.startswith("person:")}

    def joined(self) -> dict[str, tuple[str, str]]:
        """For each id of a shorter name of two or more words the id and name of the only longer one that contains it.

        A single word is never joined over articles: many people share it.
        """
        long = [name for name in self._names.values() if len(name_words(name)) > 1]
        return {person_id(name): (person_id(full), full) for name, full in _contained(long) if name != full}


def _contained(names: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Pairs of a name and the name that contains it, within groups that share a word: time grows with the groups."""
    groups: dict[str, list[str]] = {}
    for name in names:
        # Longer names begin or end with the shorter one, so they share its first or last word.
        words = name_words(name)
        for word in {words[0], words[-1]}:
            groups.setdefault(word, []).append(name)
    found: dict[str, set[str]] = {}
    for group in groups.values():
        for name, full in full_names(group).items():
            if name != full:
                found.setdefault(name, set()).add(full)
    return [(name, full.pop()) for name, full in found.items() if len({person_id(one) for one in full}) == 1]


def count_quoted(quotes: Sequence[Quote], mentions: Sequence[Mention], table: ActorTable) -> Counter[str]:
    """How many quotes each actor speaks, by its id; quotes whose speaker is no actor are left out."""
    by_text = {mention.text: mention.actor for mention in mentions}
    people = [(name_words(mention.name), mention.actor) for mention in mentions if mention.type == PERSON]
    counts: Counter[str] = Counter()
    for speaker, number in Counter(quote.speaker for quote in quotes if quote.speaker).items():
        actor = by_text.get(speaker) or _actor_of(speaker, people, table, {mention.actor for mention in mentions})
        if actor:
            counts[actor] += number
    return counts


def _actor_of(speaker: str, people: Sequence[tuple[tuple[str, ...], str]], table: ActorTable, named: set[str]) -> str | None:
    words = name_words(speaker)
    for name, actor in people:
        if words and (is_part(words, name) or is_part(name, words)):
            return actor
    text = Text.of(speaker, table)
    hits = [hit.alias.actor for hit in find_aliases(text, table) if hit.alias.actor and hit.alias.actor.id in named]
    return hits[0].id if hits else None
