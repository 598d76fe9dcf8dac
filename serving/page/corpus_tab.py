"""The tab of a corpus: drop a file, choose its columns, score it, move thresholds, read charts and the table, download."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache

from data.columns import InputError
from data.errors import SorotError
from serving.analyze import Scores
from serving.page.corpus_charts import charts
from serving.page.corpus_files import FORMATS, scored_file
from serving.page.corpus_reading import (
    FIELDS,
    LIMITS,
    NONE,
    CorpusError,
    column_names,
    command,
    corpus_limits,
    first_articles,
    guess,
    read_corpus,
)
from serving.page.corpus_scoring import Corpus, at_thresholds, score_corpus
from serving.page.corpus_table import SORTS, View, counts_html, cut, select, summary_html, table_html
from serving.page.corpus_words import say
from serving.page.errors import told_plainly
from serving.page.uploads import sweep
from serving.page.view import label_name, notice_html
from serving.page.words import Language, count, number, spoken
from serving.service.limits import Limits

STEP = 0.01
PREVIEW_ROWS = 3
EXAMPLE = "contoh.csv"
LONG_SEARCH = 200


def build_corpus_tab(scorer: Scores, language: gr.Radio, limits: Limits) -> None:
    """Lay out the tab where it is called. What is dropped and what was found is kept in the session alone."""
    taxonomy, most = scorer.taxonomy, corpus_limits(limits)
    topics = list(taxonomy.labels("topics"))
    defaults = {topic: scorer.manifest.thresholds[topic] for topic in topics}

    @told_plainly
    def look(path: str | None, tongue: Language | None) -> tuple[Any, ...]:
        """The columns of a file, those that the readers take chosen."""
        tongue, hidden = tongue or "id", gr.update(choices=[("", NONE)], value=NONE, visible=False)
        nothing = [hidden] * len(FIELDS)
        sweep()
        if not path:
            return "", *nothing
        try:
            names = column_names(Path(path), most)
        except SorotError as error:
            return notice_html(explain(error, tongue)), *nothing
        if names is None:
            return "", *nothing
        found = guess(names)
        choices = [(say("none", tongue), NONE), *((cut(name), name) for name in names)]
        return "", *(gr.update(choices=choices, value=getattr(found, f) or NONE, visible=True) for f in FIELDS)

    @told_plainly
    def preview(path: str | None, *rest: Any) -> str:
        """The first articles as the chosen columns give them."""
        *columns, tongue = rest
        if not path:
            return ""
        try:
            articles = first_articles(Path(path), named(columns), PREVIEW_ROWS, most)
        except SorotError as error:
            return notice_html(explain(error, spoken(tongue)))
        cells = "".join(
            f"<li><b>{escape(cut(a.title or a.id))}</b> · {escape(cut(a.outlet or '–'))} · "
            f"{a.published.date().isoformat() if a.published else '–'}<br>{escape(cut(a.body))}</li>"
            for a in articles
        )
        return f"<p>{escape(say('first_rows', spoken(tongue)))}</p><ol>{cells}</ol>"

    def run(path: str | None, *rest: Any) -> Iterator[tuple[Any, ...]]:
        *columns, tongue = rest
        tongue = spoken(tongue)
        idle = (gr.update(visible=False), gr.update(interactive=True))
        if not path:
            yield None, notice_html(say("no_file", tongue)), *idle
            return
        corpus: Corpus | None = None
        try:
            yield None, notice_html(say("reading", tongue)), gr.update(visible=True), gr.update(interactive=False)
            reading = read_corpus(Path(path), named(columns))
            for corpus in score_corpus(scorer, reading, Path(path).name):
                yield corpus, progress_html(corpus, tongue), gr.update(visible=True), gr.update(interactive=False)
        except SorotError as error:
            yield corpus, notice_html(explain(error, tongue)), *idle
        except Exception as error:
            # Gradio prints the traceback of what a handler raises, and that may hold articles.
            yield corpus, notice_html(say("failed", tongue).format(reason=type(error).__name__)), *idle
        else:
            yield corpus, notice_html(say("done", tongue)), *idle

    def stop(corpus: Corpus | None, tongue: Language | None) -> tuple[Any, ...]:
        done, total = (len(corpus.items), corpus.total) if corpus else (0, 0)
        said = say("stopped", tongue or "id").format(done=count(done, tongue or "id"), total=count(total, tongue or "id"))
        return notice_html(said), gr.update(visible=False), gr.update(interactive=True)

    @told_plainly
    def open_results(corpus: Corpus | None, tongue: Language | None) -> tuple[Any, ...]:
        outlets = sorted({i.row["outlet"] for i in corpus.items if i.row["outlet"]}) if corpus else []
        everything = [(say("all", tongue or "id"), NONE), *((cut(name), name) for name in outlets)]
        return gr.update(visible=bool(corpus and (corpus.items or corpus.rejects))), gr.update(choices=everything, value=NONE)

    @told_plainly
    def show(corpus: Corpus | None, *rest: Any) -> tuple[Any, ...]:
        values, wanted, tongue = rest[: len(topics)], rest[len(topics) : -1], spoken(rest[-1])
        if corpus is None:
            return "", "", "", "", gr.update(visible=False)
        at = at_thresholds(values, defaults, STEP)
        view = as_view(wanted)
        drawn = "".join(f"<div>{svg}</div>" for svg in charts(corpus.items, at, taxonomy, tongue).values())
        return (
            summary_html(corpus, at, tongue),
            counts_html(corpus.items, at, defaults, taxonomy, tongue),
            table_html(select(corpus.items, view, at), view.page, at, taxonomy, tongue),
            f'<div class="corpus-grid">{drawn}</div>',
            gr.update(visible=False),
        )

    @told_plainly
    def show_table(corpus: Corpus | None, *rest: Any) -> str:
        if corpus is None:
            return ""
        at, view = at_thresholds(rest[: len(topics)], defaults, STEP), as_view(rest[len(topics) : -1])
        return table_html(select(corpus.items, view, at), view.page, at, taxonomy, spoken(rest[-1]))

    @told_plainly
    def prepare(corpus: Corpus | None, form: str | None, *rest: Any) -> Any:
        tongue = spoken(rest[-1])
        if corpus is None or form not in FORMATS:
            return gr.update(visible=False)
        name, data = scored_file(corpus, form, at_thresholds(rest[:-1], defaults, STEP), defaults, taxonomy, tongue)
        # Where Gradio itself would put it, so that it is deleted with the rest and stands nowhere else.
        kept = save_bytes_to_cache(data, name, download.GRADIO_CACHE)
        return gr.update(value=kept, label=say("download", tongue).format(name=name), visible=True)

    def use_example() -> str:
        data = files("serving.page").joinpath("examples_corpus", EXAMPLE).read_bytes()
        return str(save_bytes_to_cache(data, EXAMPLE, file.GRADIO_CACHE))

    @told_plainly
    def switch(tongue: Language | None) -> tuple[Any, ...]:
        tongue = tongue or "id"
        return (
            intro_html(tongue),
            gr.update(label=say("file", tongue)),
            *(gr.update(label=say(f, tongue)) for f in FIELDS),
            *(gr.update(value=say(b, tongue)) for b in ("example", "start", "cancel", "reset", "prepare")),
            *(gr.update(label=label_name(taxonomy, "topics", t, tongue)) for t in topics),
            gr.update(label=say("search", tongue)),
            *(gr.update(label=say(k, tongue), choices=choices_of(k, tongue)) for k in ("topic", "stance", "sentiment", "sort")),
            gr.update(label=say("by_outlet", tongue)),
            gr.update(label=say("page", tongue)),
            gr.update(label=say("format", tongue), choices=formats(tongue)),
            note_html(tongue),
        )

    def choices_of(kind: str, tongue: Language) -> list[tuple[str, str]]:
        if kind == "sort":
            named_topics = [(label_name(taxonomy, "topics", t, tongue), f"p_{t}") for t in topics]
            return [*((say(s, tongue), s) for s in SORTS), *named_topics]
        task: Any = "topics" if kind == "topic" else kind
        names = [(label_name(taxonomy, task, key, tongue), key) for key in taxonomy.labels(task)]
        return [(say("all", tongue), NONE), *names]

    state = gr.State(None)
    intro = gr.HTML(intro_html("id"), elem_id="corpus-intro")
    file = gr.File(label=say("file", "id"), type="filepath", elem_id="corpus-file", height=150)
    example = gr.Button(say("example", "id"), size="sm", elem_id="corpus-example")
    told = gr.HTML()
    with gr.Row():
        columns = [
            gr.Dropdown([("", NONE)], value=NONE, label=say(f, "id"), visible=False, min_width=140, elem_id=f"corpus-{f}")
            for f in FIELDS
        ]
    first = gr.HTML(elem_id="corpus-preview")
    with gr.Row():
        start = gr.Button(say("start", "id"), variant="primary", elem_id="corpus-start")
        cancel = gr.Button(say("cancel", "id"), variant="stop", visible=False, elem_id="corpus-cancel")
    status = gr.HTML(elem_id="corpus-status", elem_classes="corpus-status")
    with gr.Column(visible=False) as results:
        summary = gr.HTML(elem_id="corpus-summary")
        note = gr.HTML(note_html("id"))
        with gr.Row():
            sliders = [
                gr.Slider(
                    0,
                    1,
                    defaults[t],
                    step=STEP,
                    label=label_name(taxonomy, "topics", t, "id"),
                    min_width=220,
                    elem_id=f"corpus-at-{t}",
                )
                for t in topics
            ]
        counts = gr.HTML(elem_id="corpus-counts")
        reset = gr.Button(say("reset", "id"), size="sm", elem_id="corpus-reset")
        drawn = gr.HTML(elem_id="corpus-charts")
        with gr.Row():
            search = gr.Textbox(label=say("search", "id"), max_length=LONG_SEARCH, min_width=200, elem_id="corpus-search")
            kinds = [
                gr.Dropdown(
                    choices_of(k, "id"),
                    value="order" if k == "sort" else NONE,
                    label=say(k, "id"),
                    min_width=140,
                    elem_id=f"corpus-by-{k}",
                )
                for k in ("topic", "stance", "sentiment", "sort")
            ]
            outlet = gr.Dropdown([(say("all", "id"), NONE)], value=NONE, label=say("by_outlet", "id"), min_width=140)
            page = gr.Number(1, label=say("page", "id"), precision=0, minimum=1, min_width=90, elem_id="corpus-page")
        table = gr.HTML(elem_id="corpus-table")
        with gr.Row():
            form = gr.Radio(formats("id"), value="csv", label=say("format", "id"), elem_id="corpus-format")
            ready = gr.Button(say("prepare", "id"), elem_id="corpus-prepare")
            download = gr.DownloadButton(visible=False, elem_id="corpus-download")

    wanted = [search, *kinds, outlet, page]
    asked = [state, *sliders, *wanted, language]
    shown = [summary, counts, table, drawn, download]
    private: dict[str, Any] = {"api_visibility": "private"}
    file.change(look, [file, language], [told, *columns], **private).then(preview, [file, *columns, language], first, **private)
    for column in columns:
        column.input(preview, [file, *columns, language], first, **private)
    example.click(use_example, None, file, **private)
    running = start.click(run, [file, *columns, language], [state, status, cancel, start], show_progress="hidden", **private)
    opened = running.then(open_results, [state, language], [results, outlet], **private)
    opened.then(show, asked, shown, **private)
    # What is said comes last: what the run said just before it ended would otherwise stand over it.
    stopped = cancel.click(open_results, [state, language], [results, outlet], cancels=[running], **private)
    stopped = stopped.then(show, asked, shown, **private)
    stopped.then(stop, [state, language], [status, cancel, start], **private)
    for slider in sliders:
        slider.input(show, asked, shown, trigger_mode="always_last", show_progress="hidden", **private)
    reset.click(lambda: tuple(defaults.values()), None, sliders, **private).then(show, asked, shown, **private)
    for part in wanted:
        part.input(show_table, asked, table, trigger_mode="always_last", show_progress="hidden", **private)
    form.input(lambda: gr.update(visible=False), None, download, **private)
    ready.click(prepare, [state, form, *sliders, language], download, **private)
    language.change(
        switch,
        [language],
        [intro, file, *columns, example, start, cancel, reset, ready, *sliders, search, *kinds, outlet, page, form, note],
        **private,
    ).then(show, asked, shown, **private)


def named(columns: list[Any]) -> Mapping[str, str | None]:
    """Which column each field is in; a caller of the API may send anything."""
    return {field: value if isinstance(value, str) else None for field, value in zip(FIELDS, columns, strict=False)}


def as_view(wanted: tuple[Any, ...]) -> View:
    """What the filters ask for, in their order on the page."""
    search, topic, stance, sentiment, sort, outlet = (value if isinstance(value, str) else "" for value in wanted[:6])
    page = int(wanted[6]) if isinstance(wanted[6], int | float) and 1 <= wanted[6] <= LIMITS.rows else 1
    return View(search[:LONG_SEARCH], outlet, topic, stance, sentiment, sort or "order", page)


def explain(error: SorotError, tongue: Language) -> str:
    """One sentence in the page's language."""
    if isinstance(error, CorpusError):
        values = {k: count(v, tongue) if isinstance(v, int) else v for k, v in error.values.items()}
        return say(error.key, tongue).format(**values)
    return say("unreadable" if isinstance(error, InputError) else "failed", tongue).format(reason=error)


