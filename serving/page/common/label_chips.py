"""The labels of an article as chips: a group for each task, with words that say how sure the model is."""

from __future__ import annotations

from dataclasses import dataclass

from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.serving.page.common.label_styles import LabelStyle, label_style
from sorot.serving.page.common.words import page_text
from sorot.serving.words.language import Language, format_percent
from sorot.serving.words.task_words import capitalised, inside, task_text

# Least probability of a label that is called clear, and of one that is called likely; the model is calibrated.
CLEAR, LIKELY = 0.85, 0.6


@dataclass(frozen=True, slots=True)
class LabelChip:
    """One label that holds: 'task/label', its words such as 'cenderung menentang', its look, its probability as text."""

    choice: str
    words: str
    style: LabelStyle
    percent: str


@dataclass(frozen=True, slots=True)
class TaskChips:
    """The chips of a task; where no label holds, `nothing` says so. `unsure` names other labels that may hold."""

    task: str
    chips: tuple[LabelChip, ...]
    nothing: str
    unsure: str


def label_chips(analysis: Analysis, taxonomy: Taxonomy, language: Language) -> list[TaskChips]:
    """A group for each task, in the taxonomy's order. Expects an analysis whose labels are not withheld."""
    return [_task_chips(analysis, taxonomy, task, language) for task in taxonomy.tasks]


def confidence(task: Task, key: str, probability: float, sure: bool, language: Language) -> str:
    """A label with a word for how sure the model is; `sure` is whether no other label may hold."""
    word = "clear" if sure and probability >= CLEAR else "likely" if sure and probability >= LIKELY else "leaning"
    return page_text(word, language, label=inside(task.label(key).name(language)))


def _task_chips(analysis: Analysis, taxonomy: Taxonomy, task: Task, language: Language) -> TaskChips:
    probabilities, holding = analysis.probabilities[task.key], task.holding(analysis.labels[task.key])
    others = [key for key in analysis.label_sets.get(task.key, ()) if key not in holding]
    chips = tuple(
        LabelChip(
            f"{task.key}/{key}",
            confidence(task, key, probabilities[key], not others, language),
            label_style(taxonomy, task.key, key),
            format_percent(probabilities[key], language),
        )
        for key in holding
    )
    names = ", ".join(inside(task.label(key).name(language)) for key in others)
    return TaskChips(
        task_text(task, "title", language),
        chips,
        "" if chips else _nothing(analysis, task, language),
        page_text("unsure", language, labels=names) if others and chips else "",
    )


def _nothing(analysis: Analysis, task: Task, language: Language) -> str:
    if not task.many:
        return task.label(task.default).name(language) if task.default else ""
    own = analysis.probabilities[task.key]
    key = max(own, key=own.__getitem__)
    nearest = f"{inside(task.label(key).name(language))}, {format_percent(own[key], language)}"
    return capitalised(task_text(task, "says_nothing", language, nearest=nearest))
