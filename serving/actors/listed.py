"""Finds the actors of the table in a text: longest name first, whole words, with their capitals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sorot.data.text.names.features import is_capitalised
from sorot.serving.actors.text import Text
from sorot.serving.names.table import Actor, ActorTable, Alias, is_person

ACRONYM_LETTERS = 5
# Words before a title of someone who does not hold the office.
_NOT_IN_OFFICE = frozenset(
    """
    mantan eks calon bakal wakil juru staf mantan-mantan sekretariat istana ajudan bekas menjadi jadi jabatan kursi posisi
    peraturan asisten
    """.split()
)
# Words after a title of someone of another time.
_OF_ANOTHER_TIME = frozenset(("terpilih", "kala", "ketika", "periode", "pertama", "kedua"))
# Words before a name that make it the name of a place, a school or a cup; the longer list before names of people.
_NAMED_AFTER = frozenset("universitas piala jalan jl bandara stadion".split())
_NAMED_AFTER_PEOPLE = frozenset(
    """
    gelora rs rsud rsu rsup gedung museum masjid monumen taman lapangan pelabuhan
    jembatan pasar waduk bendungan istana tugu kampus
    """.split()
).union(_NAMED_AFTER)
# An article that names one other country so often, and nothing of Indonesia, is on that country.
LEAST_FOREIGN = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """An alias found in a text, as the words `first` to before `stop`."""

    alias: Alias
    first: int
    stop: int


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
            _is_same(own, word.text, any_case=any_case or (alias.opens_lower and place == 0))
            for place, (own, word) in enumerate(zip(alias.words, words[at:stop], strict=True))
        ):
            continue
        inside = address[0] <= words[at].start < address[1]
        if inside and (words[at].start, words[stop - 1].end) != address:
            continue
        actor = alias.actor
        if actor is not None and (_is_other(actor, text, stop, table, any_case=any_case) or _is_named_after(actor, text, at)):
            # The same body of another country, or a street; a longer name of ours may not start here.
            return None
        return Hit(alias, at, stop)
    return None


def _is_named_after(actor: Actor, text: Text, at: int) -> bool:
    before = text.words[at - 1].text.casefold() if at else ""
    return before in (_NAMED_AFTER_PEOPLE if is_person(actor) else _NAMED_AFTER)


def _is_other(actor: Actor, text: Text, stop: int, table: ActorTable, *, any_case: bool) -> bool:
    """Whether the word after a name makes it that of another body: 'Kementerian Luar Negeri (Kemlu) China', '... di China'."""
    words = [word.text for word in text.words[stop : stop + 5]]
    if words[:1] == ["("] and ")" in words:
        words = words[words.index(")") + 1 :]
    if words[:1] == [")"]:
        words = words[1:]
    bodies = actor.not_before
    if words[:1] == ["di"] and actor.is_of_state:
        words, bodies = words[1:], table.foreign
    spellings = {words[0], words[0].capitalize(), words[0].upper()} if any_case and words else set(words[:1])
    return not spellings.isdisjoint(bodies)


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


def is_abroad(words: Collection[str], table: ActorTable) -> bool:
    """Whether a text is on another country alone: its words outside names have one often, and none that stands for Indonesia."""
    countries = Counter(word for word in words if word in table.foreign)
    return max(countries.values(), default=0) >= LEAST_FOREIGN and table.home.isdisjoint(words)


def is_meant(hit: Hit, text: Text, actor: Actor, lowered: str, *, named_otherwise: bool, day: date | None = None) -> bool:
    """Whether a short form means its actor: another name of it or a word of its context is in the article.

    `lowered` is the article in lower case. On a day before the actor existed, its short forms mean something else.
    """
    if not hit.alias.is_short:
        return True
    if day is not None and actor.since is not None and day < actor.since:
        return False
    if actor.after:
        return hit.first > 0 and text.words[hit.first - 1].text.casefold() in actor.after
    return named_otherwise or (actor.context is not None and actor.context.search(lowered) is not None)


def holder_of(hit: Hit, text: Text) -> bool:
    """Whether the title of an office stands for its holder: no name follows it, and nothing says 'former'."""
    words = text.words
    if hit.first and words[hit.first - 1].text.casefold() in _NOT_IN_OFFICE:
        return False
    following = [word.text for word in words[hit.stop : hit.stop + 2]]
    # 'Menteri Perhubungan (Menhub) Budi Karya'.
    if following[:1] == [")"]:
        following = following[1:]
    after = following[0] if following else "."
    return not is_capitalised(after) and after not in _OF_ANOTHER_TIME and after not in "(-/"
