"""The tab that lays articles on one event side by side: which outlet stressed what."""

from __future__ import annotations

from typing import Any

import gradio as gr

from sorot.data.errors import SorotError
from sorot.serving.analyze import ArticleScorer
from sorot.serving.limits import Limits
from sorot.serving.page.common.errors import told_plainly
from sorot.serving.page.common.view import notice_html
from sorot.serving.page.common.words import Language, word
from sorot.serving.page.compare.reading import MOST_ARTICLES, Compared, ComparingError, examples, read_all
from sorot.serving.page.compare.view import compare_html
from sorot.serving.page.compare.words import say

FIRST_SHOWN = 2

State = tuple[Compared, ...] | None


def build_compare_tab(scorer: ArticleScorer, language: gr.Radio, limits: Limits) -> None:
    """Lay out the tab where it is called; `language` is the page's switch. Nothing that is pasted outlives the session."""

    @told_plainly
    def compare(language: Language | None, *fields: object) -> tuple[State, str]:
        language = language or "id"
        try:
            # An outlet and a text in turn.
            found = read_all(scorer, list(zip(fields[::2], fields[1::2], strict=False)), language, limits)
        except ComparingError as error:
            return None, notice_html(str(error))
        except SorotError as error:
            return None, notice_html(word("failed", language).format(reason=error))
        return found, compare_html(found, scorer.taxonomy, language)

    @told_plainly
    def add(shown: object) -> tuple[Any, ...]:
        return reveal(shown + 1 if isinstance(shown, int) else FIRST_SHOWN)

    @told_plainly
    def fill() -> tuple[Any, ...]:
        given = examples()
        # What stood in the other boxes is of another event.
        rest = [("", "")] * (MOST_ARTICLES - len(given))
        return *reveal(len(given)), *(field for pair in [*given, *rest] for field in pair)

    def reveal(wanted: int) -> tuple[Any, ...]:
        shown = min(max(wanted, FIRST_SHOWN), MOST_ARTICLES)
        return shown, gr.update(visible=shown < MOST_ARTICLES), *(gr.update(visible=n < shown) for n in range(MOST_ARTICLES))

    @told_plainly
    def switch(state: State, language: Language | None) -> tuple[Any, ...]:
        language = language or "id"
        named = [gr.update(value=say(key, language)) for key in ("compare", "add", "example")]
        for number in range(1, MOST_ARTICLES + 1):
            named.append(gr.update(label=say("outlet_of", language).format(number=number)))
            text = say("text_of", language).format(number=number)
            named.append(gr.update(label=text, placeholder=say("placeholder", language)))
        result = compare_html(state, scorer.taxonomy, language) if state is not None else ""
        return say("intro", language), *named, result

    state, shown = gr.State(None), gr.State(FIRST_SHOWN)
    intro = gr.Markdown(say("intro", "id"))
    columns: list[gr.Column] = []
    fields: list[gr.Textbox] = []
    with gr.Row(elem_id="compare-boxes"):
        for number in range(1, MOST_ARTICLES + 1):
            with gr.Column(min_width=300, visible=number <= FIRST_SHOWN, elem_id=f"compare-{number}") as column:
                fields.append(gr.Textbox(label=say("outlet_of", "id").format(number=number), max_lines=1))
                label = say("text_of", "id").format(number=number)
                fields.append(gr.Textbox(label=label, placeholder=say("placeholder", "id"), lines=8, max_lines=12))
            columns.append(column)
    with gr.Row(elem_id="compare-buttons"):
        button = gr.Button(say("compare", "id"), variant="primary", elem_id="compare-run")
        more = gr.Button(say("add", "id"), elem_id="compare-add")
        example = gr.Button(say("example", "id"), elem_id="compare-example")
    result = gr.HTML(elem_id="compare-result")
    button.click(compare, [language, *fields], [state, result], api_visibility="private")
    more.click(add, [shown], [shown, more, *columns], api_visibility="private")
    example.click(fill, None, [shown, more, *columns, *fields], api_visibility="private")
    language.change(switch, [state, language], [intro, button, more, example, *fields, result], api_visibility="private")
