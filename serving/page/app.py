"""The Gradio page: a tab for each task of its visitors, in the browser's language or the one they choose."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import gradio as gr

from sorot.data.taxonomy import Taxonomy
from sorot.serving.article_scorer import ArticleScorer
from sorot.serving.limits import DEFAULT_LIMITS, Limits
from sorot.serving.page.article.tab import build_article_tab
from sorot.serving.page.common.label_styles import patterns_html
from sorot.serving.page.common.upload_folder import KEPT_SECONDS
from sorot.serving.page.common.words import page_text
from sorot.serving.page.compare.tab import build_compare_tab
from sorot.serving.page.corpus.tab import build_corpus_tab
from sorot.serving.page.model.tab import build_model_tab
from sorot.serving.page.review.tab import build_review_tab
from sorot.serving.review.store import Store
from sorot.serving.words.language import Language
from sorot.serving.words.task_words import capitalised, enumerate_names, inside
from sorot.serving.workers.lanes import IN_THIS_PROCESS, Lanes

NAMED_LANGUAGES: list[tuple[str, Language]] = [("Bahasa Indonesia", "id"), ("English", "en")]
# Gradio names each button of a choice otherwise, so that the arrows of the keyboard do not go from one to the next by themselves.
# Readers of Malay, Javanese or Sundanese get Indonesian rather than English.
# Ctrl+Enter presses the button; hardly anybody tries Gradio's own Shift+Enter.
ON_LOAD = """() => {
  document.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !event.target.closest('#text')) return;
    event.preventDefault();
    document.querySelector('#analyse').click();
  });
  document.addEventListener('keydown', event => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || event.target.type !== 'radio') return;
    const group = [...event.target.closest('.block, fieldset').querySelectorAll('input[type=radio]')];
    const next = group[(group.indexOf(event.target) + step + group.length) % group.length];
    event.preventDefault();
    next.focus();
    next.click();
  });
  const language = /^(id|ms|jv|su)\\b/i.test(navigator.language || 'id') ? 'id' : 'en';
  document.documentElement.lang = language;
  return language;
}"""
# Screen readers choose their pronunciation by it.
SET_LANG = "language => { document.documentElement.lang = language || 'id'; }"
# A reload comes back to the same tab: the first tab is chosen while the page loads, every other one by the visitor. Charts that
# were drawn unseen find their width.
LEAVE_TAB = """() => {
  if (!IS_FIRST || window.sorotLoaded) sessionStorage.setItem('sorot-tab', 'TAB');
  setTimeout(() => dispatchEvent(new Event('resize')), 80);
}"""
RETURN_TO_TAB = (
    "() => { setTimeout(() => { window.sorotLoaded = true; }, 500); return sessionStorage.getItem('sorot-tab') || ''; }"
)
# The page loads nothing from other machines: no fonts, no analytics.
FONT = ["system-ui", "sans-serif"]


def build_page(
    scorer: ArticleScorer,
    review: Store | None = None,
    limits: Limits = DEFAULT_LIMITS,
    lanes: Lanes = IN_THIS_PROCESS,
    sessions: Path | None = None,
) -> gr.Blocks:
    """The page of a loaded model. Pasted text stays in the visitor's session; uploaded files are deleted after a time.

    With a store of articles to `review`, the page has a Review tab that saves the reviewers' answers there. Scored corpora are
    kept in the folder `sessions`, if there is one.
    """
    with gr.Blocks(title="Sorot", analytics_enabled=False, delete_cache=(KEPT_SECONDS, KEPT_SECONDS)) as page:
        with gr.Row(elem_id="header"):
            gr.Markdown("# Sorot")
            language = gr.Radio(
                NAMED_LANGUAGES, value="id", label="Bahasa / Language", show_label=False, container=False, elem_id="language"
            )
        tagline = gr.Markdown(tagline_text(scorer.taxonomy, "id"))
        named: dict[str, gr.Tab] = {}
        gr.HTML(patterns_html(scorer.taxonomy), elem_id="label-patterns")
        with gr.Tabs() as tabs:
            with gr.Tab(page_text("article_tab", "id"), id="article") as named["article_tab"]:
                show_example_after = build_article_tab(scorer, language, limits, lanes)
            with gr.Tab(page_text("compare_tab", "id"), id="compare") as named["compare_tab"]:
                boxes = build_compare_tab(scorer, language, limits, lanes)
            with gr.Tab(page_text("corpus_tab", "id"), id="corpus") as named["corpus_tab"]:
                corpus = build_corpus_tab(scorer, language, limits, lanes, page, boxes, review, sessions)
            if review is not None:
                with gr.Tab(page_text("review_tab", "id"), id="review") as named["review_tab"]:
                    build_review_tab(review, language)
            with gr.Tab(page_text("model_tab", "id"), id="model") as named["model_tab"]:
                build_model_tab(scorer, language, corpus, named["model_tab"])

        def switch(chosen: Language | None) -> tuple[Any, ...]:
            return gr.update(value=tagline_text(scorer.taxonomy, chosen or "id")), *(
                gr.update(label=page_text(name, chosen or "id")) for name in named
            )

        language.change(switch, [language], [tagline, *named.values()], api_visibility="private")
        language.change(None, [language], None, js=SET_LANG, api_visibility="private")
        for place, tab in enumerate(named.values()):
            leave = LEAVE_TAB.replace("IS_FIRST", str(place == 0).lower()).replace("TAB", str(tab.id))
            tab.select(None, None, None, js=leave, api_visibility="private")
        last = gr.Textbox(visible="hidden", elem_id="last-tab", label="tab")
        show_example_after(page.load(None, None, [language], js=ON_LOAD))
        known = [tab.id for tab in named.values()]
        page.load(
            lambda tab: gr.Tabs(selected=tab) if tab in known else gr.skip(),
            [last],
            [tabs],
            js=RETURN_TO_TAB,
            show_progress="hidden",
            api_visibility="private",
        )
    return page


def tagline_text(taxonomy: Taxonomy, language: Language) -> str:
    """The line below the page's name, with the tasks of the loaded model."""
    names = [inside(task.name(language)) for task in taxonomy.tasks]
    return capitalised(page_text("tagline", language, tasks=enumerate_names(names, language)))


