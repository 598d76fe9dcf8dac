"""The taxonomy: which tasks there are and which labels each has, read from a TOML file. No other code names a task or a label."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sorot.data.errors import SorotError
from sorot.data.taxonomy_format_1 import is_format_1, upgrade_taxonomy
from sorot.data.toml_files import load_toml
from sorot.data.validation import describe_validation_error

SHIPPED = Path(__file__).with_name("taxonomy.toml")
KEY = r"^[a-z][a-z0-9_]*$"
# Names of other fields in records, results and summaries, which a task's key would overwrite.
RESERVED_KEYS = frozenset(
    {
        "id", "title", "text", "outlet", "date", "published", "url", "source", "row", "group", "note", "annotator", "reviewed",
        "evidence", "evidence_sentences", "contributions", "label_sets", "labels", "probabilities", "n_tokens", "n_windows",
        "language", "withheld", "model", "body", "output", "rejects_file", "articles", "rejects", "gated", "repeats",
        "gate_recall", "quotes", "type", "start", "end", "speaker", "cue",
        "seconds", "resumed", "repeated", "first_rejects", "articles_per_second", "reason", "error",
    }
)  # fmt: skip
Language = Literal["id", "en"]
# A task's labels of one article. A `many` task: the keys of the labels that hold; a `one` task: a key.
# None: not labelled for this task, or labels withheld.
Value = tuple[str, ...] | str | None


class TaxonomyError(SorotError):
    """The taxonomy cannot be used; the message names file, key and cure."""


class _Named(BaseModel):
    """A key with names in Indonesian and English; one language is enough."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: str = Field(pattern=KEY)
    name_id: str = ""
    name_en: str = ""

    def name(self, language: Language) -> str:
        """The name in a language, else in the other one, else the key."""
        return _either(self.name_id, self.name_en, language) or self.key


class Label(_Named):
    """One label of a task; the key stands in data and column names."""

    definition_id: str = ""
    definition_en: str = ""

    def definition(self, language: Language) -> str:
        """The definition in a language, else in the other one, else an empty string."""
        return _either(self.definition_id, self.definition_en, language)


class Phrase(BaseModel):
    """A sentence about a task, in Indonesian and English, with placeholders such as {labels}."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str = ""
    en: str = ""


class Task(_Named):
    """One question asked of every article.

    `kind` is 'many' if each label holds or not on its own, 'one' if exactly one holds. `default` is the label that follows
    if the task named by `without` has no label. `column` begins the names of probability columns ('p_' + label).
    `phrases` are the page's own sentences about the task.
    """

    kind: Literal["many", "one"]
    labels: tuple[Label, ...] = Field(min_length=1)
    default: str | None = None
    without: str | None = None
    column: str | None = None
    phrases: dict[str, Phrase] = Field(default_factory=dict)

    @property
    def many(self) -> bool:
        """Whether several labels may hold."""
        return self.kind == "many"

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the labels, in the order of model outputs and columns."""
        return tuple(label.key for label in self.labels)

    def label(self, key: str) -> Label:
        """The label with a key; KeyError if there is none."""
        for label in self.labels:
            if label.key == key:
                return label
        raise KeyError(key)

    def column_of(self, label: str) -> str:
        """The name of a label's probability column."""
        return f"{self.column if self.column is not None else f'p_{self.key}_'}{label}"

    def phrase(self, key: str, language: Language) -> str | None:
        """A sentence of this task in a language, else in the other one; None if the taxonomy has no such sentence."""
        found = self.phrases.get(key)
        return (_either(found.id, found.en, language) or None) if found else None

    def holding(self, value: Value) -> tuple[str, ...]:
        """The labels that say something: all that hold but the default."""
        return tuple(key for key in held(value) if key != self.default)


