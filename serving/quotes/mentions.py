"""The names in a sentence, each with the role that stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sorot.serving.quotes.lists.name_words import NAMES_TOO, NO_NAMES, NOUN
from sorot.serving.quotes.lists.words import HONORIFICS, INSTITUTIONS, REPORT, ROLES, SAY, SENTENCE_WORDS, STOPS
from sorot.serving.quotes.people_in_text import People
from sorot.serving.quotes.sentences import Sentence, Word

# Words that hold parts of a name together.
_LINKS = frozenset("dan & of for the bin binti al van von de bint and".split())
# Everyday words that end a run of capitalised words; verbs such as 'Puji' and 'Tutur' are names in it.
_BREAKS = SENTENCE_WORDS - NO_NAMES - SAY
_TITLES = ROLES | HONORIFICS
_VERBS = REPORT | SAY
# Words of the names of institutions.
_NOUNS = NO_NAMES - ROLES
_OPENERS = SENTENCE_WORDS - NO_NAMES
_LONGEST_NAME = 6
LONGEST_ROLE = 14
# Before them two capitals are initials: 'Kombes AM Kamal'.
_RANKS = HONORIFICS - ROLES
# Characters between words with a quotation between them.
_FAR = 4
# Words that end other phrases, but not a role: 'utusan khusus untuk Afghanistan'.
_IN_ROLES = frozenset(("dari", "sebagai", "pada", "untuk"))


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as it stands in a sentence: words `first` to `last` (exclusive) of the run of capitalised words.

    `begin` is where the role before the name begins. `name` is the part that names a person (or a company, a country);
    empty where the run holds only a role or an institution. `role` is in lower case what is said of the person before or
    after the name. `key` is the name in lower case, or of an institution all its words. `human` is set where the model of
    names or a title of courtesy says that the name is a person's.
    """

    at: int
    begin: int
    first: int
    last: int
    words: tuple[Word, ...]
    name: tuple[Word, ...]
    role: tuple[str, ...]
    body: bool
    key: tuple[str, ...]
    human: bool


def mentions_of(sentence: Sentence, people: People) -> list[Mention]:
    """The names in a sentence, in order."""
    words = sentence.words
    found, i = [], 0
    while i < len(words):
        word = words[i]
        if (
            not word.capital
            or word.text in "(),;:"
            or (i == 0 and word.lower in SENTENCE_WORDS and word.lower not in ROLES and not _is_named(words, i))
        ):
            i += 1
            continue
        if word.lower in SENTENCE_WORDS and word.lower not in NO_NAMES and not _starts_name(words, i) and not _is_named(words, i):
            i += 1
            continue
        last = _run_end(words, i)
        found.append(_mention(words, i, last, people))
        i = last
    return found


def _starts_name(words: Sequence[Word], i: int) -> bool:
    """Whether a word that is also an everyday word begins a name here: it stands in mid-sentence, after a role or a title."""
    return i > 0 and words[i - 1].lower in _TITLES and words[i].lower not in _VERBS


def _is_named(words: Sequence[Word], i: int) -> bool:
    """Whether an everyday word is part of a name here."""
    after = words[i + 1] if i + 1 < len(words) else None
    return words[i].lower in NAMES_TOO and not is_noun(words[i], words[i - 1] if i else None, after)


def _run_end(words: Sequence[Word], first: int) -> int:
    """The end of the run of capitalised words that begins at `first`."""
    institution = False
    last = first
    i = first
    while i < len(words):
        word = words[i]
        if i > last and words[i].start - words[i - 1].end > _FAR:
            break
        if "/" in word.text:
            # 'B/91/I/2018', 'Rivaldy/Haningtyas'
            last = max(last, first + 1)
            break
        institution = institution or word.lower in INSTITUTIONS or word.lower in ROLES
        if word.capital and word.text not in "(),":
            if word.lower in _BREAKS and i > first and not _is_named(words, i):
                break
            i += 1
            last = i
        elif word.lower in _LINKS and i + 1 < len(words) and words[i + 1].capital and i > first:
            following = words[i + 1]
            joins = institution and following.lower not in ROLES and (following.lower in NO_NAMES or following.text.isupper())
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
        elif word.text == "-" and i > first and i + 1 < len(words) and words[i + 1].capital and not _is_dateline(words[i - 1]):
            i += 1
        elif word.text == "," and institution and _enumerates(words, i):
            i += 1 + (words[i + 1].lower == "dan")
        elif word.text == "(" and institution and i + 3 < len(words) and words[i + 2].text == ")" and words[i + 3].capital:
            # 'Kepolisian Daerah (Polda) Jawa Timur'
            if words[i + 3].lower in _OPENERS:
                break
            i += 3
        else:
            break
    return last


def _is_dateline(word: Word) -> bool:
    """Whether a word before a dash is a place or an outlet: 'JAKARTA, KOMPAS.com - Polisi'."""
    return word.text.isupper() or word.lower in NO_NAMES or "." in word.text


