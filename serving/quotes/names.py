"""The persons and institutions that an article names, and the fullest name of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from sorot.serving.quotes.sentences import Sentence, Word
from sorot.serving.quotes.words import (
    HONORIFICS,
    INSTITUTIONS,
    KNOWN_AS,
    NO_NAMES,
    REPORT,
    ROLES,
    SAY,
    SENTENCE_WORDS,
    STOPS,
)

# Words that hold parts of a name together.
_LINKS = frozenset("dan & of for the bin binti al van von de bint and".split())
_LONGEST_NAME = 6
_LONGEST_ROLE = 14
_ALIKE = 0.86


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as it stands in a sentence: words `first` to `last` (exclusive) of the run of capitalised words.

    `name` is the part that names a person (or a company, a country); empty where the run holds only a role or an
    institution. `role` is in lower case what is said of the person before or after the name.
    """

    at: int
    first: int
    last: int
    words: tuple[Word, ...]
    name: tuple[Word, ...]
    role: tuple[str, ...]
    body: bool

    @property
    def key(self) -> tuple[str, ...]:
        """The name in lower case, or of an institution all its words."""
        return tuple(w.lower for w in (self.name or self.words) if w.text not in "(),")


@dataclass(slots=True)
class Entity:
    """Somebody or something that an article names: the fullest name, its words, roles and the places of its mentions."""

    name: str
    keys: set[str]
    person: bool
    head: str
    abbreviations: set[str] = field(default_factory=set)
    roles: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)


def mentions_of(sentence: Sentence) -> list[Mention]:
    """The names in a sentence, in order."""
    words = sentence.words
    found, i = [], 0
    while i < len(words):
        word = words[i]
        if not word.capital or word.text in "(),;:" or (i == 0 and word.lower in SENTENCE_WORDS and word.lower not in ROLES):
            i += 1
            continue
        if word.lower in SENTENCE_WORDS and word.lower not in NO_NAMES and not _starts_name(words, i):
            i += 1
            continue
        last = _run_end(words, i)
        found.append(_mention(words, i, last))
        i = last
    return found


def _starts_name(words: Sequence[Word], i: int) -> bool:
    """Whether a word that is also an everyday word begins a name here: it stands in mid-sentence, after a role or a title."""
    return i > 0 and words[i - 1].lower in (ROLES | HONORIFICS) and words[i].lower not in (REPORT | SAY)


def _run_end(words: Sequence[Word], first: int) -> int:
    """The end of the run of capitalised words that begins at `first`."""
    institution = False
    last = first
    i = first
    while i < len(words):
        word = words[i]
        if i > last and words[i].start - words[i - 1].end > 4:
            break
        institution = institution or word.lower in INSTITUTIONS or word.lower in ROLES
        if word.capital and word.text not in "(),":
            if word.lower in SENTENCE_WORDS and word.lower not in NO_NAMES and i > first:
                break
            i += 1
            last = i
        elif word.lower in _LINKS and i + 1 < len(words) and words[i + 1].capital and i > first:
            joins = institution and words[i + 1].lower in NO_NAMES or words[i + 1].text.isupper() and institution
            if word.lower in ("dan", "&", "and", "of", "for", "the") and not joins:
                break
            i += 1
        elif word.text == "-" and i > first and i + 1 < len(words) and (words[i + 1].capital or words[i - 1].lower == "al"):
            i += 1
        elif word.text == "," and institution and _enumerates(words, i):
            i += 1
        elif word.text == "(" and institution and i + 3 < len(words) and words[i + 2].text == ")" and words[i + 3].capital:
            # 'Kepolisian Daerah (Polda) Jawa Timur'
            if words[i + 3].lower in SENTENCE_WORDS - NO_NAMES:
                break
            i += 3
        else:
            break
    return last


def _enumerates(words: Sequence[Word], i: int) -> bool:
    """Whether a comma stands in a name such as 'Kementerian Usaha Mikro, Kecil, dan Menengah'."""
    following = [w.lower for w in words[i + 1 : i + 5]]
    return len(following) > 2 and following[0] in NO_NAMES - ROLES and (following[1:3] == [",", "dan"] or following[1] == "dan")


def _mention(words: Sequence[Word], first: int, last: int) -> Mention:
    run = words[first:last]
    cut = 0
    for number, word in enumerate(run):
        if word.lower in NO_NAMES or word.lower in HONORIFICS or word.text in "()," or word.lower in ("dan", "&", "of"):
            cut = number + 1
        elif word.text.isupper() and len(word.text) > 1 and number + 1 < len(run) and not run[-1].text.isupper():
            cut = number + 1
    body = run[0].lower in INSTITUTIONS
    if body and cut < len(run) and not (run[0].lower in ROLES):
        cut = len(run)
    name = tuple(run[cut:])
    role: tuple[str, ...] = ()
    if name and len(name) <= _LONGEST_NAME:
        role = _role(words, first, first + cut, last)
    elif name:
        name = ()
    return Mention(run[0].start, first, last, tuple(run), name, role, body or not name)


