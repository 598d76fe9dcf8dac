"""A report's figures as Markdown tables, for the report and for the model card alike. Figures have three decimals."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import Any

# What begins emphasis, code, links, pictures, table cells or automatic links.
_MARKS = re.compile(r"([\\`*_\[\]()#!|~:@]|(?<=www)\.)")


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Lines of a Markdown table; cells are Markdown already."""
    lines = [f"| {' | '.join(header)} |", "| " + " | ".join("---" for _ in header) + " |"]
    return lines + [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]


def plain(text: str) -> str:
    """A stranger's text as one line that Markdown and HTML show as it is."""
    return _MARKS.sub(r"\\\1", html.escape(" ".join(text.split()), quote=False))


def number(value: float | None) -> str:
    """Three decimals; a dash where there is no figure."""
    return "-" if value is None else f"{value:.3f}"


def span(interval: Sequence[float]) -> str:
    """An interval, low to high."""
    low, high = interval
    return f"{number(low)} to {number(high)}"


def headline_table(report: dict[str, Any]) -> list[str]:
    """By task macro-F1, its interval, ECE and Brier score."""
    rows = [
        (task, s["articles"], number(s["macro_f1"]), span(s["macro_f1_interval"]), number(s["ece"]), number(s["brier"]))
        for task, s in report["tasks"].items()
    ]
    return table(("task", "articles", "macro-F1", "95 % interval", "ECE", "Brier"), rows)


def baseline_table(report: dict[str, Any]) -> list[str]:
    """Macro-F1 of each baseline by task; nothing where none was fitted."""
    rows = [
        (task, name, number(b["macro_f1"]), span(b["macro_f1_interval"]))
        for task, s in report["tasks"].items()
        for name, b in s["baselines"].items()
    ]
    return table(("task", "baseline", "macro-F1", "95 % interval"), rows) if rows else []


def label_table(report: dict[str, Any]) -> list[str]:
    """Precision, recall, F1 and number of articles by label."""
    rows = [
        (f"{task}: {label}", number(s["precision"]), number(s["recall"]), number(s["f1"]), s["support"])
        for task, scores in report["tasks"].items()
        for label, s in scores["labels"].items()
    ]
    return table(("label", "precision", "recall", "F1", "articles"), rows)


def topic_table(scores: dict[str, Any]) -> list[str]:
    """By topic true and false positives and negatives, average precision, and the bundle's threshold."""
    rows = [
        (topic, c["tp"], c["fp"], c["fn"], c["tn"], number(curve["average_precision"]), number(curve["threshold"]["value"]))
        for topic, c in scores["confusion"].items()
        for curve in [scores["curves"][topic]]
    ]
    header = ("topic", "true positives", "false positives", "false negatives", "true negatives", "average precision", "threshold")
    return table(header, rows)


def class_table(task: str, scores: dict[str, Any]) -> list[str]:
    """True labels down, labels given across."""
    confusion = scores["confusion"]
    rows = [(label, *counts) for label, counts in zip(confusion["rows"], confusion["counts"], strict=True)]
    return table((f"true {task}, given:", *confusion["columns"]), rows)


def confusion_tables(report: dict[str, Any]) -> list[str]:
    """The confusion table of each task, parted by blank lines."""
    lines: list[str] = []
    for task, scores in report["tasks"].items():
        lines += ["", *(topic_table(scores) if task == "topics" else class_table(task, scores))]
    return lines[1:]


def slice_table(report: dict[str, Any]) -> list[str]:
    """Macro-F1 by slice; those that are too small are named below, unscored."""
    rows = [
        (s["kind"], plain(s["name"]), task, r["articles"], number(r["macro_f1"]), span(r["macro_f1_interval"]))
        for s in report["slices"]
        for task, r in s["tasks"].items()
    ]
    small = [f"{s['kind']} {plain(s['name'])} ({s['articles']})" for s in report["slices"] if s["too_small"]]
    lines = (
        table(("slice by", "slice", "task", "articles", "macro-F1", "95 % interval"), rows) if rows else ["No slice is scored."]
    )
    return lines + (["", "Too small to score, with articles: " + ", ".join(small) + "."] if small else [])


def check_table(checks: Sequence[dict[str, Any]]) -> list[str]:
    """The checks' results; those without a figure say why."""
    rows = [
        (
            plain(c["check"]),
            c["kind"],
            f"{c['task']}: {c['label']}" if c["label"] else c["task"],
            *((c["articles"], number(c["share"]), span(c["interval"]), number(c["change"])) if not c["skipped"] else ("-",) * 4),
            c["skipped"] or "",
        )
        for c in checks
    ]
    return table(("check", "kind", "of", "articles", "share failed", "95 % interval", "mean change", "left out"), rows)
