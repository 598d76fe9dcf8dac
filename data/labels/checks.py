"""What may be wrong with a labelled record; each fault is a sentence that names the cure."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Set
from typing import Any

from sorot.data.cleaning.fields import parse_date
from sorot.data.taxonomy import TASKS, Taxonomy
from sorot.data.text.encodings import mend

KEYS = (
    "id", "title", "text", "outlet", "date", "url", "topics", "stance", "sentiment", "evidence", "note", "annotator", "group",
    "source", "evidence_sentences", "reviewed",
)  # fmt: skip
_TEXTS = ("title", "outlet", "url", "evidence")
# A number serves where it only tells one from another.
_NAMES = ("id", "group", "date")
SHOWN = 60


def find_faults(raw: Mapping[str, Any], taxonomy: Taxonomy) -> list[str]:
    """Why a record cannot be learned from."""
    faults = []
    text = raw.get("text")
    if not isinstance(text, str) or not mend(text).strip():
        faults.append("no text; give the article's body under 'text'")
    faults += [f"{key} must be text; write it in quotes or take it out" for key in _TEXTS if not _is_text(raw.get(key))]
    faults += [f"{key} must be text or a number; mend it or take it out" for key in _NAMES if not _is_name(raw.get(key))]
    topics = raw.get("topics")
    if topics is not None:
        known = taxonomy.labels("topics")
        if not isinstance(topics, list) or not all(isinstance(t, str) for t in topics):
            faults.append(f"topics must be a list of {', '.join(known)}")
            topics = None
        else:
            faults += [f"unknown topic {_show(t)}; use {', '.join(known)}" for t in topics if t not in known]
            if len(set(topics)) < len(topics):
                faults.append("a topic stands twice; name each once")
    for task in TASKS[1:]:
        label, known = raw.get(task), taxonomy.labels(task)
        if label is not None and not isinstance(label, str):
            faults.append(f"{task} must be one of {', '.join(known)}")
        elif label is not None and label not in known:
            faults.append(f"unknown {task} {_show(label)}; use {', '.join(known)}")
    stance, default = raw.get("stance"), taxonomy.stance_without_topic
    if topics == [] and default is not None and isinstance(stance, str) and stance != default:
        faults.append(f"stance is {_show(stance)} though no topic holds; use {default!r} or add the topic")
    return faults


def find_oddities(raw: Mapping[str, Any], own: Set[str]) -> list[str]:
    """What training passes over, but whoever wrote a record's `own` keys should mend."""
    faults = [_unknown(key) for key in raw if key not in KEYS]
    if all(raw.get(task) is None for task in TASKS):
        faults.append(f"no label; give {', '.join(TASKS[:-1])} or {TASKS[-1]}")
    for key in ("date", "reviewed"):
        date = raw.get(key) if key in own else None
        if date and _is_name(date) and parse_date(str(date)) is None:
            faults.append(f"{key} {_show(str(date))} is none that can be read; write 2017-07-17T21:24:00+07:00, or null")
    text, title = raw.get("text"), raw.get("title")
    # Mended as they are where they are read: an editor may have mended the one and not the other.
    places = [mend(place) for place in (text, title) if isinstance(place, str)]
    known = isinstance(text, str) and bool(text.strip())
    evidence = raw.get("evidence")
    if "evidence" in own and isinstance(evidence, str) and known and not any(mend(evidence) in place for place in places):
        faults.append("evidence is not a verbatim stretch of text or title; copy it from there")
    sentences = raw.get("evidence_sentences") if "evidence_sentences" in own else None
    if sentences is not None and not (isinstance(sentences, list) and all(isinstance(s, str) for s in sentences)):
        faults.append("evidence_sentences must be a list of sentences; write each in quotes or take it out")
    elif sentences and known and not all(any(mend(s) in place for place in places) for s in sentences):
        faults.append("a sentence of evidence_sentences is not verbatim in text or title; copy it from there")
    return faults


def _unknown(key: str) -> str:
    near = difflib.get_close_matches(key.lower()[:SHOWN], KEYS, n=1)
    return f"unknown key {_show(key)}; " + (f"write {near[0]!r} if that is meant" if near else f"use {', '.join(KEYS)}")


def _is_text(value: object) -> bool:
    return value is None or isinstance(value, str)


def _is_name(value: object) -> bool:
    return value is None or (isinstance(value, (str, int, float)) and not isinstance(value, bool))


def _show(text: str) -> str:
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "...")
