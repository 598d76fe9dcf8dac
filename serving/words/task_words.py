"""What the page says about a task: the taxonomy's own phrases, or general ones that name the task."""

from __future__ import annotations

from collections.abc import Iterable

from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.words.language import Language, Phrases

# {task} is the task's name inside a sentence, {one} the name of one of its labels' kind, such as 'topics' and 'topic'.
GENERAL = Phrases(
    {
        "title": {"id": "{Task}", "en": "{Task}"},
        "singular": {"id": "{Task}", "en": "{Task}"},
        "says": {"id": "{task}: {labels}", "en": "{task}: {labels}"},
        "says_nothing": {
            "id": "di luar semua {one} (paling dekat: {nearest})",
            "en": "no {one} (nearest: {nearest})",
        },
        "says_default": {"id": "{task}: {labels}", "en": "{task}: {labels}"},
        "shared": {
            "id": "{task} yang sama di semua artikel ini: {labels}",
            "en": "{task} that all these articles share: {labels}",
        },
        "shared_nothing": {
            "id": "Menurut model, tidak ada {one} yang sama di semua artikel ini",
            "en": "According to the model, there is no {one} that all these articles share",
        },
        "same": {"id": "{task}nya sama: {labels}", "en": "their {task} is the same: {labels}"},
        "differs": {"id": "{task}nya berbeda: {groups}", "en": "their {task} differs: {groups}"},
        "nothing": {"id": "Tidak ada {one} yang mencapai ambangnya.", "en": "No {one} reaches its threshold."},
        "share": {
            "id": "{own} dari {all} kalimat ({percent}) menguatkan {one}nya.",
            "en": "{own} of {all} sentences ({percent}) support its {one}.",
        },
        "articles": {"id": "artikel dengan {one}", "en": "articles with a label of {task}"},
        "n_articles": {"id": "{n} dengan {one}", "en": "{n} with a label of {task}"},
        "thresholds": {"id": "Ambang {one}", "en": "{One} thresholds"},
        "default_note": {
            "id": "{Task} artikel tanpa {without}: {label}.",
            "en": "The {task} of an article without a {without}: {label}.",
        },
        "default_rule": {
            "id": "Tanpa {without}, {task}nya harus “{label}”; pilih itu, atau centang {without}nya.",
            "en": "Without a {without} the {task} has to be “{label}”; choose that, or tick the {without}.",
        },
        "by_outlet": {"id": "{Task} menurut media ({articles})", "en": "{Task} by outlet ({articles})"},
        "by_task": {"id": "{Task} menurut {by}", "en": "{Task} by {by}"},
    }
)
AND: dict[Language, str] = {"id": "dan", "en": "and"}


def task_text(task: Task, key: str, language: Language, **values: object) -> str:
    """What the page says about a task, in the taxonomy's words if it has some; KeyError for an unknown key."""
    name, one = task.name(language), task.phrase("singular", language) or task.name(language)
    named = {"Task": name, "task": inside(name), "One": one, "one": inside(one)}
    return (task.phrase(key, language) or GENERAL(key, language)).format(**named, **values)


def default_text(taxonomy: Taxonomy, task: Task, key: str, language: Language) -> str:
    """A sentence about the label that follows if the task that `task` depends on has no label; empty if it depends on none."""
    if task.default is None or task.without is None:
        return ""
    without = inside(task_text(taxonomy.task(task.without), "singular", language))
    return task_text(task, key, language, without=without, label=task.label(task.default).name(language))


def inside(name: str) -> str:
    """A name within a sentence; an abbreviation stays as it is."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def capitalised(sentence: str) -> str:
    """The sentence with a capital first letter."""
    return sentence[:1].upper() + sentence[1:]


def enumerate_names(names: Iterable[str], language: Language) -> str:
    """'a', 'a and b', 'a, b, and c': three or more take a comma before the last in both languages."""
    *rest, last = names
    if not rest:
        return last
    return f"{', '.join(rest)}{',' if len(rest) > 1 else ''} {AND[language]} {last}"
