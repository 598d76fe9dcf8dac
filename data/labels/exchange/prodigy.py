"""Prodigy: JSON lines with `text`, `accept` (the chosen of `options`) or `label`, `answer`, `spans` and `_annotator_id`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sorot.data.labels.exchange.found import (
    NONE_HOLDS,
    Answers,
    Found,
    Given,
    Parts,
    RowError,
    Span,
    fields_of,
    options,
    slice_of,
    strings,
)
from sorot.data.taxonomy import Taxonomy


def read_row(row: Mapping[str, Any], number: int) -> Iterator[Found]:
    """What one line holds. Raises RowError if the annotator rejected or ignored it."""
    del number
    if (answer := row.get("answer", "accept")) != "accept":
        raise RowError(f"was answered {str(answer)[:20]!r} in Prodigy, so its labels do not hold")
    fields = fields_of(row, row.get("meta"))
    if (annotator := row.get("_annotator_id") or row.get("_session_id")) is not None:
        fields["annotator"] = str(annotator)
    texts = {str(o.get("id")): o.get("text") for o in row.get("options") or [] if isinstance(o, dict)}
    answers = Answers()
    for label in strings(row.get("accept")):
        other = texts.get(label)
        answers.labels.append(Given(label, other=other if isinstance(other, str) else None))
    if isinstance(row.get("cats"), Mapping):
        # spaCy's form: the share to which each label holds.
        answers.labels.extend(Given(str(name)) for name, share in row["cats"].items() if _holds(share))
    spans = row.get("spans") or []
    if "accept" not in row and isinstance(row.get("label"), str):
        answers.labels.append(Given(row["label"]))
    for span in spans if isinstance(spans, list) else []:
        if not isinstance(span, dict) or not isinstance(span.get("label"), (str, int)):
            raise RowError("has a marked stretch without a label")
        sentence = slice_of(fields.get("text"), span.get("start"), span.get("end"), span.get("text"))
        answers.spans.append(Span(Given(str(span["label"])), sentence))
    yield Found(fields, answers)


def _holds(share: object) -> bool:
    return isinstance(share, (int, float)) and share >= 0.5


def make_row(parts: Parts, taxonomy: Taxonomy) -> dict[str, Any]:
    """One task of the choice interface, answered."""
    offered = [{"id": name, "text": shown} for _, labels in options(taxonomy) for name, shown in labels]
    annotator = {"_annotator_id": parts.rest["annotator"]} if "annotator" in parts.rest else {}
    return {
        "text": parts.text,
        "options": [o if not o["id"].endswith(f"/{NONE_HOLDS}") else {**o, "text": "none of these"} for o in offered],
        "accept": parts.all_labels(),
        "answer": "accept",
        "spans": [{"start": start, "end": end, "label": label} for start, end, label in parts.spans],
        "meta": parts.rest,
        "_view_id": "choice",
        **annotator,
    }
