"""From a reviewer's article to what the tab shows. Article text is escaped here, or goes to parts that show text alone."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from sorot.data.article import Article
from sorot.data.taxonomy import TASKS, Task, Taxonomy
from sorot.data.text.sentences import split_sentences
from sorot.serving.page.common.language import Language, format_count, format_number
from sorot.serving.page.common.verdict import label_name
from sorot.serving.page.common.words import page_text
from sorot.serving.page.review.reviewer_session import Draft
from sorot.serving.page.review.words import RULES, review_text
from sorot.serving.review.leases import HeldArticle, ReviewerProgress
from sorot.serving.review.store_rows import Guess

DIGITS = 2
# Keys 1 to 9.
NUMBERED = 9


def sentences_of(article: Article) -> tuple[str, ...]:
    """What can be marked, verbatim: the title, if there is one, and the sentences of the body."""
    body = tuple(article.body[start:end] for start, end in split_sentences(article.body))
    return (article.title, *body) if article.title and article.title.strip() else body


def sentence_choices(article: Article) -> list[tuple[str, int]]:
    """(shown, number) of each; one that begins a paragraph is shown after line breaks, which the tab's style keeps."""
    shown: list[str] = []
    if article.title and article.title.strip():
        shown.append(article.title)
    at = 0
    for start, end in split_sentences(article.body):
        gap = article.body[at:start] if at else ("\n" if shown else "")
        shown.append(("\n\n" if "\n" in gap else "") + article.body[start:end])
        at = end
    return [(text, n) for n, text in enumerate(shown)]


def label_choices(taxonomy: Taxonomy, task: Task, guess: Guess | None, language: Language) -> list[tuple[str, str]]:
    """(shown, key) of a task's labels with the model's probabilities, topics with the number of their shortcut."""
    choices = []
    for n, key in enumerate(taxonomy.labels(task), 1):
        name = label_name(taxonomy, task, key, language)
        shortcut = f"{n}. " if task == "topics" and n <= NUMBERED else ""
        probability = guess.probabilities[task].get(key) if guess else None
        shown = "" if probability is None else f" · {format_number(probability, language, DIGITS)}"
        choices.append((f"{shortcut}{name}{shown}", key))
    return choices


def first_draft(held: HeldArticle) -> Draft:
    """What to begin with: what this person said before, or else what the model thinks."""
    given = held.before or held.guess
    kept = set(held.before.sentences) if held.before else set()
    marks = tuple(n for n, sentence in enumerate(sentences_of(held.article)) if sentence in kept)
    labels: dict[str, Any] = dict(given.labels)
    return Draft(labels["topics"], labels["stance"], labels["sentiment"], marks)


def fields_html(article: Article) -> str:
    """Outlet and date above the text."""
    day = article.published.strftime("%d-%m-%Y") if article.published else None
    told = [escape(value) for value in (article.outlet, day) if value]
    return f'<p class="review-fields">{" · ".join(told)}</p>' if told else ""


def review_progress_html(person: str, progress: ReviewerProgress, language: Language) -> str:
    """Who reviews, and how far this person is; a bar says it again for the eye."""
    done, left = progress.done, progress.left
    done_text = f"{format_count(done, language)} {review_text('done', language)}"
    said = f"{done_text} · {format_count(left, language)} {review_text('left', language)}"
    share = 100 * done / (done + left) if done + left else 100
    return (
        f'<div class="review-progress"><p><span>{escape(review_text("reviewer", language))}: <b>{escape(person)}</b></span>'
        f'<span class="review-count">{escape(said)}</span></p>'
        f'<div class="review-track" aria-hidden="true"><b style="width:{share:.1f}%"></b></div></div>'
    )


def shortcuts_html(taxonomy: Taxonomy, language: Language) -> str:
    """The keys that work while the tab is shown."""
    last = min(NUMBERED, len(taxonomy.labels("topics")))
    keys = [
        (f"Alt+1–{last}" if last > 1 else "Alt+1", "key_topics"),
        ("Ctrl+Enter", "key_confirm"),
        ("Alt+S", "key_skip"),
        ("Alt+Z", "key_undo"),
    ]
    shown = "".join(f"<span><kbd>{key}</kbd> {escape(review_text(name, language))}</span>" for key, name in keys)
    return f'<p class="review-keys"><b>{escape(review_text("shortcuts", language))}</b>{shown}</p>'


def guidelines_html(taxonomy: Taxonomy, language: Language) -> str:
    """The rules, and the definition of every label by task."""
    rules = "".join(f"<li>{escape(rule[language])}</li>" for rule in RULES)
    parts = [f"<ul>{rules}</ul>"]
    for task in TASKS:
        rows = "".join(
            f"<dt>{escape(label.name_id if language == 'id' else label.name_en)}</dt>"
            f"<dd>{escape(label.definition_id if language == 'id' else label.definition_en)}</dd>"
            for label in taxonomy.entries(task)
        )
        parts.append(f"<h4>{escape(page_text(task, language))}</h4><dl>{rows}</dl>")
    name = escape(review_text("guidelines", language))
    # It scrolls, so it has to be reached by keyboard.
    return f'<div class="review-guidelines" role="region" tabindex="0" aria-label="{name}">{"".join(parts)}</div>'


def keeps_html(file: Path, language: Language) -> str:
    """What this tab keeps, and in which folder, by name alone."""
    folder = file.resolve().parent.name
    before, after = review_text("keeps", language).split("{folder}")
    return f'<p class="review-keeps">{escape(before)}<code>{escape(folder)}</code>{escape(after)}</p>'


def status_html(messages: Sequence[str]) -> str:
    """What just happened, for eyes and screen readers."""
    said = " ".join(messages)
    return f'<p class="review-status" role="status">{escape(said)}</p>' if said else ""


def guess_note_html(language: Language) -> str:
    """What the numbers after labels are."""
    return f'<p class="review-note">{escape(review_text("guess_note", language))}</p>'
