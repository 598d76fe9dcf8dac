"""The tab of reviews: an article that the model doubts, its labels to confirm or correct, its sentences to mark."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import gradio as gr

from sorot.serving.page.review import view
from sorot.serving.page.review.handlers import ReviewHandlers
from sorot.serving.page.review.words import review_text
from sorot.serving.review.reviewer_answer import NAME_CHARACTERS
from sorot.serving.review.store import Store

# What was said of the last article goes at the next click: at once, as a late reply could take away something newer.
HUSH = "() => ''"
CHOSEN_ANEW = "sitting => ({ ...sitting, kept: null })"


def build_review_tab(store: Store, language: gr.Radio) -> None:
    """Lay out the tab where it is called. What is reviewed is kept in the store; name and article of a visitor in the browser."""
    taxonomy, handlers = store.taxonomy, ReviewHandlers(store)
    folder = files("sorot.serving.page.review")
    keys, follow, arrive = (folder.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in ("keys", "stance", "arrive"))
    sitting = gr.JSON(visible="hidden", elem_id="review-sitting")
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
            topics = gr.CheckboxGroup([], label=review_text("topics", "id"), elem_id="review-topics")
            stance = gr.Radio([], label=review_text("stance", "id"), elem_id="review-stance")
            sentiment = gr.Radio([], label=review_text("sentiment", "id"), elem_id="review-sentiment")
            note = gr.HTML(view.guess_note_html("id"))
            with gr.Row():
                ok = gr.Button(review_text("confirm", "id"), variant="primary", scale=2, min_width=140, elem_id="review-confirm")
                pass_on = gr.Button(review_text("skip", "id"), min_width=90, elem_id="review-skip")
            shortcuts = gr.HTML(view.shortcuts_html(taxonomy, "id"), js_on_load=keys, elem_id="review-shortcuts")
            with gr.Accordion(review_text("guidelines", "id"), open=True, elem_id="review-guidelines") as accordion:
                guidelines = gr.HTML(view.guidelines_html(taxonomy, "id"))
    labels = [topics, stance, sentiment]
    shown = [notice, sitting, door, head_row, desk, head, again, fields, marks, *labels]
    worded = [notice, head, *labels, keeps, name, start, again, end, ok, pass_on, back]
    worded += [marks, accordion, guidelines, shortcuts, note]
    private: dict[str, Any] = {"api_visibility": "private"}
    # Taken as it is sent: the desk checks it, and a service that was started anew does not know which choices a page has.
    raw: dict[str, Any] = {**private, "preprocess": False}
    everything = [sitting, *labels, marks, language]
    # A topic that was ticked just before may not have brought its stance yet.
    settled = (
        "(sitting, topics, stance, ...rest) => "
        f"{{ const [held, now] = ({follow})(topics, stance, sitting); return [now, topics, held, ...rest]; }}"
    )
    for triggers, handler, given, before in (
        ([start.click, name.submit], handlers.begin, [name, language], None),
        ([again.click], handlers.more, [sitting, language], None),
        ([end.click], handlers.leave, [sitting, language], None),
        ([ok.click], handlers.confirm, everything, settled),
        ([pass_on.click], handlers.skip, everything, settled),
        ([back.click], handlers.undo, everything, settled),
    ):
        done = gr.on(triggers, handler, given, shown, js=before, **raw)
        done.then(None, sitting, None, js=arrive, **private)
    for part in (*labels, marks):
        part.input(None, None, notice, js=HUSH, **private)
        part.input(handlers.work, [sitting, language], shown, show_progress="hidden", **raw)
    topics.input(None, [topics, stance, sitting], [stance, sitting], js=follow, **private)
    stance.input(None, sitting, sitting, js=CHOSEN_ANEW, **private)
    language.change(handlers.switch, [sitting, *labels, language], worded, **raw)
