"""The training room's commands; they join `sorot` through the entry points in pyproject.toml."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from data.errors import SorotError

TRAIN_PACKAGES = ("torch", "transformers", "sklearn", "onnx")


class MissingExtraError(SorotError):
    """A package of the extra `train` is not installed."""


def train(
    recipe: Annotated[Path, typer.Argument(help="Recipe file, such as training/recipes/release.toml.")],
    runs: Annotated[Path, typer.Option(help="Folder under which the run keeps its files.")] = Path("runs"),
    release: Annotated[Path | None, typer.Option(help="Copy the finished bundle to this folder.")] = None,
) -> None:
    """Train a model by a recipe: fine-tune, export, calibrate, evaluate, write the card."""
    need_extra()
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
    baseline: Annotated[list[Path] | None, typer.Option(help="Labelled JSONL files to fit the baselines on.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the reports as JSON on standard output.")] = False,
) -> None:
    """Measure a bundle on labelled articles, beside baselines fitted in the same run."""
    need_extra()
    from serving.scorer import Scorer
    from training.evaluate import evaluate_rows
    from training.sources import read_rows

    scorer = Scorer.load(bundle)
    train_rows = [row for path in baseline or [] for row in read_rows(path, "labelled", scorer.taxonomy)]
    reports = {}
    for path in data:
        reports[path.stem] = evaluate_rows(scorer, read_rows(path, "labelled", scorer.taxonomy), train_rows)
        if not as_json:
            _print_report(path.stem, reports[path.stem])
    if as_json:
        typer.echo(json.dumps(reports))


def _print_report(name: str, report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

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


def need_extra() -> None:
    """MissingExtraError where a package of the extra `train` is not installed."""
    from importlib.util import find_spec

    missing = [name for name in TRAIN_PACKAGES if find_spec(name) is None]
    if missing:
        raise MissingExtraError(f"this command needs {', '.join(missing)}; run: pip install 'sorot[train]'")
