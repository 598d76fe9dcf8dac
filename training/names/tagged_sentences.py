"""Reads sentences with tagged names, one word a line, such as idner-news-2k (MIT) and NERGrit (grit-id)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sorot.data.errors import SorotError
from sorot.data.text.names.model import TAGS

# Tags of people in the corpora, without B- and I-.
_PEOPLE = frozenset(("PER", "PERSON", "PPL"))
_OUTSIDE = TAGS[0]


class TaggedFileError(SorotError):
    """A file of tagged sentences cannot be read; the message names it, the line and what to do."""


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """Words and their tags, each one of TAGS."""

    words: tuple[str, ...]
    tags: tuple[str, ...]

    @property
    def letters(self) -> str:
        """The letters of the sentence in lower case: the same for two spellings of one sentence."""
        return "".join(c for c in " ".join(self.words).lower() if c.isalpha())


def read_tagged(path: Path) -> list[TaggedSentence]:
    """The sentences of a file: the word first and its tag last in each line, an empty line after each sentence.

    Raises TaggedFileError for a file that is missing or has a line without a tag.
    """
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise TaggedFileError(f"{path}: cannot be read ({error.strerror}); name the folder of the tagged sentences") from error
    sentences: list[TaggedSentence] = []
    words: list[str] = []
    tags: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        parts = line.split()
        if not parts:
            if words:
                sentences.append(TaggedSentence(tuple(words), tuple(tags)))
            words, tags = [], []
            continue
        if len(parts) < 2:
            # A blank word that lost its letters; NERGrit has some.
            if parts[0] == _OUTSIDE:
                continue
            raise TaggedFileError(f"{path}:{number}: a word without a tag; write 'word tag' in each line")
        tag = _plain(parts[-1])
        words.append(parts[0])
        tags.append(tag)
    return sentences


def without_repeats(sentences: list[TaggedSentence], held_out: list[TaggedSentence]) -> list[TaggedSentence]:
    """The sentences that do not stand in `held_out`, whatever their spelling."""
    known = {sentence.letters for sentence in held_out}
    return [sentence for sentence in sentences if sentence.letters not in known]


def _plain(tag: str) -> str:
    if tag == _OUTSIDE or tag[:2] not in ("B-", "I-"):
        return _OUTSIDE
    return tag[:2] + ("PER" if tag[2:] in _PEOPLE else "NAM")