def progress_html(corpus: Corpus, tongue: Language) -> str:
    """How far a run is, its pace, and the time that is left."""
    done = min(corpus.total, len(corpus.items))
    pace = done / corpus.seconds if corpus.seconds else 0.0
    said = say("progress", tongue).format(
        done=count(done, tongue),
        total=count(corpus.total, tongue),
        pace=number(pace, tongue, 1),
        left=count(round((corpus.total - done) / pace), tongue) if pace else "?",
    )
    bar = f'<progress max="{corpus.total}" value="{done}" aria-label="{escape(said)}"></progress>'
    return f'<p role="status">{escape(said)}</p>{bar}'


def intro_html(tongue: Language) -> str:
    """What can be dropped, how much of it, and what to type for more."""
    limits = {name: count(getattr(LIMITS, name), tongue) for name in ("rows", "characters", "columns")}
    typed = f"<code>{escape(command('FILE').replace('FILE', 'FILE...'))}</code>"
    return "<p>" + escape(say("intro", tongue)).format(**limits, bytes=LIMITS.bytes // 1_000_000, command=typed) + "</p>"


def note_html(tongue: Language) -> str:
    """What moving a threshold does."""
    return f"<h3>{escape(say('thresholds', tongue))}</h3><p>{escape(say('thresholds_note', tongue))}</p>"


def formats(tongue: Language) -> list[tuple[str, str]]:
    """What can be downloaded, by name."""
    return [(say("svg", tongue) if form == "svg" else form.upper(), form) for form in FORMATS]
