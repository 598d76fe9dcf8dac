"""The Gradio page: one box, one button, labels beside it, evidence below."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import gradio as gr

from data.article import Article
from data.cleaning import clean_article
from serving.analysis import Analysis
from serving.analyze import UnreadableTextError, analyze_text
from serving.page import view
from serving.page.words import Language, word
from serving.scorer import Scorer

MAX_CHARACTERS = 200_000
DELETE_CACHE_SECONDS = 3600
LANGUAGES: list[tuple[str, Language]] = [("Bahasa Indonesia", "id"), ("English", "en")]
# A page that asks no other machine for anything: no fonts, no analytics.
FONT = ["system-ui", "sans-serif"]

State = tuple[Article, Analysis] | None


def build_page(scorer: Scorer) -> gr.Blocks:
    """The page over a loaded model; nothing that is pasted outlives the visitor's session."""
    thresholds = scorer.manifest.thresholds

    def analyse(text: str, language: Language) -> tuple[Any, ...]:
        if len(text) > MAX_CHARACTERS:
            message = word("too_long", language).format(limit=f"{MAX_CHARACTERS:,}")
            return None, _notice(message), *_evidence(None, None, language), _choices([]), ""
        try:
            article, analysis = analyze_text(scorer, text or "")
        except UnreadableTextError:
            return None, _notice(word("empty", language)), *_evidence(None, None, language), _choices([]), ""
        return render((article, analysis), language)

    def render(state: State, language: Language) -> tuple[Any, ...]:
        if state is None:
            return None, "", *_evidence(None, None, language), _choices([]), ""
        article, analysis = state
        options = view.choices(analysis, scorer.taxonomy, language)
        first = options[0][1] if options else None
        verdict = view.verdict_html(article, analysis, scorer.taxonomy, thresholds, language)
        return state, verdict, *_evidence(state, first, language), _choices(options), view.removed_html(article, language)

    def switch(state: State, language: Language) -> tuple[Any, ...]:
        say = (
            gr.update(value=word("tagline", language)),
            gr.update(label=word("text", language), placeholder=word("placeholder", language)),
            gr.update(value=word("analyse", language)),
            gr.update(label=word("removed", language)),
        )
        _, verdict, marked, strongest, choice, removed = render(state, language)
        marked = gr.update(value=marked, label=word("evidence", language))
        return *say, verdict, marked, strongest, choice, removed

    with gr.Blocks(title="Sorot", analytics_enabled=False, delete_cache=(DELETE_CACHE_SECONDS, DELETE_CACHE_SECONDS)) as page:
        state = gr.State(None)
        with gr.Row():
            gr.Markdown("# Sorot")
            language = gr.Radio(LANGUAGES, value="id", show_label=False, container=False, elem_id="language")
        tagline = gr.Markdown(word("tagline", "id"))
        with gr.Row():
            with gr.Column():
                text = gr.Textbox(
                    label=word("text", "id"), placeholder=word("placeholder", "id"), lines=14, max_lines=24, elem_id="text"
                )
                button = gr.Button(word("analyse", "id"), variant="primary", elem_id="analyse")
                examples = example_texts()
                titles = [clean_article(Article(id="example", body=body)).title or body.splitlines()[0] for body in examples]
                gr.Examples([[body] for body in examples], inputs=[text], label=word("examples", "id"), example_labels=titles)
            with gr.Column():
                verdict = gr.HTML(elem_id="verdict")
        choice = gr.Radio([], label=word("shows", "id"), visible=False, elem_id="choice")
        marked = gr.HighlightedText(
            label=word("evidence", "id"),
            show_legend=False,
            combine_adjacent=False,
            elem_id="evidence",
            elem_classes="evidence-text",
        )
        strongest = gr.HTML(elem_id="strongest", elem_classes="strongest-box")
        with gr.Accordion(word("removed", "id"), open=False, elem_id="removed") as accordion:
            removed = gr.HTML()
        result = [state, verdict, marked, strongest, choice, removed]
        button.click(analyse, [text, language], result, api_name="analyse")
        choice.input(_evidence, [state, choice, language], [marked, strongest], api_visibility="private")
        language.change(
            switch,
            [state, language],
            [tagline, text, button, accordion, verdict, marked, strongest, choice, removed],
            api_visibility="private",
        )
    return page


def launch_page(scorer: Scorer, *, host: str, port: int) -> None:
    """Serve the page until it is stopped. No file of the machine is offered and no other machine is asked for anything."""
    theme = gr.themes.Soft(font=FONT, font_mono=["ui-monospace", "monospace"])
    build_page(scorer).queue(default_concurrency_limit=2, max_size=64).launch(
        server_name=host,
        server_port=port or None,
        theme=theme,
        css=files("serving.page").joinpath("page.css").read_text(encoding="utf-8"),
        allowed_paths=[],
        ssr_mode=False,
        share=False,
        quiet=True,
        footer_links=[],
    )


def example_texts() -> list[str]:
    """The examples that the page offers, articles of our own and a raw dump, by file name."""
    folder = files("serving.page").joinpath("examples")
    return [f.read_text(encoding="utf-8") for f in sorted(folder.iterdir(), key=lambda f: f.name) if f.name.endswith(".txt")]


def _evidence(state: State, choice: str | None, language: Language) -> tuple[list[tuple[str, float | None]], str]:
    if state is None:
        return [], ""
    article, analysis = state
    return view.highlights(article, analysis, choice), view.strongest_html(analysis.evidence, choice, language)


def _choices(options: list[tuple[str, str]]) -> Any:
    return gr.update(choices=options, value=options[0][1] if options else None, visible=bool(options))


def _notice(message: str) -> str:
    return f'<p class="notice" role="status">{message}</p>'
