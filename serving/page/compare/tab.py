"""The tab that lays articles on one event side by side: which outlet stressed what."""

from __future__ import annotations

from typing import Any

import gradio as gr

from sorot.data.errors import SorotError
from sorot.serving.article_scorer import ArticleScorer
from sorot.serving.limits import Limits
from sorot.serving.page.common.errors import show_errors
from sorot.serving.page.common.templates import notice_html
from sorot.serving.page.common.words import page_text
from sorot.serving.page.compare.boxes import CompareBoxes
from sorot.serving.page.compare.pasted_articles import (
    MOST_ARTICLES,
    ComparedArticle,
    ComparingError,
    example_articles,
    read_articles,
)
from sorot.serving.page.compare.view import compare_html
from sorot.serving.page.compare.words import compare_text
from sorot.serving.words.language import Language
from sorot.serving.workers.bounds import WorkStoppedError
from sorot.serving.workers.lanes import Lanes

FIRST_SHOWN = 2

State = tuple[ComparedArticle, ...] | None


def build_compare_tab(scorer: ArticleScorer, language: gr.Radio, limits: Limits, lanes: Lanes) -> CompareBoxes:
    """Lay out the tab where it is called; `language` is the page's switch. Nothing that is pasted outlives the session.

    Returns its boxes, for other tabs to fill.
    """

    @show_errors
    def compare(language: Language | None, *fields: object) -> tuple[State, str]:
        language = language or "id"
        try:
            # An outlet and a text in turn.
            found = read_articles(scorer, list(zip(fields[::2], fields[1::2], strict=False)), language, limits, lanes)
        except ComparingError as error:
            return None, notice_html(str(error))
        except WorkStoppedError:
            return None, notice_html(page_text("over_budget", language))
        except SorotError as error:
            return None, notice_html(page_text("failed", language, reason=error))
        return found, compare_html(found, scorer.taxonomy, language)

    @show_errors
    def add(shown: object) -> tuple[Any, ...]:
        return reveal(shown + 1 if isinstance(shown, int) else FIRST_SHOWN)

    @show_errors
    def fill() -> tuple[Any, ...]:
        given = example_articles()
        # What stood in the other boxes is of another event.
        rest = [("", "")] * (MOST_ARTICLES - len(given))
        return *reveal(len(given)), *(field for pair in [*given, *rest] for field in pair)

    def reveal(wanted: int) -> tuple[Any, ...]:
        shown = min(max(wanted, FIRST_SHOWN), MOST_ARTICLES)
        return shown, gr.update(visible=shown < MOST_ARTICLES), *(gr.update(visible=n < shown) for n in range(MOST_ARTICLES))

    @show_errors
    def switch(state: State, language: Language | None) -> tuple[Any, ...]:
        language = language or "id"
        named = [gr.update(value=compare_text(key, language)) for key in ("compare", "add", "example")]
        for number in range(1, MOST_ARTICLES + 1):
            named.append(gr.update(label=compare_text("outlet_of", language, number=number)))
            text = compare_text("text_of", language, number=number)
            named.append(gr.update(label=text, placeholder=compare_text("placeholder", language)))
        result = compare_html(state, scorer.taxonomy, language) if state is not None else ""
        return compare_text("intro", language), *named, result

    state, shown = gr.State(None), gr.State(FIRST_SHOWN)
    intro = gr.Markdown(compare_text("intro", "id"))
    columns: list[gr.Column] = []
    fields: list[gr.Textbox] = []
    with gr.Row(elem_id="compare-boxes"):
        for number in range(1, MOST_ARTICLES + 1):
            with gr.Column(min_width=300, visible=number <= FIRST_SHOWN, elem_id=f"compare-{number}") as column:
                fields.append(gr.Textbox(label=compare_text("outlet_of", "id").format(number=number), max_lines=1))
                label = compare_text("text_of", "id").format(number=number)
                fields.append(gr.Textbox(label=label, placeholder=compare_text("placeholder", "id"), lines=8, max_lines=12))
            columns.append(column)
    with gr.Row(elem_id="compare-buttons"):
        button = gr.Button(compare_text("compare", "id"), variant="primary", elem_id="compare-run")
        more = gr.Button(compare_text("add", "id"), elem_id="compare-add")
        example = gr.Button(compare_text("example", "id"), elem_id="compare-example")
    result = gr.HTML(elem_id="compare-result")
    button.click(compare, [language, *fields], [state, result], api_visibility="private")
    more.click(add, [shown], [shown, more, *columns], api_visibility="private")
    example.click(fill, None, [shown, more, *columns, *fields], api_visibility="private")
    language.change(switch, [state, language], [intro, button, more, example, *fields, result], api_visibility="private")
    return CompareBoxes(shown, more, columns, fields)
