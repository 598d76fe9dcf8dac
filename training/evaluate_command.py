"""The work behind `sorot evaluate`: measure a bundle on files of labelled articles, print the figures, write the report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from serving.scorer import Scorer
from training.evaluate import evaluate_rows
from training.invariance import check_articles
from training.learning import read_learning_curve
from training.report import write_report
from training.sources import read_rows


def evaluate_files(
    bundle: Path,
    data: Sequence[Path],
    baseline: Sequence[Path],
    *,
    checks: bool,
    report: Path | None,
    learning_curve: Path | None,
    as_json: bool,
) -> None:
    """Measure on each file and print; with `report`, write page and pictures into that folder."""
    # What is wrong with any file is told before the long work.
    learning = read_learning_curve(learning_curve) if learning_curve else []
    scorer = Scorer.load(bundle)
    rows = {path: read_rows(path, "labelled", scorer.taxonomy) for path in data}
    train_rows = [row for path in baseline for row in read_rows(path, "labelled", scorer.taxonomy)]
    reports: dict[str, dict[str, Any]] = {}
    for path, articles in rows.items():
        name = path.as_posix() if path.stem in reports else path.stem
        _say(f"{name}: {len(articles)} articles")
        found = evaluate_rows(scorer, articles, train_rows)
        if checks:
            found["checks"] = check_articles(scorer, [row.article for row in articles], _say)
        reports[name] = found
        if not as_json:
            _print_report(name, found)
    if report is not None:
        _say(f"report: {write_report(scorer.model, reports, report, learning)}")
    if as_json:
        typer.echo(json.dumps(reports))


def _say(text: str) -> None:
    typer.echo(text, err=True)


def _print_report(name: str, report: dict[str, Any]) -> None:
    table = Table(title=f"{name}: {report['articles']} articles")
    for column in ("task", "label", "precision", "recall", "F1", "articles", "95 % interval", "ECE", "Brier"):
        table.add_column(column)
    for task, scores in report["tasks"].items():
        low, high = scores["macro_f1_interval"]
        summary = (f"{scores['macro_f1']:.3f}", str(scores["articles"]), f"{low:.3f} to {high:.3f}")
        table.add_row(task, "macro", "", "", *summary, f"{scores['ece']:.3f}", f"{scores['brier']:.3f}")
        for label, s in scores["labels"].items():
            table.add_row("", label, f"{s['precision']:.3f}", f"{s['recall']:.3f}", f"{s['f1']:.3f}", str(s["support"]))
        for base, s in scores["baselines"].items():
            low, high = s["macro_f1_interval"]
            table.add_row("", f"baseline {base}", "", "", f"{s['macro_f1']:.3f}", "", f"{low:.3f} to {high:.3f}")
    Console().print(table)
    if "checks" in report:
        Console().print(_check_table(name, report["checks"]))


def _check_table(name: str, checks: Sequence[dict[str, Any]]) -> Table:
    table = Table(title=f"{name}: checks")
    for column in ("check", "of", "articles", "failed", "95 % interval", "mean change"):
        table.add_column(column)
    for c in checks:
        of = f"{c['task']}: {c['label']}" if c["label"] else c["task"]
        if c["skipped"]:
            table.add_row(c["check"], of, c["skipped"])
            continue
        low, high = c["interval"]
        table.add_row(c["check"], of, str(c["articles"]), f"{c['share']:.3f}", f"{low:.3f} to {high:.3f}", f"{c['change']:.3f}")
    return table
