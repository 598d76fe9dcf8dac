"""The results on the Corpus tab: summary, threshold sliders, charts, the filtered table, the download."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache

from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.article_scorer import ArticleScorer
from sorot.serving.page.common.errors import show_errors
from sorot.serving.page.common.language import Language, as_language
from sorot.serving.page.common.task_words import task_text
from sorot.serving.page.common.templates import notice_html, render
from sorot.serving.page.corpus import view
from sorot.serving.page.corpus.charts import draw_charts
from sorot.serving.page.corpus.download import FORMATS, scored_file
from sorot.serving.page.corpus.scored_articles import ScoredArticle, read_thresholds, relabel
from sorot.serving.page.corpus.scoring import ScoredCorpus
from sorot.serving.page.corpus.table import TableQuery, counts_html, page_of, select_rows, summary_html, table_html
from sorot.serving.page.corpus.uploads.corpus_file import NONE
from sorot.serving.page.corpus.words import corpus_text

STEP = 0.01
LONG_SEARCH = 200
# A tab that stays open loses its corpus after this time; Gradio drops a closed tab's after an hour.
KEPT_SECONDS = 4 * 3600


def build_results_panel(scorer: ArticleScorer, state: gr.State, language: gr.Radio) -> Callable[[Any], Any]:
    """Lay out the results of the corpus in `state`. Returns a function that opens them after an event."""
    taxonomy = scorer.taxonomy
    defaults = scorer.manifest.thresholds
    # One slider for each, in this order.
    movable = [(task.key, label) for task in taxonomy.many_tasks for label in task.keys]
    at_defaults = tuple(defaults[task][label] for task, label in movable)

    def items_at(corpus: ScoredCorpus, values: Sequence[object]) -> tuple[ScoredArticle, ...]:
        return relabel(corpus.items, read_thresholds(values, defaults, STEP), taxonomy)

    def table_parts(items: Sequence[ScoredArticle], wanted: Sequence[object], number: int, lang: Language) -> tuple[Any, ...]:
        """The table and the parts that turn its pages, in the order of `paging`."""
        rows = select_rows(items, as_query(wanted, taxonomy))
        number, pages = page_of(rows, number)
        return (
            table_html(rows, number, taxonomy, lang),
            number,
            gr.update(visible=pages > 1),
            gr.update(interactive=number > 1),
            gr.update(interactive=number < pages),
        )

    @show_errors
    def open_results(corpus: ScoredCorpus | None, lang: Language | None) -> tuple[Any, ...]:
        there = bool(corpus and (corpus.items or corpus.rejects))
        return gr.update(visible=there), gr.update(choices=view.outlet_choices(corpus, as_language(lang)), value=NONE), 1

    @show_errors
    def show(corpus: ScoredCorpus | None, number: int, *rest: Any) -> tuple[Any, ...]:
        values, wanted, lang = rest[: len(movable)], rest[len(movable) : -1], as_language(rest[-1])
        if corpus is None:
            return (
                notice_html(corpus_text("expired", lang)),
                "",
                "",
                gr.update(visible=False),
                "",
                1,
                gr.skip(),
                gr.skip(),
                gr.skip(),
            )
        items = items_at(corpus, values)
        drawn = render("corpus/charts.html.j2", charts=draw_charts(items, taxonomy, lang).values())
        return (
            summary_html(items, corpus.rejects, taxonomy, lang),
            counts_html(items, corpus.items, taxonomy, lang),
            drawn,
            gr.update(visible=False),
            *table_parts(items, wanted, number, lang),
        )

    def turn(corpus: ScoredCorpus | None, number: int, rest: Sequence[Any]) -> tuple[Any, ...]:
        if corpus is None:
            return notice_html(corpus_text("expired", as_language(rest[-1]))), 1, gr.skip(), gr.skip(), gr.skip()
        return table_parts(items_at(corpus, rest[: len(movable)]), rest[len(movable) : -1], number, as_language(rest[-1]))

    @show_errors
    def narrow(corpus: ScoredCorpus | None, _: int, *rest: Any) -> tuple[Any, ...]:
        return turn(corpus, 1, rest)

    @show_errors
    def page_back(corpus: ScoredCorpus | None, number: int, *rest: Any) -> tuple[Any, ...]:
        return turn(corpus, number - 1, rest)

    @show_errors
    def page_on(corpus: ScoredCorpus | None, number: int, *rest: Any) -> tuple[Any, ...]:
        return turn(corpus, number + 1, rest)

    @show_errors
    def prepare(corpus: ScoredCorpus | None, form: str | None, *rest: Any) -> Any:
        lang = as_language(rest[-1])
        if corpus is None or form not in FORMATS:
            return gr.update(visible=False)
        at = read_thresholds(rest[:-1], defaults, STEP)
        name, data = scored_file(corpus, form, at, defaults, taxonomy, lang)
        # In Gradio's own cache, so that it is deleted with the other files.
        kept = save_bytes_to_cache(data, name, download.GRADIO_CACHE)
        return gr.update(value=kept, label=corpus_text("download", lang, name=name), visible=True)

    @show_errors
    def switch_results(corpus: ScoredCorpus | None, lang: Language | None) -> tuple[Any, ...]:
        lang = as_language(lang)
        return (
            view.thresholds_html(taxonomy, lang),
            *(gr.update(label=slider_name(taxonomy, task, label, lang)) for task, label in movable),
            *(gr.update(value=corpus_text(button, lang)) for button in ("reset", "back", "on", "prepare")),
            gr.update(label=corpus_text("search", lang)),
            *(
                gr.update(label=task_text(task, "singular", lang), choices=view.label_choices(task, lang))
                for task in taxonomy.tasks
            ),
            gr.update(label=corpus_text("sort", lang), choices=view.sort_choices(taxonomy, lang)),
            gr.update(label=corpus_text("by_outlet", lang), choices=view.outlet_choices(corpus, lang)),
            gr.update(label=corpus_text("format", lang), choices=view.format_choices(lang)),
        )

    def dropdown(name: str, label: str, choices: view.Choices) -> gr.Dropdown:
        return gr.Dropdown(choices, value=choices[0][1], label=label, min_width=140, elem_id=f"corpus-by-{name}")

    def label_filters(tasks: Sequence[Task]) -> list[gr.Dropdown]:
        return [dropdown(task.key, task_text(task, "singular", "id"), view.label_choices(task, "id")) for task in tasks]

    with gr.Column(visible=False) as results:
        summary = gr.HTML(elem_id="corpus-summary")
        note = gr.HTML(view.thresholds_html(taxonomy, "id"))
        with gr.Row():
            sliders = [
                gr.Slider(
                    0,
                    1,
                    defaults[task][label],
                    step=STEP,
                    label=slider_name(taxonomy, task, label, "id"),
                    min_width=220,
                    elem_id=f"corpus-at-{task}-{label}",
                )
                for task, label in movable
            ]
        counts = gr.HTML(elem_id="corpus-counts")
        reset = gr.Button(corpus_text("reset", "id"), size="sm", elem_id="corpus-reset")
        drawn = gr.HTML(elem_id="corpus-charts")
        with gr.Row():
            search = gr.Textbox(label=corpus_text("search", "id"), max_length=LONG_SEARCH, min_width=140, elem_id="corpus-search")
            filters = label_filters(taxonomy.tasks[:2])
        with gr.Row():
            filters += label_filters(taxonomy.tasks[2:])
            outlet = dropdown("outlet", corpus_text("by_outlet", "id"), view.outlet_choices(None, "id"))
            sort = dropdown("sort", corpus_text("sort", "id"), view.sort_choices(taxonomy, "id"))
        table = gr.HTML(elem_id="corpus-table")
        with gr.Row(visible=False) as page_buttons:
            back = gr.Button(corpus_text("back", "id"), size="sm", elem_id="corpus-back")
            on = gr.Button(corpus_text("on", "id"), size="sm", elem_id="corpus-on")
        with gr.Row():
            form = gr.Radio(view.format_choices("id"), value="csv", label=corpus_text("format", "id"), elem_id="corpus-format")
            ready = gr.Button(corpus_text("prepare", "id"), elem_id="corpus-prepare")
            download = gr.DownloadButton(visible=False, elem_id="corpus-download")
    page = gr.State(1, time_to_live=KEPT_SECONDS)

    wanted = [search, *filters, sort, outlet]
    paging = [table, page, page_buttons, back, on]
    asked = [state, page, *sliders, *wanted, language]
    shown = [summary, counts, drawn, download, *paging]
    private: dict[str, Any] = {"api_visibility": "private"}
    hidden: dict[str, Any] = {"show_progress": "hidden", **private}
    for slider in sliders:
        slider.input(show, asked, shown, trigger_mode="always_last", **hidden)
    reset.click(lambda: at_defaults, None, sliders, **hidden).then(show, asked, shown, **hidden)
    for part in wanted:
        part.input(narrow, asked, paging, trigger_mode="always_last", **hidden)
    back.click(page_back, asked, paging, **hidden)
    on.click(page_on, asked, paging, **hidden)
    form.input(lambda: gr.update(visible=False), None, download, **private)
    ready.click(prepare, [state, form, *sliders, language], download, **private)
    language.change(
        switch_results,
        [state, language],
        [note, *sliders, reset, back, on, ready, search, *filters, sort, outlet, form],
        **hidden,
    ).then(show, asked, shown, **hidden)

    def open_after(event: Any) -> Any:
        return event.then(open_results, [state, language], [results, outlet, page], **hidden).then(show, asked, shown, **hidden)

    return open_after


def slider_name(taxonomy: Taxonomy, task: str, label: str, language: Language) -> str:
    """The label's name, with the task's if several tasks have thresholds."""
    name = taxonomy.task(task).label(label).name(language)
    return name if len(taxonomy.many_tasks) == 1 else f"{taxonomy.task(task).name(language)}: {name}"


def as_query(wanted: Sequence[object], taxonomy: Taxonomy) -> TableQuery:
    """What the filters ask for: search, a label for each task, order, outlet. An API caller may send anything."""
    search, *labels, sort, outlet = (value if isinstance(value, str) else "" for value in wanted)
    return TableQuery(search[:LONG_SEARCH], outlet, dict(zip(taxonomy.keys, labels, strict=False)), sort or "order")
