"""A scored article, and its row at thresholds that can be moved, which the table, charts, counts and the file all show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from sorot.data.article import Article
from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.evidence import choose_evidence
from sorot.serving.output.columns import output_columns
from sorot.serving.output.rows import Row, make_row

# Asia/Jakarta, which has no summer time.
JAKARTA = timezone(timedelta(hours=7))


@dataclass(frozen=True, slots=True)
class ScoredArticle:
    """A scored article: its row, its text for searching, and what decides the row at other thresholds.

    `topics` are probabilities as the model gave them, not rounded; `stance` is the one that it gave, whether a topic holds or
    not; `evidence` has the strongest sentences of every topic, of that stance and of the sentiment.
    """

    row: Row
    text: str
    topics: Mapping[str, float]
    stance: str | None
    evidence: Sequence[Row]

    @property
    def moment(self) -> datetime | None:
        """When it was published, by the clock of Jakarta."""
        published: str | None = self.row["published"]
        return datetime.fromisoformat(published).astimezone(JAKARTA) if published else None


def keep_possible(analysis: Analysis, taxonomy: Taxonomy) -> Analysis:
    """The analysis with evidence for all that may hold at some threshold, and without the many shares of all sentences."""
    possible: list[tuple[Task, str]] = [("topics", topic) for topic in taxonomy.labels("topics")]
    if stance := _given_stance(analysis):
        possible.append(("stance", stance))
    if analysis.sentiment:
        possible.append(("sentiment", analysis.sentiment))
    return replace(analysis, evidence=choose_evidence(analysis.contributions, possible), contributions=())


def make_scored_article(article: Article, kept: Analysis, taxonomy: Taxonomy) -> ScoredArticle:
    """The item of an article, as it was scored, from what `keep_possible` made of its analysis."""
    row = make_row(article, kept, output_columns(taxonomy))
    item = ScoredArticle(row, article.body, kept.probabilities.get("topics", {}), _given_stance(kept), row["evidence"])
    return _labelled(item, row["topics"], taxonomy)


def relabel(items: Iterable[ScoredArticle], thresholds: Mapping[str, float], taxonomy: Taxonomy) -> tuple[ScoredArticle, ...]:
    """The items with the rows that the scorer would have made at these thresholds."""
    return tuple(_labelled(item, topics_at(item, thresholds), taxonomy) for item in items)


def topics_at(item: ScoredArticle, thresholds: Mapping[str, float]) -> list[str]:
    """The topics of an article at these thresholds, in the taxonomy's order."""
    return [topic for topic, probability in item.topics.items() if probability >= thresholds[topic]]


def read_thresholds(values: Sequence[object], defaults: Mapping[str, float], step: float) -> dict[str, float]:
    """Thresholds by topic from the sliders; the mark nearest to the manifest's threshold means that threshold."""
    found = dict(defaults)
    for (topic, default), value in zip(defaults.items(), values, strict=False):
        if isinstance(value, int | float) and 0 <= value <= 1 and abs(value - default) > step / 2 + 1e-9:
            found[topic] = float(value)
    return found


def _given_stance(analysis: Analysis) -> str | None:
    spread = analysis.probabilities.get("stance")
    return max(spread, key=spread.__getitem__) if spread else None


def _labelled(item: ScoredArticle, topics: list[str], taxonomy: Taxonomy) -> ScoredArticle:
    """The item with these topics, the stance that goes with them, and evidence for what holds."""
    default = taxonomy.stance_without_topic
    stance = item.stance if topics or item.stance is None or default is None else default
    holds = {("topics", topic) for topic in topics} | {("sentiment", item.row["sentiment"])}
    if stance != default:
        holds.add(("stance", stance))
    evidence = [found for found in item.evidence if (found["task"], found["label"]) in holds]
    return replace(item, row=item.row | {"topics": topics, "stance": stance, "evidence": evidence})
