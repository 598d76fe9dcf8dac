"""Charts of shares over time, by outlet, and of counts by name."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sorot.serving.findings.report.draw.picture import COUNTS, LINE, NAMES, WIDTH, Mark, Picture, legend, shorten

PANEL, COLUMN_HEIGHT, BAR = 64, 130, 18
# Left of columns, for the scale.
SCALE = 44
MAX_TICKS = 9
# A part narrower than this has no room for its number.
NARROW = 36
_STEPS = (1, 2, 4, 5, 6, 8, 10)
NAME_LENGTH = 26
Write = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a panel: its size, the number that it shows, and its band if it has one, 0 to 0 if not."""

    size: float
    text: str
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class Panel:
    """A row of columns over time, None where there is nothing to show."""

    name: str
    fill: str
    columns: tuple[Column | None, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: its label, fill, size, and the number written in it."""

    name: str
    fill: str
    size: float
    number: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its name, its parts, and a note such as the number of articles."""

    name: str
    parts: tuple[Part, ...]
    note: str


def draw_panels(name: str, title: str, periods: Sequence[str], panels: Sequence[Panel], write: Write) -> Picture:
    """Each panel's columns with their bands, all on one scale from 0; `write` writes the numbers of the scale."""
    top = _scale_top(column for panel in panels for column in panel.columns if column)
    width = (WIDTH - SCALE) / max(1, len(periods))
    marks: list[Mark] = []
    spoken = []
    y = 0.0
    for panel in panels:
        marks.append(Mark("text", SCALE, y + 12, text=panel.name))
        base = y + LINE + PANEL
        marks += _scale(base, PANEL, [(0.0, write(0)), (1.0, write(top))])
        for place, (period, column) in enumerate(zip(periods, panel.columns, strict=True)):
            if column is None:
                continue
            x, height = SCALE + place * width, PANEL * column.size / top
            marks.append(
                Mark(
                    "area",
                    x + 0.12 * width,
                    base - height,
                    0.76 * width,
                    height,
                    f"{panel.name}, {period}: {column.text}",
                    panel.fill,
                )
            )
            if column.high > column.low:
                low, high = PANEL * column.low / top, PANEL * min(column.high, top) / top
                marks.append(Mark("whisker", x + width / 2, base - high, 0, high - low))
        spoken.append(f"{panel.name}: " + ", ".join(f"{p} {c.text}" for p, c in zip(periods, panel.columns, strict=True) if c))
        y = base + 14
    marks += _ticks(periods, y + 4)
    return Picture(name, title, "; ".join(spoken), y + LINE - 4, tuple(marks))


def draw_columns(name: str, title: str, columns: Sequence[Bar], keys: list[tuple[str, str]], percent: Write) -> Picture:
    """Columns of 100 % over time; a period without articles is left empty."""
    marks, y = legend(keys, 0)
    base = y + COLUMN_HEIGHT
    marks += _scale(base, COLUMN_HEIGHT, [(share, percent(share)) for share in (0, 0.5, 1)])
    width = (WIDTH - SCALE) / max(1, len(columns))
    for place, column in enumerate(columns):
        total, foot = sum(part.size for part in column.parts), base
        for part in column.parts:
            height = COLUMN_HEIGHT * part.size / total if total else 0
            text = f"{column.name}, {part.name}: {part.number} ({column.note})"
            foot -= height
            if height:
                marks.append(Mark("area", SCALE + (place + 0.1) * width, foot, 0.8 * width, height, text, part.fill))
    marks += _ticks([column.name for column in columns], base + 16)
    return Picture(name, title, _spoken(columns), base + 24, tuple(marks))


def draw_bars(name: str, title: str, bars: Sequence[Bar], keys: list[tuple[str, str]], *, of_all: bool) -> Picture:
    """Bars one below the other. `of_all`: each is as long as any other and shows shares; else its length is its size."""
    marks, y = legend(keys, 0)
    room = WIDTH - NAMES - COUNTS
    longest = max((sum(part.size for part in bar.parts) for bar in bars), default=0) or 1
    for bar in bars:
        total = (sum(part.size for part in bar.parts) or 1) if of_all else longest
        marks.append(Mark("end", NAMES - 8, y + 13, text=shorten(bar.name, NAME_LENGTH)))
        x = float(NAMES)
        for part in bar.parts:
            width = room * part.size / total
            marks.append(Mark("area", x, y, width, BAR, f"{bar.name}, {part.name}: {part.number}", part.fill))
            if width > NARROW:
                marks += [
                    Mark("plate", x + width / 2 - 17, y + 2, 34, 14),
                    Mark("middle", x + width / 2, y + 13, text=part.number, dark=True),
                ]
            x += width
        marks.append(Mark("text", (WIDTH - COUNTS if of_all else x) + 8, y + 13, text=bar.note))
        y += BAR + 8
    return Picture(name, title, _spoken(bars), y, tuple(marks))


def _scale_top(columns: Iterable[Column]) -> float:
    """A round number at the top of a scale. Bands of very few articles may reach beyond, and are cut there."""
    shown = list(columns)
    largest = max((column.size for column in shown), default=0.0)
    wanted = max(largest, min(max((column.high for column in shown), default=0.0), 2 * largest)) or 1.0
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(step * power for step in _STEPS if step * power >= wanted * (1 - 1e-9))


def _scale(base: float, height: float, ticks: list[tuple[float, str]]) -> list[Mark]:
    marks = []
    for share, text in ticks:
        y = base - share * height
        marks += [Mark("end", SCALE - 6, y + 4, text=text), Mark("axis" if not share else "grid", SCALE, y, WIDTH - SCALE)]
    return marks


def _ticks(names: Sequence[str], y: float) -> list[Mark]:
    """As many names as fit, evenly, below columns."""
    step = -(-len(names) // MAX_TICKS) or 1
    width = (WIDTH - SCALE) / max(1, len(names))
    return [Mark("middle", SCALE + (place + 0.5) * width, y, text=name) for place, name in enumerate(names) if place % step == 0]


def _spoken(bars: Sequence[Bar]) -> str:
    return "; ".join(f"{bar.name} ({bar.note}): " + ", ".join(f"{p.name} {p.number}" for p in bar.parts) for bar in bars)
