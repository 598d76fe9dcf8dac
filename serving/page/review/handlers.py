"""The handlers of the Review tab: from what a browser sends to what the parts of the tab show."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from sorot.data.taxonomy import json_value
from sorot.serving.page.common.templates import notice_html
from sorot.serving.page.review import view
from sorot.serving.page.review.reviewer_session import ReviewerSession, empty_draft, read_draft, read_session
from sorot.serving.page.review.words import review_text
from sorot.serving.review import leases
from sorot.serving.review.errors import ReviewError
from sorot.serving.review.leases import HeldArticle
from sorot.serving.review.reviewer_answer import check_answer, check_name
from sorot.serving.review.store import Store
from sorot.serving.words.language import Language, as_language
from sorot.serving.words.task_words import capitalised, default_text, enumerate_names, inside

Parts = tuple[Any, ...]
# Parts that every handler but `switch` returns, besides one for each task: notice, session, name box, head row, desk, head,
# button for more, the article's fields and its sentences.
SHOWN_PARTS = 9
# Parts with words, besides one for each task: the notice, the head, and 14 more.
WORDED_PARTS = 16


def explain_errors(n_parts: int) -> Callable[[Callable[..., Parts]], Callable[..., Parts]]:
    """Makes a handler whose last argument is the page's language show errors as a notice and leave all other parts alone."""

    def wrap(handler: Callable[..., Parts]) -> Callable[..., Parts]:
        @functools.wraps(handler)
        def wrapped(handlers: ReviewHandlers, *given: Any) -> Parts:
            *rest, asked = given
            lang = as_language(asked)
            try:
                return handler(handlers, *rest, lang)
            except ReviewError as error:
                message = handlers.explain(error, lang)
            except Exception as error:
                # Only its type: a traceback may hold the article.
                message = review_text("broken", lang, kind=type(error).__name__)
            return notice_html(message), *handlers.untouched(n_parts)[1:]

        return wrapped

    return wrap


