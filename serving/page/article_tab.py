"""The tab of one article: paste it, read its labels, see the sentences that show them and what cleaning took away."""

from __future__ import annotations

from typing import Any

import gradio as gr

from data.article import Article
from data.cleaning import clean_article
from data.errors import SorotError
from serving.analysis import Analysis
from serving.analyze import Scores, UnreadableTextError, analyze_text
from serving.page import marks, view
from serving.page.errors import told_plainly
from serving.page.samples import example_texts
from serving.page.words import Language, count, word

MAX_CHARACTERS = 200_000

State = tuple[Article, Analysis] | None


def build_article_tab(scorer: Scores, language: gr.Radio) -> None:
    """Lay out the tab where it is called; `language` is the page's switch. Nothing that is pasted outlives the session."""
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

    @told_plainly
    def switch(state: State, language: Language | None) -> tuple[Any, ...]:
        language = language or "id"
        say = (
            gr.update(label=word("text", language), placeholder=word("placeholder", language)),
            gr.update(value=word("analyse", language)),
            gr.update(label=word("examples", language)),
            gr.update(label=word("removed", language)),
        )
        _, verdict, legend, marked, *rest = render(state, language)
        return *say, verdict, legend, gr.update(value=marked, label=word("evidence", language)), *rest

    @told_plainly
    def choose(state: State, choice: str | None, language: Language | None) -> tuple[Any, ...]:
        return _evidence(state, choice, language or "id")

    state = gr.State(None)
    with gr.Row():
        with gr.Column():
            text = gr.Textbox(
                label=word("text", "id"), placeholder=word("placeholder", "id"), lines=14, max_lines=24, elem_id="text"
            )
            button = gr.Button(word("analyse", "id"), variant="primary", elem_id="analyse")
            examples = example_texts()
            titles = [clean_article(Article(id="example", body=body)).title or body.splitlines()[0] for body in examples]
            offer = gr.Examples([[body] for body in examples], inputs=[text], label=word("examples", "id"), example_labels=titles)
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
        [text, button, offer.dataset, accordion, verdict, legend, marked, strongest, choice, removed],
        api_visibility="private",
    )


def _evidence(state: State, choice: str | None, language: Language) -> tuple[str, list[marks.Piece], str]:
    if state is None:
        return "", [], ""
    article, analysis = state
    return (
        marks.legend_html(choice, language),
        marks.highlights(article, analysis, choice, language),
        view.strongest_html(analysis.evidence, choice, language),
    )
