"""What the parts of the Review tab show: of an article and its reviewer, and in another language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import gradio as gr

from sorot.data.taxonomy import json_value
from sorot.serving.page.review import answered_view, view
from sorot.serving.page.review.reviewer_session import ReviewerSession, empty_draft, read_session
from sorot.serving.page.review.words import review_text
from sorot.serving.review import leases
from sorot.serving.review.answered import search_answered
from sorot.serving.review.leases import HeldArticle
from sorot.serving.review.store import Store
from sorot.serving.words.language import Language

Parts = tuple[Any, ...]
# Parts that every handler but `switch` returns, besides one for each task: notice, session, name box, head row, desk, head,
# button for more, the article's fields and its sentences; after the tasks quotes, flag, note, the switch that hides the
# model's answer, the sentence about that answer, what is answered, the progress of all, and
# the box of these two.
SHOWN_PARTS = 17
BEFORE_TASKS = 9
# Parts with words, besides one for each task: the notice, the head, and 26 more.
WORDED_PARTS = 28
RENAMED = ("quotes", "blind", "answered_by_you", "search", "only_flagged")


def untouched(store: Store, n_parts: int) -> Parts:
    """All parts as they are; `n_parts` besides one for each task."""
    return (gr.skip(),) * (n_parts + len(store.taxonomy.tasks))


def only_parts(store: Store, *, quotes: Any = None, found: Any = None) -> Parts:
    """All parts as they are but these."""
    parts = list(untouched(store, SHOWN_PARTS))
    parts[0] = ""
    for place, part in ((0, quotes), (5, found)):
        if part is not None:
            parts[BEFORE_TASKS + len(store.taxonomy.tasks) + place] = part
    return tuple(parts)


def shown_parts(store: Store, session: ReviewerSession | None, held: HeldArticle | None, lang: Language, *notes: str) -> Parts:
    """All parts, with the held article and its draft, if there are any."""
    taxonomy = store.taxonomy
    messages, head, team, found, hidden, chosen = list(notes), "", "", "", False, empty_draft(taxonomy)
    if session:
        progress = leases.reviewer_progress(store, session.person)
        head = view.review_progress_html(session.person, progress, lang)
        team = answered_view.team_html(store, lang)
        found = answered_view.answered_html(taxonomy, search_answered(store, session.person, ""), lang)
        if held is None:
            messages.append(review_text("others_have_them" if progress.left else "all_done", lang))
            session = replace(session, number=None)
        else:
            hidden = hides(session, held)
            chosen = session.drafts.get(str(held.number)) or view.first_draft(taxonomy, held, hidden)
            drafts = {number: draft for number, draft in session.drafts.items() if number != str(held.number)}
            seen = not hidden or (session.seen and session.number == held.number)
            session = replace(session, number=held.number, drafts=drafts, seen=seen)
    fields = view.fields_html(held.article) if held else ""
    sentences = view.sentence_choices(held.article) if held else []
    guess = held.guess if held and not hidden else None
    audit = bool(held and held.audit)
    return (
        view.status_html(messages),
        session.to_client(taxonomy, chosen) if session else None,
        gr.update(visible=session is None),
        gr.update(visible=session is not None),
        gr.update(visible=held is not None),
        head,
        gr.update(visible=session is not None and held is None),
        gr.update(value=fields, visible=bool(fields)),
        gr.update(
            choices=sentences,
            value=[n for n in chosen.marks if 0 <= n < len(sentences)],
            elem_classes="review-titled" if held and held.article.title else "",
        ),
        *(
            gr.update(choices=view.label_choices(taxonomy, task, guess, lang), value=json_value(chosen.labels[task.key]))
            for task in taxonomy.tasks
        ),
        gr.update(choices=view.quote_choices(chosen.quotes), value=list(chosen.quotes), visible=bool(chosen.quotes)),
        chosen.flag,
        chosen.note,
        gr.update(value=bool(session and session.blind), visible=not audit),
        view.guess_note_html(lang, hidden=hidden, audit=audit),
        found,
        team,
        gr.update(visible=session is not None),
    )


def worded_parts(store: Store, raw: object, labels: Sequence[Any], words: object, flagged: object, lang: Language) -> Parts:
    """The tab in another language, with all choices as they are."""
    taxonomy = store.taxonomy
    session = read_session(taxonomy, raw)
    held = None
    if session and session.number is not None:
        held = leases.article_for(store, session.person, session.number)
    head, team, found = "", "", ""
    if session:
        head = view.review_progress_html(session.person, leases.reviewer_progress(store, session.person), lang)
        team = answered_view.team_html(store, lang)
        answered = search_answered(store, session.person, words, flagged=flagged is True)
        found = answered_view.answered_html(taxonomy, answered, lang)
    hidden = bool(session and held and hides(session, held))
    guess = held.guess if held and not hidden else None
    return (
        "",
        head,
        *(
            gr.update(label=view.task_label(task, lang), choices=view.label_choices(taxonomy, task, guess, lang), value=value)
            for task, value in zip(taxonomy.tasks, labels, strict=True)
        ),
        view.keeps_html(store.path, lang),
        gr.update(label=review_text("name", lang), info=review_text("name_info", lang)),
        *(gr.update(value=review_text(name, lang)) for name in ("start", "again", "leave")),
        *(gr.update(value=view.button_text(name, lang)) for name in ("confirm", "skip", "undo")),
        gr.update(label=review_text("sentences", lang)),
        gr.update(label=review_text("guidelines", lang)),
        view.guidelines_html(taxonomy, lang),
        view.shortcuts_html(taxonomy, lang),
        view.guess_note_html(lang, hidden=hidden, audit=bool(held and held.audit)),
        view.tools_html(lang),
        *(gr.update(label=view.button_text(name, lang)) for name in ("flag", "note")),
        *(gr.update(label=review_text(name, lang)) for name in ("quotes", "blind", "answered_by_you", "search", "only_flagged")),
        gr.update(label=review_text("team_title", lang)),
        found,
        team,
    )


def hides(session: ReviewerSession, held: HeldArticle) -> bool:
    """Whether the model's labels of the article are hidden: of an audit sample, or if asked, until the person has answered."""
    return held.before is None and (held.audit or session.blind)
