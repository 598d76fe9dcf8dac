"""How a label looks, the same in every chip, bar, point and mark of page and report: a colour, a pattern and a sign.

Colours alone are lost in print and to readers who see few of them, so each label of a task has its own pattern and sign too.
"""

from __future__ import annotations

from dataclasses import dataclass

from sorot.data.taxonomy import Taxonomy

# A row for each task in order, a colour for each of its labels in order; both start again at the end. White text is readable
# on all, and all are seen on a light and on a dark page.
COLOURS = (
    ("#0f766e", "#7c3aed", "#b45309", "#be185d", "#1d4ed8", "#4d7c0f"),
    ("#15803d", "#b91c1c", "#5b6b82", "#7c7369", "#6d28d9", "#0e7490"),
    ("#1d6fd8", "#c2410c", "#64748b", "#a21caf", "#0f766e", "#854d0e"),
)
# One for each label of a task, in order; filled and hollow by turns from task to task.
SIGNS = ("■▲●◆▼★", "□△○◇▽☆")
# White lines on the colour, as SVG paths in a square of 8; one for each label of a task in order, then from the start again.
PATTERNS = ("", "M-2 2L2 -2M0 8L8 0M6 10L10 6", "M4 2.9V5.1M2.9 4H5.1", "M4 0V8", "M0 4H8", "M0 4H8M4 0V8")


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """The look of a label: hex colour, the id of its SVG pattern, the path of the pattern's white lines, and a sign."""

    colour: str
    pattern: str
    lines: str
    sign: str

    @property
    def fill(self) -> str:
        """The pattern as an SVG fill."""
        return f"url(#{self.pattern})"


def label_style(taxonomy: Taxonomy, task: str, label: str) -> LabelStyle:
    """The style of a label, by its place in the taxonomy; KeyError or ValueError for one that it lacks."""
    row, place = taxonomy.keys.index(task), taxonomy.task(task).keys.index(label)
    colours, signs = COLOURS[row % len(COLOURS)], SIGNS[row % len(SIGNS)]
    return LabelStyle(
        colours[place % len(colours)],
        f"label-{row}-{place}",
        PATTERNS[place % len(PATTERNS)],
        signs[place % len(signs)],
    )


def label_styles(taxonomy: Taxonomy) -> list[LabelStyle]:
    """The styles of all labels, in the order of the taxonomy."""
    return [label_style(taxonomy, task.key, key) for task in taxonomy.tasks for key in task.keys]
