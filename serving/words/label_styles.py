"""One colour and one pattern for each meaning: labels with the same key, as 'neutral' of two tasks, look the same everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from sorot.data.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """How a label is filled: `ground` beneath lines of `ink`, as CSS colours.

    `lines` is an SVG path in a square of 8, or empty.
    """

    number: int
    ground: str
    ink: str
    lines: str


_RISING, _FALLING = "M-1 1L1-1M0 8L8 0M7 9L9 7", "M-1 7L1 9M0 0L8 8M7-1L9 1"
_DOTS = "M2 2h.01M6 6h.01"
# Told apart without colour by the pattern, and without the pattern by lightness.
_FILLS = (
    ("#0f766e", "#0f766e", ""),
    ("#fde68a", "#92400e", _RISING),
    ("#ede9fe", "#5b21b6", _DOTS),
    ("#2563eb", "#2563eb", ""),
    ("#fdba74", "#9a3412", _FALLING),
    ("#e5e7eb", "#6b7280", _DOTS),
    ("#ffffff", "#9ca3af", "M0 4H8"),
    ("#bbf7d0", "#15803d", "M4 0V8"),
    ("#be123c", "#fecdd3", "M-1 1L1-1M0 8L8 0M7 9L9 7"),
    ("#a5f3fc", "#155e75", "M0 4H8M4 0V8"),
    ("#f5d0fe", "#86198f", f"{_RISING}{_FALLING}"),
    ("#3f3f46", "#d4d4d8", _DOTS),
)


def label_styles(taxonomy: Taxonomy) -> dict[str, LabelStyle]:
    """The style of each label by its key; with more keys than styles the first styles come again."""
    keys = dict.fromkeys(key for task in taxonomy.tasks for key in task.keys)
    styles = [LabelStyle(number, *fill) for number, fill in enumerate(_FILLS)]
    return {key: styles[place % len(styles)] for place, key in enumerate(keys)}
