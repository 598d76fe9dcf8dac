"""The labels: what topics, stances and sentiments there are, read from a TOML file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sorot.data.errors import SorotError

Task = Literal["topics", "stance", "sentiment"]
TASKS: tuple[Task, ...] = ("topics", "stance", "sentiment")
SHIPPED = Path(__file__).with_name("taxonomy.toml")


class TaxonomyError(SorotError):
    """A taxonomy cannot be used; the message names file, key and cure."""


class Label(BaseModel):
    """One label: its key in data and columns, and its name and definition in Indonesian and English."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name_id: str
    name_en: str
    definition_id: str = ""
    definition_en: str = ""


class Taxonomy(BaseModel):
    """Topics (each holds or not), stances and sentiments (exactly one holds).

    `stance_without_topic` is the stance of an article on which no topic holds, or None where stance does not depend on
    topics.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    topics: tuple[Label, ...] = Field(min_length=1)
    stance: tuple[Label, ...] = Field(min_length=2)
    sentiment: tuple[Label, ...] = Field(min_length=2)
    stance_without_topic: str | None = None

    @model_validator(mode="after")
    def _check(self) -> Taxonomy:
        for task in TASKS:
            keys = self.labels(task)
            twice = sorted({k for k in keys if keys.count(k) > 1})
            if twice:
                raise ValueError(f"{task} names {', '.join(twice)} twice")
        if self.stance_without_topic is not None and self.stance_without_topic not in self.labels("stance"):
            raise ValueError(f"stance_without_topic is {self.stance_without_topic!r}, which is no stance")
        return self

    def entries(self, task: Task) -> tuple[Label, ...]:
        """The labels of a task, in the order of model outputs and columns."""
        entries: tuple[Label, ...] = getattr(self, task)
        return entries

    def labels(self, task: Task) -> tuple[str, ...]:
        """The keys of a task's labels, in order."""
        return tuple(label.key for label in self.entries(task))

    def columns(self) -> dict[Task, slice]:
        """Which columns of a model's label outputs belong to which task: topics, then stance, then sentiment."""
        columns: dict[Task, slice] = {}
        at = 0
        for task in TASKS:
            columns[task] = slice(at, at + len(self.entries(task)))
            at = columns[task].stop
        return columns

    @property
    def n_labels(self) -> int:
        """How many labels there are over all tasks."""
        return sum(len(self.entries(task)) for task in TASKS)

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready form for a bundle's manifest."""
        return self.model_dump(mode="json")

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Taxonomy:
        """The taxonomy of a manifest; TaxonomyError where it is malformed."""
        try:
            return cls.model_validate(raw)
        except ValidationError as error:
            raise TaxonomyError(_describe(error)) from error


def load_taxonomy(path: Path | None = None) -> Taxonomy:
    """Read a taxonomy file, the shipped one by default."""
    path = path or SHIPPED
    try:
        return Taxonomy.from_dict(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise TaxonomyError(f"{path}: no such taxonomy file; name an existing one") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TaxonomyError(f"{path}: not valid TOML ({error}); mend the line it names") from error
    except TaxonomyError as error:
        raise TaxonomyError(f"{path}: {error}; data/taxonomy.toml shows the form") from error


def _describe(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(str(p) for p in e['loc']) or 'taxonomy'}: {e['msg']}" for e in error.errors())