@dataclass(frozen=True, slots=True)
class ReviewHandlers:
    """The handlers of the tab over a store. All but `switch` return the parts of SHOWN_PARTS, then one for each task.

    `answer` is what a browser sent of the form: a value for each task in order, then the marked sentences.
    """

    store: Store

    def untouched(self, n_parts: int) -> Parts:
        """All parts as they are; `n_parts` besides one for each task."""
        return (gr.skip(),) * (n_parts + len(self.store.taxonomy.tasks))

    def explain(self, error: ReviewError, lang: Language) -> str:
        """The error in the page's language."""
        taxonomy = self.store.taxonomy
        if error.key == "default_not_chosen" and error.task:
            return default_text(taxonomy, taxonomy.task(error.task), "default_rule", lang)
        if error.key == "unchosen":
            names = [inside(task.name(lang)) for task in taxonomy.one_tasks]
            return review_text("unchosen", lang, tasks=capitalised(enumerate_names(names, lang)))
        return review_text(error.key or "failed", lang)

    def show(self, session: ReviewerSession | None, held: HeldArticle | None, lang: Language, *notes: str) -> Parts:
        """All parts, with the held article and its draft, if there are any."""
        taxonomy = self.store.taxonomy
        messages, head, chosen = list(notes), "", empty_draft(taxonomy)
        if session:
            progress = leases.reviewer_progress(self.store, session.person)
            head = view.review_progress_html(session.person, progress, lang)
            if held is None:
                messages.append(review_text("others_have_them" if progress.left else "all_done", lang))
                session = replace(session, number=None)
            else:
                chosen = session.drafts.get(str(held.number)) or view.first_draft(taxonomy, held)
                drafts = {number: draft for number, draft in session.drafts.items() if number != str(held.number)}
                session = ReviewerSession(session.person, held.number, drafts)
        fields = view.fields_html(held.article) if held else ""
        sentences = view.sentence_choices(held.article) if held else []
        guess = held.guess if held else None
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
        )

    def next_of(self, session: ReviewerSession, lang: Language, *notes: str) -> Parts:
        """The next article of a reviewer."""
        return self.show(session, leases.take(self.store, session.person), lang, *notes)

    @explain_errors(SHOWN_PARTS)
    def begin(self, name: object, lang: Language) -> Parts:
        return self.next_of(ReviewerSession(leases.known_spelling(self.store, check_name(name))), lang)

    @explain_errors(SHOWN_PARTS)
    def more(self, raw: object, lang: Language) -> Parts:
        session = read_session(self.store.taxonomy, raw)
        return self.next_of(session, lang) if session else self.show(None, None, lang)

    @explain_errors(SHOWN_PARTS)
    def confirm(self, raw: object, *answer_and_language: Any) -> Parts:
        *labels, marks, lang = answer_and_language
        session, held = self.open_article(raw)
        by_task = dict(zip(self.store.taxonomy.keys, labels, strict=True))
        answer = check_answer(self.store.taxonomy, by_task, marks, view.sentences_of(held.article))
        try:
            leases.confirm(self.store, session.person, held.number, answer)
        except ReviewError as error:
            return self.step_on(error, session, lang)
        return self.next_of(session, lang, review_text("saved", lang))

    @explain_errors(SHOWN_PARTS)
    def skip(self, raw: object, *answer_and_language: Any) -> Parts:
        *labels, marks, lang = answer_and_language
        session, held = self.open_article(raw)
        kept = self.keep_draft(session, held, labels, marks)
        leases.skip(self.store, session.person, held.number)
        return self.next_of(kept, lang, review_text("skipped", lang))

    @explain_errors(SHOWN_PARTS)
    def undo(self, raw: object, *answer_and_language: Any) -> Parts:
        *labels, marks, lang = answer_and_language
        session = read_session(self.store.taxonomy, raw)
        if session is None:
            raise ReviewError("no article is open", "no_article")
        kept = session
        if session.number is not None:
            held = leases.article_for(self.store, session.person, session.number)
            kept = self.keep_draft(session, held, labels, marks)
        last = leases.undo(self.store, session.person)
        notes = [review_text("undone", lang)]
        if str(session.number) in kept.drafts and session.number != last.number:
            notes.append(review_text("draft_kept", lang))
        return self.show(kept, last, lang, *notes)

    @explain_errors(SHOWN_PARTS)
    def leave(self, raw: object, lang: Language) -> Parts:
        session = read_session(self.store.taxonomy, raw)
        if session and session.number is not None:
            leases.give_back(self.store, session.person, session.number)
        return self.show(None, None, lang)

    @explain_errors(SHOWN_PARTS)
    def work(self, raw: object, lang: Language) -> Parts:
        """Each click shows that the reviewer is at work, and renews the lease."""
        session, held = self.open_article(raw)
        try:
            leases.renew(self.store, session.person, held.number)
        except ReviewError as error:
            # The reviewer saved the article while this call was under way.
            if error.key != "answered":
                return self.step_on(error, session, lang)
        return self.untouched(SHOWN_PARTS)

    @explain_errors(WORDED_PARTS)
    def switch(self, raw: object, *labels_and_language: Any) -> Parts:
        """The tab in another language, with all choices as they are."""
        *labels, lang = labels_and_language
        taxonomy, store = self.store.taxonomy, self.store
        session = read_session(taxonomy, raw)
        held = None
        if session and session.number is not None:
            held = leases.article_for(store, session.person, session.number)
        head = ""
        if session:
            head = view.review_progress_html(session.person, leases.reviewer_progress(store, session.person), lang)
        guess = held.guess if held else None
        return (
            "",
            head,
            *(
                gr.update(label=view.task_label(task, lang), choices=view.label_choices(taxonomy, task, guess, lang), value=value)
                for task, value in zip(taxonomy.tasks, labels, strict=True)
            ),
            view.keeps_html(store.path, lang),
            gr.update(label=review_text("name", lang), info=review_text("name_info", lang)),
            *(gr.update(value=review_text(name, lang)) for name in ("start", "again", "leave", "confirm", "skip", "undo")),
            gr.update(label=review_text("sentences", lang)),
            gr.update(label=review_text("guidelines", lang)),
            view.guidelines_html(taxonomy, lang),
            view.shortcuts_html(taxonomy, lang),
            view.guess_note_html(lang),
        )

    def open_article(self, raw: object) -> tuple[ReviewerSession, HeldArticle]:
        """The session and the article that the page shows; ReviewError if no article is open."""
        session = read_session(self.store.taxonomy, raw)
        if session is None or session.number is None:
            raise ReviewError("no article is open; get the next one first", "no_article")
        return session, leases.article_for(self.store, session.person, session.number)

    def keep_draft(self, session: ReviewerSession, held: HeldArticle, labels: Sequence[object], marks: object) -> ReviewerSession:
        """The session with the unsaved changes to the open article, for when it comes back."""
        draft = read_draft(self.store.taxonomy, labels, marks)
        if draft == view.first_draft(self.store.taxonomy, held):
            return session
        return replace(session, drafts={**session.drafts, str(held.number): draft})

    def step_on(self, error: ReviewError, session: ReviewerSession, lang: Language) -> Parts:
        """If the open article is done or with another reviewer by now, say so and go on to the next one."""
        if error.key not in ("gone", "answered"):
            raise error
        held = leases.take(self.store, session.person)
        notes = [self.explain(error, lang), *([review_text("here_is_next", lang)] if held else [])]
        return self.show(session, held, lang, *notes)
