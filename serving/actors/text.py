"""A text as the words in which names of the table are looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sorot.data.text.names.features import Word, is_capitalised, split_words
from sorot.serving.names.table import ActorTable

# A link, an address, the name of a site, or the number of a decree: a name inside it means no actor unless it is the whole.
_ADDRESS = re.compile(
    r"https?://\S+|www\.\S+|[\w.-]*@\w[\w.-]*|#\w+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|co|id|org|net|info|tv|news)\b(?:\.\w+)*(?:/\S*)?"
    r"|\b\d[\w.-]*(?:/[\w.-]+){2,}",
    re.IGNORECASE,
)
_POSSESSIVE = "nya"


@dataclass(frozen=True, slots=True)
class Text:
    """A text as words, and the parts of it that are addresses."""

    text: str
    words: tuple[Word, ...]
    addresses: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str, table: ActorTable) -> Text:
        """The words of a text; actors joined by a hyphen ('TNI-Polri') and those with '-nya' are words of their own."""
        whole = split_words(text)
        words = tuple(part for at in range(len(whole)) for part in _parts(whole, at, table))
        return cls(text, words, tuple(match.span() for match in _ADDRESS.finditer(text)))


def _parts(words: Sequence[Word], at: int, table: ActorTable) -> Iterator[Word]:
    word = words[at]
    stem = word.text.removesuffix(_POSSESSIVE)
    if stem != word.text and is_capitalised(stem) and _is_a_name(stem, table):
        yield Word(stem, word.start, word.start + len(stem))
        return
    parts = word.text.split("-")
    # 'PDI-P' is one name.
    is_one = len(parts) < 2 or word.text.casefold() in table.by_word
    if is_one or not (any(_is_a_name(part, table) for part in parts) or _is_in_a_name(parts, words, at, table)):
        yield word
        return
    start = word.start
    for part in parts:
        if part:
            yield Word(part, start, start + len(part))
        start += len(part) + 1


def _is_a_name(part: str, table: ActorTable) -> bool:
    aliases = table.by_word.get(part.casefold(), ())
    return any(alias.words == (part,) and not (alias.is_short and part.istitle()) for alias in aliases)


def _is_in_a_name(parts: Sequence[str], words: Sequence[Word], at: int, table: ActorTable) -> bool:
    """Whether the last part begins a name, as in 'Indonesia-Uni Eropa', or the first part ends one."""
    for alias in table.by_word.get(parts[-1].casefold(), ()):
        following = tuple(word.text for word in words[at + 1 : at + len(alias.words)])
        if following and alias.words == (parts[-1], *following):
            return True
    for first in range(max(0, at - table.longest), at):
        before = tuple(word.text for word in words[first:at])
        if any(alias.words == (*before, parts[0]) for alias in table.by_word.get(before[0].casefold(), ())):
            return True
    return False
