"""From files to the queue: articles are read, cleaned and scored, and those that the model labels are queued."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from data.article import Article, Reject
from data.columns import Columns
from data.errors import SorotError
from serving.analysis import Analysis
from serving.batch import Step, cleaned_articles
from serving.review.store import Store
from serving.scorer import Scorer
from serving.scoring import reject_article
from serving.units import NOT_THE_ARTICLES_FAULT

# Kept together, and so scored again where a run is killed; small, as other reviewers wait while they are written.
CHUNK = 32
MAX_CHARACTERS = 100_000
FIRST_REJECTS = 20
WITHHELD = {"language": "is not Indonesian, so the model gives it no labels", "empty": "holds no text"}


@dataclass(slots=True)
class Added:
    """What became of the input: `queued` articles, `repeats` whose text was there already, and rejects."""

    queued: int = 0
    repeats: int = 0
    rejects: int = 0
    first_rejects: list[Reject] = field(default_factory=list)

    def reject(self, found: Reject) -> None:
        """Count one; the first are kept to be told."""
        self.rejects += 1
        if len(self.first_rejects) < FIRST_REJECTS:
            self.first_rejects.append(found)


def add_articles(
    store: Store,
    scorer: Scorer,
    inputs: Sequence[str],
    columns: Columns,
    *,
    people: int = 1,
    advance: Callable[[Step], None] = lambda _: None,
) -> Added:
    """Queue the articles of `inputs`, each for so many people. Where it is stopped, what was queued by then stays queued.

    Raises data.columns.InputError and serving.review.problems.ReviewError.
    """
    added = Added()
    try:
        items = cleaned_articles(inputs, columns=columns)
        while chunk := list(islice(items, CHUNK)):
            before = added.rejects
            scored = list(_score(scorer, chunk, added))
            new = store.add(scored, scorer.manifest.thresholds, people)
            added.queued += new
            added.repeats += len(scored) - new
            advance(Step(len(chunk), added.rejects - before, resumed=False))
    finally:
        store.put_in_order()
    return added


def _score(scorer: Scorer, items: Sequence[Article | Reject], added: Added) -> Iterator[tuple[Article, Analysis]]:
    """The articles that the model labels; the others are counted as rejects with the reason."""
    for item in items:
        if isinstance(item, Reject):
            added.reject(item)
            continue
        if len(item.body) > MAX_CHARACTERS:
            added.reject(reject_article(item, f"has {len(item.body)} characters, of which a review takes {MAX_CHARACTERS}"))
            continue
        try:
            [analysis] = scorer.score([item])
        except NOT_THE_ARTICLES_FAULT:
            raise
        except SorotError as error:
            added.reject(reject_article(item, f"could not be scored ({error})"))
            continue
        if analysis.withheld:
            added.reject(reject_article(item, WITHHELD.get(analysis.withheld, analysis.withheld)))
            continue
        yield item, analysis
