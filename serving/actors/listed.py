"""Finds the actors of the table in a text: longest name first, whole words, with their capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sorot.data.text.names.features import Word, is_capitalised, split_words
from sorot.serving.names.table import Actor, ActorTable, Alias

# A link, an address, or the name of a site: a name inside it means no actor unless it is the whole.
_ADDRESS = re.compile(
    r"https?://\S+|www\.\S+|[\w.-]*@\w[\w.-]*|#\w+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|co|id|org|net|info|tv|news)\b(?:\.\w+)*(?:/\S*)?",
    re.IGNORECASE,
)
ACRONYM_LETTERS = 5
# Words before a title of someone who does not hold the office.
_NOT_IN_OFFICE = frozenset("mantan eks calon bakal wakil juru staf mantan-mantan sekretariat istana ajudan bekas".split())


@dataclass(frozen=True, slots=True)
class Hit:
    """An alias found in a text, as the words `first` to before `stop`."""

    alias: Alias
    first: int
    stop: int


@dataclass(frozen=True, slots=True)
class Text:
    """A text as words, and the parts of it that are addresses."""

    text: str
    words: tuple[Word, ...]
    addresses: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str, table: ActorTable) -> Text:
        """The words of a text; actors joined by a hyphen ('TNI-Polri') are words of their own."""
        words = tuple(part for word in split_words(text) for part in _unhyphenated(word, table))
        return cls(text, words, tuple(match.span() for match in _ADDRESS.finditer(text)))


def _unhyphenated(word: Word, table: ActorTable) -> Iterator[Word]:
    parts = word.text.split("-")
    # 'PDI-P' is one name.
    if len(parts) < 2 or word.text.casefold() in table.by_word or not any(_is_a_name(part, table) for part in parts):
        yield word
        return
    start = word.start
    for part in parts:
        if part:
            yield Word(part, start, start + len(part))
        start += len(part) + 1


def _is_a_name(part: str, table: ActorTable) -> bool:
    return any(alias.words == (part,) for alias in table.by_word.get(part.casefold(), ()))


def find_aliases(text: Text, table: ActorTable, *, any_case: bool = False) -> Iterator[Hit]:
    """Names of the table in a text, from left to right, none inside another. `any_case` ignores capitals."""
    words, at = text.words, 0
    addresses = iter((*text.addresses, (len(text.text) + 1, len(text.text) + 1)))
    address = next(addresses)
    while at < len(words):
        while address[1] <= words[at].start:
            address = next(addresses)
        hit = _longest(text, at, address, table, any_case=any_case)
        if hit is None:
            at += 1
        else:
            yield hit
            at = hit.stop


def _longest(text: Text, at: int, address: tuple[int, int], table: ActorTable, *, any_case: bool) -> Hit | None:
    words = text.words
    for alias in table.by_word.get(words[at].text.casefold(), ()):
        stop = at + len(alias.words)
        if stop > len(words) or not all(
            _is_same(own, word.text, any_case=any_case) for own, word in zip(alias.words, words[at:stop], strict=True)
        ):
            continue
        inside = address[0] <= words[at].start < address[1]
        if inside and (words[at].start, words[stop - 1].end) != address:
            continue
        actor = alias.actor
        if actor is not None and stop < len(words) and words[stop].text in actor.not_before:
            # The same body of another country; a longer name of ours may not start here.
            return None
        return Hit(alias, at, stop)
    return None


def _is_same(alias: str, word: str, *, any_case: bool) -> bool:
    if alias == word:
        return True
    if alias.casefold() != word.casefold():
        return False
    if any_case:
        return True
    if alias.isupper() and len(alias) <= ACRONYM_LETTERS:
        return False
    # 'KOMINFO' and 'Kominfo'; 'Dan' in a heading.
    return is_capitalised(word) or alias.islower()


def redefined_acronyms(text: Text, hits: Sequence[Hit]) -> frozenset[str]:
    """Acronyms that the text itself explains otherwise: 'Kilang Pertamina Internasional (KPI)'."""
    words = text.words
    ends = {hit.stop: hit.alias.actor for hit in hits}
    found: set[str] = set()
    for hit in hits:
        word = words[hit.first].text
        before = hit.first - 1
        if not (hit.stop == hit.first + 1 and word.isupper() and before > 0 and words[before].text == "("):
            continue
        initials = "".join(one.text[0] for one in words[max(0, before - 2 * len(word)) : before] if is_capitalised(one.text))
        if ends.get(before) != hit.alias.actor and initials.endswith(word):
            found.add(word)
    return frozenset(found)


def is_meant(hit: Hit, text: Text, actor: Actor, lowered: str, *, named_otherwise: bool) -> bool:
    """Whether a short form means its actor: another name of it or a word of its context is in the article.

    `lowered` is the article in lower case.
    """
    if not hit.alias.is_short:
        return True
    if actor.after:
        return hit.first > 0 and text.words[hit.first - 1].text.casefold() in actor.after
    return named_otherwise or (actor.context is not None and actor.context.search(lowered) is not None)


def holder_of(hit: Hit, text: Text) -> bool:
    """Whether the title of an office stands for its holder: no name follows it, and nothing says 'former'."""
    words = text.words
    if hit.first and words[hit.first - 1].text.casefold() in _NOT_IN_OFFICE:
        return False
    following = words[hit.stop].text if hit.stop < len(words) else "."
    return not is_capitalised(following) and following not in "(-/"
