"""What every tool's reader finds in a row, with labels as the tool names them, and what every writer needs of a record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sorot.data.errors import InputError, SorotError
from sorot.data.labels.checks import KEYS
from sorot.data.reading.columns import Columns, resolve
from sorot.data.taxonomy import Taxonomy

# Stands among the labels of a task where no label of it holds; a task without any label is not labelled.
NONE_HOLDS = "[]"
# Keys of a record that are text in every tool; id, date and group may be numbers.
_TEXTS = ("title", "text", "outlet", "url", "note", "annotator", "source", "reviewed")
_NAMES = ("id", "date", "group")


class ExchangeError(SorotError):
    """A file cannot be converted; the message names it and the cure."""


class RowError(ValueError):
    """A row that cannot be converted; the others can."""


@dataclass(frozen=True, slots=True)
class Given:
    """A label as the tool names it, with the question that it answers and its other name, if known."""

    label: str
    question: str | None = None
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text with the label that it shows."""

    given: Given
    sentence: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What one annotator gave to an article."""

    labels: list[Given] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One labelled article: the record's keys but the tasks', and its labels as the tool names them."""

    fields: dict[str, Any]
    answers: Answers


def fields_of(*places: object) -> dict[str, Any]:
    """The keys of a record that stand in `places`, the first place first, by their own names or by usual ones such as 'judul'."""
    fields: dict[str, Any] = {}
    for place in places:
        if not isinstance(place, Mapping):
            continue
        for key in KEYS:
            if key not in fields and (value := _fitting(key, place.get(key))) is not None:
                fields[key] = value
        others = [name for name in place if isinstance(name, str) and name not in KEYS and not _is_of_tool(name, place)]
        for key, name in _usual(others):
            if key not in fields and (value := _fitting(key, place[name])) is not None:
                fields[key] = value
    return fields


def _is_of_tool(name: str, beside: Mapping[str, Any]) -> bool:
    """Whether a tool keeps its own matter under a name: when a task was answered is not when the article was published."""
    return name.startswith("_") or (name in ("created_at", "updated_at") and bool({"annotation_id", "lead_time"} & beside.keys()))


def _usual(names: list[str]) -> Iterator[tuple[str, str]]:
    """Keys of a record with the name that stands for them."""
    try:
        columns = resolve(Columns(), names, "")
    except InputError:
        # No name stands for the text; the others still count.
        columns = resolve(Columns(), [*names, "text"], "")
    for key in ("text", "title", "outlet", "date", "url", "id"):
        if (name := getattr(columns, key)) in names:
            yield key, name


def _fitting(key: str, value: Any) -> Any:
    """A value in the type that a record has for `key`; None if there is none."""
    if value is None or value == "":
        return None
    if key == "evidence":
        return _evidence(value)
    if key == "evidence_sentences":
        value = _json_list(value) if isinstance(value, str) else value
        return value if isinstance(value, list) and all(isinstance(s, str) for s in value) else None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return value if key in _NAMES or isinstance(value, str) else str(value)


def _evidence(value: Any) -> Any:
    entries = _json_list(value) if isinstance(value, str) else value
    if isinstance(entries, list) and entries and all(isinstance(entry, dict) for entry in entries):
        return entries
    return value if isinstance(value, str) else None


def _json_list(text: str) -> list[Any] | None:
    if not text.startswith("["):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) else None


def slice_of(text: object, start: object, end: object, expected: object = None) -> str:
    """The stretch from `start` to `end`, characters from 0, end excluded; or `expected`, the tool's copy, if that is in the text.

    Raises RowError if the place is not in the text.
    """
    if not isinstance(text, str):
        raise RowError("has a marked stretch but no text")
    if isinstance(expected, str) and expected and expected in text:
        # Browsers count a character beyond U+FFFF twice, so the tool's copy of the stretch is surer than its place.
        return expected
    if isinstance(start, bool) or isinstance(end, bool) or not isinstance(start, int) or not isinstance(end, int):
        raise RowError("has a marked stretch without start and end")
    if not 0 <= start < end <= len(text):
        raise RowError(f"marks characters {start} to {end} of a text of {len(text)}")
    return text[start:end]


def split_annotators(fields: dict[str, Any], by_annotator: Mapping[str | None, Answers], number: int) -> Iterator[Found]:
    """A record for each annotator; several of them share a group, so that no split separates the article's records."""
    many = len(by_annotator) > 1
    name = fields.get("id", number)
    for annotator, answers in by_annotator.items():
        own = dict(fields)
        if annotator is not None:
            own["annotator"] = annotator
        if many:
            own["id"] = f"{name} ({annotator or 'unknown'})"
            own.setdefault("group", f"article-{name}")
        yield Found(own, answers)


@dataclass(frozen=True, slots=True)
class Parts:
    """A record as a tool needs it: text, labels as 'task/label', marked places of the text, and everything else."""

    text: str
    labels: dict[str, list[str]]
    spans: list[tuple[int, int, str]]
    rest: dict[str, Any]

    def all_labels(self) -> list[str]:
        """The labels of all tasks in one list."""
        return [label for labels in self.labels.values() for label in labels]


def take_apart(record: Mapping[str, Any], taxonomy: Taxonomy) -> Parts:
    """The parts of a faultless record. Evidence that is not in the text, but in the title, stays among the rest."""
    text = record["text"]
    labels = {}
    for task in taxonomy.tasks:
        value = record.get(task.key)
        if value is not None:
            keys = [value] if isinstance(value, str) else value
            labels[task.key] = [f"{task.key}/{key}" for key in keys or [NONE_HOLDS]]
    rest = {key: record[key] for key in KEYS if key not in ("text", "evidence") and record.get(key) is not None}
    evidence = record.get("evidence")
    spans: list[tuple[int, int, str]] = []
    left = []
    for entry in evidence if isinstance(evidence, list) else []:
        start = text.find(entry["sentence"])
        if start < 0 or not entry["sentence"]:
            left.append(entry)
        else:
            spans.append((start, start + len(entry["sentence"]), f"{entry['task']}/{entry['label']}"))
    if kept := left or (evidence if isinstance(evidence, str) else None):
        rest["evidence"] = kept
    return Parts(text, labels, list(dict.fromkeys(spans)), rest)


def options(taxonomy: Taxonomy) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each task with its labels as (name in files, name for people); a `many` task also offers that none holds."""
    for task in taxonomy.tasks:
        offered = [(f"{task.key}/{label.key}", label.name("id")) for label in task.labels]
        yield task.key, offered + ([(f"{task.key}/{NONE_HOLDS}", "-")] if task.many else [])


def strings(values: object) -> Iterable[str]:
    """The labels in a value that is one label or a list of them; a number counts as a name."""
    for value in values if isinstance(values, list) else [values]:
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and str(value).strip():
            yield str(value).strip()
