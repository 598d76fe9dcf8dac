"""Finds people whom the table does not list, and joins a short name to the full name of the article."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from sorot.data.text.names.features import Word, is_capitalised
from sorot.data.text.names.model import NameModel

MODEL = Path(__file__).with_name("names.safetensors")
# Titles and ranks before a name; the name begins after them.
_TITLES = frozenset(
    """
    pak bapak bu ibu bang mas mbak kak bung cak gus habib ustaz ustad ustadz kiai kyai kh k.h h haji hj hajah ny nyonya
    tuan sdr saudara pangeran dr drs dra drg ir prof profesor mr mrs ms miss sir lord datuk tan sri pangeran raja ratu
    sultan paus pendeta pdt romo uskup presiden wapres menteri gubernur bupati wali walikota camat lurah ketua wakil
    sekretaris direktur jenderal kepala kapolri kapolda kapolres kapolsek kombes komjen irjen brigjen akbp akp kompol
    iptu ipda aiptu aipda bripka briptu bripda mayjen letjen letkol kolonel mayor kapten lettu letda sersan kopral
    laksamana laksda marsekal marsda pol purn jend kol let may tni inf capt
    """.split()
)
# Degrees after a name.
_DEGREES = frozenset("sh mh se mm st mt ssos msi mpd spd phd mba msc mag lc".split())
LEAST_LETTERS = 3

Span = tuple[int, int]


@cache
def shipped_names() -> NameModel:
    """The model that comes with Sorot."""
    return NameModel.load(MODEL)


def find_people(words: Sequence[Word], model: NameModel, wanted: Callable[[Word], bool] = lambda _: True) -> list[Span]:
    """Half-open ranges of words that name a person, without titles and degrees; only where a `wanted` word stands."""
    found = (_without_titles(words, span) for span in model.people(words, wanted))
    return [span for span in found if span is not None]


def repeated_names(words: Sequence[Word], people: Sequence[Span], taken: Sequence[Span]) -> Iterator[Span]:
    """Further places of the first and last words of full names found: a short name that stands alone.

    A word that the text also has in lower case, or that belongs to a longer name, is left out.
    """
    ends = {words[at].text for first, stop in people if stop - first > 1 for at in (first, stop - 1)}
    lower = {word.text for word in words if word.text.islower()}
    covered = {at for first, stop in (*people, *taken) for at in range(first, stop)}
    for at, word in enumerate(words):
        if at in covered or word.text not in ends or len(word.text) < LEAST_LETTERS or word.text.isupper():
            continue
        around = (*words[max(0, at - 1) : at], *words[at + 1 : at + 2])
        if word.text.lower() not in lower and not any(is_capitalised(one.text) for one in around):
            yield at, at + 1


def full_names(names: Sequence[str]) -> dict[str, str]:
    """For each name the longest name that begins or ends with it or has it as a word; itself if there is none, or several.

    'Boy Rafli' and 'Rafli' are 'Boy Rafli Amar'; where two people share a word, it stays apart.
    """
    parts = {name: name_words(name) for name in dict.fromkeys(names)}
    found: dict[str, str] = {}
    for name, own in parts.items():
        longer = [other for other, theirs in parts.items() if len(theirs) > len(own) and is_part(own, theirs)]
        # 'Rafli' is part of 'Boy Rafli' and of 'Boy Rafli Amar', which are one person.
        longest = [one for one in longer if not any(is_part(parts[one], parts[more]) for more in longer if more != one)]
        distinct = {parts[one] for one in longest}
        found[name] = longest[0] if own and len(distinct) == 1 else name
    return found


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, without full stops."""
    return tuple(word for word in name.casefold().replace(".", " ").replace("’", "'").split() if word)


def is_part(short: Sequence[str], full: Sequence[str]) -> bool:
    """Whether the words of a name follow one another in a longer or equal one."""
    size = len(short)
    return any(tuple(full[at : at + size]) == tuple(short) for at in range(len(full) - size + 1))


def person_id(name: str) -> str:
    """The id of a person whom the table does not list."""
    return "person:" + "-".join(name_words(name))


def _without_titles(words: Sequence[Word], span: Span) -> Span | None:
    first, stop = span
    while first < stop and _is_title(words, first):
        first += 1
    while stop - 1 > first and words[stop - 1].text.casefold() in _DEGREES:
        stop -= 1
    letters = sum(len(word.text) for word in words[first:stop])
    return (first, stop) if first < stop and letters >= LEAST_LETTERS else None


def _is_title(words: Sequence[Word], at: int) -> bool:
    """Whether a word is a title: 'Sri' is a name but in 'Tan Sri'."""
    title = words[at].text.casefold().rstrip(".")
    return title in _TITLES and (title != "sri" or (at > 0 and words[at - 1].text.casefold() == "tan"))


def text_of(words: Sequence[Word], span: Span, text: str) -> str:
    """The characters of a range of words."""
    return text[words[span[0]].start : words[span[1] - 1].end]


def joined_names(full: Mapping[str, str], known: Mapping[tuple[str, ...], str]) -> dict[str, str]:
    """The id of each name: that of a listed person if its full name is one of `known`, else one made of the full name."""
    return {name: known.get(name_words(whole)) or person_id(whole) for name, whole in full.items()}
