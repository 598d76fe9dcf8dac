"""Plots of a report, with matplotlib: readable at a width of 390 pixels, in colours that colour-blind readers can distinguish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sorot.training.measure.learning_curve import LearningPoint

# The palette of Okabe and Ito 2008, "Color Universal Design", without yellow, which is faint on white.
SERIES_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
# Each series also has its own mark and stroke, for print without colour.
MARKS = ("o", "s", "^", "D", "v", "P", "X")
STROKES = ("-", "--", "-.", ":")
WIDTH = 3.9  # inches; 390 pixels at 100 pixels an inch
DOTS = 200  # per inch, so that the picture is sharp on dense screens
FONT_POINTS = 8
LONGEST_NAME = 22


def save(figure: Figure, path: Path) -> None:
    """Write a PNG whose bytes depend on the figure alone."""
    # A figure made without pyplot is drawn by Agg, so that no display is needed.
    figure.savefig(path, format="png", dpi=DOTS, metadata={"Software": None})


def reliability_figure(reports: Mapping[str, dict[str, Any]]) -> Figure:
    """A panel for each task: accuracy over confidence, a line for each data file; on the diagonal they are equal."""
    tasks = list(dict.fromkeys(task for report in reports.values() for task in report["tasks"]))
    figure, panels = _panels(max(len(tasks), 1), 3.0)
    for axes, task in zip(panels, tasks, strict=False):
        axes.plot([0, 1], [0, 1], color="#777777", linewidth=0.8)
        for (name, report), (colour, mark, stroke) in zip(reports.items(), _looks(), strict=False):
            bins = report["tasks"].get(task, {}).get("reliability", [])
            x, y = [b["confidence"] for b in bins], [b["accuracy"] for b in bins]
            axes.plot(x, y, color=colour, linestyle=stroke, linewidth=1.2, label=_short(name))
            # The area of a mark grows with the number of decisions behind it.
            most = max((b["decisions"] for b in bins), default=1)
            sizes = [12 + 60 * b["decisions"] / most for b in bins]
            axes.scatter(x, y, s=sizes, color=colour, marker=mark)
        axes.set_title(task, fontsize=FONT_POINTS + 1)
        axes.set(xlabel="confidence", ylabel="share that is right", xlim=(-0.03, 1.03), ylim=(-0.03, 1.03))
        axes.legend(fontsize=FONT_POINTS - 1, loc="upper left")
    return figure


def precision_recall_figure(curves: Mapping[str, dict[str, Any]]) -> Figure:
    """Precision over recall, a line for each label, with a large mark at the bundle's threshold."""
    figure, [axes] = _panels(1, 3.4)
    for (name, curve), (colour, mark, stroke) in zip(curves.items(), _looks(), strict=False):
        at = curve["threshold"]
        label = f"{_short(name)}, threshold {at['value']:.2f}"
        axes.step(curve["recall"], curve["precision"], where="pre", color=colour, linestyle=stroke, linewidth=1.2)
        axes.plot(
            [at["recall"]], [at["precision"]], color=colour, marker=mark, markersize=9, linestyle=stroke, label=label,
            markeredgecolor="black",
        )  # fmt: skip
    axes.set(xlabel="recall", ylabel="precision", xlim=(-0.03, 1.03), ylim=(-0.03, 1.03))
    # Above the axes, because curves may cover any part of them.
    axes.legend(fontsize=FONT_POINTS - 1, loc="lower left", bbox_to_anchor=(0, 1))
    return figure


def confusion_figure(task: str, confusion: dict[str, Any]) -> Figure:
    """A heat map of counts, true labels down and given labels across; each row is shaded by its own shares."""
    counts = np.array(confusion["counts"], dtype=np.float64)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, [axes] = _panels(1, 1.2 + 0.5 * len(confusion["rows"]))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for (row, column), count in np.ndenumerate(counts):
        dark = shares[row, column] > 0.5
        axes.text(column, row, f"{count:.0f}", ha="center", va="center", color="white" if dark else "black")
    axes.set_xticks(range(len(confusion["columns"])), [_short(label) for label in confusion["columns"]], rotation=30, ha="right")
    axes.set_yticks(range(len(confusion["rows"])), [_short(label) for label in confusion["rows"]])
    axes.set_title(task, fontsize=FONT_POINTS + 1)
    axes.set(xlabel="given", ylabel="true")
    return figure


def slices_figure(task: str, report: dict[str, Any]) -> Figure:
    """Macro-F1 by slice with its interval; a dashed line marks the figure of all articles."""
    scored = [(s, s["tasks"][task]) for s in report["slices"] if task in s["tasks"]]
    figure, [axes] = _panels(1, 1.2 + 0.26 * len(scored))
    whole = report["tasks"][task]["macro_f1"]
    axes.axvline(whole, color=SERIES_COLOURS[1], linestyle="--", linewidth=1)
    kinds = list(dict.fromkeys(s["kind"] for s, _ in scored))
    for at, (s, score) in enumerate(scored):
        # Kinds alternate in shade, which shows where the next one begins.
        shade = SERIES_COLOURS[0] if kinds.index(s["kind"]) % 2 == 0 else SERIES_COLOURS[4]
        low, high = score["macro_f1_interval"]
        axes.barh(at, score["macro_f1"], color=shade, height=0.7)
        axes.plot([low, high], [at, at], color="black", linewidth=1.4)
    names = [f"{s['kind']}: {_short(s['name'])} ({score['articles']})" for s, score in scored]
    axes.set_yticks(range(len(scored)), names, fontsize=FONT_POINTS - 1)
    axes.invert_yaxis()
    axes.set_title(f"{task}; dashed: all articles, {whole:.3f}", fontsize=FONT_POINTS + 1)
    axes.set(xlabel="macro-F1, 95 % interval", xlim=(0, 1))
    return figure


def learning_figure(points: Sequence[LearningPoint]) -> Figure:
    """Macro-F1 over the number of training articles, a line for each task."""
    figure, [axes] = _panels(1, 3.0)
    for task, (colour, mark, stroke) in zip(dict.fromkeys(p.task for p in points), _looks(), strict=False):
        own = sorted((p.articles, p.macro_f1) for p in points if p.task == task)
        axes.plot(
            [n for n, _ in own], [f1 for _, f1 in own], color=colour, marker=mark, linestyle=stroke, linewidth=1.2, label=task
        )
    axes.set(xlabel="training articles", ylabel="macro-F1", ylim=(0, 1))
    axes.legend(fontsize=FONT_POINTS - 1, loc="lower right")
    return figure


def _panels(n: int, height: float) -> tuple[Figure, list[Axes]]:
    """A figure of n panels, one above the other, each `height` inches high."""
    figure = Figure(figsize=(WIDTH, height * n), dpi=DOTS, layout="constrained")
    panels = [figure.add_subplot(n, 1, k + 1) for k in range(n)]
    for axes in panels:
        axes.tick_params(labelsize=FONT_POINTS)
        axes.spines[["top", "right"]].set_visible(False)
    return figure, panels


def _looks() -> cycle[tuple[str, str, str]]:
    """Colour, mark and stroke of each series in turn."""
    return cycle([(SERIES_COLOURS[k % len(SERIES_COLOURS)], MARKS[k % len(MARKS)], STROKES[k % len(STROKES)]) for k in range(28)])


def _short(text: str) -> str:
    # An unescaped dollar sign would begin a formula.
    text = text.replace("$", r"\$")
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"
