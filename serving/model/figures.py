"""What a model scored on labelled files: macro-F1 of every task with its interval, and scores of every label.

Until 0.4 a manifest held a number for each task alone; its intervals stood in the model card.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
_SECTION = re.compile(r"^### (\S+) \(\d+ articles\)$", re.MULTILINE)
_HEADLINE = re.compile(r"^\| ([a-z]\w*) \| (\d+) \| [\d.]+ \| ([01]\.\d+) to ([01]\.\d+) \|", re.MULTILINE)


class _Figures(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LabelFigures(_Figures):
    """Precision, recall and F1 of a label; `support` counts the articles that truly have it."""

    precision: Share
    recall: Share
    f1: Share
    support: int = Field(ge=0)


class TaskFigures(_Figures):
    """Macro-F1 of a task with its 95 % bootstrap interval, over `articles` labelled articles; None: not recorded."""

    macro_f1: Share
    low: Share | None = None
    high: Share | None = None
    articles: int | None = Field(default=None, ge=0)
    labels: dict[str, LabelFigures] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _number_alone(cls, raw: Any) -> Any:
        return {"macro_f1": raw} if isinstance(raw, int | float) else raw

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval, if both bounds are recorded."""
        return None if self.low is None or self.high is None else (self.low, self.high)


# By the file's name, then by the task's key.
Figures = dict[str, dict[str, TaskFigures]]


def figures_of(reports: Mapping[str, Mapping[str, Any]]) -> Figures:
    """The figures of evaluation reports, by file; each report as sorot.training.measure.evaluate.evaluate_rows gives it."""
    return {
        name: {
            task: TaskFigures(
                macro_f1=scores["macro_f1"],
                low=scores["macro_f1_interval"][0],
                high=scores["macro_f1_interval"][1],
                articles=scores["articles"],
                labels={label: LabelFigures.model_validate(own) for label, own in scores["labels"].items()},
            )
            for task, scores in report["tasks"].items()
        }
        for name, report in reports.items()
    }


def with_card_intervals(figures: Any, card: str) -> Any:
    """Figures of a manifest of format 1, still unchecked, completed with the articles and intervals of its card."""
    pieces = _SECTION.split(card)
    found = {
        (file, task): {"articles": int(articles), "low": float(low), "high": float(high)}
        for file, text in zip(pieces[1::2], pieces[2::2], strict=True)
        for task, articles, low, high in _HEADLINE.findall(text)
    }
    if not isinstance(figures, dict):
        return figures
    return {
        file: {
            task: {"macro_f1": value, **found.get((file, task), {})} if isinstance(value, int | float) else value
            for task, value in tasks.items()
        }
        if isinstance(tasks, dict)
        else tasks
        for file, tasks in figures.items()
    }
