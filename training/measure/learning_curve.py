"""A learning curve read from CSV: macro-F1 by task and number of training articles."""

from __future__ import annotations

import csv
from collections.abc import Collection
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sorot.data.errors import SorotError
from sorot.data.validation import describe_validation_error


class LearningCurveError(SorotError):
    """The file of a learning curve cannot be read; the message names file, line and cure."""


class LearningPoint(BaseModel):
    """Macro-F1 (0 to 1) of a task after training on `articles` articles."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    articles: int = Field(ge=1)
    task: str
    macro_f1: float = Field(ge=0, le=1)


COLUMNS = ", ".join(LearningPoint.model_fields)


def read_learning_curve(path: Path, tasks: Collection[str]) -> list[LearningPoint]:
    """Read a CSV file with the columns articles, task and macro_f1; LearningCurveError if a line is wrong."""
    points: list[LearningPoint] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file, strict=True):
                points.append(LearningPoint.model_validate(row))
                if points[-1].task not in tasks:
                    known = ", ".join(tasks)
                    raise LearningCurveError(f"{path}:{len(points) + 1}: task {points[-1].task!r} is none of {known}; correct it")
    except FileNotFoundError as error:
        raise LearningCurveError(f"{path}: no such file; name a CSV file with the columns {COLUMNS}") from error
    except ValidationError as error:
        wrong = describe_validation_error(error, "the line")
        raise LearningCurveError(f"{path}:{len(points) + 2}: {wrong}; each line has {COLUMNS}") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise LearningCurveError(f"{path}:{len(points) + 2}: not CSV in UTF-8 ({error}); save it as such") from error
    if not points:
        raise LearningCurveError(f"{path}: holds no points; write one a line with {COLUMNS}")
    return points