def page_options() -> dict[str, Any]:
    """Theme and style sheets of the page, as arguments of Gradio."""
    folders = [files("sorot.serving.page"), *(f for f in files("sorot.serving.page").iterdir() if f.is_dir())]
    sheets = sorted((f for folder in folders for f in folder.iterdir() if f.name.endswith(".css")), key=lambda f: f.name)
    return {
        "theme": _theme(),
        "css": "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets),
    }


def _theme() -> gr.themes.Base:
    """Gradio's soft theme in teal, with enough contrast in the light and the dark mode."""
    theme = gr.themes.Soft(
        primary_hue="teal", secondary_hue="teal", neutral_hue="slate", font=FONT, font_mono=["ui-monospace", "monospace"]
    )
    filled = {
        name: "*primary_700"
        for fill in (
            "button_primary_background_fill",
            "checkbox_background_color_selected",
            "checkbox_label_background_fill_selected",
        )
        for name in (fill, f"{fill}_dark")
    }
    return theme.set(
        **filled,
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_hover_dark="*primary_800",
        checkbox_label_text_color_selected="white",
        checkbox_label_text_color_selected_dark="white",
        block_title_background_fill="transparent",
        block_title_background_fill_dark="transparent",
        block_label_background_fill="transparent",
        block_label_background_fill_dark="transparent",
        block_title_text_color="*primary_800",
        block_title_text_color_dark="*primary_100",
        block_label_text_color="*primary_800",
        block_label_text_color_dark="*primary_100",
        color_accent="*primary_700",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        input_placeholder_color="*neutral_600",
        input_placeholder_color_dark="*neutral_300",
        # Fields and boxes have a visible edge.
        input_border_width="1px",
        input_border_color="*neutral_500",
        input_border_color_dark="*neutral_400",
        checkbox_border_color="*neutral_500",
        checkbox_border_color_dark="*neutral_400",
        checkbox_border_width="1px",
    )
