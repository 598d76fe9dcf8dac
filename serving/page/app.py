"""The Gradio page: one box, one button, labels beside it, evidence below."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable
from importlib.resources import files
from typing import Any, ParamSpec, TypeVar

import gradio as gr

from data.article import Article
from data.cleaning import clean_article
from data.errors import SorotError
from serving.analysis import Analysis
from serving.analyze import UnreadableTextError, analyze_text
from serving.page import marks, view
from serving.page.address import LOCAL_HOSTS, AddressError, bracketed, page_url
from serving.page.samples import example_texts
from serving.page.words import Language, count, word
from serving.scorer import Scorer

MAX_CHARACTERS = 200_000
DELETE_CACHE_SECONDS = 3600
NAMED_LANGUAGES: list[tuple[str, Language]] = [("Bahasa Indonesia", "id"), ("English", "en")]
# A page that asks no other machine for anything: no fonts, no analytics.
FONT = ["system-ui", "sans-serif"]

State = tuple[Article, Analysis] | None
P = ParamSpec("P")
R = TypeVar("R")


def build_page(scorer: Scorer) -> gr.Blocks:
    """The page over a loaded model; nothing that is pasted outlives the visitor's session."""
    thresholds = scorer.manifest.thresholds

    def analyse(text: str | None, language: Language | None) -> tuple[Any, ...]:
        # A caller of the API may leave either out.
        text, language = text or "", language or "id"
        if len(text) > MAX_CHARACTERS:
            return refuse(word("too_long", language).format(limit=count(MAX_CHARACTERS, language)), language)
        try:
            found = analyze_text(scorer, text)
        except UnreadableTextError:
            return refuse(word("empty", language), language)
        except SorotError as error:
            return refuse(word("failed", language).format(reason=error), language)
        return render(found, language)

    def refuse(message: str, language: Language) -> tuple[Any, ...]:
        _, _, *rest = render(None, language)
        return None, view.notice_html(message), *rest

    def render(state: State, language: Language) -> tuple[Any, ...]:
        options = view.choices(state[1], scorer.taxonomy, language) if state else []
        first = options[0][1] if options else None
        choice = gr.update(choices=options, value=first, visible=bool(options), label=word("shows", language))
        if state is None:
            return None, "", *_evidence(None, None, language), choice, ""
        verdict = view.verdict_html(*state, scorer.taxonomy, thresholds, language)
        return state, verdict, *_evidence(state, first, language), choice, view.removed_html(state[0], language)

    @_plainly
    def switch(state: State, language: Language | None) -> tuple[Any, ...]:
        language = language or "id"
        say = (
            gr.update(value=word("tagline", language)),
            gr.update(label=word("text", language), placeholder=word("placeholder", language)),
            gr.update(value=word("analyse", language)),
            gr.update(label=word("examples", language)),
            gr.update(label=word("removed", language)),
        )
        _, verdict, legend, marked, *rest = render(state, language)
        return *say, verdict, legend, gr.update(value=marked, label=word("evidence", language)), *rest

    @_plainly
    def choose(state: State, choice: str | None, language: Language | None) -> tuple[Any, ...]:
        return _evidence(state, choice, language or "id")

    with gr.Blocks(title="Sorot", analytics_enabled=False, delete_cache=(DELETE_CACHE_SECONDS, DELETE_CACHE_SECONDS)) as page:
        state = gr.State(None)
        with gr.Row():
            gr.Markdown("# Sorot")
            language = gr.Radio(
                NAMED_LANGUAGES, value="id", label="Bahasa / Language", show_label=False, container=False, elem_id="language"
            )
        tagline = gr.Markdown(word("tagline", "id"))
        with gr.Row():
            with gr.Column():
                text = gr.Textbox(
                    label=word("text", "id"), placeholder=word("placeholder", "id"), lines=14, max_lines=24, elem_id="text"
                )
                button = gr.Button(word("analyse", "id"), variant="primary", elem_id="analyse")
                examples = example_texts()
                titles = [clean_article(Article(id="example", body=body)).title or body.splitlines()[0] for body in examples]
                offer = gr.Examples(
                    [[body] for body in examples], inputs=[text], label=word("examples", "id"), example_labels=titles
                )
            with gr.Column():
                verdict = gr.HTML(elem_id="verdict")
        choice = gr.Radio([], label=word("shows", "id"), visible=False, elem_id="choice")
        legend = gr.HTML(elem_id="legend")
        marked = gr.HighlightedText(
            label=word("evidence", "id"),
            color_map=marks.colour_map(),
            show_legend=False,
            combine_adjacent=False,
            elem_id="evidence",
            elem_classes="evidence-text",
        )
        strongest = gr.HTML(elem_id="strongest", elem_classes="strongest-box")
        with gr.Accordion(word("removed", "id"), open=False, elem_id="removed") as accordion:
            removed = gr.HTML()
        result = [state, verdict, legend, marked, strongest, choice, removed]
        button.click(analyse, [text, language], result, api_name="analyse")
        choice.input(choose, [state, choice, language], [legend, marked, strongest], api_visibility="private")
        language.change(
            switch,
            [state, language],
            [tagline, text, button, offer.dataset, accordion, verdict, legend, marked, strongest, choice, removed],
            api_visibility="private",
        )
    return page


def launch_page(scorer: Scorer, *, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve the page until it is interrupted; `announce` is told its address once it answers.

    No file of the machine is offered and no other machine is asked for anything.
    """
    url = page_url(host, port)
    # Gradio asks its own page whether it is up; a proxy of the environment would answer for it.
    os.environ["no_proxy"] = ",".join(
        filter(None, (os.environ.get("no_proxy") or os.environ.get("NO_PROXY"), *LOCAL_HOSTS, host))
    )
    theme = gr.themes.Soft(font=FONT, font_mono=["ui-monospace", "monospace"])
    page = build_page(scorer).queue(default_concurrency_limit=2, max_size=64)
    try:
        page.launch(
            server_name=bracketed(host),
            server_port=port,
            theme=theme,
            css=files("serving.page").joinpath("page.css").read_text(encoding="utf-8"),
            allowed_paths=[],
            ssr_mode=False,
            share=False,
            quiet=True,
            footer_links=[],
            prevent_thread_lock=True,
        )
    except Exception as error:  # What Gradio raises here has no type of its own.
        raise AddressError(f"the page does not answer at {url} ({error}); choose another port with --port") from error
    try:
        announce(url)
        while True:
            time.sleep(1)
    finally:
        page.close(verbose=False)


def _evidence(state: State, choice: str | None, language: Language) -> tuple[str, list[marks.Piece], str]:
    if state is None:
        return "", [], ""
    article, analysis = state
    return (
        marks.legend_html(choice, language),
        marks.highlights(article, analysis, choice, language),
        view.strongest_html(analysis.evidence, choice, language),
    )


def _plainly(handler: Callable[P, R]) -> Callable[P, R]:
    """A handler whose typed errors are shown on the page as the sentence that they are."""

    @functools.wraps(handler)
    def wrapped(*arguments: P.args, **named: P.kwargs) -> R:
        try:
            return handler(*arguments, **named)
        except SorotError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return wrapped
