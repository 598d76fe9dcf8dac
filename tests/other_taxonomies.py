"""Taxonomies that differ from the shipped one, each with labelled records made from our own corpus."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sorot.data.taxonomy import Taxonomy, load_taxonomy

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "data" / "corpus" / "articles.jsonl"
RECORDS = 64
FRAME = {
    "key": "frame",
    "kind": "one",
    "name_id": "Bingkai",
    "name_en": "Frame",
    "labels": [
        {"key": "security", "name_id": "Keamanan", "name_en": "Security"},
        {"key": "rights", "name_id": "Hak", "name_en": "Rights"},
        {"key": "economy", "name_id": "Ekonomi", "name_en": "Economy"},
        {"key": "procedure", "name_id": "Prosedur", "name_en": "Procedure"},
        {"key": "morals", "name_id": "Moral", "name_en": "Morals"},
    ],
}
# By words that stand in the articles, so that there is something to learn.
FRAME_WORDS = {"security": "polisi", "rights": "hak", "economy": "juta", "procedure": "kementerian"}
ACTORS = {
    "key": "actors",
    "kind": "many",
    "name_id": "Pelaku",
    "name_en": "Actors",
    "labels": [
        {"key": "police", "name_id": "Polisi", "name_en": "Police"},
        {"key": "ministry", "name_id": "Kementerian", "name_en": "Ministry"},
    ],
}
ACTOR_WORDS = {"police": "polisi", "ministry": "kementerian"}


def variants() -> dict[str, dict[str, Any]]:
    """By name, the taxonomy as a dict."""
    shipped = load_taxonomy().to_dict()
    tasks = shipped["tasks"]
    return {
        "shipped": shipped,
        "no_stance": {"tasks": [task for task in tasks if task["key"] != "stance"]},
        "four_tasks": {"tasks": [*tasks, FRAME]},
        "two_many": {"tasks": [*tasks, ACTORS]},
        "english_only": {"tasks": _english(tasks)},
    }


def records(taxonomy: Taxonomy) -> list[dict[str, Any]]:
    """Labelled records for the tasks of a taxonomy: those of our own corpus, labels of added tasks by words of the text."""
    made = []
    for line in CORPUS.read_text(encoding="utf-8").splitlines()[:RECORDS]:
        record = json.loads(line)
        text = record["text"].lower()
        added = {
            "frame": next((key for key, word in FRAME_WORDS.items() if word in text), "morals"),
            "actors": [key for key, word in ACTOR_WORDS.items() if word in text],
        }
        kept = {key: record[key] for key in ("id", "title", "text", "outlet", "date") if key in record}
        made.append(kept | {key: added.get(key, record.get(key)) for key in taxonomy.keys})
    return made


def write_toml(taxonomy: dict[str, Any], path: Path) -> None:
    """Write a taxonomy as a user would."""
    lines = []
    for task in taxonomy["tasks"]:
        lines += ["[[tasks]]", *(f"{k} = {json.dumps(v)}" for k, v in task.items() if isinstance(v, str))]
        for label in task["labels"]:
            lines += ["[[tasks.labels]]", *(f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in label.items())]
        for name, phrase in task.get("phrases", {}).items():
            lines += [f"[tasks.phrases.{name}]", *(f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in phrase.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _english(value: Any) -> Any:
    """The same without anything in Indonesian."""
    if isinstance(value, list):
        return [_english(one) for one in value]
    if isinstance(value, dict):
        return {k: _english(v) for k, v in value.items() if k != "id" and not k.endswith("_id")}
    return value
