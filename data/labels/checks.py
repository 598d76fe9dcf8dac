"""Checks of labelled records; each fault is one sentence with its cure."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence, Set
from typing import Any

from sorot.data.taxonomy import Task, Taxonomy
from sorot.data.text.dates import parse_date
from sorot.data.text.encodings import mend

# Keys of a record besides those of the taxonomy's tasks.
KEYS = (
    "id", "title", "text", "outlet", "date", "url", "evidence", "note", "annotator", "group", "source", "evidence_sentences",
    "reviewed", "quotes", "flag", "reviewer_note", "blind",
)  # fmt: skip
_TEXTS = ("title", "outlet", "url")
# Numbers are allowed here, since these fields are only compared or parsed.
_NAMES = ("id", "group", "date")
SHOWN = 60


def find_faults(raw: Mapping[str, Any], taxonomy: Taxonomy) -> list[str]:
    """Faults that keep a record out of training; empty if it can be used."""
    faults = []
    text = raw.get("text")
    if not isinstance(text, str) or not mend(text).strip():
        faults.append("no text; give the article's body under 'text'")
    faults += [f"{key} must be text; write it in quotes or take it out" for key in _TEXTS if not _is_text(raw.get(key))]
    faults += [f"{key} must be text or a number; mend it or take it out" for key in _NAMES if not _is_name(raw.get(key))]
    faults += _evidence_faults(raw.get("evidence"), taxonomy)
    for task in taxonomy.tasks:
        faults += _task_faults(task, raw.get(task.key))
        wanted, given, other = task.default, raw.get(task.key), raw.get(task.without or "")
        if wanted is not None and other == [] and isinstance(given, str) and given != wanted:
            faults.append(
                f"{task.key} is {_show(given)} though {task.without} is empty; use {wanted!r} or add a label to {task.without}"
            )
    return faults


def _task_faults(task: Task, given: object) -> list[str]:
    """Faults in a record's value for one task; None means 'not labelled' and is fine."""
    known = ", ".join(task.keys)
    if given is None:
        return []
    if not task.many:
        if not isinstance(given, str):
            return [f"{task.key} must be one of {known}"]
        return [] if given in task.keys else [f"unknown {task.key} {_show(given)}; use {known}"]
    if not isinstance(given, list) or not all(isinstance(key, str) for key in given):
        return [f"{task.key} must be a list of {known}"]
    faults = [f"unknown label {_show(key)} in {task.key}; use {known}" for key in given if key not in task.keys]
    if len(set(given)) < len(given):
        faults.append(f"a label is listed twice in {task.key}; name each once")
    return faults


def _evidence_faults(given: object, taxonomy: Taxonomy) -> list[str]:
    """Faults in a record's evidence: a stretch of the article, or a list of sentences with the label that each shows."""
    if _is_text(given):
        return []
    if not isinstance(given, list) or not all(isinstance(e, dict) and isinstance(e.get("sentence"), str) for e in given):
        return [
            'evidence must be text, or a list of {"task": ..., "label": ..., "sentence": ...}; with texts in another file, '
            '"start" and "end" inside the text may stand for the sentence'
        ]
    faults = []
    for entry in given:
        task, label = entry.get("task"), entry.get("label")
        if task not in taxonomy.keys:
            faults.append(f"unknown task {_show(str(task))} in evidence; use {', '.join(taxonomy.keys)}")
        elif label not in taxonomy.task(task).keys:
            faults.append(f"unknown {task} {_show(str(label))} in evidence; use {', '.join(taxonomy.task(task).keys)}")
    return faults


def evidence_sentences(given: object) -> list[str]:
    """The stretches of a record's evidence, whichever of its two forms it has."""
    if isinstance(given, str):
        return [given]
    entries = given if isinstance(given, list) else []
    return [e["sentence"] for e in entries if isinstance(e, dict) and isinstance(e.get("sentence"), str)]


def find_oddities(raw: Mapping[str, Any], own: Set[str], taxonomy: Taxonomy) -> list[str]:
    """Mistakes that training tolerates and the author should correct; dates and evidence only if among `own` keys."""
    keys = (*KEYS, *taxonomy.keys)
    faults = [_unknown(key, keys) for key in raw if key not in keys]
    if all(raw.get(task) is None for task in taxonomy.keys):
        faults.append(f"no label; give at least one of {', '.join(taxonomy.keys)}")
    for key in ("date", "reviewed"):
        date = raw.get(key) if key in own else None
        if date and _is_name(date) and parse_date(str(date)) is None:
            faults.append(f"{key} {_show(str(date))} cannot be read; write 2017-07-17T21:24:00+07:00, or null")
    text, title = raw.get("text"), raw.get("title")
    # Repaired as in the readers: an editor may have repaired the text and not the evidence, or the reverse.
    places = [mend(place) for place in (text, title) if isinstance(place, str)]
    known = isinstance(text, str) and bool(text.strip())
    evidence = evidence_sentences(raw.get("evidence")) if "evidence" in own and known else []
    if not all(any(mend(sentence) in place for place in places) for sentence in evidence):
        faults.append("evidence is not a verbatim stretch of text or title; copy it from there")
    sentences = raw.get("evidence_sentences") if "evidence_sentences" in own else None
    if sentences is not None and not (isinstance(sentences, list) and all(isinstance(s, str) for s in sentences)):
        faults.append("evidence_sentences must be a list of sentences; write each in quotes or take it out")
    elif sentences and known and not all(any(mend(s) in place for place in places) for s in sentences):
        faults.append("a sentence of evidence_sentences is not verbatim in text or title; copy it from there")
    return faults


def _unknown(key: str, keys: Sequence[str]) -> str:
    near = difflib.get_close_matches(key.lower()[:SHOWN], keys, n=1)
    return f"unknown key {_show(key)}; " + (f"write {near[0]!r} if that is meant" if near else f"use {', '.join(keys)}")


def _is_text(value: object) -> bool:
    return value is None or isinstance(value, str)


def _is_name(value: object) -> bool:
    return value is None or (isinstance(value, (str, int, float)) and not isinstance(value, bool))


def _show(text: str) -> str:
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "...")
