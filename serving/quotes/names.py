"""The persons and institutions that an article names, and the fullest name of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from sorot.data.text.names.features import PARTICLES
from sorot.serving.quotes.lists.name_words import KNOWN_AS, NO_NAMES, NOUN
from sorot.serving.quotes.lists.words import DEMAND, HONORIFICS, REPORT, ROLES, SAY, SENTENCE_WORDS
from sorot.serving.quotes.mentions import LONGEST_ROLE, Mention
from sorot.serving.quotes.sentences import Sentence, Word

_ALIKE = 0.8
_VERBS = ("meng", "meny", "mem", "men", "ber", "ter", "di", "se")


@dataclass(slots=True)
class Entity:
    """Somebody or something that an article names: the fullest name, its words, roles and the places of its mentions.

    `person` is set for what bears a name of its own, films and companies included; `human` where a mention is surely a person's.
    """

    name: str
    keys: set[str]
    person: bool
    order: tuple[str, ...]
    human: bool = False
    abbreviations: set[str] = field(default_factory=set)
    roles: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    @property
    def head(self) -> str:
        """The first word of the name, in lower case."""
        return self.order[0]


class Names:
    """The entities of an article. `title` gives fuller names than the body at times; its words are known as `title_words`."""

    def __init__(
        self, title: str | None, sentences: Sequence[Sentence], mentions: Sequence[Sequence[Mention]], text: str
    ) -> None:
        self.entities: list[Entity] = []
        self._by_key: dict[tuple[str, ...], Entity] = {}
        flat = [(s, m) for s, found in zip(sentences, mentions, strict=True) for m in found]
        self._lower = {w.lower for s in sentences for w in s.words if not w.capital}
        self._inner = {w.lower for s, m in flat for w in m.words if m.first > 0 or s.words[0] is not m.words[0]}
        keys = {m.key for _, m in flat if m.name}
        self._roles = {word for _, m in flat for word in m.role}
        self._speaking = {m.key[0] for s, m in flat if m.name and len(m.key) == 1 and _speaks(s.words, m)}
        # The longest names first, so that each shorter one finds its full form.
        for sentence, mention in sorted(flat, key=lambda pair: -len(pair[1].key)):
            if self._is_name(sentence, mention):
                self._add(sentence, mention, text, keys)
        if title:
            self._complete(title)
        for entity in self.entities:
            entity.places.sort()

    def _is_name(self, sentence: Sentence, mention: Mention) -> bool:
        """Whether a run is a name at all, and not the capital letter of a sentence's first word."""
        if not mention.name:
            return mention.words[0].lower not in ROLES and len(mention.words) <= LONGEST_ROLE
        word = mention.name[0]
        if len(mention.name) == 1 and (len(word.text) == 1 or (word.lower in self._roles and word.lower not in self._speaking)):
            return False
        if mention.first > 0 or len(mention.name) > 1 or mention.role:
            return not all(w.lower in self._lower for w in mention.name)
        if word.lower in self._lower:
            return False
        following = sentence.words[mention.last : mention.last + 3]
        return word.lower in self._inner or any(w.lower in REPORT or w.lower in SAY or w.lower in DEMAND for w in following)

    def _add(self, sentence: Sentence, mention: Mention, text: str, keys: set[tuple[str, ...]]) -> None:
        key = mention.key
        shown = mention.name or mention.words
        while mention.name and mention.first == 0 and len(key) > 1 and key[0] in self._lower and key not in self._by_key:
            key, shown = key[1:], shown[1:]
        # 'Direktur Utama Bulog Budi Waseso' holds the institution too, where 'Budi Waseso' or 'Budi' stands elsewhere.
        while mention.role and len(key) > 1 and self._is_prefix(key, keys):
            key, shown = key[1:], shown[1:]
        if mention.role and (drop := self._dropped(key)):
            key, shown = key[drop:], shown[drop:]
        # 'Dewa Gede Rai' is known by the first word that the article calls him by elsewhere.
        begins = next((k for k, w in enumerate(mention.words) if w is shown[0]), 0) if mention.name and len(key) > 1 else 0
        while begins and self._calls(mention.words[begins - 1].lower):
            begins -= 1
            key, shown = (mention.words[begins].lower, *key), (mention.words[begins], *shown)
        entity = self.find(key, mention.at, person=bool(mention.name))
        abbreviation = _abbreviation(sentence.words, mention.last)
        if entity is None:
            entity = Entity(text[shown[0].start : shown[-1].end], set(key), bool(mention.name), key)
            entity.abbreviations |= {w.lower for w in shown if text[w.start - 1 : w.start] == "("}
            self.entities.append(entity)
        self._by_key.setdefault(key, entity)
        self._by_key.setdefault(mention.key, entity)
        if abbreviation:
            entity.abbreviations.add(abbreviation)
            entity.keys.add(abbreviation)
            self._by_key.setdefault((abbreviation,), entity)
        if mention.role:
            entity.roles.append((mention.at, mention.role))
        entity.human = entity.human or (entity.person and mention.human)
        entity.places.append(mention.at)

    def _calls(self, word: str) -> bool:
        """Whether a word alone names somebody who speaks."""
        return word in self._speaking and word not in NO_NAMES and word not in HONORIFICS

    def _is_prefix(self, key: tuple[str, ...], keys: set[tuple[str, ...]]) -> bool:
        """Whether the first word of a name belongs to the role before it: it also stands alone, and never speaks."""
        if any(key[k:] in keys for k in range(1, len(key) - 1)):
            return True
        alone = key[:1] in keys or key[:1] in self._by_key
        return alone and key[0] not in self._speaking and (len(key) > 2 or key[1] in self._speaking)

    def _dropped(self, key: tuple[str, ...]) -> int:
        """How many first words of a long name belong to the role: the name begins at most one word before a short form."""
        for k, word in enumerate(key):
            if k and word in self._speaking:
                begins = k if k < len(key) - 1 else max(0, k - 1) if k > 2 else 0
                return max(0, k - 2) if begins == k and key[k - 1] in PARTICLES else begins
            if word in self._speaking:
                return 0
        return 0

    def _complete(self, title: str) -> None:
        """Lengthens names by the words that stand beside them in the title."""
        words = re.findall(r"[\w'’-]+|[^\w\s]", title)
        for entity in self.entities:
            if not entity.person or " " in entity.name:
                continue
            for i, word in enumerate(words):
                if word.lower() != entity.name.lower():
                    continue
                begins = i > 0 and self._extends(words[i - 1]) and (i == 1 or not words[i - 2][:1].isalnum())
                if begins:
                    full = words[i - 1 : i + 1]
                elif i + 1 < len(words) and self._extends(words[i + 1]):
                    full = words[i : i + 2]
                else:
                    continue
                entity.name = " ".join(full)
                entity.keys |= {w.lower() for w in full}
                break

    def _extends(self, word: str) -> bool:
        """Whether a word of the title can be part of a name."""
        lower = word.lower()
        common = lower in SENTENCE_WORDS or lower in NO_NAMES or lower in HONORIFICS or lower in self._lower
        return (
            word[:1].isupper()
            and not word.isupper()
            and not common
            and NOUN.fullmatch(lower) is None
            and not lower.startswith(_VERBS)
            and not lower.endswith("kan")
        )

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
        if not fits and not person and len(key) > 1:
            fits = [e for e in self.entities if not e.person and _abbreviates(key, e)]
        if not fits:
            return None
        return max(fits, key=lambda e: _nearness(e, at))


