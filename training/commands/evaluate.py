"""The work of `sorot evaluate`: measure a bundle on labelled files, print the figures, write the report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from sorot.data.messages import print_message
from sorot.serving.model.scorer import Scorer
from sorot.training.commands.plain_table import narrow_table
from sorot.training.input.sources import read_rows
from sorot.training.measure.certainty import certainty_rows
from sorot.training.measure.checks.invariance import check_articles
from sorot.training.measure.evaluate import evaluate_rows
from sorot.training.measure.learning_curve import read_learning_curve
from sorot.training.measure.report import write_report


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
    # A mistake in any file is reported before the long work.
    scorer = Scorer.load(bundle)
    learning = read_learning_curve(learning_curve, scorer.taxonomy.keys) if learning_curve else []
    rows = {path: read_rows(path, "labelled", scorer.taxonomy) for path in data}
    train_rows = [row for path in baseline for row in read_rows(path, "labelled", scorer.taxonomy)]
    reports: dict[str, dict[str, Any]] = {}
    for path, articles in rows.items():
        name = path.as_posix() if path.stem in reports else path.stem
        print_message(f"{name}: {len(articles)} articles")
        found = evaluate_rows(scorer, articles, train_rows)
        if checks:
            found["checks"] = check_articles(scorer, [row.article for row in articles], print_message)
        reports[name] = found
        if not as_json:
            _print_report(name, found)
    if report is not None:
        print_message(f"report: {write_report(scorer.model, reports, report, learning)}")
    if as_json:
        typer.echo(json.dumps(reports))


def _print_report(name: str, report: dict[str, Any]) -> None:
    numbers = ("n", "prec.", "recall", "F1", "95 % interval", "ECE", "Brier")
    table = narrow_table(f"{name}: {report['articles']} articles", ("task and label", *numbers), numbers)
    for task, scores in report["tasks"].items():
        whole = (str(scores["articles"]), "", "", f"{scores['macro_f1']:.3f}", _span(scores["macro_f1_interval"]))
        table.add_row(f"{task}, macro", *whole, f"{scores['ece']:.3f}", f"{scores['brier']:.3f}")
        for label, s in scores["labels"].items():
            table.add_row(f"  {label}", str(s["support"]), f"{s['precision']:.3f}", f"{s['recall']:.3f}", f"{s['f1']:.3f}")
        for base, s in scores["baselines"].items():
            table.add_row(f"  baseline {base}", "", "", "", f"{s['macro_f1']:.3f}", _span(s["macro_f1_interval"]))
    Console().print(table)
    if certainty := certainty_rows(report["tasks"]):
        Console().print(_certainty_table(name, certainty))
    if report["evidence"]:
        Console().print(_evidence_table(name, report["evidence"]))
    if "checks" in report:
        Console().print(_check_table(name, report["checks"]))


def _certainty_table(name: str, rows: Sequence[tuple[str, str, float, list[float]]]) -> Table:
    table = narrow_table(f"{name}: how sure", ("task", "share of", "", "95 % interval"), ("", "95 % interval"))
    for task, words, share, span in rows:
        table.add_row(task, words, f"{share:.3f}", _span(span))
    return table


def _evidence_table(name: str, evidence: dict[str, Any]) -> Table:
    numbers = ("n", "F1", "95 % interval", "first", "95 % interval ")
    table = narrow_table(f"{name}: evidence, sentences shown against sentences marked", ("task", *numbers), numbers)
    for task, e in evidence.items():
        first = f"{e['first_sentence']:.3f}", _span(e["first_sentence_interval"])
        table.add_row(task, str(e["labels"]), f"{e['f1']:.3f}", _span(e["f1_interval"]), *first)
    return table


def _check_table(name: str, checks: Sequence[dict[str, Any]]) -> Table:
    numbers = ("n", "failed", "95 % interval", "change")
    table = narrow_table(f"{name}: checks, share failed and mean change", ("check", "of", *numbers), numbers)
    for c in checks:
        of = f"{c['task']}: {c['label']}" if c["label"] else c["task"]
        if c["skipped"]:
            table.add_row(c["check"], f"{of}, {c['skipped']}")
            continue
        table.add_row(c["check"], of, str(c["articles"]), f"{c['share']:.3f}", _span(c["interval"]), f"{c['change']:.3f}")
    return table


def _span(interval: Sequence[float]) -> str:
    low, high = interval
    return f"{low:.3f}–{high:.3f}"
