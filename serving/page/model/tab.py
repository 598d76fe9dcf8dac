"""The tab of the model: what the one in service is for, its figures and plots, its labels and its card."""

from __future__ import annotations

from typing import Any

import gradio as gr

from sorot.serving.analyze import ArticleScorer
from sorot.serving.page.common.errors import told_plainly
from sorot.serving.page.common.words import Language, phrase
from sorot.serving.page.model.card import plots, read_card, shown_card
from sorot.serving.page.model.view import model_html
from sorot.serving.page.model.words import MODEL_WORDS


def build_model_tab(scorer: ArticleScorer, language: gr.Radio) -> None:
    """Lay out the tab where it is called; `language` is the page's switch."""
    card, pictures = read_card(scorer.bundle)
    drawn, shown = plots(card, pictures), shown_card(card, pictures)

    def text(chosen: Language) -> str:
        return shown or phrase(MODEL_WORDS, "no_card", chosen)

    @told_plainly
    def switch(chosen: Language | None) -> tuple[Any, ...]:
        chosen = chosen or "id"
        title = gr.update(label=phrase(MODEL_WORDS, "card", chosen))
        return model_html(scorer.manifest, drawn, chosen), title, gr.skip() if shown else text(chosen)

    facts = gr.HTML(model_html(scorer.manifest, drawn, "id"), elem_id="model-facts")
    with gr.Accordion(phrase(MODEL_WORDS, "card", "id"), open=False, elem_id="model-card") as accordion:
        body = gr.Markdown(text("id"), sanitize_html=True)
    language.change(switch, [language], [facts, accordion, body], api_visibility="private")
