"""The verdict: the labels of an article in one sentence, each with the model's probability."""

from __future__ import annotations

from sorot.data.taxonomy import Task, Taxonomy, held
from sorot.serving.model.analysis import Analysis
from sorot.serving.words.language import Language, format_percent
from sorot.serving.words.task_words import capitalised, enumerate_names, inside, task_text


def verdict_sentence(analysis: Analysis, taxonomy: Taxonomy, language: Language) -> str:
    """The labels of every task in one sentence. A `many` task without labels names its likeliest one instead.

    A default is named only if the task that it depends on has labels. Expects an analysis whose labels are not withheld.
    """
    parts = [part for task in taxonomy.tasks if (part := _task_part(analysis, task, language))]
    return capitalised("; ".join(parts) + ".")


def _task_part(analysis: Analysis, task: Task, language: Language) -> str | None:
    value = analysis.labels[task.key]
    if holding := task.holding(value):
        names = [_with_probability(analysis, task, key, language) for key in holding]
        return task_text(task, "says", language, labels=enumerate_names(names, language))
    if task.many:
        own = analysis.probabilities[task.key]
        key = max(own, key=own.__getitem__)
        nearest = f"{inside(task.label(key).name(language))}, {format_percent(own[key], language)}"
        return task_text(task, "says_nothing", language, nearest=nearest)
    if value is None or task.default is None or not held(analysis.labels[task.without or ""]):
        return None
    if task.phrase("says_nothing", language):
        return task_text(task, "says_nothing", language)
    return task_text(task, "says_default", language, labels=inside(task.label(task.default).name(language)))


def _with_probability(analysis: Analysis, task: Task, key: str, language: Language) -> str:
    probability = analysis.probabilities[task.key][key]
    return f"{inside(task.label(key).name(language))} ({format_percent(probability, language)})"