def _speaks(words: Sequence[Word], mention: Mention) -> bool:
    """Whether a verb of saying stands right before a name or right after it."""
    before = words[mention.first - 1].lower if mention.first else ""
    after = words[mention.last].lower if mention.last < len(words) else ""
    return before in SAY or before == "menurut" or after in REPORT or after in DEMAND or after in SAY


def _abbreviates(key: tuple[str, ...], entity: Entity) -> bool:
    """Whether each word of an institution's short name is made of the beginnings of its words."""
    return all(part in entity.keys or is_short_for(part, entity.order) for part in key) and key[0][:2] == entity.head[:2]


def is_short_for(word: str, others: Sequence[str]) -> bool:
    """Whether a word is made of the beginnings of others: 'kominfo' of 'komunikasi' and 'informatika'."""
    at = 0
    for other in others:
        size = 0
        while at + size < len(word) and size < len(other) and word[at + size] == other[size]:
            size += 1
        if size >= 2 or (size == 1 and len(word) <= 4):
            at += size
        if at == len(word):
            return True
    return False


def _may_shorten(parts: set[str], entity: Entity, person: bool) -> bool:
    if entity.person:
        return person
    return bool(parts & entity.abbreviations) or (entity.head in parts and len(parts) > 1)


def _nearness(entity: Entity, at: int) -> tuple[bool, int]:
    before = [place for place in entity.places if place <= at]
    return (bool(before), before[-1] if before else -min(entity.places, default=0))


def _alike(key: tuple[str, ...], entity: Entity) -> bool:
    """Whether each word is a misspelling of a word of the name, or its beginning ('Susi' for 'Susiwijono')."""
    exact = sum(part in entity.keys for part in key)
    limit = 0.7 if exact else _ALIKE
    return all(part in entity.keys or any(_resembles(part, word, limit, exact > 0) for word in entity.keys) for part in key)


def _resembles(part: str, word: str, limit: float, known: bool) -> bool:
    if part[0] != word[0] or (abs(len(part) - len(word)) > 2 and not word.startswith(part)):
        return False
    if len(part) >= 4 and word.startswith(part):
        return True
    return (known or len(part) >= 5) and SequenceMatcher(None, part, word).ratio() >= limit


def _abbreviation(words: Sequence[Word], last: int) -> str | None:
    """The short form that follows a name: '(KPI)', 'atau Jokowi', 'alias Ahok'."""
    following = words[last : last + 3]
    if len(following) == 3 and following[0].text == "(" and following[2].text == ")" and following[1].text[0].isalpha():
        return following[1].lower
    if len(following) >= 2 and following[0].lower in ("atau", "alias") and following[1].capital:
        return following[1].lower
    return None
