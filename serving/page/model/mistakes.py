"""Articles of our own, held out of training, that the shipped model labels wrongly; tests.benchmarks.mistakes finds them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from sorot.data.taxonomy import Taxonomy
from sorot.serving.words.language import Language, format_percent

MISTAKES_FILE = "mistakes.json"


@dataclass(frozen=True, slots=True)
class MistakeExample:
    """One article as the page shows it: its headline, the labels that people and the model gave, how sure the model was, and the
    sentence that misled it."""

    title: str
    true: str
    given: str
    probability: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TaskMistakes:
    """The mistakes in one task: `wrong` of `articles` have another label than people gave, some of them as examples."""

    name: str
    wrong: int
    articles: int
    examples: tuple[MistakeExample, ...]


def read_mistakes(model: str, taxonomy: Taxonomy, language: Language) -> list[TaskMistakes]:
    """By task, what this model gets wrong; empty for another model than the one whose mistakes were collected."""
    raw = json.loads(files("sorot.serving.page.model").joinpath(MISTAKES_FILE).read_text(encoding="utf-8"))
    if raw["model"] != model:
        return []
    found = []
    for task in taxonomy.tasks:
        own: Mapping[str, Any] | None = raw["tasks"].get(task.key)
        if own is None:
            continue

        def names(keys: Sequence[str], task: Any = task) -> str:
            return ", ".join(task.label(key).name(language) for key in keys) or "–"

        examples = tuple(
            MistakeExample(
                one["title"],
                names(one["true"]),
                names(one["given"]),
                format_percent(one["probability"], language),
                one["sentence"],
            )
            for one in own["examples"]
        )
        found.append(TaskMistakes(task.name(language), own["wrong"], own["articles"], examples))
    return found
