"""Who a phrase stands for: names are completed, roles and pronouns resolved, in the order of the article."""

from __future__ import annotations

from collections.abc import Sequence

from sorot.serving.quotes.lists.name_words import RELATIONS
from sorot.serving.quotes.lists.words import (
    ADVERBS,
    DEMONSTRATIVES,
    HONORIFICS,
    INSTITUTIONS,
    OPENERS,
    PLURAL_ROLES,
    PRONOUNS,
    ROLES,
    SAY,
)
from sorot.serving.quotes.mentions import Mention
from sorot.serving.quotes.names import Entity, Names, is_short_for
from sorot.serving.quotes.sentences import Sentence, Word

# 'Pernyataan Gedung Putih': who stated it speaks.
_OF_SPEAKERS = frozenset("pernyataan keterangan penjelasan penuturan pengakuan kesaksian ucapan".split())
# Longer phrases are mistakes.
LONGEST_PHRASE = 12


class Speakers:
    """Resolves the phrases that name speakers. Call it in the order in which the phrases stand."""

    def __init__(self, text: str, sentences: Sequence[Sentence], mentions: Sequence[Sequence[Mention]], names: Names) -> None:
        self._text = text
        self._names = names
        self._by_start = {w.start: m for found in mentions for m in found for w in m.words}
        # Persons that begin a sentence: whom 'dia' in the next one is about.
        self._subjects: list[tuple[int, Entity]] = []
        for sentence, found in zip(sentences, mentions, strict=True):
            for mention in found:
                entity = names.find(mention.key, mention.at, person=True) if mention.name else None
                if entity and entity.human:
                    if _is_subject(sentence.words[: mention.begin]):
                        self._subjects.append((mention.at, entity))
                    break
        # All persons with a role or a full name, for a pronoun that has no subject before it.
        self._persons = [
            (m.at, e)
            for found in mentions
            for m in found
            if m.name and (m.role or len(m.name) > 1) and (e := names.find(m.key, m.at, person=True)) and e.person
        ]
        self._last: tuple[int, str, bool] | None = None
        # Speakers so far that are no persons by name.
        self._phrases: list[str] = []

    def resolve(self, phrase: Sequence[Word], at: int) -> str | None:
        """The speaker that a phrase names; an empty phrase stands for '-nya'. None if the article names nobody."""
        name, person = self._find(phrase, at)
        if name is not None:
            self._last = (at, name, person)
            if not person:
                self._phrases.append(name)
        return name

    def _find(self, phrase: Sequence[Word], at: int) -> tuple[str | None, bool]:
        words = [w for w in phrase if w.text not in ",;:"]
        if not words or words[0].lower in PRONOUNS or words[0].lower == "pihaknya" or all(w.lower in HONORIFICS for w in words):
            return self._pronoun(at)
        demonstrative = words[-1].lower in DEMONSTRATIVES
        named = [m for m in dict.fromkeys(self._by_start.get(w.start) for w in words) if m is not None]
        persons = [(m, e) for m in named if m.name and (e := self._names.find(m.key, at, person=True))]
        # 'Juru bicara Lion Air, Danang': a company is named too.
        human = [(m, e) for m, e in persons if e.human]
        # 'Direktur CIA itu' is the director.
        others = persons if not human and (words[0].lower in ROLES or (demonstrative and not words[0].capital)) else []
        persons = human or ([] if others else persons)
        if len(persons) > 1 and len(phrase) > len(words) and len(persons[0][1].places) > len(persons[-1][1].places):
            persons = persons[:1]
        if persons:
            mention, entity = persons[-1]
            if not _is_relation(words, mention, entity):
                return entity.name, entity.human
            return self._as_written(words, at)
        if words[0].lower in _OF_SPEAKERS and len(words) > 1 and not demonstrative:
            words = words[1:]
        if words[0].lower == "pihak" and len(words) > 1 and named and named[0].words[0] is words[1]:
            words = words[1:]
        if (found := self._by_role(words, at)) is not None:
            return found.name, True
        if others and not demonstrative and not _is_relation(words, *others[-1]):
            return others[-1][1].name, True
        alone = len(words) == 1 and words[0].lower in ROLES and words[0].lower not in PLURAL_ROLES
        if alone or (demonstrative and words[0].lower in ROLES):
            # 'Komandan itu' after 'seorang komandan militer'
            before = next((one for one in reversed(self._phrases) if words[0].lower in one.lower().split()), None)
            return (before, False) if before is not None else self._pronoun(at)
        if demonstrative and words[0].lower not in INSTITUTIONS:
            return self._pronoun(at)
        body = named[0] if named and named[0].body and words[0] in named[0].words and words[0].lower not in ROLES else None
        # 'Stasiun televisi pemerintah Suriah' goes on after its first word.
        whole = body is not None and (
            len(body.words) > 1
            or words[0].lower not in INSTITUTIONS
            or len(words) == 1
            or words[1].capital
            or words[1].text == "("
            or words[1].lower in ADVERBS
        )
        if body and whole and (institution := self._names.find(body.key, at, person=False)):
            return self._fullest(institution.name), False
        return self._as_written(words, at)

    def _as_written(self, words: Sequence[Word], at: int) -> tuple[str | None, bool]:
        """The phrase itself, of who has no name; not if it is too long, or goes over a line or a quotation."""
        if words[0].lower == "seorang" and words[1:2] and words[1].lower in ("juru", "jubir") and words[-1].capital:
            # 'Seorang juru bicara Istana': the office is a name already.
            words = words[1:]
        text = self._text[words[0].start : words[-1].end]
        if len(words) > LONGEST_PHRASE or "\n" in text or any(mark in text for mark in '"“”'):
            return self._pronoun(at)
        return self._fullest(text), False

    def _fullest(self, name: str) -> str:
        """The longer phrase before by which the article calls who is called by a word now: 'militer' for 'militer Israel'."""
        if " " in name or name.isupper():
            return name
        short = name.lower()
        return next((one for one in reversed(self._phrases) if one.lower().startswith(f"{short} ")), name)

    def _by_role(self, words: Sequence[Word], at: int) -> Entity | None:
        """The person whose role a phrase such as 'Menteri Kominfo' or 'politikus PDIP itu' names."""
        asked = [w.lower for w in words if w.lower not in DEMONSTRATIVES and w.text not in "()"]
        if not asked or asked[0] not in ROLES or asked[0] in ("seorang", "salah", "sejumlah"):
            return None
        best: tuple[tuple[float, bool, int], Entity] | None = None
        for entity in self._names.entities:
            if not entity.person:
                continue
            for place, role in entity.roles:
                if (share := _shared(asked, role)) > 0:
                    rank = (share, place <= at, place if place <= at else -place)
                    if best is None or rank > best[0]:
                        best = (rank, entity)
        return best[1] if best else None

    def _pronoun(self, at: int) -> tuple[str | None, bool]:
        since = self._last[0] if self._last else -1
        for place, entity in reversed(self._subjects):
            if since < place < at:
                return entity.name, True
            if place <= since:
                break
        if self._last is not None and self._last[2]:
            return self._last[1], True
        before = [(place, entity) for place, entity in self._subjects if place < at]
        before = before or [(place, e) for place, e in self._persons if place < at and e.human]
        before = before or [(place, e) for place, e in self._persons if place < at and e.roles]
        if before:
            return before[-1][1].name, True
        return (self._last[1], self._last[2]) if self._last else (None, False)


