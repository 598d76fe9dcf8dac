"""The article: what every reader makes and every other part of Sorot takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

# A value of a user's own column, and all of an article's with their names.
Scalar = str | int | float | bool | None
Extra = tuple[tuple[str, Scalar], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where an article was read: `file` as the user named it ('-' for standard input), and its `row`, from 1.

    `row` is the line on which the record begins in CSV and JSON lines, the record's number in Parquet and in a JSON
    array, and 1 in a file of one article. Bytes of a file's name that are no UTF-8 are shown as U+FFFD.
    """

    file: str
    row: int


@dataclass(frozen=True, slots=True)
class Removed:
    """A stretch that cleaning took away: `kind` (menu, counter, related, ...) and its text, verbatim."""

    kind: str
    text: str


# Longest title in an article's text form.
REPR_TITLE = 80


@dataclass(frozen=True, slots=True, repr=False)
class Article:
    """One news article (or any short text: a tweet is an article with no title).

    `body` holds paragraphs parted by a blank line; `published` is timezone-aware; `language` is an ISO 639-1 code
    or None when undetermined; evidence offsets count characters of `body`.
    """

    id: str
    body: str
    title: str | None = None
    outlet: str | None = None
    published: datetime | None = None
    place: str | None = None
    url: str | None = None
    language: str | None = None
    source: Source | None = None
    removed: tuple[Removed, ...] = ()
    extra: Extra = ()

    def __repr__(self) -> str:
        title = None if self.title is None else self.title[:REPR_TITLE]
        return f"Article(id={self.id[:REPR_TITLE]!r}, title={title!r}, {len(self.body)} characters, language={self.language!r})"


@dataclass(frozen=True, slots=True)
class Reject:
    """A row or file that could not be read, with the reason in one sentence; `file` and `row` as in `Source`."""

    file: str
    row: int | None
    reason: str
