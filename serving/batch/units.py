"""Units of work: a fixed number of input rows, and the plan for each of them.

A unit is planned where the input is read: its articles are cleaned, and an article that repeats an earlier text is marked to
take over that one's labels. An engine scores the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sorot.data.article import Article, Reject
from sorot.data.budget import BUDGET, BudgetError, OverBudgetError, Within
from sorot.data.errors import SorotError
from sorot.data.prepare import prepare
from sorot.data.reading.bounds_met import BoundsMet
from sorot.data.reading.columns import Columns
from sorot.data.reading.notes import ReadingNotes
from sorot.data.reading.readers import read_articles
from sorot.serving.batch.text_index import TextIndex

Item = Article | Reject
# Errors of the machine, which another attempt may not meet.
NOT_THE_ARTICLES_FAULT = (MemoryError, OSError)
# A unit ends at whichever comes first, so that neither many articles nor long ones fill memory.
UNIT_ROWS = 128
UNIT_CHARACTERS = 500_000
Texts = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class ScoreOptions:
    """What to score, and how. `sample` is a random share of the rows, always the same one of the same input.

    Of the sample the first `limit` rows are scored. `clean` removes menus and the like; `with_body` adds the text that evidence
    offsets count in. With `gate` the encoder reads only articles that may have a label of the gate's task. `quotes` adds who says
    what.
    """

    columns: Columns = field(default_factory=Columns)
    clean: bool = True
    with_body: bool = False
    limit: int | None = None
    sample: float | None = None
    gate: bool = False
    quotes: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """Consecutive items of the input; units are numbered from 0 and are the same whenever the input is."""

    number: int
    items: tuple[Item, ...]

    def digest(self) -> str:
        """A hash of all items with all their fields."""
        digest = blake2b(digest_size=16)
        for item in self.items:
            digest.update(_every_field(item).encode("utf-8", "backslashreplace") + b"\n")
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Repeat:
    """A cleaned article whose text repeats an earlier one: item number `at` of unit `unit`."""

    article: Article
    unit: int
    at: int


class ScoringError(Exception):
    """An unexpected error at an article, as kind and message, which can be sent to any process."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that cannot be scored, with the error: cleaning failed, or its process ended."""

    article: Article
    error: Exception


Planned = Article | Repeat | Failure | Reject
Kind = TypeVar("Kind", bound=Planned)


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a unit with this digest; `items` is None if its part exists already.

    `texts` holds the hash of each item's text, None for items without a text; `repeats` counts those that came before.
    """

    number: int
    digest: str
    texts: Texts
    items: tuple[Planned, ...] | None
    repeats: int


@dataclass(frozen=True, slots=True)
class BatchInput:
    """What to read, and with which options. Another process that sees the same files makes the same plans.

    `notes` collects what the columns were taken for.
    """

    inputs: tuple[str, ...]
    options: ScoreOptions
    leave_out: tuple[Path, ...] = ()
    notes: ReadingNotes | None = None

    def plans(
        self, index: TextIndex, texts_of_part: Callable[[int, str], Texts | None], met: BoundsMet | None = None
    ) -> Iterator[Plan]:
        """Plans of all units, in order. `texts_of_part` returns the text hashes of a unit whose part exists with this digest."""
        items = read_articles(self.inputs, columns=self.options.columns, leave_out=self.leave_out, notes=self.notes, met=met)
        for unit in cut_units(choose_items(items, self.options)):
            digest = unit.digest()
            planned: list[Planned] | None = None
            if (texts := texts_of_part(unit.number, digest)) is None:
                planned = [plan_item(item, clean=self.options.clean) for item in unit.items]
                texts = tuple(_text_of(item) for item in planned)
            repeats = 0
            for at, text in enumerate(texts):
                place = UNIT_ROWS * unit.number + at
                if text is None or (first := index.first(text, place)) == place:
                    continue
                repeats += 1
                if planned is not None and isinstance(article := planned[at], Article):
                    planned[at] = Repeat(article, *divmod(first, UNIT_ROWS))
            yield Plan(unit.number, digest, texts, None if planned is None else tuple(planned), repeats)


def plan_item(item: Item, *, clean: bool) -> Article | Failure | Reject:
    """The article, cleaned if `clean`; a reject unchanged; or a Failure if cleaning this article failed."""
    if isinstance(item, Reject) or not clean:
        return item
    try:
        # The scorer detects the language, which it needs only for articles that pass the gate.
        with Within(BUDGET.seconds):
            return prepare(item, detect=False)
    except OverBudgetError as error:
        return Failure(item, BudgetError(f"cleaning it {error}; cut the text, or give it without its page"))
    except NOT_THE_ARTICLES_FAULT:
        raise
    except Exception as error:
        return Failure(item, portable(error))


def portable(error: Exception) -> Exception:
    """The error itself if it is a SorotError, else a ScoringError that can be pickled."""
    return error if isinstance(error, SorotError) else ScoringError(f"{type(error).__name__}: {error}")


def _every_field(item: Item) -> str:
    """Every field of an item; its repr is shortened for people."""
    return f"{type(item).__name__}({', '.join(f'{field.name}={getattr(item, field.name)!r}' for field in fields(item))})"


def _text_of(item: Planned) -> str | None:
    """A hash of everything that decides an article's analysis."""
    if not isinstance(item, Article):
        return None
    decisive = repr((item.title, item.body, item.language)).encode("utf-8", "backslashreplace")
    return blake2b(decisive, digest_size=16).hexdigest()


def choose_items(items: Iterable[Item], options: ScoreOptions) -> Iterator[Item]:
    """The items that `sample` and `limit` choose."""
    share = options.sample
    return islice((i for n, i in enumerate(items) if share is None or _is_whole_file(i) or _lottery(n) < share), options.limit)


def _is_whole_file(item: Item) -> bool:
    # An unreadable file may hold any number of rows, so it is always in the sample.
    return isinstance(item, Reject) and item.row is None


def _lottery(number: int) -> float:
    """A pseudo-random number from 0 to 1, fixed for each row number."""
    return int.from_bytes(blake2b(number.to_bytes(8, "big"), digest_size=8).digest(), "big") / 2**64


def cut_units(items: Iterable[Item]) -> Iterator[Unit]:
    """Cut the input into units, in order, none empty."""
    for number, members in enumerate(cut_runs(items, UNIT_ROWS, UNIT_CHARACTERS)):
        yield Unit(number, tuple(members))


def _characters(item: Planned) -> int:
    """Text that an item holds in memory."""
    if not isinstance(item, Article):
        return 0
    return len(item.body) + sum(len(value) for _, value in item.extra if isinstance(value, str))


def cut_runs(items: Iterable[Kind], most: int, characters: int) -> Iterator[list[Kind]]:
    """Runs of consecutive items that end at `most` items or at `characters` of text, whichever comes first."""
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
