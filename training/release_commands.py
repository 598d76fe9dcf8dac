"""The commands that put a model in service, and take it back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from training.cli import need_extra

if TYPE_CHECKING:
    from training.comparison import Difference
    from training.promote import Outcome

SERVED = Path("serving/bundle")
SETTINGS = Path(__file__).with_name("gate.toml")
Target = Annotated[Path, typer.Option("--to", help="Folder of the bundle in service.")]
Settings = Annotated[Path, typer.Option("--gate", help="Settings: test files, floors, where releases are kept.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON on standard output.")]


def promote(
    bundle: Annotated[Path, typer.Argument(help="Folder of the bundle to release.")],
    to: Target = SERVED,
    on: Annotated[list[Path] | None, typer.Option(help="Labelled JSONL file to compare on, for those of the settings.")] = None,
    force: Annotated[str | None, typer.Option(help="Release it even if it is worse, for this reason, which is recorded.")] = None,
    lower_floor: Annotated[bool, typer.Option("--lower-floor", help="Lower the floors that it does not reach.")] = False,
    gate: Settings = SETTINGS,
    as_json: AsJson = False,
) -> None:
    """Release BUNDLE if it is not significantly worse than the model in service.

    Both are scored on the frozen test files and compared by paired bootstrap, on
    every task and slice. If anything is significantly worse, or below its floor,
    the table says what, the exit code is 1, and nothing is changed.
    """
    need_extra()
    from training.promote import Consent
    from training.promote import promote as act

    outcome = act(bundle, to, gate, on or (), Consent(force, lower_floor), lambda text: typer.echo(text, err=True))
    if as_json:
        typer.echo(json.dumps(_record(outcome)))
    else:
        _print_outcome(outcome)
    for reason in outcome.reasons:
        typer.echo(f"{outcome.status}: {reason}", err=True)
    if outcome.status == "refused":
        typer.echo("nothing was changed; --force 'reason' releases what is significantly worse", err=True)
        raise typer.Exit(1)


def rollback(
    to: Target = SERVED,
    reason: Annotated[str | None, typer.Option(help="Why; the registry keeps it.")] = None,
    gate: Settings = SETTINGS,
    as_json: AsJson = False,
) -> None:
    """Put the release before the one in service back, byte for byte."""
    need_extra()
    from training.promote import rollback as act

    release = act(to, gate, reason, lambda text: typer.echo(text, err=True))
    if as_json:
        typer.echo(release.model_dump_json())
    typer.echo(f"{release.label} is in service again: {release.reason}", err=True)


def _record(outcome: Outcome) -> dict[str, object]:
    """The JSON-ready form of an outcome."""
    compared = outcome.comparison
    worst = compared.worst_slice if compared else None
    return {
        "status": outcome.status,
        "action": outcome.action,
        "reasons": outcome.reasons,
        "metrics": {name: measured.model_dump() for name, measured in outcome.metrics.items()},
        "tasks": [_line(d) for d in compared.tasks] if compared else [],
        "slices": [_line(d) for d in compared.slices] if compared else [],
        "worst_slice": _line(worst) if worst else None,
    }


def _line(difference: Difference) -> dict[str, object]:
    return {**difference.model_dump(), "verdict": difference.verdict}


def _print_outcome(outcome: Outcome) -> None:
    """The table of tasks and slices, the worst first, or the plain scores where there was nothing to compare with."""
    from rich.console import Console
    from rich.table import Table

    if outcome.comparison is None:
        for name, measured in outcome.metrics.items():
            scores = ", ".join(f"{task} {score:.3f}" for task, score in measured.macro_f1.items())
            typer.echo(f"{name} ({measured.articles} articles), macro-F1: {scores}")
        return
    compared = outcome.comparison
    table = Table(title="macro-F1 of the candidate beside the model in service")
    for column in ("task", "on", "articles", "candidate", "in service", "difference", "interval", "verdict"):
        table.add_column(column)
    for d in (*compared.tasks, *sorted(compared.slices, key=lambda s: s.difference)):
        table.add_row(
            d.task,
            d.where,
            str(d.articles),
            f"{d.candidate:.3f}",
            f"{d.current:.3f}",
            f"{d.difference:+.3f}",
            f"{d.low:+.3f} to {d.high:+.3f}",
            f"{d.verdict} (the worst slice)" if d is compared.worst_slice else d.verdict,
        )
    Console().print(table)
    typer.echo(
        f"Paired bootstrap intervals: 95 % over all articles, widened by Bonferroni for {len(compared.slices)} slices.", err=True
    )
