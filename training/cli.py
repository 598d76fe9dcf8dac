"""The training room's commands; they join `sorot` through the entry points in pyproject.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from data.errors import SorotError

TRAIN_PACKAGES = ("torch", "transformers", "sklearn", "onnx", "matplotlib")


class MissingExtraError(SorotError):
    """A package of the extra `train` is not installed."""


def train(
    recipe: Annotated[Path, typer.Argument(help="Recipe file, such as training/recipes/release.toml.")],
    runs: Annotated[Path, typer.Option(help="Folder under which the run keeps its files.")] = Path("runs"),
    release: Annotated[Path | None, typer.Option(help="Copy the finished bundle to this folder.")] = None,
) -> None:
    """Train a model by a recipe: fine-tune, export, calibrate, evaluate, write the card."""
    _need_extra()
    from training.pipeline import run_recipe
    from training.recipe import load_recipe
    from training.release import release_bundle

    loaded = load_recipe(recipe)
    bundle = run_recipe(loaded, runs / f"{loaded.name}-{loaded.version}", lambda text: typer.echo(text, err=True))
    typer.echo(f"bundle: {bundle}", err=True)
    if release is not None:
        release_bundle(bundle, release)
        typer.echo(f"released to {release}", err=True)


def evaluate(
    bundle: Annotated[Path, typer.Argument(help="Folder of the bundle.")],
    data: Annotated[list[Path], typer.Argument(help="Labelled JSONL files.")],
    baseline: Annotated[
        list[Path] | None,
        typer.Option(help="Labelled JSONL files of training, to fit the baselines on and tell seen outlets by."),
    ] = None,
    checks: Annotated[
        bool, typer.Option("--checks", help="Change the articles in ways that must not change labels, too.")
    ] = False,
    report: Annotated[Path | None, typer.Option(help="Folder for a readable report with pictures.")] = None,
    learning_curve: Annotated[
        Path | None, typer.Option(help="CSV file with the columns articles, task and macro_f1, drawn in the report.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the reports as JSON on standard output.")] = False,
) -> None:
    """Measure a bundle on labelled articles, beside baselines fitted in the same run."""
    _need_extra()
    from training.evaluate_command import evaluate_files

    evaluate_files(bundle, data, baseline or [], checks=checks, report=report, learning_curve=learning_curve, as_json=as_json)


def _need_extra() -> None:
    from importlib.util import find_spec

    missing = [name for name in TRAIN_PACKAGES if find_spec(name) is None]
    if missing:
        raise MissingExtraError(f"this command needs {', '.join(missing)}; run: pip install 'sorot[train]'")
