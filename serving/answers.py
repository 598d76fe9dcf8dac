"""An analysed article as JSON: the answer of the service, and what the page copies."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from sorot.data.article import Article
from sorot.data.taxonomy import Taxonomy, TaxonomyError, json_value
from sorot.serving.model.analysis import Analysis
from sorot.serving.quotes.record import quote_record


class RequestModel(BaseModel):
    """Base of what callers send: no unknown fields, no conversion of types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class AnswerModel(BaseModel):
    """Base of what the service answers. Unknown fields are ignored, so that an older client reads a newer service."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Options(RequestModel):
    """How to process an article, and what to include in the answer."""

    clean: bool = Field(default=True, description="Remove menus, related links and other page remains from the text.")
    body: bool = Field(default=False, description="Include the cleaned text; start and end of evidence count its characters.")
    contributions: bool = Field(default=False, description="Include the contribution of every sentence to every label's score.")


class EvidenceOut(AnswerModel):
    """A sentence and its signed contribution to a label's score. start and end count characters of the body; null: title."""

    task: str
    label: str
    sentence: str
    start: int | None
    end: int | None
    contribution: float


class QuoteOut(AnswerModel):
    """A direct or reported statement. start and end count characters of the body; speaker is null where nobody is named.

    Each task that has exactly one label gives one under its key, at the same level; null: withheld, or the model is not sure.
    """

    # The tasks of a service that this program knows nothing about.
    model_config = ConfigDict(extra="allow")
    type: Literal["direct", "indirect"]
    start: int
    end: int
    text: str
    speaker: str | None
    cue: str | None


class RemovedOut(AnswerModel):
    """A passage that cleaning removed, and its kind."""

    kind: str
    text: str


class AnalysisOut(AnswerModel):
    """Labels, probabilities and evidence of one article.

    The labels of each task stand under the task's key, at the top level: a list of labels, or one label, or null.
    `withheld` says in a word why there are no labels: language (not Indonesian), empty, address, numbers, or short (fewer
    than six words).
    """

    # The tasks of a service that this program knows nothing about.
    model_config = ConfigDict(extra="allow")
    label_sets: dict[str, list[str]] = Field(
        default_factory=dict,
        description="For each task with one label, all labels that may hold: more than one says that the model is not sure.",
    )
    probabilities: dict[str, dict[str, float]]
    evidence: list[EvidenceOut]
    contributions: list[EvidenceOut] | None
    quotes: list[QuoteOut] = Field(default_factory=list)
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

    @property
    def labels(self) -> dict[str, list[str] | str | None]:
        """The labels by task, of whatever taxonomy: a list for a task of many labels, else a label or None."""
        values = {name: value for name, value in self if name not in AnalysisOut.model_fields}
        tasks = self.probabilities or values
        return {name: value for name, value in values.items() if name in tasks and _is_labels(value)}


def answer_model(taxonomy: Taxonomy) -> type[AnalysisOut]:
    """AnalysisOut with a field for every task of a taxonomy, before all others.

    Raises TaxonomyError if a task has the key of another field.
    """
    for task in taxonomy.tasks:
        if task.key in AnalysisOut.model_fields or hasattr(AnalysisOut, task.key):
            raise TaxonomyError(f"task {task.key} has the key of another field of the answer; give it another key")
    return _answer_model(_outline(taxonomy))


def quote_model(taxonomy: Taxonomy) -> type[QuoteOut]:
    """QuoteOut with a field for every task of a taxonomy that has exactly one label."""
    return _quote_model(_outline(taxonomy))


def make_answer(article: Article, analysis: Analysis, options: Options, taxonomy: Taxonomy) -> AnalysisOut:
    """The answer for an analysed article, with the values exactly as the scorer gave them."""
    labels = {task: json_value(value) for task, value in analysis.labels.items()}
    return answer_model(taxonomy)(
        **labels,
        label_sets={task: list(keys) for task, keys in analysis.label_sets.items()},
        probabilities=analysis.probabilities,
        evidence=[EvidenceOut(**asdict(e)) for e in analysis.evidence],
        contributions=[EvidenceOut(**asdict(e)) for e in analysis.contributions] if options.contributions else None,
        quotes=[quote_model(taxonomy)(**quote_record(quote)) for quote in analysis.quotes],
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


# Key, whether several labels may hold, and label keys of each task.
_Outline = tuple[tuple[str, bool, tuple[str, ...]], ...]


def _outline(taxonomy: Taxonomy) -> _Outline:
    return tuple((task.key, task.many, task.keys) for task in taxonomy.tasks)


@lru_cache(maxsize=8)
def _quote_model(tasks: _Outline) -> type[QuoteOut]:
    fields: dict[str, Any] = {key: (Literal[labels] | None, ...) for key, many, labels in tasks if not many}
    model: type[QuoteOut] = create_model("QuoteOut", __base__=QuoteOut, __doc__=QuoteOut.__doc__, **fields)
    return model


@lru_cache(maxsize=8)
def _answer_model(tasks: _Outline) -> type[AnalysisOut]:
    """The model for tasks. Cached: building it is slow."""
    fields: dict[str, Any] = {}
    for key, many, labels in tasks:
        label: Any = Literal[labels]
        fields[key] = (list[label] if many else label | None, ...)
    # Pydantic puts the fields of the last base first.
    bases: Any = (AnalysisOut, create_model("Labels", __base__=AnswerModel, **fields))
    quote = _quote_model(tasks)
    quotes: Any = (list[quote], Field(default_factory=list))  # type: ignore[valid-type]
    model: type[AnalysisOut] = create_model("AnalysisOut", __base__=bases, __doc__=AnalysisOut.__doc__, quotes=quotes)
    return model


def _is_labels(value: object) -> bool:
    return value is None or isinstance(value, str) or (isinstance(value, list) and all(isinstance(v, str) for v in value))
