"""An analysis of one article as HTML and as choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sorot.data.article import Article
from sorot.data.taxonomy import Taxonomy, held
from sorot.serving.model.analysis import Analysis, Evidence
from sorot.serving.model.labels import Thresholds, labels_with_evidence
from sorot.serving.page.common.language import Language, format_count, format_number
from sorot.serving.page.common.task_words import task_text
from sorot.serving.page.common.templates import render
from sorot.serving.page.common.verdict import verdict_sentence
from sorot.serving.page.common.words import kind_name, page_text

SHORT_TOKENS = 40
DIGITS = 2


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


def verdict_html(article: Article, analysis: Analysis, taxonomy: Taxonomy, thresholds: Thresholds, language: Language) -> str:
    """The verdict, a bar for every label of every task, and the cleaned fields; or why there are no labels."""
    notice, sentence, tasks = "", "", []
    if analysis.withheld:
        reason = {"language": "not_indonesian", "short": "too_short"}.get(analysis.withheld, analysis.withheld)
        notice = page_text(reason, language, code=analysis.language or "-")
    else:
        notice = page_text("short", language) if analysis.n_tokens < SHORT_TOKENS else ""
        sentence, sets = verdict_sentence(analysis, taxonomy, language), analysis.label_sets
        for task in taxonomy.tasks:
            labels = held(analysis.labels[task.key])
            bars = [
                _bar(key, task.label(key).name(language), p, key in labels, thresholds.get(task.key, {}).get(key), language)
                for key, p in analysis.probabilities[task.key].items()
            ]
            others = [task.label(key).name(language) for key in sets.get(task.key, ()) if key not in labels]
            unsure = page_text("unsure", language, labels=", ".join(others)) if others else ""
            tasks.append((task_text(task, "title", language), unsure, bars))
    return render(
        "article/verdict.html.j2", notice=notice, sentence=sentence, tasks=tasks, fields=_fields(article, analysis, language)
    )


def _bar(key: str, name: str, probability: float, holds: bool, threshold: float | None, language: Language) -> Bar:
    shown, limit = format_number(probability, language, DIGITS), ""
    if threshold is not None:
        digits = _telling_digits(probability, threshold)
        least = format_number(threshold, language, digits)
        shown = f"{format_number(probability, language, digits)} {'≥' if probability >= threshold else '<'} {least}"
        limit = f", {page_text('threshold', language)} {least}"
    state = f" ({page_text('holds', language)})" if holds else ""
    spoken = f"{name}: {format_number(probability, language, DIGITS)}{limit}{state}"
    return Bar(key, name, shown, spoken, holds, 100 * probability, None if threshold is None else 100 * threshold)


def _telling_digits(probability: float, threshold: float) -> int:
    """Enough digits for a value just below its threshold not to read like the threshold itself."""
    digits = DIGITS
    while digits < 6 and probability < threshold and f"{probability:.{digits}f}" == f"{threshold:.{digits}f}":
        digits += 1
    return digits


def _fields(article: Article, analysis: Analysis, language: Language) -> list[tuple[str, str]]:
    tokens = f"{format_count(analysis.n_tokens, language)} {page_text('tokens', language)}"
    windows = page_text("one_window" if analysis.n_windows == 1 else "windows", language)
    values = {
        "title": article.title,
        "outlet": article.outlet,
        "published": _shown_date(article.published) if article.published else None,
        "place": article.place,
        "length": f"{tokens} {analysis.n_windows} {windows}" if analysis.n_tokens else None,
    }
    return [(page_text(key, language), value) for key, value in values.items() if value]


def _shown_date(published: datetime | date) -> str:
    return published.strftime("%d-%m-%Y %H:%M %z" if isinstance(published, datetime) else "%d-%m-%Y")


def choices(analysis: Analysis, taxonomy: Taxonomy, language: Language) -> list[tuple[str, str]]:
    """(shown, 'task/label') for each label whose evidence can be shown, in the taxonomy's order."""
    if analysis.withheld:
        return []
    pairs = [(taxonomy.task(task), label) for task, label in labels_with_evidence(taxonomy, analysis.labels)]
    return [
        (f"{task_text(task, 'title', language)}: {task.label(label).name(language)}", f"{task.key}/{label}")
        for task, label in pairs
    ]


def strongest_html(evidence: Sequence[Evidence], choice: str | None, language: Language) -> str:
    """The strongest sentences for the chosen label, with their shares of its logit."""
    own = [e for e in evidence if choice == f"{e.task}/{e.label}"]
    if not own:
        return ""
    sentences = [(e.sentence, format_number(e.contribution, language, DIGITS, signed=True)) for e in own]
    return render("article/strongest.html.j2", heading=page_text("strongest", language), sentences=sentences)


def removed_html(article: Article, language: Language) -> str:
    """What cleaning removed, by kind."""
    removed = [(kind_name(piece.kind, language), piece.text) for piece in article.removed]
    return render("article/removed.html.j2", removed=removed, nothing=page_text("nothing_removed", language))
