"""The tab of reviews: an article that the model doubts, its labels to confirm or correct, its sentences to mark."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import gradio as gr

from sorot.serving.page.review import view
from sorot.serving.page.review.desk import Desk
from sorot.serving.page.review.words import say
from sorot.serving.review.reviewer_answer import NAME_CHARACTERS
from sorot.serving.review.store import Store

# What was said of the last article goes at the next click: at once, as a late reply could take away something newer.
HUSH = "() => ''"
CHOSEN_ANEW = "sitting => ({ ...sitting, kept: null })"


def build_review_tab(store: Store, language: gr.Radio) -> None:
    """Lay out the tab where it is called. What is reviewed is kept in the store; name and article of a visitor in the browser."""
    taxonomy, desk_of = store.taxonomy, Desk(store)
    folder = files("sorot.serving.page.review")
    keys, follow, arrive = (folder.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in ("keys", "stance", "arrive"))
    sitting = gr.JSON(visible="hidden", elem_id="review-sitting")
    keeps = gr.HTML(view.keeps_html(store.path, "id"), elem_id="review-keeps")
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
            note = gr.HTML(view.note_html("id"))
            with gr.Row():
                ok = gr.Button(say("confirm", "id"), variant="primary", scale=2, min_width=140, elem_id="review-confirm")
                pass_on = gr.Button(say("skip", "id"), min_width=90, elem_id="review-skip")
            shortcuts = gr.HTML(view.shortcuts_html(taxonomy, "id"), js_on_load=keys, elem_id="review-shortcuts")
            with gr.Accordion(say("guidelines", "id"), open=True, elem_id="review-guidelines") as accordion:
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
        ([start.click, name.submit], desk_of.begin, [name, language], None),
        ([again.click], desk_of.more, [sitting, language], None),
        ([end.click], desk_of.leave, [sitting, language], None),
        ([ok.click], desk_of.confirm, everything, settled),
        ([pass_on.click], desk_of.skip, everything, settled),
        ([back.click], desk_of.undo, everything, settled),
    ):
        done = gr.on(triggers, handler, given, shown, js=before, **raw)
        done.then(None, sitting, None, js=arrive, **private)
    for part in (*labels, marks):
        part.input(None, None, notice, js=HUSH, **private)
        part.input(desk_of.work, [sitting, language], shown, show_progress="hidden", **raw)
    topics.input(None, [topics, stance, sitting], [stance, sitting], js=follow, **private)
    stance.input(None, sitting, sitting, js=CHOSEN_ANEW, **private)
    language.change(desk_of.switch, [sitting, *labels, language], worded, **raw)
