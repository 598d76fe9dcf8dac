"""The names of people that the model of names finds in a body, looked up by place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sorot.data.text.names.features import Word as NameWord
from sorot.data.text.names.features import split_words
from sorot.serving.names.people import find_people, shipped_names
from sorot.serving.quotes.lists.name_words import NO_NAMES, NOUN
from sorot.serving.quotes.lists.words import HONORIFICS, INSTITUTIONS, ROLES, SENTENCE_WORDS
from sorot.serving.quotes.sentences import Sentence, Word


@dataclass(frozen=True, slots=True)
class People:
    """Names of people as ranges of characters, in order: where they begin, and where they end."""

    begins: tuple[int, ...]
    ends: tuple[int, ...]

    def within(self, run: Sequence[Word]) -> tuple[Word, ...]:
        """The words of the last name that lies in a run of words; empty if there is none."""
        at = bisect_right(self.begins, run[-1].start) - 1
        if at < 0 or self.ends[at] <= run[0].start:
            return ()
        return tuple(w for w in run if self.begins[at] <= w.start < self.ends[at])

    def begin_of_name(self, person: Sequence[Word], run: Sequence[Word], name: Sequence[Word]) -> int:
        """Where in a run the name begins in which the model sees `person`; the rules say `name`, which may be empty."""
        first = next(k for k, w in enumerate(run) if w is person[0])
        if not name:
            # The model takes rare offices ('Kadispenad') for names.
            return next((k for k in range(first, first + len(person)) if not _is_office(run[k])), len(run))
        begin = next(k for k, w in enumerate(run) if w is name[0])
        opens = first == 0 or run[first - 1].lower in HONORIFICS
        if begin == first + 1 and opens and not _is_office(run[first]) and _begin_alone(tuple(w.text for w in run[first:])) == 0:
            # 'Tata Sudrajat', 'Komisaris Alam Nur': words of the lists that are names here.
            return first
        if begin == 0 or begin >= first or len(person) == 1 or run[begin - 1].lower in HONORIFICS:
            return begin
        # 'Bupati Boalemo Darwis Moridu': words that no list knows. Out of its sentence the model sees more first names.
        alone = _begin_alone(tuple(w.text for w in run))
        return max(begin, min(first, alone)) if alone is not None else begin


@lru_cache(maxsize=4096)
def _begin_alone(run: tuple[str, ...]) -> int | None:
    """Which word of a run begins its last name where the run stands alone, after a verb of saying; None if none does.

    Kept, as an article names its people again and again.
    """
    words = [NameWord(text, at, at + 1) for at, text in enumerate(("kata", *run, "."))]
    found = find_people(words, shipped_names())
    return found[-1][0] - 1 if found else None


def people_in(text: str, sentences: Sequence[Sentence]) -> People:
    """The people whom a text names outside quotations; none where its letters are all small or all capital."""
    if text.islower() or text.isupper():
        return People((), ())
    words = split_words(text)
    wanted = {word.start for sentence in sentences for word in sentence.words if _may_be_name(word)}
    found = find_people(words, shipped_names(), lambda word: word.start in wanted)
    return People(tuple(words[first].start for first, _ in found), tuple(words[stop - 1].end for _, stop in found))


def _may_be_name(word: Word) -> bool:
    """Whether a capitalised word can be the only one of a run that the lists do not know; it saves the model's time."""
    return word.capital and not word.text.isupper() and word.lower not in NO_NAMES and word.lower not in SENTENCE_WORDS


def _is_office(word: Word) -> bool:
    """Whether a word is surely no name, but a title, an institution or a noun by its form."""
    lower = word.lower
    return lower in ROLES or lower in HONORIFICS or lower in INSTITUTIONS or NOUN.fullmatch(lower) is not None
