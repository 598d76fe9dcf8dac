"""The handlers of the Review tab: from what a browser sends to what the parts of the tab show."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from sorot.serving.page.common.templates import notice_html
from sorot.serving.page.review import answered_view, view
from sorot.serving.page.review.parts import (
    SHOWN_PARTS,
    WORDED_PARTS,
    Parts,
    hides,
    only_parts,
    shown_parts,
    untouched,
    worded_parts,
)
from sorot.serving.page.review.reviewer_session import ReviewerSession, read_draft, read_session
from sorot.serving.page.review.words import review_text
from sorot.serving.review import leases
from sorot.serving.review.answered import open_answered, search_answered
from sorot.serving.review.errors import ReviewError
from sorot.serving.review.leases import HeldArticle
from sorot.serving.review.reviewer_answer import MOST_QUOTES, add_remarks, check_answer, check_name, find_quote
from sorot.serving.review.store import Store
from sorot.serving.words.language import Language, as_language
from sorot.serving.words.task_words import capitalised, default_text, enumerate_names, inside


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
            return notice_html(message), *untouched(handlers.store, n_parts)[1:]

        return wrapped

    return wrap


@dataclass(frozen=True, slots=True)
class ReviewHandlers:
    """The handlers of the tab over a store. All but `switch` return the parts of SHOWN_PARTS, with one for each task among them.

    `answer` is what a browser sent of the form: a value for each task in order, then marked sentences, quotes, flag and note.
    """

    store: Store

    def explain(self, error: ReviewError, lang: Language) -> str:
        """The error in the page's language."""
        taxonomy = self.store.taxonomy
        if error.key == "default_not_chosen" and error.task:
            return default_text(taxonomy, taxonomy.task(error.task), "default_rule", lang)
        if error.key == "unchosen":
            names = [inside(task.name(lang)) for task in taxonomy.one_tasks]
            return review_text("unchosen", lang, tasks=capitalised(enumerate_names(names, lang)))
        return review_text(error.key or "failed", lang)

    def next_of(self, session: ReviewerSession, lang: Language, *notes: str) -> Parts:
        """The next article of a reviewer."""
        return shown_parts(self.store, replace(session, reopened=False), leases.take(self.store, session.person), lang, *notes)

    @explain_errors(SHOWN_PARTS)
    def begin(self, name: object, lang: Language) -> Parts:
        return self.next_of(ReviewerSession(leases.known_spelling(self.store, check_name(name))), lang)

    @explain_errors(SHOWN_PARTS)
    def more(self, raw: object, lang: Language) -> Parts:
        session = read_session(self.store.taxonomy, raw)
        return self.next_of(session, lang) if session else shown_parts(self.store, None, None, lang)

    @explain_errors(SHOWN_PARTS)
    def confirm(self, raw: object, *answer_and_language: Any) -> Parts:
        *labels, marks, quotes, flag, note, lang = answer_and_language
        session, held = self.open_article(raw)
        by_task = dict(zip(self.store.taxonomy.keys, labels, strict=True))
        checked = check_answer(self.store.taxonomy, by_task, marks, view.sentences_of(held.article))
        answer = add_remarks(checked, held.article, quotes, flag, note)
        blind = not session.seen
        try:
            if session.reopened:
                leases.amend(self.store, session.person, held.number, answer)
            else:
                leases.confirm(self.store, session.person, held.number, answer, blind=blind)
        except ReviewError as error:
            return self.step_on(error, session, lang)
        notes = [review_text("saved", lang)]
        if blind:
            notes.append(view.reveal_text(self.store.taxonomy, held.guess, answer, lang))
        return self.next_of(session, lang, *notes)

    @explain_errors(SHOWN_PARTS)
    def skip(self, raw: object, *answer_and_language: Any) -> Parts:
        *answer, lang = answer_and_language
        session, held = self.open_article(raw)
        if session.reopened:
            return self.next_of(session, lang, review_text("left_alone", lang))
        kept = self.keep_draft(session, held, answer)
        leases.skip(self.store, session.person, held.number)
        return self.next_of(kept, lang, review_text("skipped", lang))

    @explain_errors(SHOWN_PARTS)
    def undo(self, raw: object, *answer_and_language: Any) -> Parts:
        *answer, lang = answer_and_language
        session = self.sat_down(raw)
        kept = self.keep_open(session, answer)
        last = leases.undo(self.store, session.person)
        notes = [review_text("undone", lang)]
        if str(session.number) in kept.drafts and session.number != last.number:
            notes.append(review_text("draft_kept", lang))
        return shown_parts(self.store, replace(kept, reopened=False), last, lang, *notes)

    @explain_errors(SHOWN_PARTS)
    def reopen(self, article: object, raw: object, *answer_and_language: Any) -> Parts:
        """An answered article with its answer; what is open meanwhile keeps its draft and its place."""
        *answer, lang = answer_and_language
        session = self.sat_down(raw)
        held = open_answered(self.store, session.person, article)
        kept = self.keep_open(session, answer) if session.number != held.number else session
        return shown_parts(self.store, replace(kept, reopened=True), held, lang, review_text("reopened", lang))

    @explain_errors(SHOWN_PARTS)
    def hide(self, blind: object, raw: object, *answer_and_language: Any) -> Parts:
        """Hides or shows the model's answer; what was filled in by hand stays."""
        *answer, lang = answer_and_language
        session = self.sat_down(raw)
        kept = replace(self.keep_open(session, answer), blind=blind is True)
        held = leases.article_for(self.store, session.person, session.number) if session.number is not None else None
        return shown_parts(self.store, kept, held, lang)

    @explain_errors(SHOWN_PARTS)
    def quote(self, text: object, quotes: object, raw: object, *_: Language) -> Parts:
        """A stretch of the open article joins the quotes of its answer."""
        held = self.open_article(raw)[1]
        before = [q for q in quotes if isinstance(q, str)] if isinstance(quotes, list | tuple) else []
        kept = list(dict.fromkeys([*before, find_quote(text, held.article)]))[:MOST_QUOTES]
        return only_parts(self.store, quotes=gr.update(choices=view.quote_choices(kept), value=kept, visible=True))

    @explain_errors(SHOWN_PARTS)
    def search(self, raw: object, words: object, flagged: object, lang: Language) -> Parts:
        """The person's answers with these words."""
        session = self.sat_down(raw)
        page = search_answered(self.store, session.person, words, flagged=flagged is True)
        return only_parts(self.store, found=answered_view.answered_html(self.store.taxonomy, page, lang))

    @explain_errors(SHOWN_PARTS)
    def leave(self, raw: object, lang: Language) -> Parts:
        session = read_session(self.store.taxonomy, raw)
        if session and session.number is not None:
            leases.give_back(self.store, session.person, session.number)
        return shown_parts(self.store, None, None, lang)

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
        return untouched(self.store, SHOWN_PARTS)

    @explain_errors(WORDED_PARTS)
    def switch(self, raw: object, *given: Any) -> Parts:
        """The tab in another language, with all choices as they are."""
        *labels, words, flagged, lang = given
        return worded_parts(self.store, raw, labels, words, flagged, lang)

    def sat_down(self, raw: object) -> ReviewerSession:
        """The session that the page shows; ReviewError if there is none."""
        session = read_session(self.store.taxonomy, raw)
        if session is None:
            raise ReviewError("no article is open; get the next one first", "no_article")
        return session

    def open_article(self, raw: object) -> tuple[ReviewerSession, HeldArticle]:
        """The session and the article that the page shows; ReviewError if no article is open."""
        session = read_session(self.store.taxonomy, raw)
        if session is None or session.number is None:
            raise ReviewError("no article is open; get the next one first", "no_article")
        return session, leases.article_for(self.store, session.person, session.number)

    def keep_draft(self, session: ReviewerSession, held: HeldArticle, answer: Sequence[object]) -> ReviewerSession:
        """The session with the unsaved changes to the open article, for when it comes back."""
        draft = read_draft(self.store.taxonomy, answer)
        if draft == view.first_draft(self.store.taxonomy, held, hides(session, held)):
            return session
        return replace(session, drafts={**session.drafts, str(held.number): draft})

    def keep_open(self, session: ReviewerSession, answer: Sequence[object]) -> ReviewerSession:
        """The session with the unsaved changes, if an article is open."""
        if session.number is None:
            return session
        return self.keep_draft(session, leases.article_for(self.store, session.person, session.number), answer)

    def step_on(self, error: ReviewError, session: ReviewerSession, lang: Language) -> Parts:
        """If the open article is done or with another reviewer by now, say so and go on to the next one."""
        if error.key not in ("gone", "answered"):
            raise error
        session = replace(session, reopened=False)
        held = leases.take(self.store, session.person)
        notes = [self.explain(error, lang), *([review_text("here_is_next", lang)] if held else [])]
        return shown_parts(self.store, session, held, lang, *notes)
