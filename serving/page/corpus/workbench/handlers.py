"""The handlers of the workbench: from what the controls say to what charts, table and article show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import gradio as gr
import numpy as np

from sorot.data.errors import SorotError
from sorot.data.taxonomy import Task
from sorot.serving.model.manifest import Manifest
from sorot.serving.page.common.templates import notice_html, render
from sorot.serving.page.corpus.charts.counting import Group, Unit, by_outlet, by_period, fitting_unit
from sorot.serving.page.corpus.charts.label_charts import outlet_spec, time_spec
from sorot.serving.page.corpus.charts.panels import map_html, numbers_html, pair_html, words_html
from sorot.serving.page.corpus.charts.vega import as_plot
from sorot.serving.page.corpus.findings.bands import bands_note, bands_numbers_html, bands_spec, find_bands
from sorot.serving.page.corpus.findings.speakers import speakers_html
from sorot.serving.page.corpus.findings.stories import stories_html
from sorot.serving.page.corpus.kept.open_corpus import Flags, OpenCorpus, Rows
from sorot.serving.page.corpus.kept.query import Query, in_order, passing, read_query
from sorot.serving.page.corpus.limits import CorpusError
from sorot.serving.page.corpus.words import corpus_text
from sorot.serving.page.corpus.workbench import choices
from sorot.serving.page.corpus.workbench.controls import COUNTS, SHARES, STORIES, Controls, Drawn, visible_controls
from sorot.serving.page.corpus.workbench.reader import reader_html
from sorot.serving.page.corpus.workbench.table import page_of, table_html
from sorot.serving.words.language import Language, format_count

Parts = tuple[Any, ...]
# What `chart` and `listing` return.
CHART_PARTS, LISTING_PARTS = 4, 6


@dataclass(frozen=True, slots=True)
class Workbench:
    """The handlers over some controls; `review` says whether articles can be sent to a review.

    `manifest` has the errors of the model.
    """

    controls: Controls
    review: bool
    manifest: Manifest

    def chart(self, opened: OpenCorpus, flags: Flags, drawn: Drawn, lang: Language) -> Parts:
        """Plot, note, figure and map of the chosen view; the others are hidden."""
        task = opened.taxonomy.task(drawn.task)
        shares, stories = drawn.measure == SHARES, drawn.measure == STORIES
        hidden = gr.update(visible=False)
        match drawn.view:
            case "time_view":
                days = opened.arrays.days[flags]
                dated = days[~np.isnat(days)]
                if not len(dated):
                    return hidden, notice_html(corpus_text("no_dates", lang)), hidden, hidden
                unit: Unit = fitting_unit(dated) if drawn.unit == choices.AUTO else drawn.unit  # type: ignore[assignment]
                groups = by_period(opened, flags, task, unit, stories=stories)
                spec = time_spec(groups, task, opened.taxonomy, unit, shares, lang, stories=stories)
                undated = len(days) - len(dated)
                said = [_peak(groups, unit, lang)] if drawn.measure == COUNTS else []
                said += [corpus_text("undated", lang, n=format_count(undated, lang))] if undated else []
                note = _note("; ".join(said)) if said else ""
                numbers = numbers_html(groups, task, "by_period", lang)
            case "outlet_view":
                groups, more = by_outlet(opened, flags, task, stories=stories)
                spec = outlet_spec(groups, task, opened.taxonomy, shares, lang, stories=stories)
                note = _note(corpus_text("more_outlets", lang, n=format_count(more, lang))) if more else ""
                numbers = numbers_html(groups, task, "by_outlet", lang)
            case "bands_view":
                return self.bands(opened, flags, task, drawn.group, lang)
            case "speakers_view":
                return hidden, "", gr.update(value=speakers_html(opened, flags, lang), visible=True), hidden
            case "stories_view":
                return hidden, "", gr.update(value=stories_html(opened, flags, lang), visible=True), hidden
            case "map_view":
                return hidden, "", hidden, gr.update(value=map_html(opened, flags, task, lang), visible=True)
            case "words_view":
                html = words_html(opened, flags, drawn.group, lang)
                return hidden, "", gr.update(value=html, visible=True), hidden
            case _:
                html = pair_html(opened, flags, drawn.pair, drawn.sides, lang)
                return hidden, "", gr.update(value=html, visible=True), hidden
        return gr.update(value=as_plot(spec), visible=bool(groups)), note, gr.update(value=numbers, visible=True), hidden

    def bands(self, opened: OpenCorpus, flags: Flags, task: Task, by: str, lang: Language) -> Parts:
        """Shares with the model's errors taken out; those of another model are not known."""
        hidden = gr.update(visible=False)
        own = f"{self.manifest.name}-{self.manifest.version}"
        confusion = self.manifest.confusion if all(item.row["model"] == own for item in opened.items) else None
        found = find_bands(opened, flags, task, by, confusion, lang)
        if not found:
            return hidden, notice_html(corpus_text("nothing_left", lang)), hidden, hidden
        plot = gr.update(value=as_plot(bands_spec(found, task, opened.taxonomy, lang)), visible=True)
        numbers = gr.update(value=bands_numbers_html(found, task, lang), visible=True)
        return plot, _note(bands_note(found, lang)), numbers, hidden

    def listing(self, opened: OpenCorpus, rows: Rows, page: int, place: int | None, lang: Language) -> Parts:
        """Sentence with the number of articles, table, page, and the parts that turn pages."""
        page, pages = page_of(len(rows), page)
        n, total = format_count(len(rows), lang), format_count(len(opened.items), lang)
        key = "left" if len(rows) < len(opened.items) else "one_left" if len(rows) == 1 else "all_left"
        return (
            render("corpus/workbench/left.html.j2", sentence=corpus_text(key, lang, n=n, total=total)),
            table_html(opened, rows, page, place, lang),
            page,
            gr.update(visible=pages > 1),
            gr.update(interactive=page > 1),
            gr.update(interactive=page < pages),
        )

    def article(self, opened: OpenCorpus, rows: Rows, place: int | None, lang: Language) -> str:
        """The article at a place, or a hint where none is open."""
        if place is None or not 0 <= place < len(opened.items):
            return render("corpus/status.html.j2", message=corpus_text("choose_article", lang))
        found = np.flatnonzero(rows == place)
        at = int(found[0]) if len(found) else None
        before = int(rows[at - 1]) if at else None
        after = int(rows[at + 1]) if at is not None and at + 1 < len(rows) else None
        return reader_html(opened, place, before, after, self.review, lang)

    def refresh(
        self,
        opened: OpenCorpus | None,
        page: int,
        place: int | None,
        values: Sequence[Any],
        lang: Language,
        *,
        charts: bool = True,
    ) -> Parts:
        """Chart parts, listing parts and article for what the controls say; without `charts` these stay as they are."""
        if opened is None:
            message = notice_html(corpus_text("expired", lang))
            return (gr.skip(),) * CHART_PARTS + (message, "", 1, *(gr.skip(),) * (LISTING_PARTS - 3)) + ("",)
        query, drawn = self.controls.query(values), self.controls.drawn(values)
        try:
            flags = passing(opened, query)
        except CorpusError as error:
            message = notice_html(corpus_text(error.key, lang, **error.values))
            return (gr.skip(),) * CHART_PARTS + (message, *(gr.skip(),) * (LISTING_PARTS - 1)) + (gr.skip(),)
        rows = in_order(opened, flags, query.sort)
        shown = self.chart(opened, flags, drawn, lang) if charts else (gr.skip(),) * CHART_PARTS
        return *shown, *self.listing(opened, rows, page, place, lang), self.article(opened, rows, place, lang)

    def narrowed(self, opened: OpenCorpus, values: Sequence[Any], go: object) -> tuple[Query, int | None]:
        """The filters that a bar, a word or a name asks for, on top of those that are set, and the first article they leave."""
        query = self.controls.query(values)
        given: Mapping[str, Any] = go if isinstance(go, Mapping) else {}
        asked = read_query(given, opened.taxonomy)
        outlet = given.get("outlet")
        query = replace(
            query,
            search=asked.search or query.search,
            labels={**query.labels, **asked.labels},
            outlets=(outlet,) if isinstance(outlet, str) else query.outlets,
            first=asked.first or query.first,
            last=asked.last or query.last,
            picked=asked.picked or query.picked,
        )
        rows = in_order(opened, passing(opened, query), query.sort)
        return query, int(rows[0]) if len(rows) else None

    def look(self, values: Sequence[Any], page: int, place: int | None) -> dict[str, Any]:
        """How the corpus is looked at, for a kept session."""
        query = self.controls.query(values).to_json()
        return {"query": query, "drawn": asdict(self.controls.drawn(values)), "page": page, "place": place}

    def looked(self, view: Mapping[str, Any], opened: OpenCorpus) -> tuple[dict[str, Any], int, int | None]:
        """Values of the controls by name, page and place from a kept session."""
        query = read_query(view.get("query"), opened.taxonomy)
        raw = view.get("drawn")
        given = {**raw} if isinstance(raw, Mapping) else {}
        sides = given.pop("sides", ("", ""))
        given |= {f"side-{n}": side for n, side in enumerate(sides, 1)}
        page, place = view.get("page"), view.get("place")
        names = {name: given[name] for name in self.controls.by_name if name in given}
        return (
            {**self.controls.filtered(query), **names},
            page if isinstance(page, int) else 1,
            place if isinstance(place, int) else None,
        )


def visibility(drawn: Drawn, controls: Controls) -> list[Any]:
    """An update for each control: shown or hidden, as the view needs it."""
    shown = visible_controls(drawn)
    return [gr.update(visible=shown[name]) if name in shown else gr.skip() for name in controls.by_name]


def explained(error: SorotError, lang: Language) -> str:
    """A typed error in the page's language, if it has words there."""
    return corpus_text(error.key, lang, **error.values) if isinstance(error, CorpusError) else str(error)


def _peak(groups: Sequence[Group], unit: Unit, lang: Language) -> str:
    """How many articles the chart is of, and the most in one period."""
    n, most = sum(group.n for group in groups), max(group.n for group in groups)
    return corpus_text("peak", lang, n=format_count(n, lang), peak=format_count(most, lang), unit=corpus_text(unit, lang))


def _note(text: str) -> str:
    return render("corpus/charts/note.html.j2", text=text)
