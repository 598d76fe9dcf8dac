"""A learning curve read from CSV: macro-F1 by task and number of training articles."""

from __future__ import annotations

import csv
from collections.abc import Sequence
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


def read_learning_curve(path: Path, tasks: Sequence[str]) -> list[LearningPoint]:
    """Read a CSV file with the columns articles, task and macro_f1; LearningCurveError if a line is wrong.

    `tasks` are the keys that the column task may hold.
    """
    points: list[LearningPoint] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file, strict=True):
                point = LearningPoint.model_validate(row)
                if point.task not in tasks:
                    reason = f"task: {point.task!r} is not one of {', '.join(tasks)}"
                    raise LearningCurveError(f"{path}:{len(points) + 2}: {reason}; name a task of the model")
                points.append(point)
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