def _is_relation(words: Sequence[Word], mention: Mention, entity: Entity) -> bool:
    """Whether a name only says whose aide or spokesman speaks: 'ajudan Ghani', 'salah satu perwakilan Huawei'."""
    place = next((i for i, word in enumerate(words) if word is mention.name[0]), 0)
    # A phrase may end within the run of capitalised words that holds the name.
    if len(mention.name) > 1 or place == 0:
        return False
    before = words[place - 1]
    several = words[0].lower in ("salah", "seorang", "para", "sejumlah", "beberapa", "pejabat")
    if several and not before.capital and before.lower not in ROLES and before.lower not in ("bernama", "berinisial"):
        return True
    return before.lower in RELATIONS and (" " in entity.name or several)


def _is_subject(before: Sequence[Word]) -> bool:
    """Whether a name is the subject of its sentence, by the words before it."""
    if not before or all(w.lower in OPENERS or w.lower in ADVERBS or w.text in ",-–—" for w in before):
        return True
    if any(w.lower in PRONOUNS or w.lower == "menurutnya" or (w.lower.endswith("nya") and w.lower[:-3] in SAY) for w in before):
        return False
    return len(before) <= 10 and before[-1].text in ",-–—"


def _shared(asked: Sequence[str], role: Sequence[str]) -> float:
    """How well a role fits another: 0 where their first words differ, 1 where all words asked for are there."""
    if asked[0] not in role and not (len(asked[0]) > 5 and is_short_for(asked[0], role)):
        return 0
    if len(asked) == 1 and role[0] != asked[0]:
        # 'Presiden' is not 'juru bicara presiden'.
        return 0
    fits = sum(1 for word in asked if word in role or is_short_for(word, role))
    share = fits / len(asked) if fits > len(asked) / 2 else 0
    return share if role[0] == asked[0] or asked[0] not in role else share / 2
