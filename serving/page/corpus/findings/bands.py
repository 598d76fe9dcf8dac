"""Shares of labels with the model's errors taken out, each with its 95 % band, for all articles and for groups of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.findings.estimates.estimate import Estimate, method_note
from sorot.serving.findings.prevalence import estimate_rows
from sorot.serving.model.confusion import Confusion
from sorot.serving.page.common.label_styles import label_style
from sorot.serving.page.common.templates import render
from sorot.serving.page.corpus.charts.label_charts import SHAPES, data_spec, json_go, label_scale, shorten_name
from sorot.serving.page.corpus.charts.panels import PERIODS, Part, parts_of
from sorot.serving.page.corpus.charts.vega import Spec
from sorot.serving.page.corpus.kept.findings_arrays import findings_arrays
from sorot.serving.page.corpus.kept.open_corpus import Flags, OpenCorpus
from sorot.serving.page.corpus.words import corpus_text
from sorot.serving.words.language import Language, format_count, format_percent
from sorot.serving.words.task_words import capitalised

MOST_GROUPS = 12
ROW = 16
EVERYTHING = ""


@dataclass(frozen=True, slots=True)
class GroupBands:
    """A group of articles and the estimated shares of a task's labels in it."""

    part: Part
    n: int
    estimates: tuple[Estimate, ...]

    @property
    def small(self) -> bool:
        """Whether there are too few articles to read much into it."""
        return any(one.small for one in self.estimates)


def find_bands(
    opened: OpenCorpus, flags: Flags, task: Task, by: str, confusion: Confusion | None, language: Language
) -> list[GroupBands]:
    """All articles, then the largest outlets, the labels of another task, or the latest periods.

    Shares of a task with a default are among the articles that have another label. Articles of one story count as less than
    independent ones.
    """
    arrays = findings_arrays(opened, stories=True)
    parts = [] if by == task.key else [part for part in parts_of(opened, flags, by, language) if part.flags.any()]
    parts = parts[-MOST_GROUPS:] if by in PERIODS else parts[:MOST_GROUPS]
    found = []
    for part in [Part(EVERYTHING, corpus_text("all_filtered", language), flags, {}), *parts]:
        given = (by, part.key) if by in opened.taxonomy.keys and part.key else None
        estimates = estimate_rows(arrays, np.flatnonzero(part.flags), task, confusion, None, given=given)
        among = tuple(one for one in estimates if one.among is not None)
        if own := among or estimates:
            found.append(GroupBands(part, own[0].n, own))
    return found


def bands_spec(found: Sequence[GroupBands], task: Task, taxonomy: Taxonomy, language: Language) -> Spec:
    """A mark for each share, a line for its band, and a tick for the share as the model counts it."""
    values = [
        {
            "group": _name(group, language),
            "label": task.label(one.label).name(language),
            "share": one.share, "low": one.low, "high": one.high, "counted": one.uncorrected, "n": one.found,
            "band": _band(one, language),
            "go": {**group.part.go, **_labels(group.part.go, task, one.label)},
        }
        for group in found
        for one in group.estimates
    ]  # fmt: skip
    keys = [key for key in task.keys if any(one.label == key for group in found for one in group.estimates)]
    colour = {
        "field": "label",
        "type": "nominal",
        "scale": label_scale(task, language, [label_style(taxonomy, task.key, key).colour for key in task.keys]),
    }
    y: Spec = {"field": "group", "type": "nominal", "sort": None, "axis": {"title": None, "domain": False, "ticks": False}}
    base: Spec = {
        "y": y,
        "yOffset": {"field": "label", "type": "nominal", "sort": [task.label(key).name(language) for key in keys]},
    }
    axis = {"title": corpus_text("band_axis", language), "format": ".0%"}
    tooltip = [
        {"field": "group", "type": "nominal", "title": corpus_text("group_by", language)},
        {"field": "label", "type": "nominal", "title": task.name(language)},
        {"field": "band", "type": "nominal", "title": corpus_text("part", language)},
        {"field": "counted", "type": "quantitative", "format": ".0%", "title": corpus_text("as_counted", language)},
    ]
    x: Spec = {"type": "quantitative", "scale": {"domainMin": 0}, "axis": axis}
    shape = {"field": "label", "type": "nominal", "scale": label_scale(task, language, SHAPES)}
    point = {"type": "point", "filled": True, "size": 90, "opacity": 1, "cursor": "pointer"}
    return data_spec(
        values,
        height={"step": ROW},
        layer=[
            {
                "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.45, "cursor": "pointer"},
                "encoding": {**base, "x": {**x, "field": "low"}, "x2": {"field": "high"}, "color": colour, "tooltip": tooltip},
            },
            {
                "mark": {"type": "tick", "thickness": 2, "size": 11, "color": "currentColor", "opacity": 0.7},
                "encoding": {**base, "x": {**x, "field": "counted"}},
            },
            {
                "mark": point,
                "encoding": {**base, "x": {**x, "field": "share"}, "color": colour, "shape": shape, "tooltip": tooltip},
            },
        ],
    )


def bands_numbers_html(found: Sequence[GroupBands], task: Task, language: Language) -> str:
    """The same as a table of buttons."""
    keys = [one.label for one in found[0].estimates] if found else []
    rows = []
    for group in found:
        by_key = {one.label: one for one in group.estimates}
        cells = [
            (_band(by_key[key], language), json.dumps({**group.part.go, **_labels(group.part.go, task, key)}))
            for key in keys
            if key in by_key
        ]
        rows.append((_name(group, language), format_count(group.n, language), cells))
    return render(
        "corpus/charts/numbers.html.j2",
        heading=corpus_text("numbers", language),
        columns=[
            corpus_text("group_by", language), corpus_text("articles", language),
            *(task.label(key).name(language) for key in keys),
        ],
        rows=rows,
    )  # fmt: skip


def bands_note(found: Sequence[GroupBands], language: Language) -> str:
    """What the shares rest on, and what an asterisk means."""
    notes = [corpus_text("bands_note", language)]
    methods = dict.fromkeys(one.method for group in found for one in group.estimates)
    notes += [f"{capitalised(method_note(method, language))}." for method in methods]
    notes += [corpus_text("small_cell", language)] if any(group.small for group in found) else []
    return " ".join(notes)


def _labels(go: dict[str, object], task: Task, label: str) -> dict[str, object]:
    """The filter of a label beside those that the group has already."""
    own = go.get("labels")
    return {"labels": {**(own if isinstance(own, dict) else {}), **json_go(task, label)["labels"]}}


def _name(group: GroupBands, language: Language) -> str:
    return f"{shorten_name(group.part.name)} ({format_count(group.n, language)}){' *' if group.small else ''}"


def _band(one: Estimate, language: Language) -> str:
    low, high = (format_percent(value, language) for value in (one.low, one.high))
    return f"{format_percent(one.share, language)} ({low} – {high})"
