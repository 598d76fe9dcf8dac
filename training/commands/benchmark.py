"""`sorot benchmark`: a bundle on a public benchmark, beside what others have published."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sorot.serving.model.bundle import SHIPPED
from sorot.training.commands.extra import need_extra

if TYPE_CHECKING:
    from sorot.training.measure.benchmark import BenchmarkResult


def benchmark_command(
    name: Annotated[Literal["smsa", "nusax"], typer.Argument(help="Which benchmark: smsa or nusax.")],
    test: Annotated[Path, typer.Argument(help="Its test file, as its makers publish it.")],
    bundle: Annotated[Path, typer.Option(help="Folder of the bundle.")] = SHIPPED,
    trained_on: Annotated[
        list[Path] | None,
        typer.Option(help="A file, or the recipe, that the model was trained on; may be repeated."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON on standard output.")] = False,
) -> None:
    """Measure a bundle on a public benchmark of sentiment, beside published figures.

    With --trained-on, test texts that the model was trained on are counted, and scored without.
    """
    need_extra()
    from sorot.serving.model.scorer import Scorer
    from sorot.training.measure.benchmark import run_benchmark

    scorer = Scorer.load(bundle)
    result = run_benchmark(name, test, scorer, trained_on or [])
    if as_json:
        found = {key: value for key, value in asdict(result).items() if key != "benchmark"}
        figures = result.benchmark.model_dump(include={"name", "source", "published"})
        typer.echo(json.dumps({**found, "model": scorer.model, "published": figures}))
    else:
        _print(result, scorer.model)


def _print(result: BenchmarkResult, model: str) -> None:
    from rich.console import Console

    from sorot.training.commands.plain_table import narrow_table

    numbers = ("macro-F1", "95 % interval", "accuracy", "texts")
    title = f"{result.benchmark.name}: {result.whole.texts} texts, {result.withheld} withheld"
    table = narrow_table(title, ("model", *numbers), numbers)
    scores = {model: result.whole} | ({f"{model}, without what it was trained on": result.clean} if result.clean else {})
    for label, score in scores.items():
        low, high = (100 * bound for bound in score.interval)
        table.add_row(
            label, f"{100 * score.macro_f1:.1f}", f"{low:.1f} to {high:.1f}", f"{100 * score.accuracy:.1f}", str(score.texts)
        )
    for label, figure in result.benchmark.published.items():
        table.add_row(f"{label}, published", f"{figure:.1f}", "", "", "")
    console = Console()
    console.print(table)
    console.print(f"Published figures: {result.benchmark.source}.")
    if result.clean:
        console.print(f"Of the test texts, {result.exact} are in the training files word for word, and {result.near} nearly.")
