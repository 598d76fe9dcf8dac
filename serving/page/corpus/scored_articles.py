"""A scored article, and its row at thresholds that can be moved; table, charts, counts and download all show this row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sorot.data.article import JAKARTA, Article, moment_of, published_from
from sorot.data.taxonomy import Taxonomy, json_value
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.evidence import choose_evidence
from sorot.serving.model.labels import Thresholds, labels_at, labels_with_evidence, possible_labels
from sorot.serving.output.columns import output_columns
from sorot.serving.output.rows import Row, make_row
from sorot.serving.quotes.record import quote_record


@dataclass(frozen=True, slots=True)
class ScoredArticle:
    """The row of an article, its text for searching, and what its row at other thresholds depends on.

    `probabilities` are as the model gave them, not rounded, by task and label; empty if labels are withheld. `evidence` has the
    strongest sentences of every label that holds at some threshold, `quotes` the records of who says what.
    """

    row: Row
    text: str
    probabilities: Mapping[str, Mapping[str, float]]
    evidence: Sequence[Row]
    quotes: Sequence[Row] = field(default_factory=list)

    @property
    def published_at(self) -> datetime | None:
        """When it was published, in Jakarta's time; midnight where only the day is known."""
        published: str | None = self.row["published"]
        return moment_of(published_from(published)).astimezone(JAKARTA) if published else None


def keep_possible(analysis: Analysis, taxonomy: Taxonomy) -> Analysis:
    """The analysis with evidence for every label that holds at some threshold, and without the shares of all sentences."""
    possible = possible_labels(taxonomy, analysis.probabilities)
    return replace(analysis, evidence=choose_evidence(analysis.contributions, possible), contributions=())


def make_scored_article(article: Article, kept: Analysis, taxonomy: Taxonomy) -> ScoredArticle:
    """An article with the row it was scored with; `kept` is what `keep_possible` returned."""
    row = make_row(article, kept, output_columns(taxonomy))
    said = [quote_record(quote) for quote in kept.quotes]
    scored = ScoredArticle(row, article.body, kept.probabilities, row["evidence"], said)
    if not kept.probabilities:
        return scored
    pairs = set(labels_with_evidence(taxonomy, kept.labels))
    return replace(scored, row=row | {"evidence": _evidence_for(scored, pairs)})


def relabel(items: Iterable[ScoredArticle], thresholds: Thresholds, taxonomy: Taxonomy) -> tuple[ScoredArticle, ...]:
    """The articles with the rows that the scorer would have made at these thresholds."""
    return tuple(_relabel_one(item, thresholds, taxonomy) for item in items)


def read_thresholds(values: Sequence[object], defaults: Thresholds, step: float) -> dict[str, dict[str, float]]:
    """Thresholds by task and label from the sliders' values, in the order of `defaults`.

    A slider at the mark nearest to the manifest's threshold means exactly that threshold; so does an invalid value.
    """
    thresholds = {task: dict(own) for task, own in defaults.items()}
    places = [(task, label) for task, own in defaults.items() for label in own]
    for (task, label), value in zip(places, values, strict=False):
        default = defaults[task][label]
        if isinstance(value, int | float) and 0 <= value <= 1 and abs(value - default) > step / 2 + 1e-9:
            thresholds[task][label] = float(value)
    return thresholds


def _relabel_one(item: ScoredArticle, thresholds: Thresholds, taxonomy: Taxonomy) -> ScoredArticle:
    if not item.probabilities:
        return item
    labels = labels_at(taxonomy, item.probabilities, thresholds)
    evidence = _evidence_for(item, set(labels_with_evidence(taxonomy, labels)))
    values = {task: json_value(value) for task, value in labels.items()}
    return replace(item, row=item.row | values | {"evidence": evidence})


def _evidence_for(item: ScoredArticle, pairs: set[tuple[str, str]]) -> list[Row]:
    return [sentence for sentence in item.evidence if (sentence["task"], sentence["label"]) in pairs]
