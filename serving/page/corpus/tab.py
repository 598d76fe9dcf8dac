"""The Corpus tab: upload a file or take the demo corpus, choose its columns, score it, and work with the results."""

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
from sorot.serving.page.common.templates import notice_html
from sorot.serving.page.common.upload_folder import delete_old_uploads
from sorot.serving.page.common.words import page_text
from sorot.serving.page.compare.boxes import CompareBoxes
from sorot.serving.page.corpus.kept.open_corpus import open_corpus
from sorot.serving.page.corpus.kept.sessions import KEPT_SECONDS, CorpusSessions
from sorot.serving.page.corpus.limits import CorpusError, corpus_limits
from sorot.serving.page.corpus.scoring import ScoredCorpus, score_corpus
from sorot.serving.page.corpus.uploads.corpus_file import (
    FIELDS,
    NONE,
    column_names,
    first_articles,
    guess_columns,
    read_corpus_file,
)
from sorot.serving.page.corpus.view import (
    both_html,
    intro_html,
    preview_html,
    scoring_progress_html,
    shorten_cell,
    status_html,
    warning_html,
)
from sorot.serving.page.corpus.words import corpus_text
from sorot.serving.page.corpus.workbench.panel import build_workbench
from sorot.serving.review.store import Store
from sorot.serving.words.language import Language, as_language, format_count
from sorot.serving.workers.bounds import WorkStoppedError
from sorot.serving.workers.lanes import Lanes

# The service's queue limits what is scored at once; more runs than Gradio's default may wait for it.
RUNS = 4
PREVIEW_ROWS = 3
EXAMPLE = "articles.jsonl"
RECALL = "() => sessionStorage.getItem('sorot-corpus') || ''"


