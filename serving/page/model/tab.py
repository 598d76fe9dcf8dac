"""The tab of the model: what the one in service is for, its figures and plots, its labels and its card."""

from __future__ import annotations

from typing import Any

import gradio as gr

from sorot.serving.article_scorer import ArticleScorer
from sorot.serving.page.common.errors import show_errors
from sorot.serving.page.corpus.kept.open_corpus import OpenCorpus
from sorot.serving.page.model.card import plots, read_card, shown_card
from sorot.serving.page.model.drift import drift_html, find_drift
from sorot.serving.page.model.view import model_html
from sorot.serving.page.model.words import model_text
from sorot.serving.words.language import Language


def build_model_tab(scorer: ArticleScorer, language: gr.Radio, corpus: gr.State, tab: gr.Tab) -> None:
    """Lay out the tab where it is called; `language` is the page's switch, `corpus` the visitor's open corpus."""
    card, pictures = read_card(scorer.bundle)
    drawn, shown = plots(card, pictures), shown_card(card, pictures)

    def text(chosen: Language) -> str:
        return shown or model_text("no_card", chosen)

    @show_errors
    def switch(chosen: Language | None) -> tuple[Any, ...]:
        chosen = chosen or "id"
        title = gr.update(label=model_text("card", chosen))
        return model_html(scorer.manifest, scorer.taxonomy, drawn, chosen), title, gr.skip() if shown else text(chosen)

    @show_errors
    def look_at(opened: OpenCorpus | None, chosen: Language | None) -> str:
        return drift_html(find_drift(opened, scorer.bundle), opened.name if opened else "", scorer.bundle, chosen or "id")

    facts = gr.HTML(model_html(scorer.manifest, scorer.taxonomy, drawn, "id"), elem_id="model-facts")
    drift = gr.HTML(drift_html(None, "", scorer.bundle, "id"), elem_id="model-drift")
    with gr.Accordion(model_text("card", "id"), open=False, elem_id="model-card") as accordion:
        body = gr.Markdown(text("id"), sanitize_html=True)
    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    language.change(switch, [language], [facts, accordion, body], **private).then(look_at, [corpus, language], drift, **private)
    tab.select(look_at, [corpus, language], drift, **private)
