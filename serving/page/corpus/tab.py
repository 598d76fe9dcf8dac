"""The tab of a corpus: drop a file, choose its columns, score it, move thresholds, read charts and the table, download."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache

from sorot.data.errors import InputError, SorotError
from sorot.serving.analyze import ArticleScorer
from sorot.serving.limits import Limits
from sorot.serving.page.common.errors import told_plainly
from sorot.serving.page.common.uploads import sweep
from sorot.serving.page.common.view import notice_html
from sorot.serving.page.common.words import Language, count, spoken
from sorot.serving.page.corpus.limits import CorpusError, corpus_limits
from sorot.serving.page.corpus.results import KEPT_SECONDS, build_corpus_results
from sorot.serving.page.corpus.scoring import Corpus, score_corpus
from sorot.serving.page.corpus.table import cut
from sorot.serving.page.corpus.uploads.reading import FIELDS, NONE, column_names, first_articles, guess, read_corpus
from sorot.serving.page.corpus.view import both_html, intro_html, progress_html, told_html, warned_html
from sorot.serving.page.corpus.words import say

# The service's queue bounds what is scored at once; here more runs than Gradio's default may wait for it in turn.
RUNS = 8
PREVIEW_ROWS = 3
EXAMPLE = "contoh.csv"


def build_corpus_tab(scorer: ArticleScorer, language: gr.Radio, limits: Limits) -> None:
    """Lay out the tab where it is called. What is dropped and what was found is kept in the session alone."""
    most = corpus_limits(limits)

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

    def begin() -> tuple[Any, ...]:
        """Said at once: the run itself may have to wait for those of others."""
        return False, told_html(partial(say, "waiting")), gr.update(visible=True), gr.update(interactive=False)

    def run(path: str | None, *columns: Any) -> Iterator[tuple[Any, ...]]:
        busy = (gr.update(visible=True), gr.update(interactive=False))
        idle = (gr.update(visible=False), gr.update(interactive=True))
        # What was found before stays until there is something in its place.
        untouched = (gr.skip(), gr.skip())
        try:
            if not path:
                raise CorpusError("no_file")
            yield *untouched, told_html(partial(say, "reading")), *busy
            reading = read_corpus(Path(path), named(list(columns)), most)
            for corpus in score_corpus(scorer, reading):
                found = (corpus, True) if corpus.done or not corpus.total else untouched
                yield *found, both_html(partial(progress_html, corpus)), *busy
            said = told_html(partial(say, "done"))
        except SorotError as error:
            said = warned_html(partial(explain, error))
        except Exception as error:
            # Gradio prints the traceback of what a handler raises, and that may hold articles.
            said = warned_html(partial(explain, SorotError(type(error).__name__)))
        yield *untouched, said, *idle

    @told_plainly
    def stop(corpus: Corpus | None, begun: bool) -> tuple[Any, ...]:
        def said(tongue: Language) -> str:
            if not (corpus and begun):
                return say("stopped_early", tongue)
            return say("stopped", tongue).format(done=count(len(corpus.items), tongue), total=count(corpus.total, tongue))

        return warned_html(said), gr.update(visible=False), gr.update(interactive=True)

    def use_example() -> str:
        data = files("sorot.serving.page.corpus").joinpath("examples", EXAMPLE).read_bytes()
        return str(save_bytes_to_cache(data, EXAMPLE, file.GRADIO_CACHE))

    @told_plainly
    def switch(tongue: Language | None) -> tuple[Any, ...]:
        tongue = spoken(tongue)
        return (
            intro_html(most, tongue),
            gr.update(label=say("file", tongue)),
            *(gr.update(label=say(f, tongue)) for f in FIELDS),
            *(gr.update(value=say(button, tongue)) for button in ("example", "start", "cancel")),
        )

    @told_plainly
    def switch_file(path: str | None, *rest: Any) -> tuple[Any, ...]:
        """What is said of the file, and the columns' choices, again; what was chosen stays."""
        if not path or not Path(path).is_file():
            return (gr.skip(),) * (len(FIELDS) + 2)
        said, *found = look(path, spoken(rest[-1]))
        choices = ({key: value for key, value in update.items() if key != "value"} for update in found)
        return said, *choices, "" if said else preview(path, *rest)

    state, begun = gr.State(None, time_to_live=KEPT_SECONDS), gr.State(False, time_to_live=KEPT_SECONDS)
    intro = gr.HTML(intro_html(most, "id"), elem_id="corpus-intro")
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
    open_after = build_corpus_results(scorer, state, language)

    private: dict[str, Any] = {"api_visibility": "private"}
    file.change(look, [file, language], [told, *columns], **private).then(preview, [file, *columns, language], first, **private)
    for column in columns:
        column.input(preview, [file, *columns, language], first, **private)
    example.click(use_example, None, file, **private)
    hidden: dict[str, Any] = {"show_progress": "hidden", **private}
    running = start.click(begin, None, [begun, status, cancel, start], queue=False, **hidden).then(
        run, [file, *columns], [state, begun, status, cancel, start], concurrency_limit=RUNS, **hidden
    )
    open_after(running)
    # What is said comes last: what the run said just before it ended would otherwise stand over it.
    stopped = cancel.click(lambda: None, None, None, cancels=[running], **private)
    open_after(stopped).then(stop, [state, begun], [status, cancel, start], **private)
    language.change(switch, [language], [intro, file, *columns, example, start, cancel], **private).then(
        switch_file, [file, *columns, language], [told, *columns, first], **private
    )


def named(columns: list[Any]) -> Mapping[str, str | None]:
    """Which column each field is in; a caller of the API may send anything."""
    return {field: value if isinstance(value, str) else None for field, value in zip(FIELDS, columns, strict=False)}


def explain(error: SorotError, tongue: Language) -> str:
    """One sentence in the page's language."""
    if isinstance(error, CorpusError):
        values = {k: count(v, tongue) if isinstance(v, int) else v for k, v in error.values.items()}
        return say(error.key, tongue).format(**values)
    return say("unreadable" if isinstance(error, InputError) else "failed", tongue).format(reason=error)
