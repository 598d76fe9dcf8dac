"""Label Studio: a JSON array of tasks, each with `data` and `annotations`; and JSON-MIN, its short form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sorot.data.labels.exchange.found import (
    Answers,
    Found,
    Given,
    Parts,
    RowError,
    Span,
    fields_of,
    slice_of,
    split_annotators,
    strings,
)

# Controls whose answer is a note rather than a label.
NOTES = ("note", "notes", "comment", "comments", "catatan", "komentar")
# Keys of JSON-MIN that are neither data nor answers.
_MIN_KEYS = ("annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement", "sentiment_score")


def read_row(row: Mapping[str, Any], number: int) -> Iterator[Found]:
    """What one task holds, a record for each annotator; predictions are no labels. Raises RowError."""
    if not isinstance(row.get("data"), dict):
        yield _read_short(row)
        return
    fields = fields_of(row["data"], row.get("meta"), {"id": row.get("id")})
    annotations = row.get("annotations", row.get("completions")) or []
    by_annotator: dict[str | None, Answers] = {}
    for annotation in annotations if isinstance(annotations, list) else []:
        if not isinstance(annotation, dict) or annotation.get("was_cancelled"):
            continue
        name = _annotator(annotation.get("completed_by"))
        # Two annotations of one person: the later one counts.
        by_annotator[name] = _answers(annotation.get("result"), fields.get("text"))
    if annotations and not by_annotator:
        raise RowError("was skipped by every annotator")
    if not annotations and row.get("predictions"):
        raise RowError("has predictions of a model but no annotation; annotate it in Label Studio first")
    yield from split_annotators(fields, by_annotator or {None: Answers()}, number)


def _annotator(completed_by: object) -> str | None:
    if isinstance(completed_by, dict):
        completed_by = completed_by.get("email") or completed_by.get("username") or completed_by.get("id")
    return None if completed_by is None else str(completed_by)


def _answers(results: object, text: object) -> Answers:
    answers, notes = Answers(), []
    for result in results if isinstance(results, list) else []:
        value = result.get("value") if isinstance(result, dict) else None
        if not isinstance(value, dict):
            continue
        kind, question = str(result.get("type") or ""), result.get("from_name")
        question = question if isinstance(question, str) else None
        if kind == "textarea" or ("text" in value and isinstance(value["text"], list)):
            notes += [part for part in strings(value.get("text")) if (question or "").lower() in NOTES]
            continue
        # Taxonomies give each label as the path to it.
        paths = [path[-1] if isinstance(path, list) and path else path for path in value.get("taxonomy") or []]
        names = [*strings(value.get("choices") or []), *strings(paths)]
        marks = list(strings(value.get(kind) or value.get("labels") or [])) if not names else []
        if "start" in value or "globalOffsets" in value:
            answers.spans.extend(_span(value, text, Given(name, question)) for name in (names or marks))
        else:
            answers.labels.extend(Given(name, question) for name in names)
    return Answers(answers.labels, answers.spans, "; ".join(notes) or None)


def _span(value: Mapping[str, Any], text: object, given: Given) -> Span:
    whole = value.get("globalOffsets")
    place = whole if isinstance(whole, dict) else value
    return Span(given, slice_of(text, place.get("start"), place.get("end"), value.get("text")))


def _read_short(row: Mapping[str, Any]) -> Found:
    """A row of JSON-MIN: data and answers side by side; an answer is a label, {"choices": [...]}, or a list of marked places."""
    fields = fields_of({key: value for key, value in row.items() if key not in _MIN_KEYS})
    fields |= {"annotator": name} if (name := _annotator(row.get("annotator"))) else {}
    answers = Answers()
    notes = [str(row[key]) for key in row if key.lower() in NOTES and isinstance(row[key], str)]
    for question, value in row.items():
        if isinstance(value, dict) and "choices" in value:
            answers.labels.extend(Given(name, question) for name in strings(value["choices"]))
        elif isinstance(value, list) and value and all(isinstance(v, dict) and ("labels" in v or "choices" in v) for v in value):
            for place in value:
                names = list(strings(place.get("labels") or place.get("choices")))
                if "start" in place:
                    answers.spans.extend(_span(place, fields.get("text"), Given(name, question)) for name in names)
                else:
                    answers.labels.extend(Given(name, question) for name in names)
        elif isinstance(value, str) and value and question not in (*_MIN_KEYS, *NOTES) and not _is_field(question, row):
            answers.labels.append(Given(value, question))
    return Found(fields, Answers(answers.labels, answers.spans, "; ".join(notes) or None))


def _is_field(name: str, row: Mapping[str, Any]) -> bool:
    """Whether a key of JSON-MIN is one of the article's own."""
    return bool(fields_of({name: row[name]}))


def make_row(parts: Parts) -> dict[str, Any]:
    """One task with one annotation; the controls are named after the tasks, and `evidence` marks stretches of the text."""
    result: list[dict[str, Any]] = [
        {
            "from_name": task,
            "to_name": "text",
            "type": "choices",
            "value": {"choices": [label.partition("/")[2] for label in labels]},
        }
        for task, labels in parts.labels.items()
    ]
    result += [
        {
            "from_name": "evidence", "to_name": "text", "type": "labels",
            "value": {"start": start, "end": end, "text": parts.text[start:end], "labels": [label]},
        }
        for start, end, label in parts.spans
    ]  # fmt: skip
    return {"data": {"text": parts.text, **parts.rest}, "annotations": [{"result": result}]}
