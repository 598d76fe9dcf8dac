"""Markdown tables of a report's figures, for the report and the model card. Figures have three decimals."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import Any

from sorot.training.measure.certainty import certainty_rows

# Characters that start emphasis, code, links, pictures, table cells or automatic links.
_MARKS = re.compile(r"([\\`*_\[\]()#!|~:@]|(?<=www)\.)")


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Lines of a Markdown table; the cells are Markdown already."""
    lines = [f"| {' | '.join(header)} |", "| " + " | ".join("---" for _ in header) + " |"]
    return lines + [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]


def escape_markdown(text: str) -> str:
    """Text from outside as one line that Markdown and HTML show literally."""
    return _MARKS.sub(r"\\\1", html.escape(" ".join(text.split()), quote=False))


def decimals(value: float | None) -> str:
    """Three decimals; a dash for None."""
    return "-" if value is None else f"{value:.3f}"


def low_to_high(interval: Sequence[float]) -> str:
    """An interval, as '0.123 to 0.456'."""
    low, high = interval
    return f"{decimals(low)} to {decimals(high)}"


def headline_table(report: dict[str, Any]) -> list[str]:
    """Macro-F1, its interval, ECE and Brier score of each task."""
    rows = [
        (
            task,
            s["articles"],
            decimals(s["macro_f1"]),
            low_to_high(s["macro_f1_interval"]),
            decimals(s["ece"]),
            decimals(s["brier"]),
        )
        for task, s in report["tasks"].items()
    ]
    return markdown_table(("task", "articles", "macro-F1", "95 % interval", "ECE", "Brier"), rows)


def baseline_table(report: dict[str, Any]) -> list[str]:
    """Macro-F1 of each baseline and task; empty if no baseline was fitted."""
    rows = [
        (task, name, decimals(b["macro_f1"]), low_to_high(b["macro_f1_interval"]))
        for task, s in report["tasks"].items()
        for name, b in s["baselines"].items()
    ]
    return markdown_table(("task", "baseline", "macro-F1", "95 % interval"), rows) if rows else []


def label_table(report: dict[str, Any]) -> list[str]:
    """Precision, recall, F1 and number of articles of each label."""
    rows = [
        (f"{task}: {label}", decimals(s["precision"]), decimals(s["recall"]), decimals(s["f1"]), s["support"])
        for task, scores in report["tasks"].items()
        for label, s in scores["labels"].items()
    ]
    return markdown_table(("label", "precision", "recall", "F1", "articles"), rows)


def binary_counts_table(task: str, scores: dict[str, Any]) -> list[str]:
    """True and false positives and negatives, average precision and the bundle's threshold of each label."""
    header = (task, "true positives", "false positives", "false negatives", "true negatives", "average precision", "threshold")
    rows = [
        (label, c["tp"], c["fp"], c["fn"], c["tn"], decimals(curve["average_precision"]), decimals(curve["threshold"]["value"]))
        for label, c in scores["confusion"].items()
        for curve in [scores["curves"][label]]
    ]
    return markdown_table(header, rows)


def confusion_matrix_table(task: str, scores: dict[str, Any]) -> list[str]:
    """True labels down, given labels across."""
    confusion = scores["confusion"]
    rows = [(label, *counts) for label, counts in zip(confusion["rows"], confusion["counts"], strict=True)]
    return markdown_table((f"true {task}, given:", *confusion["columns"]), rows)


def confusion_tables(report: dict[str, Any]) -> list[str]:
    """The confusion table of each task, separated by blank lines."""
    lines: list[str] = []
    for task, scores in report["tasks"].items():
        table = binary_counts_table if scores["kind"] == "many" else confusion_matrix_table
        lines += ["", *table(task, scores)]
    return lines[1:]


def slice_table(report: dict[str, Any]) -> list[str]:
    """Macro-F1 of each slice; a line below names the slices that are too small to score."""
    rows = [
        (s["kind"], escape_markdown(s["name"]), task, r["articles"], decimals(r["macro_f1"]), low_to_high(r["macro_f1_interval"]))
        for s in report["slices"]
        for task, r in s["tasks"].items()
    ]
    small = [f"{s['kind']} {escape_markdown(s['name'])} ({s['articles']})" for s in report["slices"] if s["too_small"]]
    header = ("slice by", "slice", "task", "articles", "macro-F1", "95 % interval")
    lines = markdown_table(header, rows) if rows else ["No slice is scored."]
    return lines + (["", "Too small to score, with articles: " + ", ".join(small) + "."] if small else [])


def certainty_table(report: dict[str, Any]) -> list[str]:
    """How sure the model may be, by task; empty if nothing of the kind was measured."""
    rows = [(task, words, decimals(share), low_to_high(span)) for task, words, share, span in certainty_rows(report["tasks"])]
    return markdown_table(("task", "of", "share", "95 % interval"), rows) if rows else []


def evidence_table(report: dict[str, Any]) -> list[str]:
    """Agreement of the sentences shown with those marked, by task."""
    header = ("task", "labels", "sentence F1", "95 % interval", "first sentence marked", "95 % interval")
    rows = [
        (
            task,
            e["labels"],
            decimals(e["f1"]),
            low_to_high(e["f1_interval"]),
            decimals(e["first_sentence"]),
            low_to_high(e["first_sentence_interval"]),
        )
        for task, e in report["evidence"].items()
    ]
    return markdown_table(header, rows)


def check_table(checks: Sequence[dict[str, Any]]) -> list[str]:
    """Results of the invariance and directional checks; a skipped check shows why it has no figure."""
    header = ("check", "kind", "of", "articles", "share failed", "95 % interval", "mean change", "left out")
    return markdown_table(header, [_check_row(check) for check in checks])


def _check_row(check: dict[str, Any]) -> tuple[object, ...]:
    of = f"{check['task']}: {check['label']}" if check["label"] else check["task"]
    figures: tuple[object, ...] = ("-",) * 4
    if not check["skipped"]:
        figures = (check["articles"], decimals(check["share"]), low_to_high(check["interval"]), decimals(check["change"]))
    return (escape_markdown(check["check"]), check["kind"], of, *figures, check["skipped"] or "")
