"""From an analysis to what the page shows. Article text is escaped here, once, before it meets any HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sorot.data.article import Article
from sorot.data.taxonomy import TASKS, Task, Taxonomy
from sorot.serving.model.analysis import Analysis, Evidence
from sorot.serving.page.common.language import Language, format_count, format_number
from sorot.serving.page.common.templates import notice_html
from sorot.serving.page.common.verdict import label_name, verdict_sentence
from sorot.serving.page.common.words import kind_name, page_text

SHORT_TOKENS = 40
DIGITS = 2


def verdict_html(
    article: Article, analysis: Analysis, taxonomy: Taxonomy, thresholds: dict[str, float], language: Language
) -> str:
    """Labels as bars: topics with their thresholds, stance, sentiment; or why there are none. The cleaned fields below."""
    fields = _fields_html(article, analysis, language)
    if analysis.withheld:
        reason = "empty" if analysis.withheld == "empty" else "not_indonesian"
        return notice_html(page_text(reason, language, code=analysis.language or "-")) + fields
    notice = notice_html(page_text("short", language)) if analysis.n_tokens < SHORT_TOKENS else ""
    head = verdict_sentence(analysis, taxonomy, language)
    parts = [notice, f'<p class="verdict" role="status">{escape(head)}</p>']
    for task in TASKS:
        parts.append(f"<h2>{escape(page_text(task, language))}</h2>")
        assigned = set(analysis.topics) if task == "topics" else {getattr(analysis, task)}
        for key, probability in analysis.probabilities[task].items():
            name = label_name(taxonomy, task, key, language)
            limit = thresholds[key] if task == "topics" else None
            parts.append(_bar(name, key, probability, key in assigned, limit, language))
    return f'<section class="labels">{"".join(parts)}</section>{fields}'


def _bar(name: str, key: str, probability: float, holds: bool, threshold: float | None, language: Language) -> str:
    shown, tick, limit = format_number(probability, language, DIGITS), "", ""
    if threshold is not None:
        digits = _telling_digits(probability, threshold)
        least = format_number(threshold, language, digits)
        shown = f"{format_number(probability, language, digits)} {'≥' if probability >= threshold else '<'} {least}"
        limit = f", {page_text('threshold', language)} {least}"
        tick = f'<i class="tick" style="left:{100 * threshold:.1f}%"></i>'
    state = f" ({page_text('holds', language)})" if holds else ""
    spoken = f"{name}: {format_number(probability, language, DIGITS)}{limit}{state}"
    return (
        f'<div class="bar{" on" if holds else ""}" role="img" data-label="{escape(key)}" aria-label="{escape(spoken)}">'
        f'<span class="name">{"✓" if holds else ""} {escape(name)}</span>'
        f'<span class="track"><b style="width:{100 * probability:.1f}%"></b>{tick}</span>'
        f'<span class="value">{escape(shown)}</span></div>'
    )


def _telling_digits(probability: float, threshold: float) -> int:
    """As many digits as it takes for a value just below its threshold not to read like the threshold itself."""
    digits = DIGITS
    while digits < 6 and probability < threshold and f"{probability:.{digits}f}" == f"{threshold:.{digits}f}":
        digits += 1
    return digits


def _fields_html(article: Article, analysis: Analysis, language: Language) -> str:
    tokens = f"{format_count(analysis.n_tokens, language)} {page_text('tokens', language)}"
    length = f"{tokens} {analysis.n_windows} {page_text('windows', language)}"
    rows = {
        "title": article.title,
        "outlet": article.outlet,
        "published": article.published.strftime("%d-%m-%Y %H:%M %z") if article.published else None,
        "place": article.place,
        "length": length if analysis.n_tokens else None,
    }
    cells = "".join(f"<dt>{escape(page_text(k, language))}</dt><dd>{escape(v)}</dd>" for k, v in rows.items() if v)
    return f'<dl class="fields">{cells}</dl>' if cells else ""


def choices(analysis: Analysis, taxonomy: Taxonomy, language: Language) -> list[tuple[str, str]]:
    """(shown, value) for each label whose evidence can be shown: assigned topics, then stance, then sentiment."""
    if analysis.withheld:
        return []
    pairs: list[tuple[Task, str]] = [("topics", t) for t in analysis.topics]
    if analysis.stance is not None and analysis.stance != taxonomy.stance_without_topic:
        pairs.append(("stance", analysis.stance))
    pairs.append(("sentiment", str(analysis.sentiment)))
    return [(f"{page_text(task, language)}: {label_name(taxonomy, task, key, language)}", f"{task}/{key}") for task, key in pairs]


def strongest_html(evidence: Sequence[Evidence], choice: str | None, language: Language) -> str:
    """The strongest sentences for the chosen label, with their shares of its logit."""
    own = [e for e in evidence if choice == f"{e.task}/{e.label}"]
    items = "".join(
        f"<li><q>{escape(e.sentence)}</q> <span>{format_number(e.contribution, language, DIGITS, signed=True)}</span></li>"
        for e in own
    )
    return f'<h2>{escape(page_text("strongest", language))}</h2><ol class="strongest">{items}</ol>' if items else ""


def removed_html(article: Article, language: Language) -> str:
    """What cleaning took away, by kind."""
    if not article.removed:
        return f"<p>{escape(page_text('nothing_removed', language))}</p>"
    items = "".join(f"<li><b>{escape(kind_name(r.kind, language))}</b> {escape(r.text)}</li>" for r in article.removed)
    return f'<ul class="removed">{items}</ul>'
