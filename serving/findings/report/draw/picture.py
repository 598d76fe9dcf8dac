"""A chart as marks on a plane; the template turns it into SVG and escapes every text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

WIDTH = 720
# Space to the left of bars for names, and to the right for numbers of articles.
NAMES, COUNTS = 170, 90
LINE = 18


@dataclass(frozen=True, slots=True)
class Mark:
    """One element: what it is, where it stands, its text and, of an area, its SVG fill.

    `text` of an area is what a reader sees who points at it; `dark` text stands on a light plate in any scheme.
    """

    kind: Literal["text", "end", "middle", "area", "plate", "grid", "axis", "whisker"]
    x: float
    y: float
    width: float = 0.0
    height: float = 0.0
    text: str = ""
    fill: str = ""
    dark: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart: a name that is unique in the report, title, description for those who cannot see it, height, and its marks."""

    name: str
    title: str
    description: str
    height: float
    marks: tuple[Mark, ...]


def shorten(text: str, characters: int) -> str:
    """The text, cut to a number of characters."""
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"


def legend(entries: list[tuple[str, str]], y: float) -> tuple[list[Mark], float]:
    """Names beside their fills, in as many lines as they need from `y` down, and where they end."""
    marks: list[Mark] = []
    x = 0.0
    for name, fill in entries:
        width = 34 + 7.2 * len(name)
        if x and x + width > WIDTH:
            x, y = 0.0, y + LINE + 2
        marks += [Mark("area", x, y, 20, 13, name, fill), Mark("text", x + 26, y + 11, text=name)]
        x += width + 14
    return marks, y + LINE + 6
