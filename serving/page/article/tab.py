"""The Article tab: paste an article, read its labels, see the sentences that show them and what cleaning removed."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import gradio as gr

from sorot.data.article import Article
from sorot.data.errors import SorotError
from sorot.data.prepare import UnreadableTextError, prepare_text
from sorot.data.taxonomy import Taxonomy
from sorot.serving.answers import Options, make_answer
from sorot.serving.article_scorer import ArticleScorer
from sorot.serving.limits import Limits
from sorot.serving.model.analysis import Analysis
from sorot.serving.page.article import view
from sorot.serving.page.article.example_texts import example_texts
from sorot.serving.page.article.marked_text import marked_text_html
from sorot.serving.page.article.quotes_view import quotes_html
from sorot.serving.page.article.uploaded_file import SUFFIXES, UploadedFileError, looks_like_page, read_uploaded_file
from sorot.serving.page.article.words import article_text
from sorot.serving.page.common.errors import show_errors
from sorot.serving.page.common.templates import notice_html
from sorot.serving.page.common.upload_folder import delete_old_uploads
from sorot.serving.page.common.words import page_text
from sorot.serving.words.language import LANGUAGES, Language, format_count
from sorot.serving.workers.bounds import WorkStoppedError
from sorot.serving.workers.lanes import Lanes

# Says in the page's language whether the JSON was copied, or that the browser does not allow it.
COPY = """async (text, language) => {
  const words = %s, show = key => `<p role="status">${words[key][language] || words[key].id}</p>`;
  if (!text) return show('nothing_to_copy');
  try { await navigator.clipboard.writeText(text); return show('copied'); } catch { return show('not_copied'); }
}""" % json.dumps({key: article_text.texts[key] for key in ("nothing_to_copy", "copied", "not_copied")})  # noqa: UP031


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no result, in both languages."""

    messages: dict[Language, str]


# None before anything was pasted: then the example is shown.
State = tuple[Article, Analysis] | Refusal | None


