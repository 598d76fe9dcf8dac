"""The labels of a task over time and by outlet: bars for a task where one label holds, else lines and bars side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.page.common.label_styles import LabelStyle, label_style
from sorot.serving.page.corpus.charts.counting import Group, Unit
from sorot.serving.page.corpus.charts.vega import Spec
from sorot.serving.page.corpus.kept.query import NO_OUTLET
from sorot.serving.page.corpus.words import corpus_text
from sorot.serving.words.language import Language, format_percent

TIME_HEIGHT = 300
# Of a bar in pixels, for each outlet; several labels side by side need more.
STEP, LABEL_STEP = 26, 14
TICKS = 6
LONG_NAME = 28


def time_spec(
    groups: Sequence[Group],
    task: Task,
    taxonomy: Taxonomy,
    unit: Unit,
    shares: bool,
    language: Language,
    *,
    stories: bool = False,
) -> Spec:
    """How many articles have each label, or which share of the period's articles, by period."""
    values = [
        {
            **value,
            "from": group.first,
            "to": group.last + "T23:59:59Z",
            "go": json_go(task, value["key"], first=group.first, last=group.last),
        }
        for group in groups
        for value in _values(group, group.name, task, shares, language)
    ]
    axis = {"title": corpus_text(unit, language), "format": "%Y" if unit == "year" else "%Y-%m-%d" if _short(groups) else "%Y-%m"}
    x: Spec = {
        "field": "from",
        "type": "temporal",
        "scale": {"type": "utc"},
        "axis": {**axis, "labelOverlap": True, "grid": False},
    }
    y: Spec = {"type": "quantitative", "axis": _value_axis(values, shares, stories, language)}
    colour = _colour(task, taxonomy, language)
    tooltip = _tooltip(task, "period", language)
    if task.many:
        base: Spec = {"x": x, "y": {**y, "field": "value"}}
        styles = [label_style(taxonomy, task.key, key) for key in task.keys]
        lines = {
            "field": "label",
            "type": "nominal",
            "legend": {"title": None},
            "scale": label_scale(task, language, [s.colour for s in styles]),
        }
        point = {"type": "point", "filled": True, "size": 90, "opacity": 1, "cursor": "pointer"}
        shape = {"field": "label", "type": "nominal", "scale": label_scale(task, language, SHAPES), "legend": {"title": None}}
        return data_spec(
            values,
            height=TIME_HEIGHT,
            layer=[
                {"mark": {"type": "line", "strokeWidth": 2, "opacity": 0.75}, "encoding": {**base, "color": lines}},
                {
                    "transform": [{"filter": "datum.n > 0"}],
                    "mark": point,
                    "encoding": {**base, "color": lines, "shape": shape, "tooltip": tooltip},
                },
            ],
        )
    bars: Spec = {
        "x": x,
        "x2": {"field": "to"},
        "y": {**y, "field": "low"},
        "y2": {"field": "high"},
        "fill": colour,
        "tooltip": tooltip,
    }
    return data_spec(values, height=TIME_HEIGHT, mark=_bar(), encoding=bars)


def outlet_spec(
    groups: Sequence[Group], task: Task, taxonomy: Taxonomy, shares: bool, language: Language, *, stories: bool = False
) -> Spec:
    """The labels of each outlet's articles, the largest outlet first."""
    nameless = corpus_text("no_outlet", language)
    names = [f"{shorten_name(group.name or nameless)} ({group.n})" for group in groups]
    values = [
        {**value, "outlet": name, "go": json_go(task, value["key"], outlet=group.name or NO_OUTLET)}
        for group, name in zip(groups, names, strict=True)
        for value in _values(group, group.name or nameless, task, shares, language)
    ]
    y: Spec = {"field": "outlet", "type": "nominal", "sort": None, "axis": {"title": None, "domain": False, "ticks": False}}
    x: Spec = {"type": "quantitative", "axis": _value_axis(values, shares, stories, language)}
    encoding: Spec = {"y": y, "fill": _colour(task, taxonomy, language), "tooltip": _tooltip(task, "outlet_of_bar", language)}
    height = {"step": STEP}
    if task.many:
        encoding |= {"x": {**x, "field": "value"}, "yOffset": {"field": "label", "type": "nominal", "sort": None}}
        height = {"step": LABEL_STEP}
    else:
        encoding |= {"x": {**x, "field": "low"}, "x2": {"field": "high"}}
    return data_spec(values, height=height, mark=_bar(), encoding=encoding)


SHAPES = ["square", "triangle-up", "circle", "diamond", "triangle-down", "cross"]


def json_go(task: Task, label: str, **where: str) -> dict[str, Any]:
    """What a click on a bar asks for: the filters that leave its articles."""
    return {"labels": {task.key: [label]}, **where}


def _values(group: Group, name: str, task: Task, shares: bool, language: Language) -> list[dict[str, Any]]:
    """A value for each label; those of a task where one label holds are stacked from `low` to `high`."""
    found: list[dict[str, Any]] = []
    low = 0.0
    for key in task.keys:
        n = group.labels[key]
        value = n / max(1, group.n) if shares else float(n)
        if n or (task.many and (group.n or not shares)):
            found.append(
                {"key": key, "label": task.label(key).name(language), "group": name, "n": n, "of": group.n, "value": value}
                | {"part": format_percent(n / max(1, group.n), language)}
                | ({} if task.many else {"low": low, "high": low + value})
            )
        low += value
    return found


def _colour(task: Task, taxonomy: Taxonomy, language: Language) -> Spec:
    styles: list[LabelStyle] = [label_style(taxonomy, task.key, key) for key in task.keys]
    return {
        "field": "label",
        "type": "nominal",
        "scale": label_scale(task, language, [style.fill for style in styles]),
        "legend": {"title": None, "symbolType": "square"},
    }


def label_scale(task: Task, language: Language, values: Sequence[str]) -> Spec:
    """Which of the values each label of a task has."""
    names = [label.name(language) for label in task.labels]
    return {"domain": names, "range": [values[place % len(values)] for place in range(len(names))]}


def _tooltip(task: Task, group: str, language: Language) -> list[Spec]:
    return [
        {"field": "group", "type": "nominal", "title": corpus_text(group, language)},
        {"field": "label", "type": "nominal", "title": task.name(language)},
        {"field": "n", "type": "quantitative", "title": corpus_text("articles", language)},
        {"field": "part", "type": "nominal", "title": corpus_text("part", language)},
    ]


def _value_axis(values: Sequence[dict[str, Any]], shares: bool, stories: bool, language: Language) -> Spec:
    """Percentages, or whole numbers alone: Vega would part a short axis at halves."""
    if shares:
        return {"title": corpus_text("share_axis", language), "format": ".0%"}
    top = int(max((value["high" if "high" in value else "value"] for value in values), default=1))
    return {
        "title": corpus_text("story_axis" if stories else "count_axis", language),
        "format": "d",
        "values": list(range(0, top + 1, -(-top // TICKS) or 1)),
    }


def _bar() -> Spec:
    return {"type": "bar", "cursor": "pointer", "stroke": "white", "strokeWidth": 0.5}


def _short(groups: Sequence[Group]) -> bool:
    return bool(groups) and groups[0].first[:4] == groups[-1].first[:4]


def shorten_name(name: str) -> str:
    """A name cut to the room beside a chart."""
    return name if len(name) <= LONG_NAME else name[: LONG_NAME - 1] + "…"


def data_spec(values: list[dict[str, Any]], **rest: Any) -> Spec:
    """A specification with its values in it."""
    return {"data": {"values": values}, **rest}
