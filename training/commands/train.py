"""`sorot train` and `sorot evaluate`; they join `sorot` through the entry points in pyproject.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sorot.data.messages import print_message
from sorot.training.commands.extra import need_extra


def train_command(
    recipe: Annotated[Path, typer.Argument(help="Recipe file, such as training/recipes/release.toml.")],
    runs: Annotated[Path, typer.Option(help="Folder under which the run keeps its files.")] = Path("runs"),
    promote: Annotated[bool, typer.Option("--promote", help="Then put the bundle in service, as sorot promote does.")] = False,
    step: Annotated[
        str | None,
        typer.Option(help="Run only this step: data, linear, teacher, soft, train, soup, export, calibrate, evaluate or card."),
    ] = None,
    keep: Annotated[
        list[str] | None, typer.Option(help="Keep this step's result even if code or data have changed; may be repeated.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Train nothing: time a few steps and estimate how long training takes.")
    ] = False,
) -> None:
    """Train a model by a recipe, in steps; most have data, linear, train, export, calibrate, evaluate and card.

    Steps that are up to date are skipped; the same command continues an interrupted run.
    """
    need_extra()
    from sorot.training.pipeline.dry_run import estimate_run
    from sorot.training.pipeline.processes import is_main
    from sorot.training.pipeline.run import run_recipe
    from sorot.training.recipe import load_recipe, recipes_before

    def say(text: str) -> None:
        if is_main():
            print_message(text)

    loaded = load_recipe(recipe)
    folder = runs / f"{loaded.name}-{loaded.version}"
    if dry_run:
        typer.echo(f"{folder.name}: {estimate_run(loaded, folder, say).in_words()}")
        for other in recipes_before(loaded):
            place = runs / f"{other.name}-{other.version}"
            typer.echo(f"{place.name}, unless it is already trained: {estimate_run(other, place, say).in_words()}")
        return
    bundle = run_recipe(loaded, folder, say, only=step, keep=frozenset(keep or ()))
    if step is not None or not is_main():
        return
    print_message(f"bundle: {bundle}")
    if promote:
        from sorot.training.commands.release import promote_command

        promote_command(bundle)


def evaluate_command(
    bundle: Annotated[Path, typer.Argument(help="Folder of the bundle.")],
    data: Annotated[list[Path], typer.Argument(help="Labelled files: JSON lines, CSV or Parquet.")],
    baseline: Annotated[
        list[Path] | None,
        typer.Option(help="Labelled JSONL files of training, to fit the baselines on and to know the outlets seen."),
    ] = None,
    checks: Annotated[
        bool, typer.Option("--checks", help="Also change the articles in ways that must not change their labels.")
    ] = False,
    report: Annotated[Path | None, typer.Option(help="Folder for a readable report with pictures.")] = None,
    learning_curve: Annotated[
        Path | None, typer.Option(help="CSV file with the columns articles, task and macro_f1, drawn in the report.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the reports as JSON on standard output.")] = False,
) -> None:
    """Measure a bundle on labelled articles, beside baselines fitted in the same run."""
    need_extra()
    from sorot.training.commands.evaluate import evaluate_files

    evaluate_files(bundle, data, baseline or [], checks=checks, report=report, learning_curve=learning_curve, as_json=as_json)
