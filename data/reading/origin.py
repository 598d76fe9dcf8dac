"""Where bytes come from, and what every reader of them looks like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from sorot.data.article import Article, Reject
from sorot.data.reading.bounds_met import BoundsMet
from sorot.data.reading.columns import Columns
from sorot.data.reading.notes import ReadingNotes
from sorot.data.reading.streams import Stream


@dataclass(frozen=True, slots=True)
class Origin:
    """Where bytes come from: `file` for sources, `stem` for ids, `suffix` of the name ('.csv', '' if none), and a description
    for messages. `notes` collects what was read for what, if somebody wants to know; `met` which bounds of work were met.
    `unsure` is why a file of an unknown suffix is not read if its content shows no format either."""

    file: str
    stem: str
    suffix: str = ""
    description: str = "the file"
    notes: ReadingNotes | None = None
    met: BoundsMet | None = None
    unsure: str = ""

    def reject(self, reason: str, row: int | None = None) -> Reject:
        """A reject of the whole file, or of one of its rows; `reason` goes on after 'the file'."""
        return Reject(self.file, row, f"{self.description} {reason}")


class Reader(Protocol):
    """Reads all articles of a stream. `inner` reads what a container holds, such as a member of an archive."""

    def __call__(self, stream: Stream, origin: Origin, columns: Columns, inner: Inner) -> Iterator[Article | Reject]: ...


class Inner(Protocol):
    """Reads a stream of any format."""

    def __call__(self, stream: Stream, origin: Origin, columns: Columns) -> Iterator[Article | Reject]: ...
