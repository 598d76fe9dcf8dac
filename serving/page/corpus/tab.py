"""The Corpus tab: upload a file, choose its columns, score it, move thresholds, read charts and table, download."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache

from sorot.data.errors import InputError, SorotError
from sorot.serving.article_scorer import ArticleScorer
from sorot.serving.limits import Limits
from sorot.serving.page.common.errors import show_errors
from sorot.serving.page.common.language import Language, as_language, format_count
from sorot.serving.page.common.templates import notice_html
from sorot.serving.page.common.upload_folder import delete_old_uploads
from sorot.serving.page.corpus.limits import CorpusError, corpus_limits
from sorot.serving.page.corpus.results_panel import KEPT_SECONDS, build_results_panel
from sorot.serving.page.corpus.scoring import ScoredCorpus, score_corpus
from sorot.serving.page.corpus.table import shorten_cell
from sorot.serving.page.corpus.uploads.corpus_file import (
    FIELDS,
    NONE,
    column_names,
    first_articles,
    guess_columns,
    read_corpus_file,
)
from sorot.serving.page.corpus.view import both_html, intro_html, preview_html, scoring_progress_html, status_html, warning_html
from sorot.serving.page.corpus.words import corpus_text
from sorot.serving.workers.budget import WorkStoppedError
from sorot.serving.workers.lanes import Lanes

# The service's queue limits what is scored at once; more runs than Gradio's default may wait for it.
RUNS = 4
PREVIEW_ROWS = 3
EXAMPLE = "contoh.csv"


def build_corpus_tab(scorer: ArticleScorer, language: gr.Radio, limits: Limits, lanes: Lanes) -> None:
    """Lay out the tab in the current Gradio context. Files and results are kept only in the visitor's session."""
    most = corpus_limits(limits)

    @show_errors
    def look(path: str | None, lang: Language | None) -> tuple[Any, ...]:
        """The columns of a file, with the readers' guesses chosen."""
        lang, hidden = lang or "id", gr.update(choices=[("", NONE)], value=NONE, visible=False)
        nothing = [hidden] * len(FIELDS)
        delete_old_uploads()
        if not path:
            return "", *nothing
        try:
            names = lanes.files.run(column_names, Path(path), most)
        except SorotError as error:
            return notice_html(explain(error, lang)), *nothing
        if names is None:
            return "", *nothing
        found = guess_columns(names)
        choices = [(corpus_text("none", lang), NONE), *((shorten_cell(name), name) for name in names)]
        return "", *(gr.update(choices=choices, value=getattr(found, f) or NONE, visible=True) for f in FIELDS)

    @show_errors
    def preview(path: str | None, *rest: Any) -> str:
        """The first articles as the chosen columns give them."""
        *columns, lang = rest
        if not path:
            return ""
        try:
            articles = lanes.files.run(first_articles, Path(path), named(columns), PREVIEW_ROWS, most)
        except SorotError as error:
            return notice_html(explain(error, as_language(lang)))
        return preview_html(articles, as_language(lang))

    def begin() -> tuple[Any, ...]:
        """Shown at once: the run itself may wait for other visitors' runs."""
        return False, status_html(partial(corpus_text, "waiting")), gr.update(visible=True), gr.update(interactive=False)

    def run(path: str | None, *columns: Any) -> Iterator[tuple[Any, ...]]:
        busy = (gr.update(visible=True), gr.update(interactive=False))
        idle = (gr.update(visible=False), gr.update(interactive=True))
        # Earlier results stay until new ones replace them.
        untouched = (gr.skip(), gr.skip())
        try:
            if not path:
                raise CorpusError("no_file")
            yield *untouched, status_html(partial(corpus_text, "reading")), *busy
            reading = lanes.files.run(read_corpus_file, Path(path), named(list(columns)), most)
            for corpus in score_corpus(scorer, reading, lanes=lanes):
                found = (corpus, True) if corpus.done or not corpus.total else untouched
                yield *found, both_html(partial(scoring_progress_html, corpus)), *busy
            message = status_html(partial(corpus_text, "done"))
        except SorotError as error:
            message = warning_html(partial(explain, error))
        except Exception as error:
            # Gradio prints the traceback of what a handler raises, and that may hold articles.
            message = warning_html(partial(explain, SorotError(type(error).__name__)))
        yield *untouched, message, *idle

    @show_errors
    def stop(corpus: ScoredCorpus | None, started: bool) -> tuple[Any, ...]:
        def message(lang: Language) -> str:
            if not (corpus and started):
                return corpus_text("stopped_early", lang)
            return corpus_text(
                "stopped", lang, done=format_count(len(corpus.items), lang), total=format_count(corpus.total, lang)
            )

        return warning_html(message), gr.update(visible=False), gr.update(interactive=True)

    def use_example() -> str:
        data = files("sorot.serving.page.corpus").joinpath("examples", EXAMPLE).read_bytes()
        return str(save_bytes_to_cache(data, EXAMPLE, file.GRADIO_CACHE))

    @show_errors
    def switch(lang: Language | None) -> tuple[Any, ...]:
        lang = as_language(lang)
        return (
            intro_html(most, lang),
            gr.update(label=corpus_text("file", lang)),
            *(gr.update(label=corpus_text(f, lang)) for f in FIELDS),
            *(gr.update(value=corpus_text(button, lang)) for button in ("example", "start", "cancel")),
        )

    @show_errors
    def switch_file(path: str | None, *rest: Any) -> tuple[Any, ...]:
        """The message about the file and the column choices in the new language; chosen values stay."""
        if not path or not Path(path).is_file():
            return (gr.skip(),) * (len(FIELDS) + 2)
        message, *found = look(path, as_language(rest[-1]))
        choices = ({key: value for key, value in update.items() if key != "value"} for update in found)
        return message, *choices, "" if message else preview(path, *rest)

    state, started = gr.State(None, time_to_live=KEPT_SECONDS), gr.State(False, time_to_live=KEPT_SECONDS)
    intro = gr.HTML(intro_html(most, "id"), elem_id="corpus-intro")
    file = gr.File(label=corpus_text("file", "id"), type="filepath", elem_id="corpus-file", height=150)
    example = gr.Button(corpus_text("example", "id"), size="sm", elem_id="corpus-example")
    file_notice = gr.HTML()
    with gr.Row():
        columns = [
            gr.Dropdown([("", NONE)], value=NONE, label=corpus_text(f, "id"), visible=False, min_width=140, elem_id=f"corpus-{f}")
            for f in FIELDS
        ]
    first = gr.HTML(elem_id="corpus-preview")
    with gr.Row():
        start = gr.Button(corpus_text("start", "id"), variant="primary", elem_id="corpus-start")
        cancel = gr.Button(corpus_text("cancel", "id"), variant="stop", visible=False, elem_id="corpus-cancel")
    status = gr.HTML(elem_id="corpus-status", elem_classes="corpus-status")
    open_after = build_results_panel(scorer, state, language)

    private: dict[str, Any] = {"api_visibility": "private"}
    file.change(look, [file, language], [file_notice, *columns], **private).then(
        preview, [file, *columns, language], first, **private
    )
    for column in columns:
        column.input(preview, [file, *columns, language], first, **private)
    example.click(use_example, None, file, **private)
    hidden: dict[str, Any] = {"show_progress": "hidden", **private}
    running = start.click(begin, None, [started, status, cancel, start], queue=False, **hidden).then(
        run, [file, *columns], [state, started, status, cancel, start], concurrency_limit=RUNS, **hidden
    )
    open_after(running)
    # The message comes last, or the run's own last message would overwrite it.
    stopped = cancel.click(lambda: None, None, None, cancels=[running], **private)
    open_after(stopped).then(stop, [state, started], [status, cancel, start], **private)
    language.change(switch, [language], [intro, file, *columns, example, start, cancel], **private).then(
        switch_file, [file, *columns, language], [file_notice, *columns, first], **private
    )


def named(columns: list[Any]) -> Mapping[str, str | None]:
    """Which column each field is in; a caller of the API may send anything."""
    return {field: value if isinstance(value, str) else None for field, value in zip(FIELDS, columns, strict=False)}


def explain(error: SorotError, lang: Language) -> str:
    """One sentence in the page's language."""
    if isinstance(error, WorkStoppedError):
        return corpus_text("over_budget", lang)
    if isinstance(error, CorpusError):
        values = {k: format_count(v, lang) if isinstance(v, int) else v for k, v in error.values.items()}
        return corpus_text(error.key, lang, **values)
    return corpus_text("unreadable" if isinstance(error, InputError) else "failed", lang).format(reason=error)
