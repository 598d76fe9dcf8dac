"""The controls of the workbench: one filter bar, and what the charts draw. Their values go to the handlers in one list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from sorot.data.taxonomy import Taxonomy
from sorot.serving.page.corpus.charts.counting import UNITS
from sorot.serving.page.corpus.charts.panels import OUTLET, PERIODS
from sorot.serving.page.corpus.kept.open_corpus import OpenCorpus
from sorot.serving.page.corpus.kept.query import LONG_SEARCH, Query, read_query
from sorot.serving.page.corpus.words import corpus_text
from sorot.serving.page.corpus.workbench import choices
from sorot.serving.words.language import Language
from sorot.serving.words.task_words import task_text

COUNTS, SHARES, STORIES = "counts", "shares", "by_story"
MEASURES = (COUNTS, SHARES, STORIES)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the charts draw: a view of choices.VIEWS, a task, a unit of time or choices.AUTO, a measure, how words and
    the two sides are grouped, and the keys of the sides."""

    view: str
    task: str
    unit: str
    measure: str
    group: str
    pair: str
    sides: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Control:
    """A component and what it says and offers in a language."""

    part: Any
    words: Callable[[Language, OpenCorpus | None], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Controls:
    """All controls by name, in the order of their values."""

    taxonomy: Taxonomy
    by_name: Mapping[str, Control]

    @property
    def parts(self) -> list[Any]:
        """The components."""
        return [control.part for control in self.by_name.values()]

    def query(self, values: Sequence[Any]) -> Query:
        """What the filters ask for; a caller of the API may send anything."""
        given = dict(zip(self.by_name, values, strict=False))
        labels = {task.key: given.get(f"label-{task.key}") for task in self.taxonomy.tasks}
        raw = given | {"labels": labels, "least": _part(given.get("least"), 0), "most": _part(given.get("most"), 100)}
        return read_query(raw, self.taxonomy)

    def drawn(self, values: Sequence[Any]) -> Drawn:
        """What the charts draw, with the first choice in place of an unknown one."""
        given = dict(zip(self.by_name, values, strict=False))

        def one(name: str, known: Sequence[str]) -> str:
            return given[name] if given.get(name) in known else known[0]

        groups = (OUTLET, *self.taxonomy.keys, *PERIODS)
        sides = tuple(side if isinstance(side := given.get(name), str) else "" for name in ("side-1", "side-2"))
        return Drawn(
            one("view", choices.VIEWS),
            one("task", self.taxonomy.keys),
            one("unit", (choices.AUTO, *UNITS)),
            one("measure", MEASURES),
            one("group", groups),
            one("pair", groups),
            (sides[0], sides[1]),
        )

    def filtered(self, query: Query) -> dict[str, Any]:
        """The values of the filters by name that ask for a query."""
        labels = {f"label-{task.key}": list(query.labels.get(task.key, ())) for task in self.taxonomy.tasks}
        return {
            "search": query.search,
            **labels,
            "outlets": list(query.outlets),
            "first": query.first,
            "last": query.last,
            "score": query.score,
            "least": round(100 * query.least),
            "most": round(100 * query.most),
            "picked": list(query.picked),
            "sort": query.sort,
        }

    def updates(self, values: Mapping[str, Any]) -> list[Any]:
        """An update for each control: the values by name, the others as they are."""
        return [values[name] if name in values else gr.skip() for name in self.by_name]

    def worded(self, language: Language, opened: OpenCorpus | None, values: Mapping[str, Any] | None = None) -> list[Any]:
        """An update for each control with its words and choices, and with values by name."""
        given = values or {}
        return [
            gr.update(**control.words(language, opened), **({"value": given[name]} if name in given else {}))
            if control.words(language, opened) or name not in given
            else given[name]
            for name, control in self.by_name.items()
        ]


def visible_controls(drawn: Drawn) -> dict[str, bool]:
    """Which controls of the charts a view has."""
    shown = {
        "task": drawn.view in ("time_view", "outlet_view", "bands_view", "map_view"),
        "unit": drawn.view == "time_view",
        "measure": drawn.view in ("time_view", "outlet_view"),
        "group": drawn.view in ("words_view", "bands_view"),
    }
    return shown | dict.fromkeys(("pair", "side-1", "side-2"), drawn.view == "pair_view")


def build_filters(taxonomy: Taxonomy) -> dict[str, Control]:
    """The filter bar in the current Gradio context; a filter for each task of the taxonomy."""
    found: dict[str, Control] = {}

    def add(name: str, kind: Any, words: Callable[[Language, OpenCorpus | None], dict[str, Any]], **options: Any) -> None:
        found[name] = Control(kind(**words("id", None), elem_id=f"corpus-{name}", min_width=130, **options), words)

    with gr.Row(elem_id="corpus-filters"):
        add("search", gr.Textbox, lambda lang, _: {"label": corpus_text("search", lang)}, max_length=LONG_SEARCH, scale=2)
        for task in taxonomy.tasks:
            add(
                f"label-{task.key}",
                gr.Dropdown,
                lambda lang, _, task=task: {  # type: ignore[misc]
                    "label": task_text(task, "singular", lang),
                    "choices": choices.task_labels(task, lang),
                },
                multiselect=True,
            )
        add(
            "outlets",
            gr.Dropdown,
            lambda lang, opened: {"label": corpus_text("by_outlet", lang), "choices": choices.outlet_choices(opened, lang)},
            multiselect=True,
            allow_custom_value=True,
        )
    with gr.Row(elem_id="corpus-more-filters"):
        for name in ("first", "last"):
            add(
                name,
                gr.Textbox,
                lambda lang, _, name=name: {  # type: ignore[misc]
                    "label": corpus_text(f"{name}_day", lang),
                    "placeholder": corpus_text("day_hint", lang),
                },
                max_length=10,
            )
        add(
            "score",
            gr.Dropdown,
            lambda lang, _: {"label": corpus_text("score_of", lang), "choices": choices.score_choices(taxonomy, lang)},
            value="",
        )
        for name, value in (("least", 0), ("most", 100)):
            add(
                name,
                gr.Number,
                lambda lang, _, name=name: {"label": corpus_text(name, lang)},  # type: ignore[misc]
                value=value,
                minimum=0,
                maximum=100,
                precision=0,
            )
        add(
            "sort",
            gr.Dropdown,
            lambda lang, _: {"label": corpus_text("sort", lang), "choices": choices.sort_choices(taxonomy, lang)},
            value="order",
        )
    found["picked"] = Control(gr.State([]), lambda _, __: {})
    return found


def build_chart_controls(taxonomy: Taxonomy) -> dict[str, Control]:
    """The view of the corpus and what it draws, in the current Gradio context."""
    found: dict[str, Control] = {}

    def add(name: str, kind: Any, words: Callable[[Language, OpenCorpus | None], dict[str, Any]], **options: Any) -> None:
        found[name] = Control(kind(**words("id", None), elem_id=f"corpus-{name}", **options), words)

    add(
        "view",
        gr.Radio,
        lambda lang, _: {"label": corpus_text("view", lang), "choices": choices.view_choices(lang)},
        value=choices.VIEWS[0],
        show_label=False,
        container=False,
    )
    with gr.Row(elem_id="corpus-chart-controls"):
        add(
            "task",
            gr.Radio,
            lambda lang, _: {"label": corpus_text("colour_by", lang), "choices": choices.task_choices(taxonomy, lang)},
            value=taxonomy.keys[0],
            min_width=260,
        )
        add(
            "unit",
            gr.Dropdown,
            lambda lang, _: {"label": corpus_text("unit", lang), "choices": choices.unit_choices(lang)},
            value=choices.AUTO,
            min_width=120,
        )
        add(
            "measure",
            gr.Radio,
            lambda lang, _: {
                "label": corpus_text("measure", lang),
                "choices": choices.named_choices(MEASURES, lang),
            },
            value=COUNTS,
            min_width=200,
        )
        for name in ("group", "pair"):
            add(
                name,
                gr.Dropdown,
                lambda lang, _: {"label": corpus_text("group_by", lang), "choices": choices.group_choices(taxonomy, lang)},
                value=OUTLET,
                visible=False,
                min_width=130,
            )
        for n in (1, 2):
            add(
                f"side-{n}",
                gr.Dropdown,
                lambda lang, _, n=n: {"label": corpus_text("side", lang, n=n)},  # type: ignore[misc]
                choices=[],
                visible=False,
                allow_custom_value=True,
                min_width=130,
            )
    return found


def _part(value: object, otherwise: int) -> float:
    return value / 100 if isinstance(value, int | float) else otherwise / 100
