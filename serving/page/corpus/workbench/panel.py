"""Lays out the results of a corpus and connects them: filters over charts, table, article and download alike."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache

from sorot.serving.article_scorer import ArticleScorer
from sorot.serving.page.common.errors import show_errors
from sorot.serving.page.common.templates import notice_html, render
from sorot.serving.page.compare.boxes import CompareBoxes
from sorot.serving.page.corpus.download import scored_file
from sorot.serving.page.corpus.findings.report_file import report_file
from sorot.serving.page.corpus.kept.open_corpus import OpenCorpus, move_corpus
from sorot.serving.page.corpus.kept.query import Query, in_order, passing
from sorot.serving.page.corpus.kept.sessions import KEPT_SECONDS, CorpusSessions
from sorot.serving.page.corpus.scored_articles import read_thresholds
from sorot.serving.page.corpus.words import corpus_text
from sorot.serving.page.corpus.workbench import choices
from sorot.serving.page.corpus.workbench.controls import Controls, build_chart_controls, build_filters
from sorot.serving.page.corpus.workbench.handlers import Workbench, visibility
from sorot.serving.page.corpus.workbench.table import counts_html, summary_html
from sorot.serving.review.store import Store
from sorot.serving.words.language import Language, as_language

STEP = 0.01
# The session's secret name lives in the browser's tab.
REMEMBER = "key => { if (key) sessionStorage.setItem('sorot-corpus', key); }"


def build_workbench(
    scorer: ArticleScorer, language: gr.Radio, sessions: CorpusSessions, boxes: CompareBoxes, review: Store | None
) -> tuple[gr.State, gr.Textbox, Callable[[Any], Any]]:
    """Lay out the results. Returns the open corpus, its session's key, and a function that opens both after an event."""
    taxonomy, defaults = scorer.taxonomy, scorer.manifest.thresholds
    movable = [(task.key, label) for task in taxonomy.many_tasks for label in task.keys]
    at_defaults = tuple(defaults[task][label] for task, label in movable)
    folder = files("sorot.serving.page.corpus.workbench")
    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    # In the same request: a filter is not to wait for other visitors' runs.
    quick: dict[str, Any] = {**private, "queue": False}

    state = gr.State(None, time_to_live=KEPT_SECONDS)
    page, place = gr.State(1, time_to_live=KEPT_SECONDS), gr.State(None, time_to_live=KEPT_SECONDS)
    key = gr.Textbox(visible="hidden", elem_id="corpus-key", label="corpus")
    with gr.Column(visible=False, elem_id="corpus-workbench") as results:
        summary = gr.HTML(elem_id="corpus-summary")
        filters = build_filters(taxonomy)
        with gr.Row(elem_id="corpus-state"):
            left = gr.HTML(elem_id="corpus-left")
            clear = gr.Button(corpus_text("clear", "id"), size="sm", scale=0, min_width=150, elem_id="corpus-clear")
        controls = Controls(taxonomy, {**filters, **build_chart_controls(taxonomy)})
        plot = gr.Plot(show_label=False, container=False, visible=False, elem_id="corpus-plot")
        note = gr.HTML(elem_id="corpus-note")
        figure = gr.HTML(visible=False, elem_id="corpus-figure")
        cloud = gr.HTML(visible=False, js_on_load=folder.joinpath("map.js").read_text(encoding="utf-8"), elem_id="corpus-cloud")
        exports = gr.HTML(_export_buttons("id"), elem_id="corpus-exports")
        with gr.Row(elem_id="corpus-desk"):
            with gr.Column(scale=3, min_width=320):
                table = gr.HTML(elem_id="corpus-table")
                with gr.Row(visible=False) as page_buttons:
                    back = gr.Button(corpus_text("back", "id"), size="sm", elem_id="corpus-back")
                    on = gr.Button(corpus_text("on", "id"), size="sm", elem_id="corpus-on")
            with gr.Column(scale=2, min_width=320, elem_id="corpus-side"):
                sent = gr.HTML(elem_id="corpus-sent")
                reader = gr.HTML(elem_id="corpus-reader")
        with gr.Row(elem_id="corpus-downloads"):
            form = gr.Radio(choices.format_choices("id"), value="csv", label=corpus_text("format", "id"), elem_id="corpus-format")
            ready = gr.Button(corpus_text("prepare", "id"), scale=0, min_width=160, elem_id="corpus-prepare")
            download = gr.DownloadButton(visible=False, scale=0, min_width=220, elem_id="corpus-download")
        with gr.Accordion(
            corpus_text("thresholds", "id"), open=False, visible=bool(movable), elem_id="corpus-thresholds"
        ) as more:
            explanation = gr.HTML(choices.thresholds_html(taxonomy, "id"))
            with gr.Row():
                sliders = [
                    gr.Slider(
                        0,
                        1,
                        defaults[task][label],
                        step=STEP,
                        label=choices.slider_name(taxonomy, task, label, "id"),
                        min_width=220,
                        elem_id=f"corpus-at-{task}-{label}",
                    )
                    for task, label in movable
                ]
            counts = gr.HTML(elem_id="corpus-counts")
            reset = gr.Button(corpus_text("reset", "id"), size="sm", elem_id="corpus-reset")
        bridge = gr.HTML(js_on_load=folder.joinpath("bridge.js").read_text(encoding="utf-8"), elem_id="corpus-bridge")

    bench = Workbench(controls, review is not None, scorer.manifest)
    size = len(controls.by_name)
    listing = [left, table, page, page_buttons, back, on]
    shown = [plot, note, figure, cloud, *listing, reader]
    asked = [state, key, page, place, *controls.parts, language]

    def split(rest: tuple[Any, ...]) -> tuple[tuple[Any, ...], Language]:
        return rest[:size], as_language(rest[size] if len(rest) > size else None)

    def draw(
        opened: OpenCorpus | None,
        name: str,
        number: int,
        at: int | None,
        values: tuple[Any, ...],
        lang: Language,
        *,
        charts: bool,
    ) -> tuple[Any, ...]:
        found = bench.refresh(opened, number, at, values, lang, charts=charts)
        if opened is not None:
            sessions.look(name, {**bench.look(values, number, at), "thresholds": opened.thresholds})
        return found

    def overview(opened: OpenCorpus, lang: Language) -> tuple[str, str]:
        """The corpus in a sentence, and its counts at moved thresholds."""
        rejects, scored = opened.corpus.rejects, opened.corpus.items
        return (
            summary_html(opened.name, opened.items, rejects, taxonomy, lang),
            counts_html(opened.items, scored, taxonomy, lang),
        )

    @show_errors
    def show(opened: OpenCorpus | None, name: str, number: int, at: int | None, *rest: Any) -> tuple[Any, ...]:
        values, lang = split(rest)
        return draw(opened, name, number, at, values, lang, charts=True)

    @show_errors
    def narrow_down(opened: OpenCorpus | None, name: str, _: int, at: int | None, *rest: Any) -> tuple[Any, ...]:
        values, lang = split(rest)
        return draw(opened, name, 1, at, values, lang, charts=True)

    @show_errors
    def page_back(opened: OpenCorpus | None, name: str, number: int, at: int | None, *rest: Any) -> tuple[Any, ...]:
        values, lang = split(rest)
        return draw(opened, name, number - 1, at, values, lang, charts=False)

    @show_errors
    def page_on(opened: OpenCorpus | None, name: str, number: int, at: int | None, *rest: Any) -> tuple[Any, ...]:
        values, lang = split(rest)
        return draw(opened, name, number + 1, at, values, lang, charts=False)

    @show_errors
    def arrange(opened: OpenCorpus | None, name: str, number: int, at: int | None, *rest: Any) -> tuple[Any, ...]:
        """Another view: its controls, then what it shows."""
        values, lang = split(rest)
        moved, given = sides_of(opened, values, lang)
        updates = visibility(controls.drawn(values), controls)
        named = list(controls.by_name)
        for side, update in moved.items():
            updates[named.index(side)] = {**updates[named.index(side)], **update}
        return (*updates, *draw(opened, name, number, at, given, lang, charts=True))

    def sides_of(opened: OpenCorpus | None, values: tuple[Any, ...], lang: Language) -> tuple[dict[str, Any], tuple[Any, ...]]:
        """Choices for the two sides, with the first two chosen where what was chosen is none of them."""
        drawn, named = controls.drawn(values), list(controls.by_name)
        offered = choices.side_choices(opened, drawn.pair, lang) if drawn.view == "pair_view" else []
        keys = [value for _, value in offered]
        given, moved = list(values), {}
        for number, side in enumerate(("side-1", "side-2")):
            place = named.index(side)
            if offered:
                given[place] = values[place] if values[place] in keys else keys[min(number, len(keys) - 1)]
                moved[side] = {"choices": offered, "value": given[place]}
        return moved, tuple(given)

    @show_errors
    def read(
        event: gr.EventData, opened: OpenCorpus | None, name: str, number: int, _: int | None, *rest: Any
    ) -> tuple[Any, ...]:
        values, lang = split(rest)
        at = _whole(event._data.get("place"))
        return (at, "", *draw(opened, name, number, at, values, lang, charts=False))

    @show_errors
    def narrow(event: gr.EventData, opened: OpenCorpus | None, name: str, *rest: Any) -> tuple[Any, ...]:
        """A bar, a point, a word or a name was clicked: its articles, the first of them open."""
        values, lang = split(rest[2:])
        if opened is None:
            return (None, "", *controls.updates({}), *bench.refresh(None, 1, None, values, lang))
        data = event._data
        go = data.get("go") if "go" in data else {"picked": data.get("places")}
        query, at = bench.narrowed(opened, values, go)
        filtered = controls.filtered(query)
        given = tuple(filtered.get(part, value) for part, value in zip(controls.by_name, values, strict=True))
        return (at, "", *controls.updates(filtered), *draw(opened, name, 1, at, given, lang, charts=True))

    @show_errors
    def send(event: gr.EventData, opened: OpenCorpus | None, asked_in: str, already: int, *fields: Any) -> tuple[Any, ...]:
        """The article goes to the Compare tab's next empty box, or to the queue of the review."""
        lang, at = as_language(asked_in), _whole(event._data.get("place"))
        untouched = (gr.skip(),) * len(boxes.parts)
        if opened is None or at is None or not 0 <= at < len(opened.items):
            return (notice_html(corpus_text("expired", lang)), *untouched)
        article = opened.article(at)
        if event._data.get("to") == "compare":
            box, updates = boxes.place(already, fields, article)
            if box is None:
                return (notice_html(corpus_text("compare_full", lang)), *untouched)
            return (_said(corpus_text("sent_compare", lang, n=box)), *updates)
        if review is None:
            return ("", *untouched)
        analysis = scorer.score([article])[0]
        if analysis.withheld:
            return (notice_html(corpus_text("no_review", lang)), *untouched)
        new = review.add([(article, analysis)], scorer.manifest.thresholds)
        review.put_in_order()
        return (_said(corpus_text("sent_review" if new else "review_has_it", lang)), *untouched)

    @show_errors
    def move(opened: OpenCorpus | None, *values: Any) -> tuple[Any, ...]:
        lang = as_language(values[-1])
        if opened is None:
            return None, gr.skip(), gr.skip()
        moved = move_corpus(opened, read_thresholds(values[:-1], defaults, STEP))
        return (
            moved,
            *overview(moved, lang),
        )

    @show_errors
    def prepare(opened: OpenCorpus | None, wanted: str | None, *rest: Any) -> Any:
        values, lang = split(rest)
        if opened is None or wanted not in choices.FORMATS:
            return gr.update(visible=False)
        query = controls.query(values)
        rows = in_order(opened, passing(opened, query), query.sort)
        if wanted == choices.REPORT:
            name, data = report_file(opened, rows.tolist(), scorer.bundle, lang)
        else:
            items = [opened.items[row] for row in rows]
            name, data = scored_file(items, wanted, opened.thresholds, defaults, taxonomy)
        # In Gradio's own cache, so that it is deleted with the other files.
        kept = save_bytes_to_cache(data, name, download.GRADIO_CACHE)
        return gr.update(value=kept, label=corpus_text("download", lang, name=name), visible=True)

    @show_errors
    def open_results(name: str, asked_in: Language | None) -> tuple[Any, ...]:
        """The corpus of a session as it was looked at last."""
        lang = as_language(asked_in)
        kept = sessions.get(name)
        if kept is None:
            return (None, 1, None, gr.update(visible=False), "", "", *at_defaults, *controls.updates({}))
        before = kept.view.get("thresholds")
        before = before if isinstance(before, dict) else {}
        at_once = [before.get(task, {}).get(label) for task, label in movable]
        opened = move_corpus(kept.opened, read_thresholds(at_once, defaults, STEP))
        values, number, at = bench.looked(kept.view, opened) if kept.view else (controls.filtered(Query()), 1, None)
        return (
            opened,
            number,
            at,
            gr.update(visible=True),
            *overview(opened, lang),
            *(opened.thresholds[task][label] for task, label in movable),
            *controls.worded(lang, opened, values),
        )

    @show_errors
    def switch_results(opened: OpenCorpus | None, asked_in: Language | None) -> tuple[Any, ...]:
        lang = as_language(asked_in)
        said = overview(opened, lang) if opened else ("", "")
        return (
            *said,
            choices.thresholds_html(taxonomy, lang),
            *(gr.update(label=choices.slider_name(taxonomy, task, label, lang)) for task, label in movable),
            *(gr.update(value=corpus_text(button, lang)) for button in ("reset", "back", "on", "prepare", "clear")),
            gr.update(label=corpus_text("thresholds", lang)),
            gr.update(label=corpus_text("format", lang), choices=choices.format_choices(lang)),
            _export_buttons(lang),
            *controls.worded(lang, opened),
        )

    filter_parts = [control.part for name, control in filters.items() if name != "picked"]
    chart_parts = [controls.by_name[name].part for name in ("task", "unit", "measure", "group", "side-1", "side-2")]
    for part in filter_parts:
        part.input(narrow_down, asked, shown, trigger_mode="always_last", **quick)
    for part in chart_parts:
        part.input(show, asked, shown, trigger_mode="always_last", **quick)
    for name in ("view", "pair"):
        # Stories of a large corpus take their time when they are first asked for.
        slow = {**quick, "show_progress": "minimal", "show_progress_on": [left]}
        controls.by_name[name].part.input(arrange, asked, [*controls.parts, *shown], trigger_mode="always_last", **slow)
    clear.click(lambda: controls.updates(controls.filtered(Query())), None, controls.parts, **quick).then(
        narrow_down, asked, shown, **quick
    )
    back.click(page_back, asked, shown, **quick)
    on.click(page_on, asked, shown, **quick)
    bridge.read(read, asked, [place, sent, *shown], **quick)
    bridge.narrow(narrow, asked, [place, sent, *controls.parts, *shown], **quick)
    bridge.pick(narrow, asked, [place, sent, *controls.parts, *shown], **quick)
    bridge.send(send, [state, language, boxes.shown, *boxes.fields], [sent, *boxes.parts], **private)
    moved = [state, summary, counts]
    for slider in sliders:
        slider.input(move, [state, *sliders, language], moved, trigger_mode="always_last", **quick).then(
            show, asked, shown, **quick
        )
    reset.click(lambda: at_defaults, None, sliders, **quick).then(move, [state, *sliders, language], moved, **quick).then(
        show, asked, shown, **quick
    )
    gr.on([form.input, *(part.input for part in filter_parts)], lambda: gr.update(visible=False), None, download, **quick)
    ready.click(prepare, [state, form, *controls.parts, language], download, **private)
    language.change(
        switch_results,
        [state, language],
        [summary, counts, explanation, *sliders, reset, back, on, ready, clear, more, form, exports, *controls.parts],
        **quick,
    ).then(show, asked, shown, **quick)

    def open_after(event: Any) -> Any:
        opened = event.then(
            open_results, [key, language], [state, page, place, results, summary, counts, *sliders, *controls.parts], **private
        )
        opened.then(None, [key], None, js=REMEMBER, api_visibility="private")
        return opened.then(arrange, asked, [*controls.parts, *shown], **private)

    return state, key, open_after


def _export_buttons(language: Language) -> str:
    names = [(corpus_text(f"as_{form}", language), form) for form in ("png", "svg")]
    return render("corpus/workbench/exports.html.j2", names=names)


def _said(message: str) -> str:
    return render("corpus/status.html.j2", message=message)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
