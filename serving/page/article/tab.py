"""The Article tab: paste an article, read its labels, see the sentences that show them and what cleaning removed."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr

from sorot.data.article import Article
from sorot.data.errors import SorotError
from sorot.data.prepare import UnreadableTextError, prepare, prepare_text
from sorot.data.taxonomy import Taxonomy
from sorot.serving.answers import Options, make_answer
from sorot.serving.article_scorer import ArticleScorer
from sorot.serving.limits import Limits
from sorot.serving.model.analysis import Analysis
from sorot.serving.page.article import view
from sorot.serving.page.article.example_texts import example_texts
from sorot.serving.page.article.uploaded_file import SUFFIXES, UploadedFileError, read_uploaded_file
from sorot.serving.page.article.words import article_text
from sorot.serving.page.common import evidence_marks as marks
from sorot.serving.page.common.errors import show_errors
from sorot.serving.page.common.language import Language, format_count
from sorot.serving.page.common.templates import notice_html
from sorot.serving.page.common.upload_folder import delete_old_uploads
from sorot.serving.page.common.words import page_text
from sorot.serving.workers.bounds import WorkStoppedError
from sorot.serving.workers.lanes import Lanes

# Says in the page's language whether the JSON was copied, or that the browser does not allow it.
COPY = """async (text, language) => {
  const words = %s, show = key => `<p role="status">${words[key][language] || words[key].id}</p>`;
  if (!text) return show('nothing_to_copy');
  try { await navigator.clipboard.writeText(text); return show('copied'); } catch { return show('not_copied'); }
}""" % json.dumps({key: article_text.texts[key] for key in ("nothing_to_copy", "copied", "not_copied")})  # noqa: UP031

State = tuple[Article, Analysis] | None


def build_article_tab(scorer: ArticleScorer, language: gr.Radio, limits: Limits, lanes: Lanes) -> None:
    """Lay out the tab in the current Gradio context; `language` is the page's switch. Pasted text stays in the session."""
    thresholds = scorer.manifest.thresholds

    @show_errors
    def analyse(text: str | None, language: Language | None) -> tuple[Any, ...]:
        # An API caller may leave either out.
        return answer(text or "", language or "id", html=False)

    @show_errors
    def drop(upload: str | None, language: Language | None) -> tuple[Any, ...]:
        language = language or "id"
        delete_old_uploads()
        try:
            dropped = read_uploaded_file(upload, language, limits)
        except UploadedFileError as error:
            return None, gr.update(), *refuse(str(error), language)
        # HTML source is not worth showing; a text goes into the box as if pasted.
        shown = "" if dropped.html or len(dropped.text) > limits.characters else dropped.text
        return None, shown, *answer(dropped.text, language, html=dropped.html)

    def answer(text: str, language: Language, *, html: bool) -> tuple[Any, ...]:
        # The file size limits HTML; the article in it has the same limit as any other.
        too_long = page_text("too_long", language, limit=format_count(limits.characters, language))
        if not html and len(text) > limits.characters:
            return refuse(too_long, language)
        try:
            article = lanes.for_article(text, html=html).run(prepare_text, text, html=html)
            if len(article.body) + len(article.title or "") > limits.characters:
                return refuse(too_long, language)
            scored = article, scorer.score([article])[0]
        except UnreadableTextError:
            return refuse(article_text("no_article", language) if html else page_text("empty", language), language)
        except WorkStoppedError:
            return refuse(page_text("over_budget", language), language)
        except SorotError as error:
            return refuse(page_text("failed", language, reason=error), language)
        return render(scored, language)

    def refuse(message: str, language: Language) -> tuple[Any, ...]:
        _, _, *rest = render(None, language)
        return None, notice_html(message), *rest

    def render(state: State, language: Language) -> tuple[Any, ...]:
        options = view.choices(state[1], scorer.taxonomy, language) if state else []
        first = options[0][1] if options else None
        choice = gr.update(choices=options, value=first, visible=bool(options), label=page_text("shows", language))
        if state is None:
            return None, "", *_evidence(None, None, scorer.taxonomy, language), choice, "", "", ""
        verdict = view.verdict_html(*state, scorer.taxonomy, thresholds, language)
        return (
            state,
            verdict,
            *_evidence(state, first, scorer.taxonomy, language),
            choice,
            view.removed_html(state[0], language),
            "",
            _as_json(*state, scorer.taxonomy),
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
        return *named, *render(state, language)[1:]

    @show_errors
    def choose(state: State, choice: str | None, language: Language | None) -> tuple[Any, ...]:
        return _evidence(state, choice, scorer.taxonomy, language or "id")

    state = gr.State(None)
    with gr.Row():
        with gr.Column():
            text = gr.Textbox(
                label=page_text("text", "id"), placeholder=page_text("placeholder", "id"), lines=14, max_lines=24, elem_id="text"
            )
            button = gr.Button(page_text("analyse", "id"), variant="primary", elem_id="analyse")
            upload = gr.File(
                label=article_text("drop", "id"),
                file_types=list(SUFFIXES),
                type="filepath",
                height=140,
                elem_id="drop",
                interactive=True,
            )
            examples = example_texts()
            titles = [prepare(Article(id="example", body=body)).title or body.splitlines()[0] for body in examples]
            offer = gr.Examples(
                [[body] for body in examples], inputs=[text], label=page_text("examples", "id"), example_labels=titles
            )
        with gr.Column():
            verdict = gr.HTML(elem_id="verdict")
    choice = gr.Radio([], label=page_text("shows", "id"), visible=False, elem_id="choice")
    legend = gr.HTML(elem_id="legend")
    marked = gr.HighlightedText(
        label=page_text("evidence", "id"),
        color_map=marks.colour_map(scorer.taxonomy),
        show_legend=False,
        combine_adjacent=False,
        visible=False,
        elem_id="evidence",
        elem_classes="evidence-text",
    )
    strongest = gr.HTML(elem_id="strongest", elem_classes="strongest-box")
    with gr.Accordion(page_text("removed", "id"), open=False, elem_id="removed") as accordion:
        removed = gr.HTML()
    copy = gr.Button(article_text("copy", "id"), size="sm", elem_id="copy")
    copied = gr.HTML(elem_id="copied")
    with gr.Accordion(article_text("json", "id"), open=False, elem_id="json") as record:
        shown = gr.Textbox(show_label=False, label="JSON", lines=8, max_lines=16, interactive=False, elem_id="json_text")
    result = [state, verdict, legend, marked, strongest, choice, removed, copied, shown]
    button.click(analyse, [text, language], result, api_name="analyse")
    upload.upload(drop, [upload, language], [upload, text, *result], api_visibility="private")
    copy.click(None, [shown, language], [copied], js=COPY, api_visibility="private")
    choice.input(choose, [state, choice, language], [legend, marked, strongest], api_visibility="private")
    language.change(
        switch,
        [state, language],
        [text, button, offer.dataset, accordion, upload, copy, record, *result[1:]],
        api_visibility="private",
    )


def _evidence(state: State, choice: str | None, taxonomy: Taxonomy, language: Language) -> tuple[str, Any, str]:
    label = page_text("evidence", language)
    if state is None:
        return "", gr.update(value=None, visible=False, label=label), ""
    article, analysis = state
    return (
        marks.legend_html(taxonomy, choice, language),
        gr.update(value=marks.highlights(article, analysis, taxonomy, choice, language), visible=True, label=label),
        view.strongest_html(analysis.evidence, choice, language),
    )


def _as_json(article: Article, analysis: Analysis, taxonomy: Taxonomy) -> str:
    """The answer of the service for this article, with the cleaned text."""
    return make_answer(article, analysis, Options(body=True), taxonomy).model_dump_json(indent=2)
