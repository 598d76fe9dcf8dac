"""Vega-Lite charts as Gradio's plot shows them: drawn by the Vega that Gradio serves from this machine.

A specification is written as the dictionary that it is: Altair would make the same one, and check it at each drawing, which
takes longer than the filter may. A test has Altair check them.
"""

from __future__ import annotations

import json
from typing import Any

from gradio.components.plot import PlotData

Spec = dict[str, Any]
# Of SVG: the text has the page's colour, and a bar a pattern that the page defines.
TEXT = "currentColor"
FONT = "system-ui, sans-serif"


def as_plot(spec: Spec) -> PlotData:
    """The chart as wide as its place, in the page's colours."""
    axis = {"labelColor": TEXT, "titleColor": TEXT, "domainColor": TEXT, "tickColor": TEXT, "gridColor": TEXT}
    whole: Spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": "container",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "background": "white",
        **spec,
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {**axis, "gridOpacity": 0.15, "labelFontSize": 13, "titleFontSize": 13, "labelLimit": 190},
            "legend": {
                "labelColor": TEXT,
                "labelFontSize": 13,
                "labelLimit": 260,
                "orient": "top",
                # Below each other on a telephone, which would cut a row of them off.
                "columns": {"expr": "width < 500 ? 1 : 0"},
                "symbolSize": 180,
                "symbolStrokeWidth": 0,
                "symbolOpacity": 1,
                "title": None,
            },
        },
        "usermeta": {"embedOptions": {"actions": False, "renderer": "svg"}},
    }
    return PlotData(type="altair", plot=json.dumps(whole, ensure_ascii=False))
