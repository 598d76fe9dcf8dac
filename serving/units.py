"""Units of work: so many rows of the input, scored together, each unit by itself."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice

from data.article import Article, Reject
from data.cleaning import clean_article
from data.columns import Columns
from data.errors import TRACEBACK
from serving.analysis import Analysis
from serving.parts import Line
from serving.rows import make_reject_row, make_row
from serving.scorer import Scorer

Item = Article | Reject
# An article with its analysis, a reject, or the error that an article met.
Scored = tuple[Article, Analysis] | Reject | Exception
# A machine's, which another try may not meet.
_NOT_THE_ARTICLES_FAULT = (MemoryError, OSError)
MANY_FAILED = 8
# A unit ends at whichever comes first, so that neither many articles nor long ones fill the memory.
UNIT_ROWS = 128
UNIT_CHARACTERS = 500_000
# So does a chunk of a unit, whose windows wait together.
CHUNK_ARTICLES = 64
CHUNK_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class ScoreOptions:
    """What is scored, and how: a `sample` is a share of the rows, by chance but always the same of the same input.

    Of these the first `limit` are taken. `clean` takes menus and the like away, `with_body` adds the text that evidence
    offsets count in.
    """

    columns: Columns = field(default_factory=Columns)
    clean: bool = True
    with_body: bool = False
    limit: int | None = None
    sample: float | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """Consecutive items of the input; units are numbered from 0 and are the same whenever the input is."""

    number: int
    items: tuple[Item, ...]

    def digest(self) -> str:
        """Tells units of other items apart."""
        told = blake2b(digest_size=16)
        for item in self.items:
            told.update(repr(item).encode("utf-8", "backslashreplace") + b"\n")
        return told.hexdigest()


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
    for number, members in enumerate(_runs(items, UNIT_ROWS, UNIT_CHARACTERS)):
        yield Unit(number, tuple(members))


def score_unit(scorer: Scorer, unit: Unit, options: ScoreOptions, advance: Callable[[Item], None] = lambda _: None) -> list[Line]:
    """The lines of a unit's part, one an item, in order. An article that cannot be scored becomes a reject with its reason.

    Where that is so of all articles of a unit, MANY_FAILED or more, the fault is not theirs, and the last error is raised.
    """
    lines: list[Line] = []
    failures: list[Exception] = []
    for chunk in _runs(unit.items, CHUNK_ARTICLES, CHUNK_CHARACTERS):
        cleaned = [_clean(item) if options.clean else item for item in chunk]
        for item, found in zip(chunk, _score_chunk(scorer, cleaned), strict=True):
            match found:
                case (article, Analysis() as analysis):
                    lines.append({"row": make_row(article, analysis, scorer.taxonomy, with_body=options.with_body)})
                case Reject():
                    lines.append({"reject": make_reject_row(found)})
                case Exception():
                    failures.append(found)
                    lines.append({"reject": make_reject_row(_failed(item, found))})
            advance(item)
    articles = sum(isinstance(item, Article) for item in unit.items)
    if len(failures) == articles >= MANY_FAILED:
        raise failures[-1]
    return lines


def _failed(item: Item, error: Exception) -> Reject:
    """An article that could not be scored, as a reject."""
    if os.environ.get(TRACEBACK):
        traceback.print_exception(error)
    source = item.source if isinstance(item, Article) else None
    reason = f"could not be scored ({type(error).__name__}: {' '.join(str(error).split())[:200]})"
    return Reject(source.file if source else "-", source.row if source else None, reason)


def _clean(item: Item) -> Item | Exception:
    """The article cleaned, a reject as it is, or what went wrong with the article alone."""
    try:
        return clean_article(item) if isinstance(item, Article) else item
    except _NOT_THE_ARTICLES_FAULT:
        raise
    except Exception as error:
        return error


def _score_chunk(scorer: Scorer, items: Sequence[Item | Exception]) -> Iterator[Scored]:
    """What became of each item, as soon as it is known; where scoring together fails, the rest are scored one by one."""
    done = 0
    articles = [item for item in items if isinstance(item, Article)]
    try:
        # Closed, so that a run that is stopped does not wait for the windows of the whole chunk.
        with closing(scorer.score_each(articles)) as analyses:
            for item in items:
                found: Scored = (item, next(analyses)) if isinstance(item, Article) else item
                done += 1
                yield found
        return
    except _NOT_THE_ARTICLES_FAULT:
        raise
    except Exception:
        remaining = items[done:]
    for item in remaining:
        yield _score_alone(scorer, item) if isinstance(item, Article) else item


def _score_alone(scorer: Scorer, article: Article) -> Scored:
    try:
        [analysis] = scorer.score([article])
    except _NOT_THE_ARTICLES_FAULT:
        raise
    except Exception as error:
        return error
    return article, analysis


def _runs(items: Iterable[Item], most: int, characters: int) -> Iterator[list[Item]]:
    run: list[Item] = []
    total = 0
    for item in items:
        run.append(item)
        total += len(item.body) if isinstance(item, Article) else 0
        if len(run) == most or total >= characters:
            yield run
            run, total = [], 0
    if run:
        yield run
