"""What the corpus tab says around its table and charts, as HTML and as choices."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from sorot.data.taxonomy import Taxonomy
from sorot.serving.page.common.verdict import label_name
from sorot.serving.page.common.view import notice_html
from sorot.serving.page.common.words import LANGUAGES, Language, count, number
from sorot.serving.page.corpus.download import FORMATS
from sorot.serving.page.corpus.limits import CorpusLimits, command
from sorot.serving.page.corpus.scoring import Corpus
from sorot.serving.page.corpus.table import SORTS, cut
from sorot.serving.page.corpus.uploads.reading import NONE
from sorot.serving.page.corpus.words import say

Choices = list[tuple[str, str]]


def both_html(html: Callable[[Language], str]) -> str:
    """The same in both languages, of which the style shows the page's: a run does not see that the language is switched."""
    parts = (f'<div lang="{language}">{html(language)}</div>' for language in LANGUAGES)
    return f'<div class="corpus-both">{"".join(parts)}</div>'


def told_html(said: Callable[[Language], str]) -> str:
    """A sentence that is no warning, in both languages."""
    return both_html(lambda language: f'<p role="status">{escape(said(language))}</p>')


def warned_html(said: Callable[[Language], str]) -> str:
    """A sentence that is to be noticed, in both languages."""
    return both_html(lambda language: notice_html(said(language)))


def progress_html(corpus: Corpus, language: Language) -> str:
    """How far a run is, its pace, and the time that is left."""
    pace = corpus.done / corpus.seconds if corpus.seconds else 0.0
    said = say("progress" if pace else "no_pace_yet", language).format(
        done=count(corpus.done, language),
        total=count(corpus.total, language),
        pace=number(pace, language, 1),
        left=count(round((corpus.total - corpus.done) / pace), language) if pace else "",
    )
    bar = f'<progress max="{corpus.total}" value="{corpus.done}" aria-label="{escape(said)}"></progress>'
    return f'<p role="status">{escape(said)}</p>{bar}'


def intro_html(most: CorpusLimits, language: Language) -> str:
    """What can be dropped, how much of it, and what to type for more."""
    limits = {name: count(getattr(most, name), language) for name in ("rows", "characters", "columns")}
    typed = f"<code>{escape(command('FILE').replace('FILE', 'FILE...'))}</code>"
    return "<p>" + escape(say("intro", language)).format(**limits, bytes=most.bytes // 1_000_000, command=typed) + "</p>"


def note_html(taxonomy: Taxonomy, language: Language) -> str:
    """What moving a threshold does."""
    note = say("thresholds_note", language)
    if taxonomy.stance_without_topic is not None:
        name = label_name(taxonomy, "stance", taxonomy.stance_without_topic, language)
        note += " " + say("thresholds_stance", language).format(stance=name)
    return f"<h3>{escape(say('thresholds', language))}</h3><p>{escape(note)}</p>"


def format_choices(language: Language) -> Choices:
    """What can be downloaded, by name."""
    return [(say("svg", language) if form == "svg" else form.upper(), form) for form in FORMATS]


def filter_choices(kind: str, taxonomy: Taxonomy, language: Language) -> Choices:
    """What one of the filters, or the order, can be set to."""
    if kind == "sort":
        topics = [(label_name(taxonomy, "topics", topic, language), f"p_{topic}") for topic in taxonomy.labels("topics")]
        return [*((say(sort, language), sort) for sort in SORTS), *topics]
    task: Any = "topics" if kind == "topic" else kind
    names = [(label_name(taxonomy, task, key, language), key) for key in taxonomy.labels(task)]
    return [(say("all", language), NONE), *names]


def outlet_choices(corpus: Corpus | None, language: Language) -> Choices:
    """The outlets of the corpus, and all of them at once."""
    outlets = sorted({item.row["outlet"] for item in corpus.items if item.row["outlet"]}) if corpus else []
    return [(say("all", language), NONE), *((cut(name), name) for name in outlets)]
