"""An analysis of one article as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sorot.data.article import Article
from sorot.data.taxonomy import Taxonomy, held
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.labels import Thresholds
from sorot.serving.page.article.words import article_text
from sorot.serving.page.common.label_chips import label_chips
from sorot.serving.page.common.templates import render
from sorot.serving.page.common.words import counted, kind_name, language_name, page_text
from sorot.serving.words.language import Language, format_percent
from sorot.serving.words.task_words import task_text

SHORT_TOKENS = 40


@dataclass(frozen=True, slots=True)
class Bar:
    """One label as a bar: `shown` is its value as text, `spoken` all of it for screen readers; sizes are percentages."""

    key: str
    name: str
    shown: str
    spoken: str
    holds: bool
    width: float
    threshold: float | None


def verdict_html(
    article: Article,
    analysis: Analysis,
    taxonomy: Taxonomy,
    thresholds: Thresholds,
    language: Language,
    *,
    example: bool = False,
) -> str:
    """The labels as chips, a bar for every label of every task, and the cleaned fields; or why there are no labels.

    `example` marks the article as one that the page shows before anything is pasted.
    """
    notice, groups, tasks = "", [], []
    if analysis.withheld:
        reason = {"language": "not_indonesian", "short": "too_short"}.get(analysis.withheld, analysis.withheld)
        notice = page_text(reason, language, name=language_name(analysis.language, language))
    else:
        notice = page_text("short", language) if analysis.n_tokens < SHORT_TOKENS else ""
        groups = label_chips(analysis, taxonomy, language)
        for task in taxonomy.tasks:
            labels = held(analysis.labels[task.key])
            bars = [
                _bar(key, task.label(key).name(language), p, key in labels, thresholds.get(task.key, {}).get(key), language)
                for key, p in analysis.probabilities[task.key].items()
            ]
            tasks.append((task_text(task, "title", language), bars))
    return render(
        "article/verdict.html.j2",
        example=article_text("example", language) if example else "",
        headline=article.title if example else "",
        notice=notice,
        groups=groups,
        shown=next((chip.choice for group in groups for chip in group.chips), ""),
        all_labels=article_text("all_labels", language),
        tasks=tasks,
        fields=_fields(article, language),
    )


def _bar(key: str, name: str, probability: float, holds: bool, threshold: float | None, language: Language) -> Bar:
    shown, limit = format_percent(probability, language), ""
    if threshold is not None:
        digits = _telling_digits(probability, threshold)
        least = format_percent(threshold, language, digits)
        shown = format_percent(probability, language, digits)
        limit = f"{page_text('threshold', language)} {least}"
    state = f" ({page_text('holds', language)})" if holds else ""
    spoken = ", ".join(part for part in (f"{name}: {shown}", limit) if part) + state
    shown = f"{shown} ({limit})" if limit else shown
    return Bar(key, name, shown, spoken, holds, 100 * probability, None if threshold is None else 100 * threshold)


def _telling_digits(probability: float, threshold: float) -> int:
    """Enough decimals of a percentage for a value just below its threshold not to read like the threshold itself."""
    digits = 0
    while digits < 4 and probability < threshold and f"{100 * probability:.{digits}f}" == f"{100 * threshold:.{digits}f}":
        digits += 1
    return digits


def _fields(article: Article, language: Language) -> list[tuple[str, str]]:
    words = len(article.body.split())
    values = {
        "title": article.title,
        "outlet": article.outlet,
        "published": _shown_date(article.published) if article.published else None,
        "place": article.place,
        "length": counted("n_words", words, language) if words else None,
    }
    return [(page_text(key, language), value) for key, value in values.items() if value]


def _shown_date(published: datetime | date) -> str:
    """A day, with its time if it has one; midnight stands for a day whose time nobody wrote."""
    if isinstance(published, datetime) and (published.hour, published.minute) != (0, 0):
        return published.strftime("%Y-%m-%d %H:%M %z").strip()
    return published.strftime("%Y-%m-%d")


def removed_html(article: Article, language: Language) -> str:
    """What cleaning removed, by kind."""
    removed = [(kind_name(piece.kind, language), piece.text) for piece in article.removed]
    return render("article/removed.html.j2", removed=removed, nothing=page_text("nothing_removed", language))
