"""What the corpus tab says around its table and charts, as HTML and as choices."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from sorot.data.taxonomy import Taxonomy
from sorot.serving.page.common.language import LANGUAGES, Language, format_count, format_number
from sorot.serving.page.common.templates import notice_html
from sorot.serving.page.common.verdict import label_name
from sorot.serving.page.corpus.download import FORMATS
from sorot.serving.page.corpus.limits import CorpusLimits, command
from sorot.serving.page.corpus.scoring import ScoredCorpus
from sorot.serving.page.corpus.table import SORTS, shorten
from sorot.serving.page.corpus.uploads.corpus_file import NONE
from sorot.serving.page.corpus.words import corpus_text

Choices = list[tuple[str, str]]


def both_html(html: Callable[[Language], str]) -> str:
    """The same in both languages, of which the style shows the page's: a run does not see that the language is switched."""
    parts = (f'<div lang="{language}">{html(language)}</div>' for language in LANGUAGES)
    return f'<div class="corpus-both">{"".join(parts)}</div>'


def status_html(said: Callable[[Language], str]) -> str:
    """A sentence that is no warning, in both languages."""
    return both_html(lambda language: f'<p role="status">{escape(said(language))}</p>')


def warning_html(said: Callable[[Language], str]) -> str:
    """A sentence that is to be noticed, in both languages."""
    return both_html(lambda language: notice_html(said(language)))


def scoring_progress_html(corpus: ScoredCorpus, language: Language) -> str:
    """How far a run is, its pace, and the time that is left."""
    pace = corpus.done / corpus.seconds if corpus.seconds else 0.0
    said = corpus_text(
        "progress" if pace else "no_pace_yet",
        language,
        done=format_count(corpus.done, language),
        total=format_count(corpus.total, language),
        pace=format_number(pace, language, 1),
        left=format_count(round((corpus.total - corpus.done) / pace), language) if pace else "",
    )
    bar = f'<progress max="{corpus.total}" value="{corpus.done}" aria-label="{escape(said)}"></progress>'
    return f'<p role="status">{escape(said)}</p>{bar}'


def intro_html(most: CorpusLimits, language: Language) -> str:
    """What can be dropped, how much of it, and what to type for more."""
    limits = {name: format_count(getattr(most, name), language) for name in ("rows", "characters", "columns")}
    typed = f"<code>{escape(command('FILE').replace('FILE', 'FILE...'))}</code>"
    return "<p>" + escape(corpus_text("intro", language)).format(**limits, bytes=most.bytes // 1_000_000, command=typed) + "</p>"


def thresholds_html(taxonomy: Taxonomy, language: Language) -> str:
    """What moving a threshold does."""
    note = corpus_text("thresholds_note", language)
    if taxonomy.stance_without_topic is not None:
        name = label_name(taxonomy, "stance", taxonomy.stance_without_topic, language)
        note += " " + corpus_text("thresholds_stance", language, stance=name)
    return f"<h3>{escape(corpus_text('thresholds', language))}</h3><p>{escape(note)}</p>"


def format_choices(language: Language) -> Choices:
    """What can be downloaded, by name."""
    return [(corpus_text("svg", language) if form == "svg" else form.upper(), form) for form in FORMATS]


def filter_choices(kind: str, taxonomy: Taxonomy, language: Language) -> Choices:
    """What one of the filters, or the order, can be set to."""
    if kind == "sort":
        topics = [(label_name(taxonomy, "topics", topic, language), f"p_{topic}") for topic in taxonomy.labels("topics")]
        return [*((corpus_text(sort, language), sort) for sort in SORTS), *topics]
    task: Any = "topics" if kind == "topic" else kind
    names = [(label_name(taxonomy, task, key, language), key) for key in taxonomy.labels(task)]
    return [(corpus_text("all", language), NONE), *names]


def outlet_choices(corpus: ScoredCorpus | None, language: Language) -> Choices:
    """The outlets of the corpus, and all of them at once."""
    outlets = sorted({item.row["outlet"] for item in corpus.items if item.row["outlet"]}) if corpus else []
    return [(corpus_text("all", language), NONE), *((shorten(name), name) for name in outlets)]
