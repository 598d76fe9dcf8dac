"""Units of work: so many rows of the input, and what has to be done with each of them.

A unit is planned where the input is read: its articles are cleaned, and those whose text was met before are told apart, to take
over what is found for the first. The rest is scored, by whichever engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sorot.data.article import Article, Reject
from sorot.data.errors import SorotError
from sorot.data.prepare import prepare
from sorot.data.reading.columns import Columns
from sorot.data.reading.readers import read_articles
from sorot.serving.batch.text_index import TextIndex

Item = Article | Reject
# A machine's, which another try may not meet.
NOT_THE_ARTICLES_FAULT = (MemoryError, OSError)
# A unit ends at whichever comes first, so that neither many articles nor long ones fill the memory.
UNIT_ROWS = 128
UNIT_CHARACTERS = 500_000
Texts = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class ScoreOptions:
    """What is scored, and how: a `sample` is a share of the rows, by chance but always the same of the same input.

    Of these the first `limit` are taken. `clean` takes menus and the like away, `with_body` adds the text that evidence
    offsets count in. With `gate` only articles that may be on a topic are read by the encoder.
    """

    columns: Columns = field(default_factory=Columns)
    clean: bool = True
    with_body: bool = False
    limit: int | None = None
    sample: float | None = None
    gate: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """Consecutive items of the input; units are numbered from 0 and are the same whenever the input is."""

    number: int
    items: tuple[Item, ...]

    def digest(self) -> str:
        """Tells units of other items apart."""
        told = blake2b(digest_size=16)
        for item in self.items:
            told.update(_every_field(item).encode("utf-8", "backslashreplace") + b"\n")
        return told.hexdigest()


@dataclass(frozen=True, slots=True)
class Repeat:
    """A cleaned article with the text of an earlier one: item number `at` of unit `unit`."""

    article: Article
    unit: int
    at: int


class ScoringError(Exception):
    """Any error met at an article, as kind and message, in a form that any process can read."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that cannot be scored, and the error that it met before the model, or at which a process ended."""

    article: Article
    error: Exception


Planned = Article | Repeat | Failure | Reject
Kind = TypeVar("Kind", bound=Planned)


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to do of a unit with this digest; `items` is None where its part is there.

    `texts` has for each item what its text is known by, None for what has none; `repeats` of them were met before.
    """

    number: int
    digest: str
    texts: Texts
    items: tuple[Planned, ...] | None
    repeats: int


@dataclass(frozen=True, slots=True)
class BatchInput:
    """An input and what is chosen of it; another process that sees the same files plans the same."""

    inputs: tuple[str, ...]
    options: ScoreOptions
    leave_out: tuple[Path, ...] = ()

    def plans(self, seen: TextIndex, texts_of_part: Callable[[int, str], Texts | None]) -> Iterator[Plan]:
        """Plans of all units, in order. `texts_of_part` gives the texts of a unit whose part is there, if it has its digest."""
        items = read_articles(self.inputs, columns=self.options.columns, leave_out=self.leave_out)
        for unit in cut_units(choose_items(items, self.options)):
            digest = unit.digest()
            planned: list[Planned] | None = None
            if (texts := texts_of_part(unit.number, digest)) is None:
                planned = [plan_item(item, clean=self.options.clean) for item in unit.items]
                texts = tuple(_text_of(item) for item in planned)
            repeats = 0
            for at, text in enumerate(texts):
                place = UNIT_ROWS * unit.number + at
                if text is None or (first := seen.first(text, place)) == place:
                    continue
                repeats += 1
                if planned is not None and isinstance(article := planned[at], Article):
                    planned[at] = Repeat(article, *divmod(first, UNIT_ROWS))
            yield Plan(unit.number, digest, texts, None if planned is None else tuple(planned), repeats)


def plan_item(item: Item, *, clean: bool) -> Article | Failure | Reject:
    """The article cleaned, if that is wanted, a reject as it is, or what went wrong with the article alone."""
    if isinstance(item, Reject) or not clean:
        return item
    try:
        # The scorer detects the language, which it needs only for articles that pass the gate.
        return prepare(item, detect=False)
    except NOT_THE_ARTICLES_FAULT:
        raise
    except Exception as error:
        return Failure(item, portable(error))


def portable(error: Exception) -> Exception:
    """The error if it is one of ours, whose message says all, else a ScoringError."""
    return error if isinstance(error, SorotError) else ScoringError(f"{type(error).__name__}: {error}")


def _every_field(item: Item) -> str:
    """All that an item holds: its own repr is shortened for people."""
    return f"{type(item).__name__}({', '.join(f'{field.name}={getattr(item, field.name)!r}' for field in fields(item))})"


def _text_of(item: Planned) -> str | None:
    """What decides all that a model finds in an article, hashed."""
    if not isinstance(item, Article):
        return None
    told = repr((item.title, item.body, item.language)).encode("utf-8", "backslashreplace")
    return blake2b(told, digest_size=16).hexdigest()


def choose_items(items: Iterable[Item], options: ScoreOptions) -> Iterator[Item]:
    """Those of the input that the options choose."""
    share = options.sample
    return islice((i for n, i in enumerate(items) if share is None or _is_whole_file(i) or _lot(n) < share), options.limit)


def _is_whole_file(item: Item) -> bool:
    # A file that cannot be read may hold any number of rows, so chance does not pass it over.
    return isinstance(item, Reject) and item.row is None


def _lot(number: int) -> float:
    """A number from 0 to 1 that belongs to a row."""
    return int.from_bytes(blake2b(number.to_bytes(8, "big"), digest_size=8).digest(), "big") / 2**64


def cut_units(items: Iterable[Item]) -> Iterator[Unit]:
    """Cut the input into units, in order; none of them is empty."""
    for number, members in enumerate(cut_runs(items, UNIT_ROWS, UNIT_CHARACTERS)):
        yield Unit(number, tuple(members))


def _characters(item: Planned) -> int:
    """Text that an item holds in memory."""
    if not isinstance(item, Article):
        return 0
    return len(item.body) + sum(len(value) for _, value in item.extra if isinstance(value, str))


def cut_runs(items: Iterable[Kind], most: int, characters: int) -> Iterator[list[Kind]]:
    """Runs of items that end at so many, or at so many characters of text to score."""
    run: list[Kind] = []
    total = 0
    for item in items:
        run.append(item)
        total += _characters(item)
        if len(run) == most or total >= characters:
            yield run
            run, total = [], 0
    if run:
        yield run