def build_corpus_tab(
    scorer: ArticleScorer,
    language: gr.Radio,
    limits: Limits,
    lanes: Lanes,
    page: gr.Blocks,
    boxes: CompareBoxes,
    review: Store | None,
    folder: Path | None,
) -> gr.State:
    """Lay out the tab in the current Gradio context, and return the state that holds the open corpus.

    The context's `page` reopens a visitor's corpus when it loads.

    Articles can be sent to the `boxes` of the Compare tab and to a `review`. Corpora are kept in `folder`; without one, in memory
    for a time. Raises sorot.serving.page.corpus.kept.sessions.SessionError for a folder that cannot be written.
    """
    most = corpus_limits(limits)
    sessions = CorpusSessions(scorer.taxonomy, scorer.manifest.thresholds, folder)
    demo = files("sorot.data.corpus").joinpath(EXAMPLE).read_bytes()
    n_demo = demo.count(b"\n")

    @show_errors
    def look(path: str | None, lang: Language | None) -> tuple[Any, ...]:
        """The columns of a file, with the readers' guesses chosen, and its first articles; or why it is not read."""
        lang, hidden = lang or "id", gr.update(choices=[("", NONE)], value=NONE, visible=False)
        nothing = [hidden] * len(FIELDS)
        delete_old_uploads()
        if not path:
            return "", *nothing
        try:
            names = lanes.files.run(column_names, Path(path), most)
            if names is None:
                return preview(path, *[None] * len(FIELDS), lang), *nothing
            found = guess_columns(names)
        except SorotError as error:
            return notice_html(explain(error, lang)), *nothing
        choices = [(corpus_text("none", lang), NONE), *((shorten_cell(name), name) for name in names)]
        guessed = [getattr(found, field) or NONE for field in FIELDS]
        return (
            preview(path, *guessed, lang),
            *(gr.update(choices=choices, value=value, visible=True) for value in guessed),
        )

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
                found = ((Path(path).name, corpus), True) if corpus.done or not corpus.total else untouched
                yield *found, both_html(partial(scoring_progress_html, corpus)), *busy
            message = status_html(partial(corpus_text, "done"))
        except SorotError as error:
            message = warning_html(partial(explain, error))
        except Exception as error:
            # Gradio prints the traceback of what a handler raises, and that may hold articles.
            name = type(error).__name__
            message = warning_html(lambda lang: corpus_text("failed", lang, reason=page_text("internal", lang, name=name)))
        yield *untouched, message, *idle

    @show_errors
    def keep(found: tuple[str, ScoredCorpus] | None, started: bool) -> tuple[Any, ...]:
        """The key of the corpus that a run scored; the one before where it scored none, or where this ran after a stop before."""
        if found is None or not started:
            return None, gr.skip()
        name, corpus = found
        return None, sessions.put(open_corpus(name, corpus, scorer.manifest.thresholds, scorer.taxonomy))

    @show_errors
    def stop(found: tuple[str, ScoredCorpus] | None, started: bool) -> tuple[Any, ...]:
        def message(lang: Language) -> str:
            if not (found and started):
                return corpus_text("stopped_early", lang)
            corpus = found[1]
            return corpus_text(
                "stopped", lang, done=format_count(len(corpus.items), lang), total=format_count(corpus.total, lang)
            )

        return warning_html(message), gr.update(visible=False), gr.update(interactive=True)

    def use_example() -> str:
        return str(save_bytes_to_cache(demo, EXAMPLE, file.GRADIO_CACHE))

    @show_errors
    def switch(lang: Language | None) -> tuple[Any, ...]:
        lang = as_language(lang)
        return (
            intro_html(most, lang),
            gr.update(label=corpus_text("file", lang)),
            *(gr.update(label=corpus_text(f, lang)) for f in FIELDS),
            gr.update(value=corpus_text("example", lang, n=format_count(n_demo, lang))),
            *(gr.update(value=corpus_text(button, lang)) for button in ("start", "cancel")),
            gr.update(label=corpus_text("kept", lang), choices=kept_choices(lang)),
            gr.update(label=corpus_text("input", lang)),
        )

    @show_errors
    def switch_file(path: str | None, *rest: Any) -> tuple[Any, ...]:
        """The first articles and the column choices in the new language; chosen values stay."""
        if not path or not Path(path).is_file():
            return (gr.skip(),) * (len(FIELDS) + 1)
        shown, *found = look(path, as_language(rest[-1]))
        choices = ({key: value for key, value in update.items() if key != "value"} for update in found)
        return preview(path, *rest) if any(rest[:-1]) else shown, *choices

    def kept_choices(lang: Language) -> list[tuple[str, str]]:
        return [
            (corpus_text("kept_one", lang, name=one.name, n=format_count(one.articles, lang)), one.key)
            for one in sessions.names()
        ]

    scored, started = gr.State(None, time_to_live=KEPT_SECONDS), gr.State(False, time_to_live=KEPT_SECONDS)
    with gr.Accordion(corpus_text("input", "id"), open=True, elem_id="corpus-source") as source:
        with gr.Row(elem_id="corpus-input"):
            with gr.Column(scale=2, min_width=320):
                intro = gr.HTML(intro_html(most, "id"), elem_id="corpus-intro")
                example = gr.Button(
                    corpus_text("example", "id", n=format_count(n_demo, "id")), variant="secondary", elem_id="corpus-example"
                )
                kept = gr.Dropdown(
                    kept_choices("id"),
                    value=None,
                    label=corpus_text("kept", "id"),
                    visible=folder is not None,
                    elem_id="corpus-kept",
                )
            file = gr.File(label=corpus_text("file", "id"), type="filepath", elem_id="corpus-file", height=150, scale=3)
        with gr.Row():
            # A file may go while its columns are on their way: what they say is checked where it is read, not by Gradio.
            columns = [
                gr.Dropdown(
                    [("", NONE)],
                    value=NONE,
                    label=corpus_text(f, "id"),
                    visible=False,
                    min_width=140,
                    allow_custom_value=True,
                    elem_id=f"corpus-{f}-column",
                )
                for f in FIELDS
            ]
        first = gr.HTML(elem_id="corpus-preview")
    with gr.Row():
        start = gr.Button(corpus_text("start", "id"), variant="primary", elem_id="corpus-start")
        cancel = gr.Button(corpus_text("cancel", "id"), variant="stop", visible=False, elem_id="corpus-cancel")
    status = gr.HTML(elem_id="corpus-status", elem_classes="corpus-status")
    opened, key, open_after = build_workbench(scorer, language, sessions, boxes, review)

    private: dict[str, Any] = {"api_visibility": "private"}
    hidden: dict[str, Any] = {"show_progress": "hidden", **private}
    file.change(look, [file, language], [first, *columns], **hidden)
    for column in columns:
        column.input(preview, [file, *columns, language], first, **hidden)
    running = gr.on([start.click], begin, None, [started, status, cancel, start], queue=False, **hidden).then(
        run, [file, *columns], [scored, started, status, cancel, start], concurrency_limit=RUNS, **hidden
    )

    def open_then(event: Any) -> None:
        """Opens a session's corpus after an event; the file then makes room for it."""
        open_after(event).then(lambda name: gr.update(open=not name), key, source, **hidden)

    open_then(running.then(keep, [scored, started], [scored, key], **hidden))
    # The example needs no choice of columns, so it runs at once.
    example.click(use_example, None, file, **hidden).then(look, [file, language], [first, *columns], **hidden).then(
        None, None, None, js="() => document.querySelector('#corpus-start').click()", **private
    )
    # The message comes last, or the run's own last message would overwrite it.
    stopped = cancel.click(lambda: None, None, None, cancels=[running], **private)
    open_then(
        stopped.then(stop, [scored, started], [status, cancel, start], **private).then(
            keep, [scored, started], [scored, key], **hidden
        )
    )
    open_then(kept.input(lambda chosen: chosen, kept, key, **hidden))
    open_then(page.load(lambda remembered: remembered, [key], [key], js=RECALL, **hidden))
    language.change(switch, [language], [intro, file, *columns, example, start, cancel, kept, source], **private).then(
        switch_file, [file, *columns, language], [first, *columns], **private
    )
    return opened


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
