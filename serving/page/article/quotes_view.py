"""Who says what in an article: the speakers in a list, and the text with their words marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sorot.data.taxonomy import Taxonomy
from sorot.serving.model.analysis import Analysis, Quote
from sorot.serving.model.display import quoted_runs
from sorot.serving.page.article.quotes_words import quotes_text
from sorot.serving.page.common.templates import render
from sorot.serving.words.language import Language
from sorot.serving.words.task_words import task_text


@dataclass(frozen=True, slots=True)
class SpeakerRow:
    """A speaker with their statements; `count` says how many. Each has its type, text and labels, in words."""

    name: str
    count: str
    statements: tuple[tuple[str, str, str], ...]


def quotes_html(analysis: Analysis | None, taxonomy: Taxonomy, language: Language) -> str:
    """The speakers in the order in which they first speak, and the marked text; empty without an analysis."""
    if analysis is None:
        return ""
    body = analysis.article.body
    return render(
        "article/quotes.html.j2",
        heading=quotes_text("heading", language),
        nothing=quotes_text("nothing", language),
        speakers=list(_speakers(analysis.quotes, taxonomy, language)),
        legend=quotes_text("legend", language),
        marked=quotes_text("marked", language),
        runs=[(run.text, run.said_by) for run in quoted_runs(body, 0, len(body), analysis.quotes)],
        unknown=quotes_text("unknown", language),
    )


def _speakers(quotes: tuple[Quote, ...], taxonomy: Taxonomy, language: Language) -> Iterator[SpeakerRow]:
    said: dict[str | None, list[Quote]] = {}
    for quote in quotes:
        said.setdefault(quote.speaker, []).append(quote)
    for speaker, own in said.items():
        count = quotes_text("one" if len(own) == 1 else "several", language, n=len(own))
        statements = tuple((quotes_text(q.type, language), q.text, _labels(q, taxonomy, language)) for q in own)
        yield SpeakerRow(speaker or quotes_text("unknown", language), count, statements)


def _labels(quote: Quote, taxonomy: Taxonomy, language: Language) -> str:
    """The labels of a quote with their tasks, without those that say nothing or that the model is not sure of."""
    return "; ".join(
        f"{task_text(task, 'title', language)}: {task.label(label).name(language).lower()}"
        for task in taxonomy.one_tasks
        for label in task.holding(quote.labels.get(task.key))
    )
