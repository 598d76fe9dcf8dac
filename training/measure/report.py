"""A readable report of an evaluation: a Markdown page with its pictures, and the figures as JSON beside it.

It quotes only titles and evidence, because the texts belong to their outlets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sorot.training.measure.learning_curve import LearningPoint
from sorot.training.measure.markdown_tables import (
    baseline_table,
    certainty_table,
    check_table,
    confusion_tables,
    decimals,
    escape_markdown,
    evidence_table,
    headline_table,
    label_table,
    markdown_table,
    slice_table,
)
from sorot.training.measure.plots import (
    confusion_figure,
    learning_figure,
    precision_recall_figure,
    reliability_figure,
    save,
    slices_figure,
)

PAGE_FILE = "report.md"
FIGURES_FILE = "report.json"
PICTURE_WIDTH = 390


def write_report(model: str, reports: Mapping[str, dict[str, Any]], folder: Path, learning: Sequence[LearningPoint] = ()) -> Path:
    """Write page, pictures and figures into a folder, which is made if needed; returns the page's path.

    `reports` maps a data file's name to its report by sorot.training.measure.evaluate.evaluate_rows, with the rows of
    sorot.training.measure.checks.invariance.check_articles under 'checks' if they were run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        f"# {escape_markdown(model)}",
        "",
        "Macro-F1 with 95 % bootstrap intervals (1,000 resamples), through the serving code.",
    ]
    for name, report in reports.items():
        lines += ["", *_section(name, report, folder)]
    if learning:
        picture = folder / "learning-curve.png"
        save(learning_figure(learning), picture)
        rows = [(p.articles, p.task, decimals(p.macro_f1)) for p in learning]
        lines += ["", "## Learning curve", "", _picture(picture, "Macro-F1 over the number of training articles"), ""]
        lines += markdown_table(("training articles", "task", "macro-F1"), rows)
    (folder / FIGURES_FILE).write_text(json.dumps(dict(reports), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    page = folder / PAGE_FILE
    page.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return page


def _section(name: str, report: dict[str, Any], folder: Path) -> list[str]:
    stem = re.sub(r"[^\w.-]+", "-", name)
    lines = [f"## {escape_markdown(name)}", "", f"{report['articles']} articles, labels withheld from {report['withheld']}.", ""]
    lines += headline_table(report)
    if baselines := baseline_table(report):
        lines += ["", *baselines]
    lines += ["", *label_table(report), "", "### Confusion", "", *confusion_tables(report)]
    for task, scores in report["tasks"].items():
        if scores["kind"] == "one":
            picture = folder / f"{stem}-confusion-{task}.png"
            save(confusion_figure(task, scores["confusion"]), picture)
            lines += ["", _picture(picture, f"True and given labels, {task}")]
    for task, scores in report["tasks"].items():
        if "curves" in scores:
            picture = folder / f"{stem}-precision-recall-{task}.png"
            save(precision_recall_figure(scores["curves"]), picture)
            lines += [
                "",
                f"### Precision and recall of {task}",
                "",
                _picture(picture, "Precision over recall, thresholds marked"),
            ]
            rows = [
                (label, *(decimals(c["threshold"][key]) for key in ("value", "precision", "recall")))
                for label, c in scores["curves"].items()
            ]
            lines += ["", *markdown_table(("label", "threshold", "precision at it", "recall at it"), rows)]
    if report["tasks"]:
        picture = folder / f"{stem}-reliability.png"
        save(reliability_figure({name: report}), picture)
        lines += ["", "### Reliability", "", _picture(picture, "Accuracy over confidence, by task"), ""]
        lines += _reliability_table(report)
    if certainty := certainty_table(report):
        lines += ["", "### How sure", "", *certainty]
    lines += ["", "### Slices", "", *slice_table(report)]
    for task in report["tasks"]:
        if any(task in s["tasks"] for s in report["slices"]):
            picture = folder / f"{stem}-slices-{task}.png"
            save(slices_figure(task, report), picture)
            lines += ["", _picture(picture, f"Macro-F1 by slice, {task}")]
    if report["evidence"]:
        lines += ["", "### Evidence", "", "Sentences shown against sentences marked, for labels given rightly.", ""]
        lines += evidence_table(report)
    if "checks" in report:
        lines += ["", "### Checks", "", *check_table(report["checks"])]
    return [*lines, "", "### Worst errors", *_errors(report)]


def _reliability_table(report: dict[str, Any]) -> list[str]:
    rows = [
        (
            task,
            f"{b['low']:.2f} to {b['high']:.2f}",
            b["decisions"],
            decimals(b["confidence"]),
            decimals(b["accuracy"]),
        )
        for task, scores in report["tasks"].items()
        for b in scores["reliability"]
    ]
    return markdown_table(("task", "confidence from, to", "decisions", "mean confidence", "share right"), rows)


def _errors(report: dict[str, Any]) -> list[str]:
    """The model's most confident errors, most confident first, with title and evidence."""
    lines: list[str] = []
    for task, errors in report["errors"].items():
        lines += ["", f"**{task}**: " + ("" if errors else "none."), ""]
        for e in errors:
            label = f"{e['label']}: " if report["tasks"][task]["kind"] == "many" else ""
            title = escape_markdown(e["title"]) or "(no title)"
            verdict = f"{label}true {e['truth']}, given {e['found']} with {decimals(e['probability'])}"
            lines.append(f"- {title} ({escape_markdown(e['id'])}). {verdict}.")
            lines += [f'  - "{escape_markdown(sentence)}"' for sentence in e["evidence"]]
    return lines


def _picture(path: Path, text: str) -> str:
    return f'<img src="{path.name}" alt="{text}" width="{PICTURE_WIDTH}">'
