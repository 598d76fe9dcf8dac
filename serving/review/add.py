"""From files to the queue: articles are read, cleaned and scored, and those that the model labels are queued."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sorot.data.article import Article, Reject
from sorot.data.reading.columns import Columns
from sorot.data.reading.readers import read_articles
from sorot.serving.batch.run import ProgressUpdate
from sorot.serving.batch.scoring import reject_article, reject_failed, score_together
from sorot.serving.batch.units import UNIT_CHARACTERS, Failure, Planned, ScoreOptions, cut_runs, plan_item
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.scorer import Scorer
from sorot.serving.review.store import Store, hash_text

# Kept together, and so scored again where a run is killed; small, as other reviewers wait while they are written.
CHUNK = 32
# Articles wait at the end of the queue until they are the ORDERED_AT-th part of it.
ORDERED_AT = 10
MAX_CHARACTERS = 100_000
FIRST_REJECTS = 20
WITHHELD = {"language": "is not Indonesian, so the model gives it no labels", "empty": "holds no text"}


@dataclass(slots=True)
class AddSummary:
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
    advance: Callable[[ProgressUpdate], None] = lambda _: None,
) -> AddSummary:
    """Queue the articles of `inputs`, each for so many people. Where it is stopped, what was queued by then stays queued.

    What is queued already is not scored again. The queue is in order all the while, but for a last tenth that has joined
    since. Raises sorot.data.errors.InputError and sorot.serving.review.errors.ReviewError.
    """
    added = AddSummary()
    in_order, joined = 0, 0
    try:
        items = (plan_item(item, clean=True) for item in read_articles(inputs, columns=columns))
        for chunk in cut_runs(items, CHUNK, UNIT_CHARACTERS):
            before = added.rejects
            scored = _score(store, scorer, chunk, added)
            new = store.add(scored, scorer.manifest.flat_thresholds, people)
            added.queued += new
            added.repeats += len(scored) - new
            joined += new
            # Not at each chunk: all of the queue is put in order each time.
            if ORDERED_AT * joined > in_order:
                in_order, joined = store.put_in_order(), 0
            advance(ProgressUpdate(len(chunk), added.rejects - before, resumed=False))
    finally:
        store.put_in_order()
    return added


def _score(store: Store, scorer: Scorer, chunk: Sequence[Planned], added: AddSummary) -> list[tuple[Article, Analysis]]:
    """The articles that are new and that the model labels; the others are counted as repeats, or rejects with the reason."""
    checked = [_check_length(item) for item in chunk]
    hashes = [hash_text(item.body) if isinstance(item, Article) else "" for item in checked]
    seen = store.known(hashes)
    wanted: list[Planned] = []
    for item, text_hash in zip(checked, hashes, strict=True):
        if isinstance(item, Article) and text_hash in seen:
            added.repeats += 1
            continue
        seen.add(text_hash)
        wanted.append(item)
    scored = []
    for item, found in zip(wanted, score_together(scorer, wanted, ScoreOptions()), strict=True):
        match item, found:
            case Reject(), _:
                added.reject(item)
            case Article(), Analysis(withheld=None):
                scored.append((item, found))
            case Article(), Analysis(withheld=str(why)):
                added.reject(reject_article(item, WITHHELD.get(why, why)))
            case Article() | Failure(), Exception():
                added.reject(reject_failed(item, found))
    return scored


def _check_length(item: Planned) -> Planned:
    if isinstance(item, Article) and len(item.body) > MAX_CHARACTERS:
        return reject_article(item, f"has {len(item.body)} characters, of which a review takes {MAX_CHARACTERS}")
    return item
