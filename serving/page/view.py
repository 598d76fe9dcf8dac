"""From an analysis to what the page shows. Article text is escaped here, once, before it meets any HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from data.article import Article
from data.taxonomy import TASKS, Task, Taxonomy
from serving.analysis import Analysis, Evidence
from serving.page.words import Language, word

SHORT_TOKENS = 40
# Sentences whose share of the strongest one's is smaller than this are left unmarked.
FAINTEST = 0.1


def label_name(taxonomy: Taxonomy, task: Task, key: str, language: Language) -> str:
    """A label's name in the page's language."""
    label = next(entry for entry in taxonomy.entries(task) if entry.key == key)
    return label.name_id if language == "id" else label.name_en


def verdict_html(
    article: Article, analysis: Analysis, taxonomy: Taxonomy, thresholds: dict[str, float], language: Language
) -> str:
    """Labels as bars: topics with their thresholds marked, stance, sentiment; or why there are none."""
    if analysis.withheld:
        reason = "empty" if analysis.withheld == "empty" else "not_indonesian"
        return f'<p class="notice" role="status">{escape(word(reason, language).format(code=analysis.language or "-"))}</p>'
    notice = f'<p class="notice">{escape(word("short", language))}</p>' if analysis.n_tokens < SHORT_TOKENS else ""
    names = [label_name(taxonomy, "topics", t, language) for t in analysis.topics]
    head = ", ".join(names) if names else word("no_topic", language)
    parts = [notice, f'<p class="verdict" role="status">{escape(head)}</p>']
    for task in TASKS:
        parts.append(f"<h3>{escape(word(task, language))}</h3>")
        assigned = set(analysis.topics) if task == "topics" else {getattr(analysis, task)}
        for key, probability in analysis.probabilities[task].items():
            name = label_name(taxonomy, task, key, language)
            limit = thresholds[key] if task == "topics" else None
            parts.append(_bar(name, key, probability, key in assigned, limit, language))
    return f'<section class="labels">{"".join(parts)}</section>{_fields_html(article, analysis, language)}'


def _bar(name: str, key: str, probability: float, holds: bool, threshold: float | None, language: Language) -> str:
    mark = "✓" if holds else ""
    tick = ""
    if threshold is not None:
        hint = f"{word('threshold', language)} {threshold:.2f}"
        tick = f'<i class="tick" style="left:{100 * threshold:.1f}%" title="{escape(hint)}"></i>'
    state = f" ({word('holds', language)})" if holds else ""
    spoken = escape(f"{name}: {probability:.0%}{state}")
    return (
        f'<div class="bar{" on" if holds else ""}" role="img" data-label="{escape(key)}" aria-label="{spoken}">'
        f'<span class="name">{mark} {escape(name)}</span>'
        f'<span class="track"><b style="width:{100 * probability:.1f}%"></b>{tick}</span>'
        f'<span class="value">{probability:.2f}</span></div>'
    )


def _fields_html(article: Article, analysis: Analysis, language: Language) -> str:
    rows = {
        "title": article.title,
        "outlet": article.outlet,
        "published": article.published.strftime("%d-%m-%Y %H:%M %z") if article.published else None,
        "place": article.place,
        "length": f"{analysis.n_tokens} {word('tokens', language)} {analysis.n_windows} {word('windows', language)}",
    }
    cells = "".join(f"<dt>{escape(word(k, language))}</dt><dd>{escape(v)}</dd>" for k, v in rows.items() if v)
    return f'<dl class="fields">{cells}</dl>'


def choices(analysis: Analysis, taxonomy: Taxonomy, language: Language) -> list[tuple[str, str]]:
    """(shown, value) for each label whose evidence can be shown: assigned topics, then stance, then sentiment."""
    if analysis.withheld:
        return []
    pairs: list[tuple[Task, str]] = [("topics", t) for t in analysis.topics]
    if analysis.stance is not None and analysis.stance != taxonomy.stance_without_topic:
        pairs.append(("stance", analysis.stance))
    pairs.append(("sentiment", str(analysis.sentiment)))
    return [(f"{word(task, language)}: {label_name(taxonomy, task, key, language)}", f"{task}/{key}") for task, key in pairs]


def highlights(article: Article, analysis: Analysis, choice: str | None) -> list[tuple[str, float | None]]:
    """The body in pieces, in order, with each sentence's share for the chosen label scaled to -1..1, None for unmarked."""
    own = [e for e in analysis.contributions if choice == f"{e.task}/{e.label}" and e.start is not None]
    top = max((abs(e.contribution) for e in own), default=0.0)
    pieces: list[tuple[str, float | None]] = []
    at = 0
    for piece in sorted(own, key=lambda e: e.start or 0):
        start, end = piece.start or 0, piece.end or 0
        score = piece.contribution / top if top else 0.0
        if start > at:
            pieces.append((article.body[at:start], None))
        pieces.append((article.body[start:end], score if abs(score) >= FAINTEST else None))
        at = end
    if at < len(article.body):
        pieces.append((article.body[at:], None))
    return pieces


def strongest_html(evidence: Sequence[Evidence], choice: str | None, language: Language) -> str:
    """The strongest sentences for the chosen label, with their shares of its logit."""
    own = [e for e in evidence if choice == f"{e.task}/{e.label}"]
    items = "".join(f"<li><q>{escape(e.sentence)}</q> <span>{e.contribution:+.2f}</span></li>" for e in own)
    return f'<h3>{escape(word("strongest", language))}</h3><ol class="strongest">{items}</ol>' if items else ""


def removed_html(article: Article, language: Language) -> str:
    """What cleaning took away, by kind."""
    if not article.removed:
        return f"<p>{escape(word('nothing_removed', language))}</p>"
    items = "".join(f"<li><b>{escape(r.kind)}</b> {escape(r.text)}</li>" for r in article.removed)
    return f'<ul class="removed">{items}</ul>'