def build_article_tab(
    scorer: ArticleScorer, language: gr.Radio, limits: Limits, lanes: Lanes
) -> Callable[[gr.events.Dependency], None]:
    """Lay out the tab in the current Gradio context; `language` is the page's switch. Pasted text stays in the session.

    Returns a function that shows the example, analysed, after an event of the page, once the language is known.
    """
    thresholds, bodies = scorer.manifest.thresholds, example_texts()

    @cache
    def example() -> tuple[Article, Analysis]:
        article = prepare_text(bodies[0])
        return article, scorer.score([article])[0]

    def analyse_example() -> None:
        # Without the example the page works as well.
        with suppress(SorotError):
            example()

    @show_errors
    def analyse(text: str | None, language: Language | None) -> tuple[Any, ...]:
        # An API caller may leave either out.
        return answer(text or "", language or "id", html=looks_like_page(text or ""))

    @show_errors
    def drop(upload: str | None, language: Language | None) -> tuple[Any, ...]:
        language = language or "id"
        delete_old_uploads()
        try:
            dropped = read_uploaded_file(upload, language, limits)
        except UploadedFileError as error:
            return None, gr.update(), *render(Refusal(dict.fromkeys(LANGUAGES, str(error))), language)
        # HTML source is not worth showing; a text goes into the box as if pasted.
        shown = "" if dropped.html or len(dropped.text) > limits.characters else dropped.text
        return None, shown, *answer(dropped.text, language, html=dropped.html)

    @show_errors
    def try_example(number: object, language: Language | None) -> tuple[Any, ...]:
        body = bodies[number] if isinstance(number, int) and 0 <= number < len(bodies) else ""
        return body, *answer(body, language or "id", html=False)

    def answer(text: str, language: Language, *, html: bool) -> tuple[Any, ...]:
        return render(read(text, html=html), language)

    def read(text: str, *, html: bool) -> State:
        # The file size limits HTML; the article in it has the same limit as any other.
        if len(text) > (limits.html_characters if html else limits.characters):
            return too_long()
        try:
            article = lanes.for_article(text, html=html).run(prepare_text, text, html=html)
            if len(article.body) + len(article.title or "") > limits.characters:
                return too_long()
            return article, scorer.score([article])[0]
        except UnreadableTextError:
            return Refusal({said: article_text("no_article", said) if html else page_text("empty", said) for said in LANGUAGES})
        except WorkStoppedError:
            return Refusal({said: page_text("over_budget", said) for said in LANGUAGES})
        except SorotError as error:
            return Refusal({said: page_text("failed", said, reason=error) for said in LANGUAGES})

    def too_long() -> Refusal:
        return Refusal({said: page_text("too_long", said, limit=format_count(limits.characters, said)) for said in LANGUAGES})

    def render(state: State, language: Language) -> tuple[Any, ...]:
        if isinstance(state, Refusal):
            return state, notice_html(state.messages[language]), "", "", "", "", ""
        scored = state or example()
        return (
            state,
            view.verdict_html(*scored, scorer.taxonomy, thresholds, language, example=state is None),
            marked_text_html(*scored, scorer.taxonomy, language),
            view.removed_html(scored[0], language),
            "",
            _as_json(*scored, scorer.taxonomy),
            quotes_html(scored[1], scorer.taxonomy, language),
        )

    @show_errors
    def switch(state: State, language: Language | None) -> tuple[Any, ...]:
        language = language or "id"
        named = (
            gr.update(label=page_text("text", language), placeholder=page_text("placeholder", language)),
            gr.update(value=page_text("analyse", language)),
            gr.update(label=page_text("examples", language)),
            gr.update(label=page_text("removed", language)),
            gr.update(label=article_text("drop", language)),
            gr.update(value=article_text("copy", language)),
            gr.update(label=article_text("json", language)),
        )
        return *named, *show(state, language)

    @show_errors
    def show(state: State, language: Language | None) -> tuple[Any, ...]:
        try:
            return render(state, language or "id")[1:]
        except SorotError:
            return (gr.skip(),) * (len(result) - 1)

    folder = files("sorot.serving.page.article")
    follow, arrive = (folder.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in ("evidence", "arrive"))
    state = gr.State(None)
    with gr.Row(elem_id="article-desk"):
        with gr.Column(elem_id="article-input", min_width=300):
            text = gr.Textbox(
                label=page_text("text", "id"), placeholder=page_text("placeholder", "id"), lines=10, max_lines=24, elem_id="text"
            )
            button = gr.Button(page_text("analyse", "id"), variant="primary", elem_id="analyse")
        with gr.Column(elem_id="article-more", min_width=300):
            titles = [prepare_text(body).title or body.splitlines()[0] for body in bodies]
            offer = gr.Dataset(
                components=[text],
                samples=[[body] for body in bodies],
                sample_labels=titles,
                label=page_text("examples", "id"),
                type="index",
                elem_id="examples",
            )
            upload = gr.File(
                label=article_text("drop", "id"),
                file_types=list(SUFFIXES),
                type="filepath",
                height=140,
                elem_id="drop",
                interactive=True,
            )
        with gr.Column(elem_id="article-result", min_width=300):
            verdict = gr.HTML(elem_id="verdict")
            marked = gr.HTML(elem_id="evidence", js_on_load=follow)
            quotes = gr.HTML(elem_id="quotes")
            with gr.Accordion(page_text("removed", "id"), open=False, elem_id="removed") as accordion:
                removed = gr.HTML()
            with gr.Accordion(article_text("json", "id"), open=False, elem_id="json") as record:
                shown = gr.Textbox(show_label=False, label="JSON", lines=8, max_lines=16, interactive=False, elem_id="json_text")
            copy = gr.Button(article_text("copy", "id"), size="sm", elem_id="copy")
            copied = gr.HTML(elem_id="copied")
    result = [state, verdict, marked, removed, copied, shown, quotes]
    private: dict[str, Any] = {"api_visibility": "private"}
    for done in (
        button.click(analyse, [text, language], result, api_name="analyse"),
        offer.click(try_example, [offer, language], [text, *result], **private),
        upload.upload(drop, [upload, language], [upload, text, *result], **private),
    ):
        done.then(None, None, None, js=arrive, **private)
    copy.click(None, [shown, language], [copied], js=COPY, **private)
    language.change(switch, [state, language], [text, button, offer, accordion, upload, copy, record, *result[1:]], **private)

    def show_example_after(event: gr.events.Dependency) -> None:
        # In two steps: what takes time is over before the second reads whether the visitor has a result, and shows that then.
        analysed = event.then(analyse_example, None, None, show_progress="hidden", **private)
        analysed.then(show, [state, language], result[1:], show_progress="hidden", **private)

    return show_example_after


def _as_json(article: Article, analysis: Analysis, taxonomy: Taxonomy) -> str:
    """The answer of the service for this article, with the cleaned text."""
    return make_answer(article, analysis, Options(body=True), taxonomy).model_dump_json(indent=2)
