"""What the dropdowns and radios of the workbench offer, in the page's language."""

from __future__ import annotations

import numpy as np

from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.page.common.templates import render
from sorot.serving.page.corpus.charts.counting import UNITS
from sorot.serving.page.corpus.charts.panels import OUTLET, PERIODS, parts_of
from sorot.serving.page.corpus.kept.open_corpus import OpenCorpus
from sorot.serving.page.corpus.kept.query import NO_OUTLET, SORTS
from sorot.serving.page.corpus.view import shorten_cell
from sorot.serving.page.corpus.words import corpus_text
from sorot.serving.words.language import Language
from sorot.serving.words.task_words import default_text, enumerate_names, inside, task_text

Choices = list[tuple[str, str]]
VIEWS = ("time_view", "outlet_view", "bands_view", "speakers_view", "stories_view", "words_view", "map_view", "pair_view")
REPORT = "report"
FORMATS = ("csv", "xlsx", "parquet", "jsonl", REPORT)
AUTO = "auto"


def named_choices(keys: tuple[str, ...], language: Language) -> Choices:
    """Choices whose names are texts of the tab."""
    return [(corpus_text(key, language), key) for key in keys]


def view_choices(language: Language) -> Choices:
    """The views of the corpus."""
    return named_choices(VIEWS, language)


def unit_choices(language: Language) -> Choices:
    """The periods of the time chart, and the one that fits the dates."""
    return named_choices((AUTO, *UNITS), language)


def format_choices(language: Language) -> Choices:
    """What can be downloaded."""
    return [(corpus_text(REPORT, language) if form == REPORT else form.upper(), form) for form in FORMATS]


def task_labels(task: Task, language: Language) -> Choices:
    """The labels of a task."""
    return [(label.name(language), label.key) for label in task.labels]


def task_choices(taxonomy: Taxonomy, language: Language) -> Choices:
    """The tasks, for a chart to draw."""
    return [(task_text(task, "singular", language), task.key) for task in taxonomy.tasks]


def score_choices(taxonomy: Taxonomy, language: Language) -> Choices:
    """Every label of every task, and none."""
    labels = [
        (f"{task_text(task, 'singular', language)}: {label.name(language)}", f"{task.key}/{label.key}")
        for task in taxonomy.tasks
        for label in task.labels
    ]
    return [("–", ""), *labels]


def sort_choices(taxonomy: Taxonomy, language: Language) -> Choices:
    """The orders of the table: SORTS, then the probability of each label."""
    return [*named_choices(SORTS, language), *score_choices(taxonomy, language)[1:]]


def group_choices(taxonomy: Taxonomy, language: Language) -> Choices:
    """How articles are put together: by outlet, by a task's labels, by month or year."""
    return [
        (corpus_text("by_outlet", language), OUTLET),
        *task_choices(taxonomy, language),
        *((corpus_text(unit, language), unit) for unit in PERIODS),
    ]


def outlet_choices(opened: OpenCorpus | None, language: Language) -> Choices:
    """The outlets of the corpus, and none."""
    if opened is None:
        return []
    names = [str(name) for name in np.unique(opened.arrays.outlets)]
    return [(shorten_cell(name) if name else corpus_text("no_outlet", language), name or NO_OUTLET) for name in names]


def side_choices(opened: OpenCorpus | None, by: str, language: Language) -> Choices:
    """What can stand on a side of the comparison."""
    if opened is None:
        return []
    everything = np.ones(len(opened.items), dtype=bool)
    return [(shorten_cell(part.name), part.key) for part in parts_of(opened, everything, by, language)]


def thresholds_html(taxonomy: Taxonomy, language: Language) -> str:
    """What moving a threshold changes; empty if no task has thresholds."""
    if not taxonomy.many_tasks:
        return ""
    changed = enumerate_names([inside(task.name(language)) for task in taxonomy.many_tasks], language)
    fixed = [inside(task.name(language)) for task in taxonomy.one_tasks if task.without is None]
    notes = [corpus_text("thresholds_note", language, changed=changed)]
    if fixed:
        notes = [corpus_text("thresholds_note_fixed", language, changed=changed, fixed=enumerate_names(fixed, language))]
    notes += [note for task in taxonomy.tasks if (note := default_text(taxonomy, task, "default_note", language))]
    return render("corpus/workbench/thresholds.html.j2", note=" ".join(notes))


def slider_name(taxonomy: Taxonomy, task: str, label: str, language: Language) -> str:
    """The label's name, with the task's if several tasks have thresholds."""
    name = taxonomy.task(task).label(label).name(language)
    return name if len(taxonomy.many_tasks) == 1 else f"{taxonomy.task(task).name(language)}: {name}"
