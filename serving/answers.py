"""One analysed article as JSON: what the service answers and the page copies."""

from __future__ import annotations

from dataclasses import asdict

from pydantic import BaseModel, ConfigDict, Field

from sorot.data.article import Article
from sorot.data.taxonomy import Task
from sorot.serving.model.analysis import Analysis


class RequestModel(BaseModel):
    """What callers send: nothing but what is asked for, of the very type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class AnswerModel(BaseModel):
    # An older client reads what a newer service tells.
    model_config = ConfigDict(extra="ignore", frozen=True)


class Options(RequestModel):
    """What to do with an article, and what to tell of it."""

    clean: bool = Field(default=True, description="Take menus, related links and the like out of the text.")
    body: bool = Field(default=False, description="Tell the cleaned text, in which start and end of evidence count characters.")
    contributions: bool = Field(default=False, description="Tell the share of every sentence in the score of every label.")


class EvidenceOut(AnswerModel):
    """A sentence and its signed share of a label's score; start and end count characters of the body, null for the title."""

    task: Task
    label: str
    sentence: str
    start: int | None
    end: int | None
    contribution: float


class RemovedOut(AnswerModel):
    """A stretch that cleaning took away."""

    kind: str
    text: str


class AnalysisOut(AnswerModel):
    """Labels, probabilities and evidence of one article.

    `withheld` says in a word why there are no labels: language (not Indonesian) or empty.
    """

    topics: list[str]
    stance: str | None
    sentiment: str | None
    probabilities: dict[Task, dict[str, float]]
    evidence: list[EvidenceOut]
    contributions: list[EvidenceOut] | None
    title: str | None
    outlet: str | None
    published: str | None
    place: str | None
    body: str | None
    removed: list[RemovedOut]
    n_tokens: int
    n_windows: int
    language: str | None
    withheld: str | None
    model: str


def make_answer(article: Article, analysis: Analysis, options: Options) -> AnalysisOut:
    """What is told of an analysed article: every value as the scorer gave it."""
    return AnalysisOut(
        topics=list(analysis.topics),
        stance=analysis.stance,
        sentiment=analysis.sentiment,
        probabilities=analysis.probabilities,
        evidence=[EvidenceOut(**asdict(e)) for e in analysis.evidence],
        contributions=[EvidenceOut(**asdict(e)) for e in analysis.contributions] if options.contributions else None,
        title=article.title,
        outlet=article.outlet,
        published=article.published.isoformat() if article.published else None,
        place=article.place,
        body=article.body if options.body else None,
        removed=[RemovedOut(kind=removed.kind, text=removed.text) for removed in article.removed],
        n_tokens=analysis.n_tokens,
        n_windows=analysis.n_windows,
        language=analysis.language,
        withheld=analysis.withheld,
        model=analysis.model,
    )
