"""The Review tab: an article that the model is unsure about, its labels to confirm or correct, its sentences to mark."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import gradio as gr

from sorot.serving.page.review import view
from sorot.serving.page.review.handlers import ReviewHandlers
from sorot.serving.page.review.words import review_text
from sorot.serving.review.answered import SEARCH_CHARACTERS
from sorot.serving.review.reviewer_answer import NAME_CHARACTERS, NOTE_CHARACTERS
from sorot.serving.review.store import Store

# The message about the last article goes at the next click: in the browser, as a late reply could remove a newer one.
HUSH = "() => ''"
# A choice by hand replaces the one that a default had pushed aside.
CHOSEN_BY_HAND = "session => ({ ...session, kept: session.kept.with(NUMBER, null) })"


def build_review_tab(store: Store, language: gr.Radio) -> None:
    """Lay out the tab in the current Gradio context. Answers go to the store; name and open article stay in the browser."""
    taxonomy, handlers = store.taxonomy, ReviewHandlers(store)
    keys, follow, arrive = _scripts("keys", "defaults", "arrive")
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
        back = gr.Button(view.button_text("undo", "id"), size="sm", scale=0, min_width=240, elem_id="review-undo")
        end = gr.Button(review_text("leave", "id"), size="sm", scale=0, min_width=160, elem_id="review-leave")
    notice = gr.HTML(elem_id="review-notice")
    again = gr.Button(review_text("again", "id"), visible=False, elem_id="review-again")
    with gr.Row(visible=False, elem_id="review-desk") as desk:
        with gr.Column(scale=3, min_width=320):
            fields = gr.HTML(visible=False, elem_id="review-article")
            [select] = _scripts("select")
            tools = gr.HTML(view.tools_html("id"), js_on_load=select, elem_id="review-tools")
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
            blind = gr.Checkbox(label=review_text("blind", "id"), container=False, elem_id="review-blind")
            about = gr.HTML(view.guess_note_html("id"), elem_id="review-guess-note")
            quotes = gr.CheckboxGroup([], label=review_text("quotes", "id"), visible=False, elem_id="review-quotes")
            flag = gr.Checkbox(label=view.button_text("flag", "id"), container=False, elem_id="review-flag")
            note = gr.Textbox(label=view.button_text("note", "id"), lines=2, max_length=NOTE_CHARACTERS, elem_id="review-note")
            with gr.Row():
                ok = gr.Button(
                    view.button_text("confirm", "id"), variant="primary", scale=2, min_width=140, elem_id="review-confirm"
                )
                pass_on = gr.Button(view.button_text("skip", "id"), min_width=90, elem_id="review-skip")
            shortcuts = gr.HTML(view.shortcuts_html(taxonomy, "id"), js_on_load=keys, elem_id="review-shortcuts")
            with gr.Accordion(review_text("guidelines", "id"), open=True, elem_id="review-guidelines") as accordion:
                guidelines = gr.HTML(view.guidelines_html(taxonomy, "id"))
    with gr.Column(visible=False, elem_id="review-panels") as panels:
        with gr.Accordion(review_text("answered_by_you", "id"), open=False, elem_id="review-answered") as answered:
            search = gr.Textbox(label=review_text("search", "id"), max_length=SEARCH_CHARACTERS, elem_id="review-search")
            flagged = gr.Checkbox(label=review_text("only_flagged", "id"), container=False, elem_id="review-only-flagged")
            found = gr.HTML(elem_id="review-found")
        with gr.Accordion(review_text("team_title", "id"), open=False, elem_id="review-team") as team_box:
            team = gr.HTML(elem_id="review-team-figures")
    shown = [notice, session, door, head_row, desk, head, again, fields, marks, *labels]
    shown += [quotes, flag, note, blind, about, found, team, panels]
    worded = [notice, head, *labels, keeps, name, start, again, end, ok, pass_on, back]
    worded += [marks, accordion, guidelines, shortcuts, about]
    worded += [tools, flag, note, quotes, blind, answered, search, flagged, team_box, found, team]
    private: dict[str, Any] = {"api_visibility": "private"}
    # Unprocessed: the handlers check it, and a restarted service does not know which choices a page has.
    raw: dict[str, Any] = {**private, "preprocess": False}
    answer = [*labels, marks, quotes, flag, note]
    everything = [session, *answer, language]
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
    quiet: dict[str, Any] = {"show_progress": "hidden", **raw}
    reopened = tools.reopen(_with_event(handlers.reopen, "article"), everything, shown, **raw)
    reopened.then(None, session, None, js=arrive, **private)
    tools.quote(_with_event(handlers.quote, "text"), [quotes, session, language], shown, **quiet)
    blind.input(handlers.hide, [blind, *everything], shown, **quiet)
    for changed_by in (search.input, flagged.input):
        changed_by(handlers.search, [session, search, flagged, language], shown, trigger_mode="always_last", **quiet)
    for part in (*labels, marks, quotes, flag):
        part.input(None, None, notice, js=HUSH, **private)
        part.input(handlers.work, [session, language], shown, **quiet)
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
    language.change(handlers.switch, [session, *labels, search, flagged, language], worded, **raw)


def _scripts(*names: str) -> list[str]:
    folder = files("sorot.serving.page.review")
    return [folder.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in names]


def _with_event(handler: Callable[..., Any], key: str) -> Callable[..., Any]:
    """A handler whose first argument is a value of the event that the page's own code sends."""

    def handle(event: gr.EventData, *given: Any) -> Any:
        data = event._data
        return handler(data.get(key) if isinstance(data, dict) else None, *given)

    handle.__name__ = handler.__name__
    return handle
