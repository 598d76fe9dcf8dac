"""Read articles from files, folders, patterns and addresses."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from os import PathLike
from typing import TYPE_CHECKING, Literal

from sorot.data.article import Article, Reject
from sorot.data.errors import InputError
from sorot.serving.front_door.checks import WrongTypeError, in_python, input_names, kind_of

if TYPE_CHECKING:
    from sorot.data.reading.columns import Columns

# Rejects that get a warning each; the rest are counted in one more.
WARNED_REJECTS = 5
OnReject = Literal["warn", "raise"] | Callable[[Reject], object]


class RejectWarning(UserWarning):
    """A row or file that could not be read was left out."""


def read(
    inputs: str | PathLike[str] | Iterable[str | PathLike[str]],
    *,
    text: str | None = None,
    title: str | None = None,
    outlet: str | None = None,
    date: str | None = None,
    url: str | None = None,
    id: str | None = None,
    on_reject: OnReject = "warn",
) -> Iterator[Article]:
    """Articles of files (text, HTML, JSON, CSV, Parquet, packed or not), folders, patterns and addresses, in order.

    Articles come as they stand in the file and are read as the loop asks for them, so memory does not grow with the
    input. The other options name columns or JSON keys: None finds a column by its usual names, an empty string skips
    the field.

    `on_reject` decides about a row or file that cannot be read. 'warn' leaves it out with a `RejectWarning`: one for each
    of the first five and one for the rest. 'raise' stops with InputError. A function is called with each `Reject`.

    Raises InputError for an input that is not there, once the loop starts, and WrongTypeError for wrong arguments.
    """
    from sorot.data.reading.columns import Columns

    names = input_names(inputs)
    if on_reject not in ("warn", "raise") and not callable(on_reject):
        given = repr(on_reject) if isinstance(on_reject, str) else kind_of(on_reject)
        raise WrongTypeError(f"on_reject is 'warn', 'raise' or a function that takes a sorot.Reject, not {given}")
    return _read(names, Columns(text, title, outlet, date, url, id), on_reject)


def describe(reject: Reject) -> str:
    """A reject in one line: file, row and reason."""
    return f"{reject.file}{f', row {reject.row}' if reject.row is not None else ''}: {in_python(reject.reason)}"


def _read(names: list[str], columns: Columns, on_reject: OnReject) -> Iterator[Article]:
    from sorot.data.reading.readers import read_articles

    rejects = 0
    for item in _in_python(read_articles(names, columns=columns)):
        if isinstance(item, Article):
            yield item
            continue
        rejects += 1
        if on_reject == "raise":
            raise InputError(describe(item))
        if callable(on_reject):
            on_reject(item)
        elif rejects <= WARNED_REJECTS:
            warnings.warn(describe(item), RejectWarning, stacklevel=2)
    if on_reject == "warn" and rejects > WARNED_REJECTS:
        warnings.warn(f"{rejects - WARNED_REJECTS} more rows or files could not be read", RejectWarning, stacklevel=2)


def _in_python(items: Iterator[Article | Reject]) -> Iterator[Article | Reject]:
    """The same items; what stops the reader names Python's arguments."""
    try:
        yield from items
    except InputError as error:
        raise InputError(in_python(str(error))) from None
