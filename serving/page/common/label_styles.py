"""How a label looks, the same in every chip, bar, point and mark: a colour, a pattern and a sign.

Colours alone are lost in print and to readers who see few of them, so each label of a task has its own pattern and sign too.
"""

from __future__ import annotations

from dataclasses import dataclass

from sorot.data.taxonomy import Taxonomy
from sorot.serving.page.common.templates import render

# A row for each task in order, a colour for each of its labels in order; both start again at the end. White text is readable
# on all, and all are seen on a light and on a dark page.
COLOURS = (
    ("#0f766e", "#7c3aed", "#b45309", "#be185d", "#1d4ed8", "#4d7c0f"),
    ("#15803d", "#b91c1c", "#5b6b82", "#7c7369", "#6d28d9", "#0e7490"),
    ("#1d6fd8", "#c2410c", "#64748b", "#a21caf", "#0f766e", "#854d0e"),
)
# One for each label of a task, in order; filled and hollow by turns from task to task.
SIGNS = ("■▲●◆▼★", "□△○◇▽☆")
# Drawn in the template, one for each label of a task in order, then from the start again.
PATTERNS = 6


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """The look of a label: hex colour, the id of its SVG pattern on the page, and a sign."""

    colour: str
    pattern: str
    sign: str

    @property
    def fill(self) -> str:
        """The pattern as an SVG fill."""
        return f"url(#{self.pattern})"


def label_style(taxonomy: Taxonomy, task: str, label: str) -> LabelStyle:
    """The style of a label, by its place in the taxonomy; KeyError or ValueError for one that it lacks."""
    row, place = taxonomy.keys.index(task), taxonomy.task(task).keys.index(label)
    colours, signs = COLOURS[row % len(COLOURS)], SIGNS[row % len(SIGNS)]
    return LabelStyle(colours[place % len(colours)], f"label-{row}-{place}", signs[place % len(signs)])


def patterns_html(taxonomy: Taxonomy) -> str:
    """A drawing without size that defines the pattern of every label; it stands once on the page."""
    styles = [
        (place % PATTERNS, label_style(taxonomy, task.key, key)) for task in taxonomy.tasks for place, key in enumerate(task.keys)
    ]
    return render("common/patterns.html.j2", styles=styles)
