"""The Gradio page: a tab for each thing that people come to do, in the language of their browser or the one they choose."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import gradio as gr

from serving.analyze import Scores
from serving.page.article_tab import build_article_tab
from serving.page.review_tab import build_review_tab
from serving.page.words import Language, word
from serving.review.store import Store

NAMED_LANGUAGES: list[tuple[str, Language]] = [("Bahasa Indonesia", "id"), ("English", "en")]
# Those who read Malay, Javanese or Sundanese are better served in Indonesian than in English.
BROWSERS_LANGUAGE = "() => /^(id|ms|jv|su)\\b/i.test(navigator.language || 'id') ? 'id' : 'en'"
DELETE_CACHE_SECONDS = 3600
# A page that asks no other machine for anything: no fonts, no analytics.
FONT = ["system-ui", "sans-serif"]


def build_page(scorer: Scores, review: Store | None = None) -> gr.Blocks:
    """The page over a loaded model; nothing that is pasted outlives the visitor's session.

    With a store of articles to `review` there is a tab that keeps what people say of them in it.
    """
    with gr.Blocks(title="Sorot", analytics_enabled=False, delete_cache=(DELETE_CACHE_SECONDS, DELETE_CACHE_SECONDS)) as page:
        with gr.Row():
            gr.Markdown("# Sorot")
            language = gr.Radio(
                NAMED_LANGUAGES, value="id", label="Bahasa / Language", show_label=False, container=False, elem_id="language"
            )
        tagline = gr.Markdown(word("tagline", "id"))
        named: dict[str, gr.Tab] = {}
        with gr.Tabs():
            with gr.Tab(word("article_tab", "id"), id="article") as named["article_tab"]:
                build_article_tab(scorer, language)
            if review is not None:
                with gr.Tab(word("review_tab", "id"), id="review") as named["review_tab"]:
                    build_review_tab(review, language)

        def switch(chosen: Language | None) -> tuple[Any, ...]:
            return gr.update(value=word("tagline", chosen or "id")), *(
                gr.update(label=word(name, chosen or "id")) for name in named
            )

        language.change(switch, [language], [tagline, *named.values()], api_visibility="private")
        page.load(None, None, [language], js=BROWSERS_LANGUAGE)
    return page


def page_options() -> dict[str, Any]:
    """How the page looks wherever it is mounted, as arguments of Gradio."""
    folder = files("serving.page")
    sheets = sorted(f.name for f in folder.iterdir() if f.name.endswith(".css"))
    return {
        "theme": gr.themes.Soft(font=FONT, font_mono=["ui-monospace", "monospace"]),
        "css": "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in sheets),
    }
