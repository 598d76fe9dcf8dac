"""Output of `score` and `estimate` on the terminal: the summary of a run, time and cost."""

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


def print_summary(summary: Summary, output: Path, *, rejects_shown: bool = False) -> None:
    """Print counts by label, the output's path and, unless they are shown already, the first rejects, on standard error."""
    if summary.articles:
        _print_counts(summary, output)
    for reject in () if rejects_shown else summary.first_rejects:
        print_message(describe_reject(reject))
    if summary.rejects > len(summary.first_rejects) and not rejects_shown:
        print_message(f"... and {summary.rejects - len(summary.first_rejects)} more")
    if summary.rejects:
        where = "name another output to have all reasons in a file"
        if rejects_shown:
            where = f"{'the reason is' if summary.rejects == 1 else 'the reasons are'} above"
        elif summary.rejects_file:
            where = f"{'the reason is' if summary.rejects == 1 else 'all reasons are'} in {summary.rejects_file}"
        rejected = _count(summary.rejects, "row or file", "rows or files")
        print_message(f"{rejected} could not be read or scored; {where}")
    if not summary.articles:
        stays = " and stays with its own rejects" if summary.rejects and not summary.rejects_file else ""
        print_message(f"sorot: nothing could be read, so {output} was not written{stays}; check the input")


def _print_counts(summary: Summary, output: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    if summary.repeated:
        print_message(f"{output} is done already, with the same model, options and input; delete it to score again")
    elif summary.resumed:
        print_message(f"{_count(summary.resumed, 'row')} of these had been scored before the run was stopped")
    per_second = f"{summary.articles_per_second:.1f}/s"
    table = Table(title=f"{_count(summary.articles, 'article')} in {summary.seconds:.1f} s ({per_second})")
    table.add_column("task")
    table.add_column("label")
    table.add_column("articles", justify="right")
    for task, counts in summary.labels.items():
        for label, count in counts.most_common():
            table.add_row(task, label, str(count))
    if summary.gated:
        table.add_row("-", "no label: left out by the gate", str(summary.gated))
    if summary.withheld > summary.gated:
        table.add_row("-", "no label: not Indonesian, too short, or empty", str(summary.withheld - summary.gated))
    Console(stderr=True).print(table)
    if summary.gate_recall:
        recall, low, high = summary.gate_recall
        print_message(
            f"the gate kept {_count(summary.gated, 'article')} from the encoder; of the development articles that "
            f"the model labels it lets {100 * recall:.1f} % through ({100 * low:.1f} to {100 * high:.1f})"
        )
    if summary.repeats:
        print_message(f"{_count(summary.repeats, 'article')} had the text of an earlier one and took over its labels")
    print_message(f"written to {output}")


def print_estimate(estimate: ScoringEstimate, cores: int, workers: Sequence[int], price: float | None, *, as_json: bool) -> None:
    """Print time and cost by number of workers, including this machine's `cores`, on standard output."""
    from rich.console import Console
    from rich.table import Table

    numbers = sorted({cores, *workers})
    cost = None if price is None else price * estimate.core_hours()
    if as_json:
        hours = {str(n): dict(zip(("hours", "least", "most"), estimate.hours(n), strict=True)) for n in numbers}
        record = {**asdict(estimate), "core_hours": estimate.core_hours(), "cost": cost, "workers": hours}
        typer.echo(json.dumps(record))
        return
    per_article = f"{1000 * estimate.core_seconds:.0f} ms CPU each"
    typer.echo(f"Estimated from {estimate.measured} of {_count(estimate.rows, 'article')}: {per_article}")
    table = Table()
    for name in ("one-core workers", "time", "between"):
        table.add_column(name, justify="right")
    for n in numbers:
        expected, low, high = (_duration(hours) for hours in estimate.hours(n))
        table.add_row(f"{n} (this machine)" if n == cores else str(n), expected, low if low == high else f"{low} and {high}")
    Console().print(table)
    typer.echo(
        f"{_amount(estimate.core_hours())} core-hours"
        + ("" if cost is None else f", costing {_amount(cost)} at {price:g} per core-hour")
    )


def _duration(hours: float) -> str:
    minutes = round(60 * hours)
    if 3600 * hours < 1:
        return "< 1 s"
    if minutes < 1:
        return f"{3600 * hours:.0f} s"
    return f"{minutes} min" if minutes < 120 else f"{hours:.1f} h"


def _amount(value: float) -> str:
    """A number with two places; one that would round to 0.00 is 'less than 0.01'."""
    return "less than 0.01" if 0 < value < 0.005 else f"{value:.2f}"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
