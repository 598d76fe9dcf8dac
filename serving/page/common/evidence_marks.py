"""Marks in the text: which sentences speak for or against the chosen label, by name, signs and colour."""

from __future__ import annotations

from itertools import groupby

from sorot.data.article import Article
from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.serving.page.common.language import LANGUAGES, Language
from sorot.serving.page.common.task_words import task_text
from sorot.serving.page.common.templates import render
from sorot.serving.page.common.words import page_text

Piece = tuple[str, str | None]
# Between the title and the body.
TITLE_GAP = "\n\n"
# Least share, relative to the strongest sentence's, for one, two and three signs; below the first there is no mark.
STEPS = (0.1, 1 / 3, 2 / 3)
FOR, AGAINST = "+", "−"
# One for each task, in order, then from the start again. The frontend halves their strength under black text, so they are
# light enough for a dark page too.
COLOURS = (("green", "#34d399"), ("blue", "#93c5fd"), ("yellow", "#fbbf24"), ("purple", "#d8b4fe"), ("grey", "#cbd5e1"))
AGAINST_COLOUR = "#fca5a5"
# Strength of the colour, on white, for one, two and three signs.
STRENGTHS = (0.4, 0.7, 1.0)


def mark_name(task: Task, sign: str, steps: int, language: Language) -> str:
    """The label of a marked sentence, such as 'Topik ++'."""
    return f"{task_text(task, 'singular', language)} {sign * steps}"


def task_colour(taxonomy: Taxonomy, task: Task) -> tuple[str, str]:
    """The name and the hex code of a task's colour."""
    return COLOURS[taxonomy.keys.index(task.key) % len(COLOURS)]


def colour_map(taxonomy: Taxonomy) -> dict[str, str]:
    """The colour of every possible mark, in both languages."""
    return {
        mark_name(task, sign, steps, language): _blend(
            task_colour(taxonomy, task)[1] if sign == FOR else AGAINST_COLOUR, STRENGTHS[steps - 1]
        )
        for language in LANGUAGES
        for task in taxonomy.tasks
        for sign in (FOR, AGAINST)
        for steps in range(1, len(STEPS) + 1)
    }


def highlights(article: Article, analysis: Analysis, taxonomy: Taxonomy, choice: str | None, language: Language) -> list[Piece]:
    """Title and body in pieces, in order, each with its mark for the chosen label 'task/label', or None without a mark."""
    own = [e for e in analysis.contributions if choice == f"{e.task}/{e.label}"]
    top = max((abs(e.contribution) for e in own), default=0.0)

    def mark(task: str, contribution: float) -> str | None:
        share = abs(contribution) / top if top else 0.0
        steps = sum(share >= least for least in STEPS)
        return mark_name(taxonomy.task(task), FOR if contribution > 0 else AGAINST, steps, language) if steps else None

    pieces: list[Piece] = []
    title = (article.title or "").strip()
    if title:
        share = next((e for e in own if e.start is None), None)
        pieces += [(title, mark(share.task, share.contribution) if share else None), (TITLE_GAP, None)]
    body: list[Piece] = []
    position = 0
    for sentence in sorted((e for e in own if e.start is not None), key=lambda e: e.start or 0):
        start, end = sentence.start or 0, sentence.end or 0
        body += [(article.body[position:start], None), (article.body[start:end], mark(sentence.task, sentence.contribution))]
        position = end
    return pieces + _join_unmarked([*body, (article.body[position:], None)])


def legend_html(taxonomy: Taxonomy, choice: str | None, language: Language) -> str:
    """One line on what the marks of the chosen label mean; empty if no label is chosen."""
    task = next((t for t in taxonomy.tasks if choice and choice.startswith(f"{t.key}/")), None)
    if task is None:
        return ""
    colour, code = task_colour(taxonomy, task)
    against = page_text("colour_red", language), page_text("against", language)
    return render(
        "common/legend.html.j2",
        marks=[
            (mark_name(task, FOR, 1, language), code, page_text(f"colour_{colour}", language), page_text("for", language)),
            (mark_name(task, AGAINST, 1, language), AGAINST_COLOUR, *against),
        ],
        more=page_text("more_signs", language),
    )


def _join_unmarked(pieces: list[Piece]) -> list[Piece]:
    """Neighbouring pieces without a mark joined, as the frontend puts a gap between pieces; empty ones dropped."""
    return [
        piece
        for unmarked, group in groupby(pieces, key=lambda piece: piece[1] is None)
        for piece in ([("".join(text for text, _ in group), None)] if unmarked else group)
        if piece[0]
    ]


def _blend(colour: str, strength: float) -> str:
    channels = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - channel) * strength):02x}" for channel in channels)
