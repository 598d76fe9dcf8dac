"""The Review tab: an article that the model is unsure about, its labels to confirm or correct, its sentences to mark."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import gradio as gr

from sorot.serving.page.review import view
from sorot.serving.page.review.handlers import ReviewHandlers
from sorot.serving.page.review.words import review_text
from sorot.serving.review.reviewer_answer import NAME_CHARACTERS
from sorot.serving.review.store import Store

# The message about the last article goes at the next click: in the browser, as a late reply could remove a newer one.
HUSH = "() => ''"
# A choice by hand replaces the one that a default had pushed aside.
CHOSEN_BY_HAND = "session => ({ ...session, kept: session.kept.with(NUMBER, null) })"


def build_review_tab(store: Store, language: gr.Radio) -> None:
    """Lay out the tab in the current Gradio context. Answers go to the store; name and open article stay in the browser."""
    taxonomy, handlers = store.taxonomy, ReviewHandlers(store)
    folder = files("sorot.serving.page.review")
    keys, follow, arrive = (folder.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in ("keys", "defaults", "arrive"))
    session = gr.JSON(visible="hidden", elem_id="review-session")
    keeps = gr.HTML(view.keeps_html(store.path, "id"), elem_id="review-keeps")
    with gr.Column(elem_id="review-door") as door:
        name = gr.Textbox(
            label=review_text("name", "id"),
            info=review_text("name_info", "id"),
            max_length=NAME_CHARACTERS,
            elem_id="review-name",
        )
        start = gr.Button(review_text("start", "id"), variant="primary", elem_id="review-start")
    with gr.Row(visible=False, elem_id="review-head") as head_row:
        head = gr.HTML(elem_id="review-progress", min_width=260)
        back = gr.Button(review_text("undo", "id"), size="sm", scale=0, min_width=190, elem_id="review-undo")
        end = gr.Button(review_text("leave", "id"), size="sm", scale=0, min_width=160, elem_id="review-leave")
    notice = gr.HTML(elem_id="review-notice")
    again = gr.Button(review_text("again", "id"), visible=False, elem_id="review-again")
    with gr.Row(visible=False, elem_id="review-desk") as desk:
        with gr.Column(scale=3, min_width=320):
            fields = gr.HTML(visible=False, elem_id="review-article")
            marks = gr.CheckboxGroup([], label=review_text("sentences", "id"), elem_id="review-sentences")
        with gr.Column(scale=2, min_width=300, elem_id="review-labels"):
            labels = [
                (gr.CheckboxGroup if task.many else gr.Radio)(
                    [],
                    label=view.task_label(task, "id"),
                    elem_id=f"review-{task.key}",
                    elem_classes="review-numbered",
                )
                for task in taxonomy.tasks
            ]
            note = gr.HTML(view.guess_note_html("id"))
            with gr.Row():
                ok = gr.Button(review_text("confirm", "id"), variant="primary", scale=2, min_width=140, elem_id="review-confirm")
                pass_on = gr.Button(review_text("skip", "id"), min_width=90, elem_id="review-skip")
            shortcuts = gr.HTML(view.shortcuts_html(taxonomy, "id"), js_on_load=keys, elem_id="review-shortcuts")
            with gr.Accordion(review_text("guidelines", "id"), open=True, elem_id="review-guidelines") as accordion:
                guidelines = gr.HTML(view.guidelines_html(taxonomy, "id"))
    shown = [notice, session, door, head_row, desk, head, again, fields, marks, *labels]
    worded = [notice, head, *labels, keeps, name, start, again, end, ok, pass_on, back]
    worded += [marks, accordion, guidelines, shortcuts, note]
    private: dict[str, Any] = {"api_visibility": "private"}
    # Unprocessed: the handlers check it, and a restarted service does not know which choices a page has.
    raw: dict[str, Any] = {**private, "preprocess": False}
    everything = [session, *labels, marks, language]
    # The defaults may not have followed the last click yet.
    settled = (
        f"(session, ...rest) => {{ const [now, next] = ({follow})(rest.slice(0, {len(labels)}), session); "
        f"return [next, ...now, ...rest.slice({len(labels)})]; }}"
    )
    for triggers, handler, given, before in (
        ([start.click, name.submit], handlers.begin, [name, language], None),
        ([again.click], handlers.more, [session, language], None),
        ([end.click], handlers.leave, [session, language], None),
        ([ok.click], handlers.confirm, everything, settled),
        ([pass_on.click], handlers.skip, everything, settled),
        ([back.click], handlers.undo, everything, settled),
    ):
        done = gr.on(triggers, handler, given, shown, js=before, **raw)
        done.then(None, session, None, js=arrive, **private)
    for part in (*labels, marks):
        part.input(None, None, notice, js=HUSH, **private)
        part.input(handlers.work, [session, language], shown, show_progress="hidden", **raw)
    for number, task in enumerate(taxonomy.tasks):
        dependent = [n for n, other in enumerate(taxonomy.tasks) if other.without == task.key]
        if dependent:
            changed = (
                f"(...given) => {{ const [now, next] = ({follow})(given.slice(0, -1), given.at(-1)); "
                f"return [...{dependent}.map(n => now[n]), next]; }}"
            )
            labels[number].input(None, [*labels, session], [*(labels[n] for n in dependent), session], js=changed, **private)
        if task.without is not None:
            labels[number].input(None, session, session, js=CHOSEN_BY_HAND.replace("NUMBER", str(number)), **private)
    language.change(handlers.switch, [session, *labels, language], worded, **raw)
