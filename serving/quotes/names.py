"""The persons and institutions that an article names, and the fullest name of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from sorot.serving.quotes.sentences import Sentence, Word
from sorot.serving.quotes.words import (
    DEMAND,
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
# 'Perekonomian', 'Keselamatan', 'Pembatasan': nouns by their form, and short names of ministries and offices.
_NOUN = re.compile(r"(?:ke|pe|per|pem|pen|peng)\w{4,}an|kemen\w+|menko\w*|kapus\w+|ditjen\w*|dit(?:res|lan)\w+|\w{4,}nya")
_LONGEST_NAME = 6
_LONGEST_ROLE = 14
_ALIKE = 0.8
_VERBS = ("meng", "meny", "mem", "men", "ber", "ter", "di", "se")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as it stands in a sentence: words `first` to `last` (exclusive) of the run of capitalised words.

    `begin` is where the role before the name begins. `name` is the part that names a person (or a company, a country); empty where the run holds only a role or an
    institution. `role` is in lower case what is said of the person before or after the name.
    """

    at: int
    begin: int
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
    order: tuple[str, ...]
    abbreviations: set[str] = field(default_factory=set)
    roles: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    @property
    def head(self) -> str:
        """The first word of the name, in lower case."""
        return self.order[0]


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
            joins = institution and (words[i + 1].lower in NO_NAMES or words[i + 1].text.isupper())
            if word.lower in ("dan", "&") and not joins:
                break
            i += 1
        elif word.lower[:3] == "al-" and i > first:
            i += 1
            last = i
        elif word.lower == "al" and i > first and i + 2 < len(words) and words[i + 1].text == "-" and words[i + 2].capital:
            i += 2
        elif word.text.isdigit() and i == first + 1 and words[first].lower in INSTITUTIONS and len(word.text) < 4:
            i += 1
            last = i
        elif word.text == "-" and i > first and i + 1 < len(words) and (words[i + 1].capital or words[i - 1].lower == "al"):
            i += 1
        elif word.text == "," and institution and _enumerates(words, i):
            i += 1 + (words[i + 1].lower == "dan")
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
    following = [w.lower for w in words[i + 1 : i + 4]]
    if len(following) < 3:
        return False
    if following[0] == "dan":
        return following[1] in NO_NAMES - ROLES and words[i + 2].capital
    return following[0] in NO_NAMES - ROLES and (following[1:] == [",", "dan"] or following[1] == "dan") and words[i + 1].capital


def _is_noun(word: Word) -> bool:
    """Whether a capitalised word is no part of a person's name."""
    return word.lower in NO_NAMES or word.lower in HONORIFICS or _NOUN.fullmatch(word.lower) is not None


def _is_abbreviation(word: Word) -> bool:
    return len(word.text) > 1 and word.text.isupper()


def _mention(words: Sequence[Word], first: int, last: int) -> Mention:
    run = words[first:last]
    cut = 0
    capitals = all(w.text.isupper() for w in run)
    degrees = len(run)
    # 'Roger MM': a degree after the name.
    while (
        degrees > 1
        and _is_abbreviation(run[degrees - 1])
        and not _is_abbreviation(run[degrees - 2])
        and len(run[degrees - 1].text) <= 4
    ):
        degrees -= 1
    if degrees < len(run) and not _is_noun(run[degrees - 1]) and (_is_noun(run[0]) or _role_begin(words, first) < first):
        run = run[:degrees]
    for number, word in enumerate(run):
        if _is_noun(word) or word.text in "()," or word.lower in ("dan", "&", "of") or (_is_abbreviation(word) and not capitals):
            cut = number + 1
    begin = _role_begin(words, first + cut)
    prefixed = run[0].lower in ROLES or _role_begin(words, first) < first
    body = run[0].lower in INSTITUTIONS or (len(run[0].text) > 2 and _is_abbreviation(run[0]))
    # 'KBO Polres Bogor Iptu Ardian'
    body = body and not (0 < cut < len(run) and run[cut - 1].lower in HONORIFICS)
    if body and not prefixed:
        cut = len(run)
    name = tuple(run[cut:]) if len(run) - cut <= _LONGEST_NAME else ()
    role: tuple[str, ...] = ()
    if name:
        role = tuple(w.lower for w in words[begin : first + cut] if w.text not in "(),") or _role_after(words, last)
    return Mention(run[0].start, begin if name else first, first, last, tuple(run), name, role, not name)


def _role_begin(words: Sequence[Word], name: int) -> int:
    """Where the role begins that stands right before a name, with one comma between them at most."""
    begin = name
    for i in range(name - 1, max(-1, name - 1 - _LONGEST_ROLE), -1):
        word = words[i]
        if word.text in ";:" or (word.text == "," and i != name - 1 and not _enumerates(words, i)):
            break
        if word.lower in SAY or word.lower in REPORT or (word.lower in STOPS and word.lower not in ("dari", "sebagai", "pada")):
            break
        if word.lower in ROLES:
            begin = i
    return begin


def _role_after(words: Sequence[Word], last: int) -> tuple[str, ...]:
    """The role that stands after a name and a comma."""
    if last + 1 >= len(words) or words[last].text != "," or words[last + 1].lower not in ROLES:
        return ()
    after = []
    for word in words[last + 1 : last + 1 + _LONGEST_ROLE]:
        if word.text in ",;:()" or word.lower in REPORT:
            break
        after.append(word.lower)
    return tuple(after)


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
            return mention.words[0].lower not in ROLES
        if mention.first > 0 or len(mention.name) > 1 or mention.role:
            return not all(w.lower in self._lower for w in mention.name)
        word = mention.name[0]
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
        entity = self.find(key, mention.at, person=bool(mention.name))
        abbreviation = _abbreviation(sentence.words, mention.last)
        if entity is None:
            entity = Entity(text[shown[0].start : shown[-1].end], set(key), bool(mention.name), key)
            entity.abbreviations |= {w.lower for w in shown if _is_abbreviation(w)}
            self.entities.append(entity)
        self._by_key.setdefault(key, entity)
        self._by_key.setdefault(mention.key, entity)
        if abbreviation:
            entity.abbreviations.add(abbreviation)
            entity.keys.add(abbreviation)
            self._by_key.setdefault((abbreviation,), entity)
        if mention.role:
            entity.roles.append((mention.at, mention.role))
        entity.places.append(mention.at)

    def _is_prefix(self, key: tuple[str, ...], keys: set[tuple[str, ...]]) -> bool:
        """Whether the first word of a name belongs to the role before it: it also stands alone, and never speaks."""
        if len(key) > 2 and key[1:] in keys:
            return True
        alone = key[:1] in keys or key[:1] in self._by_key
        return alone and key[0] not in self._speaking and (len(key) > 2 or key[1] in self._speaking)

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
            and _NOUN.fullmatch(lower) is None
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
    if part[0] != word[0] or abs(len(part) - len(word)) > 2 and not word.startswith(part):
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
