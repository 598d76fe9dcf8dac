"""What the tab of reviews does: from what a browser sends to what the parts of the tab show."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from sorot.data.taxonomy import TASKS
from sorot.serving.page.common.language import Language, as_language
from sorot.serving.page.common.templates import notice_html
from sorot.serving.page.common.verdict import label_name
from sorot.serving.page.review import view
from sorot.serving.page.review.reviewer_session import Draft, ReviewerSession, read_draft, read_session
from sorot.serving.page.review.words import review_text
from sorot.serving.review import leases
from sorot.serving.review.errors import ReviewError
from sorot.serving.review.leases import HeldArticle
from sorot.serving.review.reviewer_answer import check_answer, check_name
from sorot.serving.review.store import Store

Parts = tuple[Any, ...]
# The notice, the sitting, the door, the head's row, the desk, the head, the button for more, the article's fields, its
# sentences, and a part for each task.
N_SHOWN = 9 + len(TASKS)
# The notice, the head, a part for each task, and all else that has words.
N_WORDED = 2 + len(TASKS) + 14


def explain_errors(n_parts: int) -> Callable[[Callable[..., Parts]], Callable[..., Parts]]:
    """Of a handler whose last argument is the page's language: what goes wrong is told in it, and all else stays as it is."""

    def wrap(handler: Callable[..., Parts]) -> Callable[..., Parts]:
        @functools.wraps(handler)
        def wrapped(desk: ReviewHandlers, *given: Any) -> Parts:
            *rest, asked = given
            tongue = as_language(asked)
            try:
                return handler(desk, *rest, tongue)
            except ReviewError as error:
                told = desk.explain(error, tongue)
            except Exception as error:
                # Only its kind: a traceback may hold the article.
                told = review_text("broken", tongue, kind=type(error).__name__)
            return notice_html(told), *[gr.skip()] * (n_parts - 1)

        return wrapped

    return wrap


