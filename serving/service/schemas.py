"""Requests and answers of the service, as documented by OpenAPI and read by the Python client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, FailFast, Field, create_model, model_validator

from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.answers import AnalysisOut, AnswerModel, Options, RequestModel
from sorot.serving.limits import MOST_ARTICLES, Limits
from sorot.serving.model.manifest import Gate, Manifest

EXAMPLE = (
    "Pemerintah memblokir situs berita itu sejak Senin. Dewan Pers menilai langkah itu berlebihan dan meminta aksesnya dibuka."
)
Name = Annotated[str, Field(max_length=1000)]


class ArticleIn(RequestModel):
    """An article, as text or as the HTML source of its page. A given title or outlet replaces the one found in it."""

    text: str | None = None
    html: str | None = None
    title: Name | None = None
    outlet: Name | None = None

    @model_validator(mode="after")
    def _check(self) -> ArticleIn:
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
    articles: Annotated[list[ArticleIn], Field(min_length=1, max_length=MOST_ARTICLES), FailFast()]
    options: Options = Options()


class ErrorOut(AnswerModel):
    """Why a request or an article was refused: one sentence with the cure, and the field it is about."""

    status: int
    field: str | None
    message: str


class ProblemOut(AnswerModel):
    """The body of every error answer."""

    error: ErrorOut


class BatchItem(AnswerModel):
    """The outcome for one article: a result or an error."""

    result: AnalysisOut | None = None
    error: ErrorOut | None = None


class BatchOut(AnswerModel):
    """The outcome for each article, in the order of the request."""

    articles: list[BatchItem]


def batch_model(answer: type[AnalysisOut]) -> type[BatchOut]:
    """BatchOut whose results are of the served taxonomy."""
    result: Any = (answer | None, None)
    item = create_model("BatchItem", __base__=BatchItem, __doc__=BatchItem.__doc__, result=result)
    return create_model("BatchOut", __base__=BatchOut, __doc__=BatchOut.__doc__, articles=(list[item], ...))  # type: ignore[valid-type]


class LabelOut(AnswerModel):
    """A label: its key, names and definitions in Indonesian and English, and the least probability at which it holds.

    `threshold` is null for a task of the kind one: its most probable label holds.
    """

    key: str
    name_id: str
    name_en: str
    definition_id: str
    definition_en: str
    threshold: float | None


class TaskOut(AnswerModel):
    """A task. kind is many if each label holds or not on its own, one if exactly one holds.

    `default` is the label that follows if the task named by `without` has no label; both are null if there is no such rule.
    """

    key: str
    kind: Literal["many", "one"]
    name_id: str
    name_en: str
    default: str | None
    without: str | None
    labels: list[LabelOut]


class GateOut(AnswerModel):
    """The gate of `sorot score --gate`; the service does not use it."""

    task: str
    threshold: float
    recall: float
    recall_interval: tuple[float, float]

    @classmethod
    def of(cls, gate: Gate) -> GateOut:
        """The description of a manifest's gate."""
        return cls(task=gate.task, threshold=gate.threshold, recall=gate.recall, recall_interval=gate.recall_interval)


class ModelOut(AnswerModel):
    """The model in service, from its manifest, and the limits of the service.

    `thresholds` repeats those of `tasks` by label; a label whose key several tasks have stands under task.label.
    """

    name: str
    version: str
    created: str
    encoder: str
    max_tokens: int
    tasks: list[TaskOut]
    thresholds: dict[str, float]
    temperatures: dict[str, float]
    metrics: dict[str, dict[str, float]]
    gate: GateOut | None
    limits: Limits

    @classmethod
    def of(cls, manifest: Manifest, taxonomy: Taxonomy, limits: Limits) -> ModelOut:
        """The description of a model, given its manifest and taxonomy."""
        gate = manifest.gate
        return cls(
            **manifest.model_dump(include={"name", "version", "created", "encoder", "max_tokens", "temperatures"}),
            metrics={file: {task: own.macro_f1 for task, own in tasks.items()} for file, tasks in manifest.metrics.items()},
            tasks=[_task_out(task, manifest.thresholds.get(task.key, {})) for task in taxonomy.tasks],
            thresholds=_by_label(manifest.thresholds),
            gate=GateOut.of(gate) if gate else None,
            limits=limits,
        )


def _task_out(task: Task, thresholds: Mapping[str, float]) -> TaskOut:
    labels = [
        LabelOut(
            key=label.key,
            name_id=label.name("id"),
            name_en=label.name("en"),
            definition_id=label.definition("id"),
            definition_en=label.definition("en"),
            threshold=thresholds.get(label.key),
        )
        for label in task.labels
    ]
    return TaskOut(
        key=task.key,
        kind=task.kind,
        name_id=task.name("id"),
        name_en=task.name("en"),
        default=task.default,
        without=task.without,
        labels=labels,
    )


def _by_label(thresholds: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    n_tasks = Counter(label for labels in thresholds.values() for label in labels)
    return {
        label if n_tasks[label] == 1 else f"{task}.{label}": threshold
        for task, labels in thresholds.items()
        for label, threshold in labels.items()
    }
