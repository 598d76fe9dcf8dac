"""Argilla: a JSON array of records with `fields`, `responses` and `suggestions`, of versions 1 and 2, flat or not."""

from __future__ import annotations

import json
import uuid
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
from sorot.data.labels.exchange.label_studio import NOTES

# A response without a status was submitted.
DONE = (None, "submitted", "validated", "Validated")
NOBODY = "sorot"
# One answer: who gave it, to which question, what.
Response = tuple[str | None, str, Any]


def read_row(row: Mapping[str, Any], number: int) -> Iterator[Found]:
    """What one record holds, for each user who submitted a response; suggestions are no labels. Raises RowError."""
    metadata = row.get("metadata")
    flat = {key: value for key, value in row.items() if "." not in key and not isinstance(value, (list, dict))}
    inputs = row.get("fields") or row.get("inputs")
    fields = fields_of(inputs, metadata, {**flat, "id": row.get("external_id") or row.get("id")})
    by_user: dict[str | None, Answers] = {}
    for user, question, value in _responses(row):
        answers = by_user.setdefault(_person(user, metadata), Answers())
        by_user[_person(user, metadata)] = _with(answers, question, value, fields.get("text"))
    if not by_user and _has_suggestions(row):
        raise RowError("has suggestions of a model but no submitted response; answer it in Argilla first")
    yield from split_annotators(fields, by_user or {None: Answers()}, number)


def _responses(row: Mapping[str, Any]) -> Iterator[Response]:
    responses = row.get("responses")
    if isinstance(responses, list):
        # Version 1: one response a user, with the answers to all questions.
        for one in responses:
            values = one.get("values") if isinstance(one, dict) and one.get("status") in DONE else None
            for question, value in (values or {}).items():
                yield _user(one), question, value
    if isinstance(responses, dict):
        # Version 2: by question, each with the answers of all users.
        for question, answers in responses.items():
            yield from _answers_to(question, answers)
    for key, value in row.items():
        if key.endswith(".responses") and isinstance(value, list):
            # Version 2, flat.
            users, states = row.get(f"{key}.users") or [], row.get(f"{key}.status") or []
            for at, answer in enumerate(value):
                if not states or at >= len(states) or states[at] in DONE:
                    yield str(users[at]) if at < len(users) else None, key.removesuffix(".responses"), answer
        elif key not in ("responses", "vectors", "prediction") and isinstance(value, list) and _are_answers(value):
            # Version 1 as a dataset.
            yield from _answers_to(key, value)
    if row.get("annotation") and row.get("status") in DONE:
        # Text classification before version 1.8.
        agent = row.get("annotation_agent")
        yield str(agent) if agent else None, "", row["annotation"]


def _answers_to(question: str, answers: object) -> Iterator[Response]:
    for answer in answers if isinstance(answers, list) else []:
        if isinstance(answer, dict) and answer.get("status") in DONE:
            yield _user(answer), question, answer.get("value")


def _are_answers(values: list[Any]) -> bool:
    return bool(values) and all(isinstance(v, dict) and "value" in v and ("user_id" in v or "status" in v) for v in values)


def _user(response: Mapping[str, Any]) -> str | None:
    user = response.get("user_id")
    return None if user is None else str(user)


def _person(user: str | None, metadata: object) -> str | None:
    """The name behind a user's id, if this record was written by Sorot; else the id."""
    name = metadata.get("annotator") if isinstance(metadata, dict) else None
    if user == _user_id(name):
        return name if isinstance(name, str) else None
    return user


def _user_id(name: object) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, str(name or NOBODY)))


def _with(answers: Answers, question: str, value: Any, text: object) -> Answers:
    """The answers with one more."""
    if isinstance(value, dict):
        value = value.get("value")
    if question.lower() in NOTES:
        return Answers(answers.labels, answers.spans, "; ".join(strings(value)) or None)
    spans = [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
    for span in spans:
        if not isinstance(span.get("label"), str):
            # A ranking, which says nothing about labels.
            continue
        answers.spans.append(
            Span(Given(span["label"], question or None), slice_of(text, span.get("start"), span.get("end"), span.get("text")))
        )
    if not isinstance(value, (int, float)):
        answers.labels.extend(Given(label, question or None) for label in strings(value))
    return answers


def _has_suggestions(row: Mapping[str, Any]) -> bool:
    flat = any(value for key, value in row.items() if key.endswith((".suggestion", "-suggestion")))
    return bool(row.get("suggestions") or row.get("prediction") or flat)


def make_row(parts: Parts, number: int) -> dict[str, Any]:
    """One record of version 2: a question for each task, and `evidence`, a question for spans."""
    user = _user_id(parts.rest.get("annotator"))
    answers: dict[str, Any] = {task: [label.partition("/")[2] for label in labels] for task, labels in parts.labels.items()}
    if parts.spans:
        answers["evidence"] = [{"start": start, "end": end, "label": label} for start, end, label in parts.spans]
    title = {"title": parts.rest["title"]} if parts.rest.get("title") else {}
    return {
        "id": str(parts.rest.get("id", number)),
        "fields": {"text": parts.text, **title},
        # Values of metadata are text, numbers or lists of text.
        "metadata": {key: _flat(value) for key, value in parts.rest.items()},
        "suggestions": {},
        "responses": {question: [{"value": value, "user_id": user}] for question, value in answers.items()},
        "vectors": {},
    }


def _flat(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