class Taxonomy(BaseModel):
    """The tasks, in the order of model outputs and columns."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    tasks: tuple[Task, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _check(self) -> Taxonomy:
        _refuse_twins("tasks", self.keys)
        if reserved := sorted(RESERVED_KEYS & set(self.keys)):
            raise ValueError(f"{', '.join(reserved)}: names another field of records or results; give the task another key")
        probabilities = [task.column_of(key) for task in self.tasks for key in task.keys]
        _refuse_twins("columns", [*self.keys, *(f"{task.key}_set" for task in self.one_tasks), *probabilities])
        for number, task in enumerate(self.tasks):
            _refuse_twins(task.key, task.keys)
            if not task.many and len(task.labels) < 2:
                raise ValueError(f"{task.key}: exactly one label holds, so it needs at least two")
            if (task.default is None) != (task.without is None):
                raise ValueError(f"{task.key}: default and without go together; give both or neither")
            if task.default is None:
                continue
            if task.many or task.default not in task.keys:
                raise ValueError(f"{task.key}: default {task.default!r} is not one of its labels")
            if task.without not in [earlier.key for earlier in self.tasks[:number] if earlier.many]:
                raise ValueError(f"{task.key}: without {task.without!r} is no earlier task of the kind 'many'")
        return self

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the tasks, in order."""
        return tuple(task.key for task in self.tasks)

    @property
    def many_tasks(self) -> tuple[Task, ...]:
        """Tasks where several labels may hold; these have thresholds."""
        return tuple(task for task in self.tasks if task.many)

    @property
    def one_tasks(self) -> tuple[Task, ...]:
        """Tasks where exactly one label holds."""
        return tuple(task for task in self.tasks if not task.many)

    @property
    def gate_task(self) -> Task | None:
        """The task whose labels decide whether an article is worth the encoder's time: a `many` task that others depend on,
        else the first `many` task, if any."""
        depended_on = {task.without for task in self.tasks}
        return next((task for task in self.many_tasks if task.key in depended_on), next(iter(self.many_tasks), None))

    @property
    def n_labels(self) -> int:
        """The number of labels over all tasks."""
        return sum(len(task.labels) for task in self.tasks)

    def task(self, key: str) -> Task:
        """The task with a key; KeyError if there is none."""
        for task in self.tasks:
            if task.key == key:
                return task
        raise KeyError(key)

    def columns(self) -> dict[str, slice]:
        """By task key, its columns among a model's label outputs."""
        columns: dict[str, slice] = {}
        start = 0
        for task in self.tasks:
            columns[task.key] = slice(start, start + len(task.labels))
            start = columns[task.key].stop
        return columns

    def settle(self, labels: Mapping[str, Value]) -> dict[str, Value]:
        """The same labels, with a task's default wherever the task it depends on has no label."""
        settled = dict(labels)
        for task in self.tasks:
            if task.without is not None and settled.get(task.key) is not None and settled.get(task.without) == ():
                settled[task.key] = task.default
        return settled

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready form for a bundle's manifest."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Taxonomy:
        """The taxonomy that `to_dict` gave, in this version or before 0.5; TaxonomyError if it is malformed."""
        if is_format_1(raw):
            shipped = load_toml(SHIPPED, TaxonomyError, kind="taxonomy file")
            raw = upgrade_taxonomy(raw, {task["key"]: task for task in shipped["tasks"]})
        try:
            return cls.model_validate(raw)
        except ValidationError as error:
            raise TaxonomyError(describe_validation_error(error, "taxonomy")) from error


def held(value: Value) -> tuple[str, ...]:
    """The keys of the labels that hold, for a task of either kind; empty if there are none."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


def json_value(value: Value) -> list[str] | str | None:
    """A task's labels as JSON and tables hold them: a list for a `many` task, else one key or None."""
    return list(value) if isinstance(value, tuple) else value


def load_taxonomy(path: Path | None = None) -> Taxonomy:
    """Read a taxonomy file, the shipped one by default; TaxonomyError if it cannot be used."""
    path = path or SHIPPED
    raw = load_toml(path, TaxonomyError, kind="taxonomy file")
    try:
        return Taxonomy.from_dict(raw)
    except TaxonomyError as error:
        raise TaxonomyError(f"{path}: {error}; data/taxonomy.toml shows the form") from error


def _either(indonesian: str, english: str, language: Language) -> str:
    return (indonesian or english) if language == "id" else (english or indonesian)


def _refuse_twins(what: str, keys: tuple[str, ...] | list[str]) -> None:
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"{what} names {', '.join(twice)} twice")
