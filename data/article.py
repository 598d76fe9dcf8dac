"""The article: produced by every reader, used by every other part of Sorot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

# One value of a user's own column, and all such columns of an article as (name, value) pairs.
Scalar = str | int | float | bool | None
Extra = tuple[tuple[str, Scalar], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where an article was read: `file` as the user named it ('-' for standard input), and `row`, counted from 1.

    `row` is the first line of the record in CSV and JSON lines, the record's number in Parquet and in a JSON array, and
    1 in a file of one article. Undecodable bytes of a file name appear as U+FFFD.
    """

    file: str
    row: int


@dataclass(frozen=True, slots=True)
class Removed:
    """A passage that cleaning removed: its `kind` (menu, counter, related, ...) and its text, verbatim."""

    kind: str
    text: str


# Asia/Jakarta, which has no summer time.
JAKARTA = timezone(timedelta(hours=7))
# Longest title and id in `repr(article)`, in characters.
REPR_TITLE = 80


@dataclass(frozen=True, slots=True, repr=False)
class Article:
    """One news article (or any short text: a tweet is an article with no title).

    `body` holds paragraphs separated by blank lines; `published` is a timezone-aware datetime, or a date where only the day
    is known; `language` is an ISO 639-1 code or None when undetermined; evidence offsets count characters of `body`.
    """

    id: str
    body: str
    title: str | None = None
    outlet: str | None = None
    published: datetime | date | None = None
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
    """An unreadable row or file, with the reason in one sentence; `file` and `row` as in `Source`."""

    file: str
    row: int | None
    reason: str


def moment_of(published: datetime | date) -> datetime:
    """The time of publication as a timezone-aware datetime, to compare and sort by; a day begins at midnight in Jakarta."""
    if not isinstance(published, datetime):
        return datetime.combine(published, time(), JAKARTA)
    return published if published.tzinfo else published.replace(tzinfo=JAKARTA)


def published_from(text: str) -> datetime | date:
    """The inverse of `published.isoformat()`. Raises ValueError if the text is not ISO 8601."""
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