def _role(words: Sequence[Word], first: int, name: int, last: int) -> tuple[str, ...]:
    """What is said of a person right before the name and after it, between commas."""
    begin = None
    for i in range(name - 1, max(-1, name - 1 - _LONGEST_ROLE), -1):
        word = words[i]
        if word.text in ";:" or (word.text == "," and i != name - 1) or word.text == ")" and i != name - 1:
            break
        if word.lower in SAY or word.lower in REPORT or (word.lower in STOPS and word.lower not in ("dari", "sebagai", "pada")):
            break
        if word.lower in ROLES:
            begin = i
    before = [w.lower for w in words[begin:name] if w.text not in "(),"] if begin is not None else []
    after = []
    if last + 1 < len(words) and words[last].text == "," and words[last + 1].lower in ROLES:
        for word in words[last + 1 : last + 1 + _LONGEST_ROLE]:
            if word.text in ",;:()" or word.lower in REPORT:
                break
            after.append(word.lower)
    del first
    return tuple(before or after)


class Names:
    """The entities of an article."""

    def __init__(self, sentences: Sequence[Sentence], mentions: Sequence[Sequence[Mention]], text: str) -> None:
        self.entities: list[Entity] = []
        self._by_key: dict[tuple[str, ...], Entity] = {}
        flat = [(s, m) for s, found in zip(sentences, mentions, strict=True) for m in found]
        # The longest names first, so that each shorter one finds its full form.
        for sentence, mention in sorted(flat, key=lambda pair: -len(pair[1].key)):
            self._add(sentence, mention, text)
        for entity in self.entities:
            entity.places.sort()

    def _add(self, sentence: Sentence, mention: Mention, text: str) -> None:
        key = mention.key
        entity = self.find(key, mention.at, person=bool(mention.name))
        shown = mention.name or mention.words
        abbreviation = _abbreviation(sentence.words, mention.last)
        if entity is None:
            entity = Entity(text[shown[0].start : shown[-1].end], set(key), bool(mention.name), key[0])
            entity.abbreviations |= {w.lower for w in shown if w.text.isupper() and len(w.text) > 1}
            self.entities.append(entity)
        self._by_key.setdefault(key, entity)
        if abbreviation:
            entity.abbreviations.add(abbreviation)
            entity.keys.add(abbreviation)
            self._by_key.setdefault((abbreviation,), entity)
        if mention.role:
            entity.roles.append((mention.at, mention.role))
        entity.places.append(mention.at)

    def find(self, key: tuple[str, ...], at: int, *, person: bool) -> Entity | None:
        """The entity that a name in lower case stands for at an offset, or None."""
        if (exact := self._by_key.get(key)) is not None:
            return exact
        if (known := KNOWN_AS.get(" ".join(key))) and (full := self._by_key.get(tuple(known.split()))):
            return full
        parts = set(key)
        fits = [e for e in self.entities if parts <= e.keys and _may_shorten(parts, e, person)]
        if not fits and person and len(key) <= 2:
            fits = [e for e in self.entities if e.person and _alike(key, e)]
        if not fits:
            return None
        return max(fits, key=lambda e: _nearness(e, at))


def _may_shorten(parts: set[str], entity: Entity, person: bool) -> bool:
    if entity.person:
        return person
    return bool(parts & entity.abbreviations) or (entity.head in parts and len(parts) > 1)


def _nearness(entity: Entity, at: int) -> tuple[bool, int]:
    before = [place for place in entity.places if place <= at]
    return (bool(before), before[-1] if before else -min(entity.places, default=0))


def _alike(key: tuple[str, ...], entity: Entity) -> bool:
    """Whether each word is a misspelling of a word of the name, or its beginning ('Susi' for 'Susiwijono')."""
    return all(
        any(
            part == word
            or (len(part) >= 4 and word.startswith(part))
            or (len(part) >= 5 and part[0] == word[0] and SequenceMatcher(None, part, word).ratio() >= _ALIKE)
            for word in entity.keys
        )
        for part in key
    )


def _abbreviation(words: Sequence[Word], last: int) -> str | None:
    """The short form that follows a name: '(KPI)', 'atau Jokowi', 'alias Ahok'."""
    following = words[last : last + 3]
    if len(following) == 3 and following[0].text == "(" and following[2].text == ")" and following[1].text[0].isalpha():
        return following[1].lower
    if len(following) >= 2 and following[0].lower in ("atau", "alias") and following[1].capital:
        return following[1].lower
    return None
