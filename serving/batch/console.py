"""What `score` and `estimate` print: the summary of a run, time and cost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import typer

from sorot.data.messages import print_message
from sorot.serving.batch.estimate import ScoringEstimate
from sorot.serving.batch.summary import Summary
from sorot.serving.console import describe_reject


def print_summary(summary: Summary, output: Path) -> None:
    """Counts by label, where they were written, and what could not be read."""
    from rich.console import Console
    from rich.table import Table

    if summary.articles:
        if summary.repeated:
            print_message(f"{output} is done already, with the same model, options and input; delete it to score again")
        elif summary.resumed:
            print_message(f"{_count(summary.resumed, 'row')} of these had been scored before the run was stopped")
        per_second = f"{summary.articles_per_second:.1f}/s"
        table = Table(title=f"{_count(summary.articles, 'article')} in {summary.seconds:.1f} s ({per_second})")
        table.add_column("task")
        table.add_column("label")
        table.add_column("articles", justify="right")
        for task, counts in (("topics", summary.topics), ("stance", summary.stance), ("sentiment", summary.sentiment)):
            for label, count in counts.most_common():
                table.add_row(task, label, str(count))
        if summary.gated:
            table.add_row("-", "no label: left out by the gate", str(summary.gated))
        if summary.withheld > summary.gated:
            table.add_row("-", "no label: not Indonesian, or empty", str(summary.withheld - summary.gated))
        Console(stderr=True).print(table)
        if summary.gate_recall:
            recall, low, high = summary.gate_recall
            print_message(
                f"the gate kept {_count(summary.gated, 'article')} from the encoder; of the development articles to which "
                f"the model gives a topic it lets {100 * recall:.1f} % through ({100 * low:.1f} to {100 * high:.1f})"
            )
        if summary.repeats:
            print_message(f"{_count(summary.repeats, 'article')} had the text of an earlier one and took over its labels")
        print_message(f"written to {output}")
    for reject in summary.first_rejects:
        print_message(describe_reject(reject))
    if summary.rejects > len(summary.first_rejects):
        print_message(f"... and {summary.rejects - len(summary.first_rejects)} more")
    if summary.rejects:
        where = "name another output to have all reasons in a file"
        if summary.rejects_file:
            where = f"{'the reason is' if summary.rejects == 1 else 'all reasons are'} in {summary.rejects_file}"
        these = _count(summary.rejects, "row or file", "rows or files")
        print_message(f"{these} could not be read or scored; {where}")
    if not summary.articles:
        stays = " and stays with its own rejects" if summary.rejects and not summary.rejects_file else ""
        print_message(f"sorot: nothing could be read, so {output} was not written{stays}; check the input")


def print_estimate(found: ScoringEstimate, cores: int, workers: Sequence[int], price: float | None, *, as_json: bool) -> None:
    """Time and cost by number of workers, those of this machine's `cores` among them, on standard output."""
    from rich.console import Console
    from rich.table import Table

    numbers = sorted({cores, *workers})
    cost = None if price is None else price * found.core_hours()
    if as_json:
        hours = {str(n): dict(zip(("hours", "least", "most"), found.hours(n), strict=True)) for n in numbers}
        told = {**asdict(found), "core_hours": found.core_hours(), "cost": cost, "workers": hours}
        typer.echo(json.dumps(told))
        return
    table = Table(
        title=f"{_count(found.rows, 'article')}, by {found.measured} of them, {1000 * found.core_seconds:.0f} ms of a core each"
    )
    for name in ("workers of one core", "time", "between"):
        table.add_column(name, justify="right")
    for n in numbers:
        expected, low, high = (_hours(each) for each in found.hours(n))
        table.add_row(f"{n} (this machine)" if n == cores else str(n), expected, f"{low} and {high}")
    Console().print(table)
    typer.echo(f"{found.core_hours():.2f} core-hours" + ("" if cost is None else f", which cost {cost:.2f} at {price:g} an hour"))


def _hours(hours: float) -> str:
    minutes = round(60 * hours)
    if minutes < 1:
        return f"{3600 * hours:.0f} s"
    return f"{minutes} min" if minutes < 120 else f"{hours:.1f} h"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
