"""Taxonomies as files, with labelled records for them made from our own corpus."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sorot.data.taxonomy import Taxonomy, Value

CORPUS = Path(__file__).parent.parent / "data" / "corpus" / "articles.jsonl"
RECORDS = 40
KEPT = ("id", "title", "text", "outlet", "date")


def records(taxonomy: Taxonomy) -> list[dict[str, Any]]:
    """Articles of our own corpus with a label for every task; tasks that the corpus lacks are labelled in turn."""
    made = []
    for number, line in enumerate(CORPUS.read_text(encoding="utf-8").splitlines()[:RECORDS]):
        record = json.loads(line)
        labels: dict[str, Value] = {}
        for task in taxonomy.tasks:
            turn = task.keys[number % len(task.keys)]
            if task.key in record:
                labels[task.key] = tuple(record[task.key]) if task.many else record[task.key]
            else:
                # Every fourth article has no label of a `many` task.
                labels[task.key] = turn if not task.many else (turn,) if number % 4 else ()
        made.append({key: record[key] for key in KEPT if key in record} | taxonomy.settle(labels))
    return made


def write_toml(taxonomy: Taxonomy, path: Path) -> None:
    """Write a taxonomy as a user would."""
    lines = []
    for task in taxonomy.to_dict()["tasks"]:
        lines += ["[[tasks]]", *(f"{key} = {_quoted(value)}" for key, value in task.items() if isinstance(value, str))]
        for label in task["labels"]:
            lines += ["[[tasks.labels]]", *(f"{key} = {_quoted(value)}" for key, value in label.items())]
        for name, phrase in task.get("phrases", {}).items():
            lines += [f"[tasks.phrases.{name}]", *(f"{key} = {_quoted(value)}" for key, value in phrase.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
