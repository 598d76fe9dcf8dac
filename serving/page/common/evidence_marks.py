"""The marked text: which sentences speak for the chosen label or against it, by name, by signs and by colour."""

from __future__ import annotations

from html import escape
from itertools import groupby

from sorot.data.article import Article
from sorot.data.taxonomy import TASKS, Task
from sorot.serving.model.analysis import Analysis
from sorot.serving.page.common.language import LANGUAGES, Language
from sorot.serving.page.common.words import page_text

Piece = tuple[str, str | None]
# What stands between the title and the body.
TITLE_GAP = "\n\n"
# Least share, as a part of the strongest sentence's, for one, two and three signs; below the first there is no mark.
STEPS = (0.1, 1 / 3, 2 / 3)
FOR, AGAINST = "+", "−"
# The frontend lays these at half strength under black text, so they are light enough to be read on a dark page too.
COLOURS: dict[Task, str] = {"topics": "#34d399", "stance": "#93c5fd", "sentiment": "#fbbf24"}
AGAINST_COLOUR = "#fca5a5"
# How much of the colour is left, the rest being white, for one, two and three signs.
STRENGTHS = (0.4, 0.7, 1.0)


def mark_name(task: Task, sign: str, steps: int, language: Language) -> str:
    """What stands beside a marked sentence: 'Topik ++'."""
    return f"{page_text(f'mark_{task}', language)} {sign * steps}"


def colour_map() -> dict[str, str]:
    """The colour of every mark there is, in either language."""
    return {
        mark_name(task, sign, steps, language): _blend(COLOURS[task] if sign == FOR else AGAINST_COLOUR, STRENGTHS[steps - 1])
        for language in LANGUAGES
        for task in TASKS
        for sign in (FOR, AGAINST)
        for steps in range(1, len(STEPS) + 1)
    }


def highlights(article: Article, analysis: Analysis, choice: str | None, language: Language) -> list[Piece]:
    """The title and the body in pieces, in order, each with its mark for the chosen label, None for unmarked."""
    own = [e for e in analysis.contributions if choice == f"{e.task}/{e.label}"]
    top = max((abs(e.contribution) for e in own), default=0.0)
    pieces: list[Piece] = []
    title = (article.title or "").strip()
    if title:
        share = next((e for e in own if e.start is None), None)
        pieces += [(title, _mark(share.task, share.contribution, top, language) if share else None), (TITLE_GAP, None)]
    body: list[Piece] = []
    at = 0
    for piece in sorted((e for e in own if e.start is not None), key=lambda e: e.start or 0):
        start, end = piece.start or 0, piece.end or 0
        body += [(article.body[at:start], None), (article.body[start:end], _mark(piece.task, piece.contribution, top, language))]
        at = end
    return pieces + _join_unmarked([*body, (article.body[at:], None)])


def legend_html(choice: str | None, language: Language) -> str:
    """What the marks of the chosen label mean, in a line; nothing where no label is chosen."""
    task = next((t for t in TASKS if choice and choice.startswith(f"{t}/")), None)
    if task is None:
        return ""
    meanings = (
        (FOR, COLOURS[task], f"{page_text(f'colour_{task}', language)}: {page_text('for', language)}"),
        (AGAINST, AGAINST_COLOUR, f"{page_text('colour_against', language)}: {page_text('against', language)}"),
    )
    shown = "; ".join(
        f'<span class="chip" style="background:{colour}">{escape(mark_name(task, sign, 1, language))}</span> {escape(meaning)}'
        for sign, colour, meaning in meanings
    )
    return f'<p class="legend">{shown}. {escape(page_text("more_signs", language))}</p>'


def _mark(task: Task, contribution: float, top: float, language: Language) -> str | None:
    part = abs(contribution) / top if top else 0.0
    steps = sum(part >= least for least in STEPS)
    return mark_name(task, FOR if contribution > 0 else AGAINST, steps, language) if steps else None


def _join_unmarked(pieces: list[Piece]) -> list[Piece]:
    """The frontend puts a gap between pieces, so there are no more of them than marks need."""
    return [
        piece
        for unmarked, group in groupby(pieces, key=lambda piece: piece[1] is None)
        for piece in ([("".join(text for text, _ in group), None)] if unmarked else group)
        if piece[0]
    ]


def _blend(colour: str, strength: float) -> str:
    channels = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - channel) * strength):02x}" for channel in channels)
