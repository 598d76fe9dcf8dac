"""What callers send and get, as OpenAPI and the Python client know it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field, model_validator

from sorot.serving.answers import AnalysisOut, AnswerModel, Options, RequestModel
from sorot.serving.limits import Limits
from sorot.serving.model.manifest import Manifest

EXAMPLE = (
    "Pemerintah memblokir situs berita itu sejak Senin. Dewan Pers menilai langkah itu berlebihan dan meminta aksesnya dibuka."
)
Name = Annotated[str, Field(max_length=1000)]


class ArticleIn(RequestModel):
    """An article, as text or as the HTML source of its page; title and outlet take the place of those found in it."""

    text: str | None = None
    html: str | None = None
    title: Name | None = None
    outlet: Name | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> ArticleIn:
        if (self.text is None) == (self.html is None):
            raise ValueError("needs either text or html; send one of them")
        return self


class AnalyzeRequest(ArticleIn):
    """One article."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": EXAMPLE, "title": "Situs berita diblokir", "outlet": "Warta Kita"},
                {"html": f"<html><body><article><p>{EXAMPLE}</p></article></body></html>", "options": {"contributions": True}},
            ]
        }
    )
    options: Options = Options()


class BatchRequest(RequestModel):
    """Several articles, analysed with the same options."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"articles": [{"text": EXAMPLE}], "options": {"body": True}}]})
    articles: list[ArticleIn] = Field(min_length=1)
    options: Options = Options()


class ErrorOut(AnswerModel):
    """Why something was not answered: one sentence with the cure, and the field that it is about."""

    status: int
    field: str | None
    message: str


class ProblemOut(AnswerModel):
    """The body of every answer that is no answer."""

    error: ErrorOut


class BatchItem(AnswerModel):
    """What became of one article: a result or an error."""

    result: AnalysisOut | None = None
    error: ErrorOut | None = None


class BatchOut(AnswerModel):
    """What became of each article, in the order of the request."""

    articles: list[BatchItem]


class GateOut(AnswerModel):
    """The gate of `sorot score --gate`; the service does not use it."""

    threshold: float
    recall: float
    recall_interval: tuple[float, float]


class ModelOut(AnswerModel):
    """The model in service, from its manifest, and the limits of the service."""

    name: str
    version: str
    created: str
    encoder: str
    max_tokens: int
    thresholds: dict[str, float]
    temperatures: dict[str, float]
    metrics: dict[str, Any]
    gate: GateOut | None
    limits: Limits

    @classmethod
    def of(cls, manifest: Manifest, limits: Limits) -> ModelOut:
        """What is told of the model with this manifest."""
        gate = manifest.gate
        told = manifest.model_dump(include={"name", "version", "created", "encoder", "max_tokens", "metrics"})
        return cls(
            **told,
            thresholds=manifest.flat_thresholds,
            temperatures=manifest.temperatures,
            gate=GateOut(threshold=gate.threshold, recall=gate.recall, recall_interval=gate.recall_interval) if gate else None,
            limits=limits,
        )
