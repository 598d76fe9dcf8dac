"""Fills the queue: reads, cleans and scores articles, and queues those that the model labels."""

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

# Articles per transaction: a killed run scores these again. Small, because reviewers wait while it is written.
CHUNK = 32
# The queue is put in order again when a tenth of it is new.
ORDERED_AT = 10
MAX_CHARACTERS = 100_000
FIRST_REJECTS = 20
WITHHELD = {
    "language": "is not Indonesian, so the model gives it no labels",
    "empty": "holds no text",
    "address": "is only an address, so the model gives it no labels",
    "numbers": "is only numbers, so the model gives it no labels",
    "short": "has fewer than six words, so the model gives it no labels",
}


@dataclass(slots=True)
class AddSummary:
    """Counts of the input: articles queued, texts queued before, and rejects; only the first rejects are kept."""

    queued: int = 0
    repeats: int = 0
    rejects: int = 0
    first_rejects: list[Reject] = field(default_factory=list)

    def reject(self, reject: Reject) -> None:
        """Count a reject; keep it if it is one of the first."""
        self.rejects += 1
        if len(self.first_rejects) < FIRST_REJECTS:
            self.first_rejects.append(reject)


def add_articles(
    store: Store,
    scorer: Scorer,
    inputs: Sequence[str],
    columns: Columns,
    *,
    people: int = 1,
    audit: bool = False,
    advance: Callable[[ProgressUpdate], None] = lambda _: None,
) -> AddSummary:
    """Queue the articles of `inputs`, each for `people` reviewers. What is queued stays queued if the run is stopped.

    Texts queued before are not scored again; with `audit`, those without a review become part of the audit sample. The queue
    stays in order meanwhile, except for a last tenth of new articles.
    Raises sorot.data.errors.InputError and sorot.serving.review.errors.ReviewError.
    """
    added = AddSummary()
    in_order, joined = 0, 0
    try:
        items = (plan_item(item, clean=True) for item in read_articles(inputs, columns=columns))
        for chunk in cut_runs(items, CHUNK, UNIT_CHARACTERS):
            before = added.rejects
            scored = _score(store, scorer, chunk, added)
            if audit:
                store.make_audit({hash_text(item.body) for item in chunk if isinstance(item, Article)})
            new = store.add(scored, scorer.manifest.thresholds, people, audit=audit)
            added.queued += new
            added.repeats += len(scored) - new
            joined += new
            # Not after every chunk: ordering goes over the whole queue.
            if ORDERED_AT * joined > in_order:
                in_order, joined = store.put_in_order(), 0
            advance(ProgressUpdate(len(chunk), added.rejects - before, resumed=False))
    finally:
        store.put_in_order()
    return added


def _score(store: Store, scorer: Scorer, chunk: Sequence[Planned], added: AddSummary) -> list[tuple[Article, Analysis]]:
    """New articles that the model labels, with their analyses. Others are counted in `added` as repeats or rejects."""
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
        return reject_article(item, f"has {len(item.body)} characters, more than the {MAX_CHARACTERS} that a review takes")
    return item
