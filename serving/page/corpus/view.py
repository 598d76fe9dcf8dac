"""Texts and choices of the Corpus tab around its table and charts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from sorot.data.article import Article
from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.page.common.language import LANGUAGES, Language, format_count, format_number
from sorot.serving.page.common.task_words import default_text, enumerate_names, inside, task_text
from sorot.serving.page.common.templates import notice_html, render
from sorot.serving.page.corpus.download import FORMATS
from sorot.serving.page.corpus.limits import CorpusLimits, command
from sorot.serving.page.corpus.scoring import ScoredCorpus
from sorot.serving.page.corpus.table import SORTS, shorten_cell
from sorot.serving.page.corpus.uploads.corpus_file import NONE
from sorot.serving.page.corpus.words import corpus_text

Choices = list[tuple[str, str]]


def both_html(html: Callable[[Language], str]) -> str:
    """The same HTML in both languages; the style shows the page's, as a running job does not see the language switch.

    `html` must return HTML that a template made.
    """
    return render("corpus/both.html.j2", parts=[(language, Markup(html(language))) for language in LANGUAGES])


def status_html(message: Callable[[Language], str]) -> str:
    """A message that is no warning, in both languages."""
    return both_html(lambda language: render("corpus/status.html.j2", message=message(language)))


def warning_html(message: Callable[[Language], str]) -> str:
    """A warning, in both languages."""
    return both_html(lambda language: notice_html(message(language)))


def scoring_progress_html(corpus: ScoredCorpus, language: Language) -> str:
    """Progress of a run: articles done, articles per second, and the remaining time."""
    pace = corpus.done / corpus.seconds if corpus.seconds else 0.0
    sentence = corpus_text(
        "progress" if pace else "no_pace_yet",
        language,
        done=format_count(corpus.done, language),
        total=format_count(corpus.total, language),
        pace=format_number(pace, language, 1),
        left=format_count(round((corpus.total - corpus.done) / pace), language) if pace else "",
    )
    return render("corpus/progress.html.j2", sentence=sentence, total=corpus.total, done=corpus.done)


def intro_html(limits: CorpusLimits, language: Language) -> str:
    """Which files the tab takes, its limits, and the command for more."""
    values = {name: format_count(getattr(limits, name), language) for name in ("rows", "characters", "columns")}
    text = corpus_text("intro", language, **values, bytes=limits.bytes // 1_000_000, command="\0")
    before, after = text.split("\0")
    return render("corpus/intro.html.j2", before=before, command=command("FILE").replace("FILE", "FILE..."), after=after)


def preview_html(articles: Sequence[Article], language: Language) -> str:
    """The first articles as the chosen columns give them."""
    cells = [
        (
            shorten_cell(a.title or a.id),
            shorten_cell(a.outlet or "–"),
            a.published.strftime("%Y-%m-%d") if a.published else "–",
            shorten_cell(a.body),
        )
        for a in articles
    ]
    return render("corpus/preview.html.j2", heading=corpus_text("first_rows", language), articles=cells)


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
    heading = " · ".join(task_text(task, "thresholds", language) for task in taxonomy.many_tasks)
    return render("corpus/thresholds.html.j2", heading=heading, note=" ".join(notes))


def format_choices(language: Language) -> Choices:
    """The download formats."""
    return [(corpus_text("svg", language) if form == "svg" else form.upper(), form) for form in FORMATS]


def label_choices(task: Task, language: Language) -> Choices:
    """The labels of a task to filter by, and all of them at once."""
    return [(corpus_text("all", language), NONE), *((label.name(language), label.key) for label in task.labels)]


def sort_choices(taxonomy: Taxonomy, language: Language) -> Choices:
    """The orders of the table: SORTS, then the probability of each label with a threshold."""
    labels = [(label.name(language), f"{task.key}/{label.key}") for task in taxonomy.many_tasks for label in task.labels]
    return [*((corpus_text(sort, language), sort) for sort in SORTS), *labels]


def outlet_choices(corpus: ScoredCorpus | None, language: Language) -> Choices:
    """The outlets of the corpus, and all of them at once."""
    outlets = sorted({item.row["outlet"] for item in corpus.items if item.row["outlet"]}) if corpus else []
    return [(corpus_text("all", language), NONE), *((shorten_cell(name), name) for name in outlets)]