def _enumerates(words: Sequence[Word], i: int) -> bool:
    """Whether a comma stands in a name such as 'Kementerian Usaha Mikro, Kecil, dan Menengah'."""
    following = [w.lower for w in words[i + 1 : i + 4]]
    if len(following) < 3:
        return False
    if following[0] == "dan":
        return following[1] in _NOUNS and words[i + 2].capital
    return following[0] in _NOUNS and (following[1:] == [",", "dan"] or following[1] == "dan") and words[i + 1].capital


def is_noun(word: Word, before: Word | None, after: Word | None) -> bool:
    """Whether a capitalised word is no part of a person's name, by the words at its sides."""
    lower = word.lower
    if lower in NAMES_TOO:
        lead, tail = NAMES_TOO[lower]
        beside = (before is not None and before.lower in lead) or (after is not None and after.lower in tail)
        # Alone it is the everyday word.
        named = (before is not None and before.capital) or (after is not None and after.capital)
        return beside or not named or (after is not None and after.text.isdigit())
    return lower in NO_NAMES or lower in HONORIFICS or NOUN.fullmatch(lower) is not None


def _nouns(words: Sequence[Word], first: int, last: int) -> list[bool]:
    """For each word of a run whether it is no part of a person's name."""
    return [
        is_noun(words[i], words[i - 1] if i else None, words[i + 1] if i + 1 < len(words) else None) for i in range(first, last)
    ]


def is_abbreviation(word: Word) -> bool:
    return len(word.text) > 1 and word.text.isupper()


def _mention(words: Sequence[Word], first: int, last: int, people: People) -> Mention:
    run = words[first:last]
    nouns = _nouns(words, first, last)
    cut = 0
    capitals = all(w.text.isupper() for w in run)
    degrees = len(run)
    # 'Roger MM': a degree after the name.
    while (
        degrees > 1
        and is_abbreviation(run[degrees - 1])
        and not is_abbreviation(run[degrees - 2])
        and len(run[degrees - 1].text) <= 4
    ):
        degrees -= 1
    if degrees < len(run) and not nouns[degrees - 1] and (nouns[0] or _role_begin(words, first) < first):
        run = run[:degrees]
    for number, word in enumerate(run):
        if number + 1 < len(run) and run[number + 1].lower.startswith(("al-", "bin", "binti")):
            continue
        initials = is_abbreviation(word) and len(word.text) == 2 and number > 0 and run[number - 1].lower in _RANKS
        abbreviated = (
            is_abbreviation(word) and not capitals and not (initials and number + 1 < len(run) and not nouns[number + 1])
        )
        if (nouns[number] and not initials) or word.text in "()," or word.lower in ("dan", "&", "of") or abbreviated:
            cut = number + 1
    begin = _role_begin(words, first + cut)
    prefixed = run[0].lower in ROLES or _role_begin(words, first) < first
    body = run[0].lower in INSTITUTIONS or (len(run[0].text) > 2 and is_abbreviation(run[0]))
    # 'KBO Polres Bogor Iptu Ardian'
    body = body and not (0 < cut < len(run) and run[cut - 1].lower in HONORIFICS)
    if (body or 0 < cut < len(run)) and not prefixed and not (cut < len(run) and run[cut - 1].lower in HONORIFICS):
        cut = len(run)
    name = tuple(run[cut:]) if len(run) - cut <= _LONGEST_NAME else ()
    person = people.within(run)
    titled = run[cut - 1] if cut else words[first - 1] if first else None
    human = bool(person) or (titled is not None and (titled.lower in HONORIFICS or titled.lower in ROLES))
    human = human and not (not person and all(is_abbreviation(w) for w in name))
    if person and (name or prefixed or person[0] is run[0]):
        begins = people.begin_of_name(person, run, name)
        stop = next(k for k, w in enumerate(run) if w is person[-1]) + 1
        stop = stop if all(nouns[stop : len(run)]) else len(run)
        if begins < stop:
            cut, name = begins, tuple(run[begins:stop])
    role: tuple[str, ...] = ()
    if name:
        role = tuple(w.lower for w in words[begin : first + cut] if w.text not in "(),") or _role_after(words, last)
    key = tuple(w.lower for w in (name or run) if w.text not in "(),")
    return Mention(run[0].start, begin if name else first, first, last, tuple(run), name, role, not name, key, human)


def _role_begin(words: Sequence[Word], name: int) -> int:
    """Where the role begins that stands right before a name, with one comma between them at most."""
    begin = name
    for i in range(name - 1, max(-1, name - 1 - LONGEST_ROLE), -1):
        word = words[i]
        if i < name - 1 and words[i + 1].start - word.end > _FAR:
            break
        if word.text in ";:" or (word.text == "," and i != name - 1 and not _enumerates(words, i)):
            break
        if word.lower in SAY or word.lower in REPORT or (word.lower in STOPS and word.lower not in _IN_ROLES):
            break
        if word.lower in ROLES:
            begin = i
    return begin


def _role_after(words: Sequence[Word], last: int) -> tuple[str, ...]:
    """The role that stands after a name and a comma."""
    if last + 1 >= len(words) or words[last].text != "," or words[last + 1].lower not in ROLES:
        return ()
    after = []
    for word in words[last + 1 : last + 1 + LONGEST_ROLE]:
        if word.text in ",;:()" or word.lower in REPORT:
            break
        after.append(word.lower)
    return tuple(after)
