"""A scored article, and its row at thresholds that can be moved, which the table, charts, counts and the file all show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from sorot.data.article import Article
from sorot.data.taxonomy import Taxonomy, json_value
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.evidence import choose_evidence
from sorot.serving.model.labels import Thresholds, labels_at, labels_with_evidence, possible_labels
from sorot.serving.output.columns import output_columns
from sorot.serving.output.rows import Row, make_row

# Asia/Jakarta, which has no summer time.
JAKARTA = timezone(timedelta(hours=7))


@dataclass(frozen=True, slots=True)
class ScoredArticle:
    """A scored article: its row, its text for searching, and what decides the row at other thresholds.

    `probabilities` are as the model gave them, not rounded, and empty if labels are withheld; `evidence` has the strongest
    sentences of every label that may hold at some threshold.
    """

    row: Row
    text: str
    probabilities: Mapping[str, Mapping[str, float]]
    evidence: Sequence[Row]

    @property
    def moment(self) -> datetime | None:
        """When it was published, by the clock of Jakarta."""
        published: str | None = self.row["published"]
        return datetime.fromisoformat(published).astimezone(JAKARTA) if published else None


def keep_possible(analysis: Analysis, taxonomy: Taxonomy) -> Analysis:
    """The analysis with evidence for all labels that may hold at some threshold, and without the many shares of all sentences."""
    possible = possible_labels(taxonomy, analysis.probabilities)
    return replace(analysis, evidence=choose_evidence(analysis.contributions, possible), contributions=())


def make_scored_article(article: Article, kept: Analysis, taxonomy: Taxonomy) -> ScoredArticle:
    """The article as it was scored, from the analysis that `keep_possible` gave."""
    row = make_row(article, kept, output_columns(taxonomy))
    shown = labels_with_evidence(taxonomy, kept.labels)
    item = ScoredArticle(row, article.body, kept.probabilities, row["evidence"])
    return replace(item, row=row | {"evidence": _evidence_of(item, shown)})


def relabel(items: Iterable[ScoredArticle], thresholds: Thresholds, taxonomy: Taxonomy) -> tuple[ScoredArticle, ...]:
    """The items with the rows that the scorer would have made at these thresholds."""
    return tuple(_relabelled(item, thresholds, taxonomy) for item in items)


def read_thresholds(values: Sequence[object], defaults: Thresholds, step: float) -> dict[str, dict[str, float]]:
    """Thresholds by task and label from the sliders, which stand in that order; the mark nearest to the manifest's threshold
    means that threshold."""
    found = {task: dict(own) for task, own in defaults.items()}
    places = [(task, label) for task, own in defaults.items() for label in own]
    for (task, label), value in zip(places, values, strict=False):
        if isinstance(value, int | float) and 0 <= value <= 1 and abs(value - defaults[task][label]) > step / 2 + 1e-9:
            found[task][label] = float(value)
    return found


def _relabelled(item: ScoredArticle, thresholds: Thresholds, taxonomy: Taxonomy) -> ScoredArticle:
    if not item.probabilities:
        return item
    labels = labels_at(taxonomy, item.probabilities, thresholds)
    evidence = _evidence_of(item, labels_with_evidence(taxonomy, labels))
    changed = {task: json_value(value) for task, value in labels.items()} | {"evidence": evidence}
    return replace(item, row=item.row | changed)


def _evidence_of(item: ScoredArticle, shown: Sequence[tuple[str, str]]) -> list[Row]:
    return [found for found in item.evidence if (found["task"], found["label"]) in shown]
