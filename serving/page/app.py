"""The Gradio page: a tab for each thing that people come to do, in the language of their browser or the one they choose."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import gradio as gr

from serving.analyze import Scores
from serving.page.article_tab import build_article_tab
from serving.page.corpus_tab import build_corpus_tab
from serving.page.words import Language, word

NAMED_LANGUAGES: list[tuple[str, Language]] = [("Bahasa Indonesia", "id"), ("English", "en")]
# Those who read Malay, Javanese or Sundanese are better served in Indonesian than in English.
BROWSERS_LANGUAGE = "() => /^(id|ms|jv|su)\\b/i.test(navigator.language || 'id') ? 'id' : 'en'"
DELETE_CACHE_SECONDS = 3600
# A page that asks no other machine for anything: no fonts, no analytics.
FONT = ["system-ui", "sans-serif"]


def build_page(scorer: Scores) -> gr.Blocks:
    """The page over a loaded model; nothing that is pasted outlives the visitor's session."""
    with gr.Blocks(title="Sorot", analytics_enabled=False, delete_cache=(DELETE_CACHE_SECONDS, DELETE_CACHE_SECONDS)) as page:
        with gr.Row():
            gr.Markdown("# Sorot")
            language = gr.Radio(
                NAMED_LANGUAGES, value="id", label="Bahasa / Language", show_label=False, container=False, elem_id="language"
            )
        tagline = gr.Markdown(word("tagline", "id"))
        with gr.Tabs():
            with gr.Tab(word("article_tab", "id"), id="article") as article:
                build_article_tab(scorer, language)
            with gr.Tab(word("corpus_tab", "id"), id="corpus") as corpus:
                build_corpus_tab(scorer, language)
        named = {"article_tab": article, "corpus_tab": corpus}

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
