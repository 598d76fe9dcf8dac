"""`sorot promote`, `sorot rollback`: put a model in service, or go back. `sorot reference`: measure what findings need."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sorot.data.messages import print_message
from sorot.training.commands.extra import need_extra

if TYPE_CHECKING:
    from sorot.training.measure.comparison import Difference
    from sorot.training.release.promote import PromotionResult

SERVED = Path("serving/bundle")
SETTINGS = Path(__file__).parents[1] / "release" / "gate.toml"
UNCLEAR = "no clear difference"
# Slices without a clear difference that are shown, the worst first.
UNCLEAR_SHOWN = 5
# Reasons that are printed one by one; tasks come before slices.
REASONS_SHOWN = 6
ServedFolder = Annotated[Path, typer.Option("--to", help="Folder of the bundle in service.")]
Settings = Annotated[Path, typer.Option("--gate", help="Settings: test files, floors, where releases are kept.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON on standard output.")]


def promote_command(
    bundle: Annotated[Path, typer.Argument(help="Folder of the bundle to release.")],
    to: ServedFolder = SERVED,
    on: Annotated[
        list[Path] | None,
        typer.Option(help="Labelled JSONL file to compare on, instead of the settings' files."),
    ] = None,
    force: Annotated[str | None, typer.Option(help="Release it even if it is worse, and record this reason.")] = None,
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
    from sorot.training.release.promote import Consent, promote

    outcome = promote(bundle, to, gate, on or (), Consent(force, lower_floor), print_message)
    if as_json:
        typer.echo(json.dumps(_record(outcome)))
    else:
        _print_outcome(outcome)
    for reason in outcome.reasons[:REASONS_SHOWN]:
        print_message(f"{outcome.status}: {reason}")
    if (more := len(outcome.reasons) - REASONS_SHOWN) > 0:
        print_message(f"{outcome.status}: and {more} more differences that the table calls worse")
    if outcome.status == "refused":
        print_message("nothing was changed; --force 'reason' releases what is significantly worse")
        raise typer.Exit(1)


def rollback_command(
    to: ServedFolder = SERVED,
    reason: Annotated[str | None, typer.Option(help="Why; the registry keeps it.")] = None,
    gate: Settings = SETTINGS,
    as_json: AsJson = False,
) -> None:
    """Put the release before the one in service back, byte for byte."""
    from sorot.training.release.rollback import rollback

    release = rollback(to, gate, reason, print_message)
    if as_json:
        typer.echo(release.model_dump_json())
    print_message(f"{release.label} is in service again: {release.reason}")


def reference_command(
    bundle: Annotated[Path, typer.Argument(help="Bundle folder; its manifest is replaced.")],
    recipe: Annotated[Path, typer.Option(help="Recipe by which it was trained, for its development files.")],
    gate: Settings = SETTINGS,
) -> None:
    """Measure BUNDLE's errors on unseen development articles, and what these are like.

    Both are written into its manifest: sorot prevalence corrects shares by the
    errors, sorot drift compares a corpus with the articles. sorot train does the
    same for a new bundle.
    """
    need_extra()
    from sorot.training.recipe import load_recipe
    from sorot.training.release.bundle_reference import add_reference

    manifest = add_reference(bundle, load_recipe(recipe), gate, print_message)
    pairs = manifest.confusion.articles if manifest.confusion else 0
    described = manifest.reference.articles if manifest.reference else 0
    print_message(f"{bundle}: errors of {pairs} unseen articles, reference of {described} articles")


def _record(outcome: PromotionResult) -> dict[str, object]:
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


def _print_outcome(outcome: PromotionResult) -> None:
    """The tasks and the decisive slices; the plain scores if there was no model to compare with."""
    if outcome.comparison is None:
        for name, measured in outcome.metrics.items():
            scores = ", ".join(f"{task} {score:.3f}" for task, score in measured.macro_f1.items())
            typer.echo(f"{name} ({measured.articles} articles), macro-F1: {scores}")
        return
    compared = outcome.comparison
    slices = sorted(compared.slices, key=lambda s: s.difference)
    unclear = [s for s in slices if s.verdict == UNCLEAR]
    shown = [s for s in slices if s.verdict != UNCLEAR or s in unclear[:UNCLEAR_SHOWN]]
    _print_table((*compared.tasks, *shown))
    if (worst := compared.worst_slice) is not None:
        typer.echo(f"worst slice: {worst.task} on {worst.where}, {worst.difference:+.3f} ({worst.verdict})")
    if len(shown) < len(slices):
        typer.echo(f"{len(slices) - len(shown)} slices with better but unclear differences are left out; --json lists all")
    print_message(f"Intervals: paired bootstrap, 95 % over all articles, widened by Bonferroni for {len(slices)} slices.")


def _print_table(lines: Sequence[Difference]) -> None:
    """Fits a terminal of 80 columns; no verdict if the interval holds 0."""
    from rich.console import Console

    from sorot.training.commands.plain_table import narrow_table

    numbers = ("n", "now", "new", "difference, interval")
    table = narrow_table(
        "macro-F1: model in service, candidate, and their difference", ("task", "on", *numbers, "verdict"), numbers
    )
    for d in lines:
        table.add_row(
            d.task, d.where.removesuffix(" articles"), str(d.articles), f"{d.current:.3f}", f"{d.candidate:.3f}",
            f"{d.difference:+.3f} [{d.low:+.3f}, {d.high:+.3f}]",
            "" if d.verdict == UNCLEAR else d.verdict,
        )  # fmt: skip
    Console().print(table)
