"""The tab of reviews: an article that the model doubts, its labels to confirm or correct, its sentences to mark."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import gradio as gr

from data.taxonomy import TASKS
from serving.page import review_view as view
from serving.page.errors import told_plainly
from serving.page.review_words import say
from serving.page.view import label_name, notice_html
from serving.page.words import Language
from serving.review import leases
from serving.review.answers import NAME_CHARACTERS, check_answer, check_name
from serving.review.leases import Held
from serving.review.problems import ReviewError
from serving.review.store import Store

SCROLL_UP = "() => document.querySelector('#review-head')?.scrollIntoView({block: 'start'})"


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who reviews in this session, and the article that is before them."""

    person: str
    held: Held | None = None


def build_review_tab(store: Store, language: gr.Radio) -> None:
    """Lay out the tab where it is called. What is reviewed is kept in the store; name and article of a visitor in the session."""
    taxonomy = store.taxonomy

    def explain(error: ReviewError, tongue: Language) -> str:
        if error.key is None:
            return say("failed", tongue).format(reason=error)
        default = taxonomy.stance_without_topic
        stance = label_name(taxonomy, "stance", default, tongue) if default else ""
        return say(error.key, tongue).format(stance=stance)

    def refuse(error: ReviewError, tongue: Language) -> tuple[Any, ...]:
        """Say what is wrong, and leave all else as the reviewer has it."""
        return notice_html(explain(error, tongue)), *[gr.skip()] * (len(shown) - 1)

    def show(sitting: Sitting | None, tongue: Language, *said: str) -> tuple[Any, ...]:
        """All parts of the tab, in the order of `shown`."""
        held = sitting.held if sitting else None
        messages = list(said)
        head = ""
        if sitting:
            progress = leases.progress(store, sitting.person)
            head = view.progress_html(sitting.person, progress, tongue)
            if held is None:
                messages.append(say("others_have_them" if progress.left else "all_done", tongue))
        topics, stance, sentiment = view.first_choice(held) if held else ([], None, None)
        fields = view.fields_html(held.article) if held else ""
        chosen: dict[str, Any] = {"topics": topics, "stance": stance, "sentiment": sentiment}
        return (
            view.status_html(messages),
            sitting,
            gr.update(visible=sitting is None),
            gr.update(visible=sitting is not None),
            gr.update(visible=held is not None),
            head,
            gr.update(visible=sitting is not None and held is None),
            gr.update(value=fields, visible=bool(fields)),
            gr.update(
                choices=view.sentence_choices(held.article) if held else [],
                value=view.marked(held.article, held.before) if held else [],
                elem_classes="review-titled" if held and held.article.title else "",
            ),
            *(
                gr.update(choices=view.label_choices(taxonomy, t, held.guess if held else None, tongue), value=chosen[t])
                for t in TASKS
            ),
        )

    def next_of(sitting: Sitting, tongue: Language, *said: str) -> tuple[Any, ...]:
        return show(Sitting(sitting.person, leases.take(store, sitting.person)), tongue, *said)

    @told_plainly
    def begin(name: str | None, tongue: Language | None) -> tuple[Any, ...]:
        tongue = tongue or "id"
        try:
            return next_of(Sitting(check_name(name)), tongue)
        except ReviewError as error:
            return refuse(error, tongue)

    @told_plainly
    def more(sitting: Sitting | None, tongue: Language | None) -> tuple[Any, ...]:
        tongue = tongue or "id"
        try:
            return next_of(sitting, tongue) if sitting else show(None, tongue)
        except ReviewError as error:
            return refuse(error, tongue)

    @told_plainly
    def confirm(
        sitting: Sitting | None, topics: object, stance: object, sentiment: object, marks: object, tongue: Language | None
    ) -> tuple[Any, ...]:
        tongue = tongue or "id"
        try:
            held, person = open_article(sitting)
            answer = check_answer(taxonomy, topics, stance, sentiment, marks, view.sentences_of(held.article))
            leases.confirm(store, person, held.number, answer)
            return next_of(Sitting(person), tongue, say("saved", tongue))
        except ReviewError as error:
            return step_on(error, sitting, tongue)

    @told_plainly
    def skip(sitting: Sitting | None, tongue: Language | None) -> tuple[Any, ...]:
        tongue = tongue or "id"
        try:
            held, person = open_article(sitting)
            leases.skip(store, person, held.number)
            return next_of(Sitting(person), tongue, say("skipped", tongue))
        except ReviewError as error:
            return refuse(error, tongue)

    @told_plainly
    def undo(sitting: Sitting | None, tongue: Language | None) -> tuple[Any, ...]:
        tongue = tongue or "id"
        try:
            if sitting is None:
                raise ReviewError("no article is open", "no_article")
            return show(Sitting(sitting.person, leases.undo(store, sitting.person)), tongue, say("undone", tongue))
        except ReviewError as error:
            return refuse(error, tongue)

    @told_plainly
    def leave(sitting: Sitting | None, tongue: Language | None) -> tuple[Any, ...]:
        tongue = tongue or "id"
        try:
            if sitting and sitting.held:
                leases.give_back(store, sitting.person, sitting.held.number)
            return show(None, tongue)
        except ReviewError as error:
            return refuse(error, tongue)

    def step_on(error: ReviewError, sitting: Sitting | None, tongue: Language) -> tuple[Any, ...]:
        """Where the article is somebody else's by now, go on to the next one."""
        if error.key != "gone" or sitting is None:
            return refuse(error, tongue)
        try:
            return next_of(sitting, tongue, explain(error, tongue))
        except ReviewError as worse:
            return refuse(worse, tongue)

    @told_plainly
    def work(sitting: Sitting | None, tongue: Language | None) -> str:
        """Each click is a sign of work, and renews the lease."""
        try:
            held, person = open_article(sitting)
            leases.renew(store, person, held.number)
        except ReviewError as error:
            return notice_html(explain(error, tongue or "id"))
        return ""

    @told_plainly
    def follow(topics: object) -> Any:
        """Where the last topic is taken away the stance follows from the labels' rule."""
        default = taxonomy.stance_without_topic
        return gr.update(value=default) if not topics and default else gr.skip()

    @told_plainly
    def switch(
        sitting: Sitting | None, topics: object, stance: object, sentiment: object, tongue: Language | None
    ) -> tuple[Any, ...]:
        tongue = tongue or "id"
        guess = sitting.held.guess if sitting and sitting.held else None
        head = view.progress_html(sitting.person, leases.progress(store, sitting.person), tongue) if sitting else ""
        chosen = {"topics": topics, "stance": stance, "sentiment": sentiment}
        return (
            "",
            head,
            *(
                gr.update(label=say(t, tongue), choices=view.label_choices(taxonomy, t, guess, tongue), value=chosen[t])
                for t in TASKS
            ),
            view.keeps_html(store.path.parent.name, tongue),
            gr.update(label=say("name", tongue), info=say("name_info", tongue)),
            *(gr.update(value=say(name, tongue)) for name in ("start", "again", "leave", "confirm", "skip", "undo")),
            gr.update(label=say("sentences", tongue)),
            gr.update(label=say("guidelines", tongue)),
            view.guidelines_html(taxonomy, tongue),
            view.shortcuts_html(taxonomy, tongue),
            note_html(tongue),
        )

    keys = files("serving.page").joinpath("review_keys.js").read_text(encoding="utf-8")
    state = gr.State(None)
    keeps = gr.HTML(view.keeps_html(store.path.parent.name, "id"))
    with gr.Column(elem_id="review-door") as door:
        name = gr.Textbox(label=say("name", "id"), info=say("name_info", "id"), max_length=NAME_CHARACTERS, elem_id="review-name")
        start = gr.Button(say("start", "id"), variant="primary", elem_id="review-start")
    with gr.Row(visible=False, elem_id="review-head") as head_row:
        head = gr.HTML(elem_id="review-progress", min_width=260)
        back = gr.Button(say("undo", "id"), size="sm", scale=0, min_width=190, elem_id="review-undo")
        end = gr.Button(say("leave", "id"), size="sm", scale=0, min_width=160, elem_id="review-leave")
    notice = gr.HTML(elem_id="review-notice")
    again = gr.Button(say("again", "id"), visible=False, elem_id="review-again")
    with gr.Row(visible=False, elem_id="review-desk") as desk:
        with gr.Column(scale=3, min_width=320):
            fields = gr.HTML(visible=False, elem_id="review-article")
            marks = gr.CheckboxGroup([], label=say("sentences", "id"), elem_id="review-sentences")
        with gr.Column(scale=2, min_width=300, elem_id="review-labels"):
            topics = gr.CheckboxGroup([], label=say("topics", "id"), elem_id="review-topics")
            stance = gr.Radio([], label=say("stance", "id"), elem_id="review-stance")
            sentiment = gr.Radio([], label=say("sentiment", "id"), elem_id="review-sentiment")
            note = gr.HTML(note_html("id"))
            with gr.Row():
                ok = gr.Button(say("confirm", "id"), variant="primary", scale=2, min_width=140, elem_id="review-confirm")
                pass_on = gr.Button(say("skip", "id"), min_width=90, elem_id="review-skip")
            shortcuts = gr.HTML(view.shortcuts_html(taxonomy, "id"), js_on_load=keys, elem_id="review-shortcuts")
            with gr.Accordion(say("guidelines", "id"), open=True, elem_id="review-guidelines") as accordion:
                guidelines = gr.HTML(view.guidelines_html(taxonomy, "id"))
    labels = [topics, stance, sentiment]
    shown = [notice, state, door, head_row, desk, head, again, fields, marks, *labels]
    private: dict[str, Any] = {"api_visibility": "private"}
    gr.on([start.click, name.submit], begin, [name, language], shown, **private)
    again.click(more, [state, language], shown, **private)
    end.click(leave, [state, language], shown, **private)
    for button, handler, given in (
        (ok, confirm, [state, *labels, marks, language]),
        (pass_on, skip, [state, language]),
        (back, undo, [state, language]),
    ):
        button.click(handler, given, shown, **private).then(None, None, None, js=SCROLL_UP, **private)
    for part in (*labels, marks):
        part.input(work, [state, language], notice, show_progress="hidden", **private)
    topics.input(follow, topics, stance, show_progress="hidden", **private)
    language.change(
        switch,
        [state, *labels, language],
        [notice, head, *labels, keeps, name, start, again, end, ok, pass_on, back, marks, accordion, guidelines, shortcuts, note],
        **private,
    )


def open_article(sitting: Sitting | None) -> tuple[Held, str]:
    """The article that is before the visitor, and who that is; ReviewError where there is none."""
    if sitting is None or sitting.held is None:
        raise ReviewError("no article is open; get the next one first", "no_article")
    return sitting.held, sitting.person


def note_html(tongue: Language) -> str:
    """What the numbers after labels are."""
    return f'<p class="review-note">{say("guess_note", tongue)}</p>'
