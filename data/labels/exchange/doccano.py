"""doccano: JSON lines with `text` and `label`, a list of labels or of [start, end, label]; and its older and newer relatives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sorot.data.labels.exchange.found import Answers, Found, Given, Parts, RowError, Span, fields_of, slice_of, split_annotators

LABEL_KEYS = ("label", "labels", "cats", "entities", "annotations", "spans")
COMMENTS = ("Comments", "comments")


def read_row(row: Mapping[str, Any], number: int) -> Iterator[Found]:
    """What one line holds; exports before doccano 1.0 hold several annotators' labels. Raises RowError."""
    text = row["data"] if isinstance(row.get("data"), str) and "text" not in row else None
    fields = fields_of({"text": text} if text else {}, row, row.get("meta"))
    by_annotator: dict[str | None, Answers] = {}
    comments = [c.get("text") if isinstance(c, dict) else c for key in COMMENTS for c in _items(row.get(key))]
    note = "; ".join(c for c in comments if isinstance(c, str) and c.strip()) or None
    for key in LABEL_KEYS:
        for item in _items(row.get(key)):
            user = item.get("user") if isinstance(item, dict) else None
            answers = by_annotator.setdefault(None if user is None else str(user), Answers(note=note))
            _add(item, fields.get("text"), answers)
    yield from split_annotators(fields, by_annotator or {None: Answers(note=note)}, number)


def _items(value: object) -> list[Any]:
    if isinstance(value, dict):
        # cats: {label: 1 or 0}
        return [label for label, holds in value.items() if holds]
    if isinstance(value, list):
        # One span alone, as some converters write it.
        return [value] if len(value) == 3 and isinstance(value[0], int) and isinstance(value[2], str) else value
    return [] if value is None or value == "" else [value]


def _add(item: object, text: object, answers: Answers) -> None:
    if isinstance(item, (list, tuple)):
        if len(item) != 3:
            raise RowError("has a label that is neither a name nor [start, end, label]")
        start, end, label = item
        answers.spans.append(Span(Given(str(label)), slice_of(text, start, end)))
    elif isinstance(item, dict):
        label = item.get("label", item.get("text"))
        start = item.get("start_offset", item.get("start"))
        if label is None:
            raise RowError("has a label without a name")
        if start is None:
            answers.labels.append(Given(str(label)))
        else:
            answers.spans.append(Span(Given(str(label)), slice_of(text, start, item.get("end_offset", item.get("end")))))
    elif isinstance(item, (str, int)):
        answers.labels.append(Given(str(item).strip()))
    else:
        raise RowError("has a label that is neither a name nor [start, end, label]")


def make_row(parts: Parts) -> dict[str, Any]:
    """One line: labels as 'task/label'; doccano keeps the other keys as the article's meta data."""
    spans = {"entities": [list(span) for span in parts.spans]} if parts.spans else {}
    return {"text": parts.text, "label": parts.all_labels(), **spans, **parts.rest}
