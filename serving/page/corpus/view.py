"""Texts of the Corpus tab around its results."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from sorot.data.article import Article
from sorot.serving.page.common.templates import notice_html, render
from sorot.serving.page.corpus.limits import CorpusLimits, command
from sorot.serving.page.corpus.scoring import ScoredCorpus
from sorot.serving.page.corpus.words import corpus_text
from sorot.serving.words.language import LANGUAGES, Language, format_count, format_number

LONG_CELL = 160


def shorten_cell(text: str) -> str:
    """The text, cut to the length of a table cell."""
    return text if len(text) <= LONG_CELL else text[: LONG_CELL - 1] + "…"


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
