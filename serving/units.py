"""Units of work: so many rows of the input, scored together, each unit by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice

from data.article import Article, Reject
from data.cleaning import clean_article
from data.columns import Columns
from data.errors import SorotError
from serving.analysis import Analysis
from serving.parts import Line
from serving.rows import make_row
from serving.scorer import Scorer

Item = Article | Reject
# A unit ends at whichever comes first, so that neither many articles nor long ones fill the memory.
UNIT_ROWS = 512
UNIT_CHARACTERS = 2_000_000
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


def choose_items(items: Iterable[Item], options: ScoreOptions) -> Iterator[Item]:
    """Those of the input that the options choose."""
    share = options.sample
    return islice((item for number, item in enumerate(items) if share is None or _lot(number) < share), options.limit)


def _lot(number: int) -> float:
    """A number from 0 to 1 that belongs to a row."""
    return int.from_bytes(blake2b(number.to_bytes(8, "big"), digest_size=8).digest(), "big") / 2**64


def cut_units(items: Iterable[Item]) -> Iterator[Unit]:
    """Cut the input into units, in order; none of them is empty."""
    for number, members in enumerate(_runs(items, UNIT_ROWS, UNIT_CHARACTERS)):
        yield Unit(number, tuple(members))


def score_unit(scorer: Scorer, unit: Unit, options: ScoreOptions, advance: Callable[[Item], None] = lambda _: None) -> list[Line]:
    """The lines of a unit's part, one an item, in order. An article that cannot be scored becomes a reject with its reason."""
    lines: list[Line] = []
    for chunk in _runs(unit.items, CHUNK_ARTICLES, CHUNK_CHARACTERS):
        for item, analysis in _score_chunk(scorer, [clean_item(i) if options.clean else i for i in chunk]):
            if isinstance(item, Article) and analysis is not None:
                lines.append({"row": make_row(item, analysis, scorer.taxonomy, with_body=options.with_body)})
            elif isinstance(item, Reject):
                lines.append({"reject": {"source": item.file, "row": item.row, "reason": item.reason}})
            advance(item)
    return lines


def clean_item(item: Item) -> Item:
    """The article cleaned, a reject as it is; an article that breaks the cleaning becomes a reject."""
    if isinstance(item, Reject):
        return item
    try:
        return clean_article(item)
    except Exception as error:
        return failed(item, error)


def failed(article: Article, error: Exception) -> Reject:
    """An article that could not be scored, as a reject."""
    source = article.source
    reason = f"could not be scored ({type(error).__name__}: {' '.join(str(error).split())[:200]})"
    return Reject(source.file if source else "-", source.row if source else None, reason)


def _score_chunk(scorer: Scorer, items: Sequence[Item]) -> Iterator[tuple[Item, Analysis | None]]:
    """Each item with its analysis, as soon as it is made; where scoring together fails, the rest are scored one by one."""
    done = 0
    articles = [item for item in items if isinstance(item, Article)]
    try:
        # Closed, so that a run that is stopped does not wait for the windows of the whole chunk.
        with closing(scorer.score_each(articles)) as analyses:
            for item in items:
                found = next(analyses) if isinstance(item, Article) else None
                done += 1
                yield item, found
        return
    except SorotError:
        raise
    except Exception:
        remaining = items[done:]
    for item in remaining:
        yield _score_alone(scorer, item)


def _score_alone(scorer: Scorer, item: Item) -> tuple[Item, Analysis | None]:
    if isinstance(item, Reject):
        return item, None
    try:
        [analysis] = scorer.score([item])
    except SorotError:
        raise
    except Exception as error:
        return failed(item, error), None
    return item, analysis


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