@dataclass(frozen=True, slots=True)
class ReviewHandlers:
    """The handlers of the tab over a store. All but `switch` return the tab's parts in the order of N_SHOWN."""

    store: Store

    def explain(self, error: ReviewError, tongue: Language) -> str:
        """What went wrong in the tab's own words."""
        taxonomy = self.store.taxonomy
        default = taxonomy.stance_without_topic
        stance = label_name(taxonomy, "stance", default, tongue) if default else ""
        return review_text(error.key or "failed", tongue).format(stance=stance)

    def show(self, sitting: ReviewerSession | None, held: HeldArticle | None, tongue: Language, *said: str) -> Parts:
        """All parts, with the article that is held, filled in by its draft where there is one."""
        taxonomy = self.store.taxonomy
        messages, head, chosen = list(said), "", Draft()
        if sitting:
            progress = leases.reviewer_progress(self.store, sitting.person)
            head = view.review_progress_html(sitting.person, progress, tongue)
            if held is None:
                messages.append(review_text("others_have_them" if progress.left else "all_done", tongue))
                sitting = replace(sitting, number=None)
            else:
                chosen = sitting.drafts.get(str(held.number)) or view.first_draft(held)
                drafts = {number: draft for number, draft in sitting.drafts.items() if number != str(held.number)}
                sitting = ReviewerSession(sitting.person, held.number, drafts)
        fields = view.fields_html(held.article) if held else ""
        sentences = view.sentence_choices(held.article) if held else []
        values = {"topics": list(chosen.topics), "stance": chosen.stance, "sentiment": chosen.sentiment}
        return (
            view.status_html(messages),
            sitting.to_client(taxonomy, chosen) if sitting else None,
            gr.update(visible=sitting is None),
            gr.update(visible=sitting is not None),
            gr.update(visible=held is not None),
            head,
            gr.update(visible=sitting is not None and held is None),
            gr.update(value=fields, visible=bool(fields)),
            gr.update(
                choices=sentences,
                value=[n for n in chosen.marks if 0 <= n < len(sentences)],
                elem_classes="review-titled" if held and held.article.title else "",
            ),
            *(
                gr.update(choices=view.label_choices(taxonomy, t, held.guess if held else None, tongue), value=values[t])
                for t in TASKS
            ),
        )

    def next_of(self, sitting: ReviewerSession, tongue: Language, *said: str) -> Parts:
        """The next article of a reviewer."""
        return self.show(sitting, leases.take(self.store, sitting.person), tongue, *said)

    @explain_errors(N_SHOWN)
    def begin(self, name: object, tongue: Language) -> Parts:
        return self.next_of(ReviewerSession(leases.known_spelling(self.store, check_name(name))), tongue)

    @explain_errors(N_SHOWN)
    def more(self, raw: object, tongue: Language) -> Parts:
        sitting = read_session(self.store.taxonomy, raw)
        return self.next_of(sitting, tongue) if sitting else self.show(None, None, tongue)

    @explain_errors(N_SHOWN)
    def confirm(self, raw: object, topics: object, stance: object, sentiment: object, marks: object, tongue: Language) -> Parts:
        sitting, held = self.open_article(raw)
        sentences = view.sentences_of(held.article)
        answer = check_answer(self.store.taxonomy, {"topics": topics, "stance": stance, "sentiment": sentiment}, marks, sentences)
        try:
            leases.confirm(self.store, sitting.person, held.number, answer)
        except ReviewError as error:
            return self.step_on(error, sitting, tongue)
        return self.next_of(sitting, tongue, review_text("saved", tongue))

    @explain_errors(N_SHOWN)
    def skip(self, raw: object, topics: object, stance: object, sentiment: object, marks: object, tongue: Language) -> Parts:
        sitting, held = self.open_article(raw)
        kept = self.keep_draft(sitting, held, topics, stance, sentiment, marks)
        leases.skip(self.store, sitting.person, held.number)
        return self.next_of(kept, tongue, review_text("skipped", tongue))

    @explain_errors(N_SHOWN)
    def undo(self, raw: object, topics: object, stance: object, sentiment: object, marks: object, tongue: Language) -> Parts:
        sitting = read_session(self.store.taxonomy, raw)
        if sitting is None:
            raise ReviewError("no article is open", "no_article")
        kept = sitting
        if sitting.number is not None:
            held = leases.article_for(self.store, sitting.person, sitting.number)
            kept = self.keep_draft(sitting, held, topics, stance, sentiment, marks)
        last = leases.undo(self.store, sitting.person)
        said = [review_text("undone", tongue)]
        if str(sitting.number) in kept.drafts and sitting.number != last.number:
            said.append(review_text("draft_kept", tongue))
        return self.show(kept, last, tongue, *said)

    @explain_errors(N_SHOWN)
    def leave(self, raw: object, tongue: Language) -> Parts:
        sitting = read_session(self.store.taxonomy, raw)
        if sitting and sitting.number is not None:
            leases.give_back(self.store, sitting.person, sitting.number)
        return self.show(None, None, tongue)

    @explain_errors(N_SHOWN)
    def work(self, raw: object, tongue: Language) -> Parts:
        """Each click is a sign of work, and renews the lease."""
        sitting, held = self.open_article(raw)
        try:
            leases.renew(self.store, sitting.person, held.number)
        except ReviewError as error:
            # One's own answer, to an article that was saved while this was on its way, is no news.
            if error.key != "answered":
                return self.step_on(error, sitting, tongue)
        return (gr.skip(),) * N_SHOWN

    @explain_errors(N_WORDED)
    def switch(self, raw: object, topics: object, stance: object, sentiment: object, tongue: Language) -> Parts:
        """The tab in another language, with all choices as they are."""
        taxonomy, store = self.store.taxonomy, self.store
        sitting = read_session(taxonomy, raw)
        held = None
        if sitting and sitting.number is not None:
            held = leases.article_for(store, sitting.person, sitting.number)
        head = ""
        if sitting:
            head = view.review_progress_html(sitting.person, leases.reviewer_progress(store, sitting.person), tongue)
        guess = held.guess if held else None
        values = {"topics": topics, "stance": stance, "sentiment": sentiment}
        return (
            "",
            head,
            *(
                gr.update(label=review_text(t, tongue), choices=view.label_choices(taxonomy, t, guess, tongue), value=values[t])
                for t in TASKS
            ),
            view.keeps_html(store.path, tongue),
            gr.update(label=review_text("name", tongue), info=review_text("name_info", tongue)),
            *(gr.update(value=review_text(name, tongue)) for name in ("start", "again", "leave", "confirm", "skip", "undo")),
            gr.update(label=review_text("sentences", tongue)),
            gr.update(label=review_text("guidelines", tongue)),
            view.guidelines_html(taxonomy, tongue),
            view.shortcuts_html(taxonomy, tongue),
            view.guess_note_html(tongue),
        )

    def open_article(self, raw: object) -> tuple[ReviewerSession, HeldArticle]:
        """Who reviews, and the article that their page shows; ReviewError where there is none."""
        sitting = read_session(self.store.taxonomy, raw)
        if sitting is None or sitting.number is None:
            raise ReviewError("no article is open; get the next one first", "no_article")
        return sitting, leases.article_for(self.store, sitting.person, sitting.number)

    def keep_draft(
        self, sitting: ReviewerSession, held: HeldArticle, topics: object, stance: object, sentiment: object, marks: object
    ) -> ReviewerSession:
        """The sitting with what was changed in the open article, to be shown when it comes back."""
        draft = read_draft(self.store.taxonomy, topics, stance, sentiment, marks)
        if draft == view.first_draft(held):
            return sitting
        return replace(sitting, drafts={**sitting.drafts, str(held.number): draft})

    def step_on(self, error: ReviewError, sitting: ReviewerSession, tongue: Language) -> Parts:
        """Where the open article is somebody else's by now, or done, review_text so and go on to the next one."""
        if error.key not in ("gone", "answered"):
            raise error
        held = leases.take(self.store, sitting.person)
        said = [self.explain(error, tongue), *([review_text("here_is_next", tongue)] if held else [])]
        return self.show(sitting, held, tongue, *said)
