"""The command `sorot`. Heavy parts are imported by the sub-command that needs them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from data.article import Article, Reject
    from serving.batch import Summary

ENTRY_POINTS = "sorot.commands"
app = typer.Typer(
    name="sorot",
    help="Topics, stance, sentiment and the sentences that show them, for Indonesian news as it was scraped.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Inputs = Annotated[list[str], typer.Argument(help="Files, folders, patterns, or - for standard input.")]
BundleOption = Annotated[Path | None, typer.Option("--bundle", help="Folder of the model to use; the shipped one by default.")]


@app.command()
def score(
    inputs: Inputs,
    output: Annotated[Path, typer.Option("--output", "-o", help="Result file: .jsonl, .csv or .parquet.")],
    text_column: Annotated[str | None, typer.Option(help="Column of the text; found by its usual names by default.")] = None,
    title_column: Annotated[str | None, typer.Option(help="Column of the title.")] = None,
    outlet_column: Annotated[str | None, typer.Option(help="Column of the outlet.")] = None,
    date_column: Annotated[str | None, typer.Option(help="Column of the date.")] = None,
    url_column: Annotated[str | None, typer.Option(help="Column of the address.")] = None,
    id_column: Annotated[str | None, typer.Option(help="Column of the identifier.")] = None,
    bundle: BundleOption = None,
    clean: Annotated[bool, typer.Option(help="Take menus, related links and the like out of the text.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON on standard output.")] = False,
) -> None:
    """Label every article of INPUTS: one row each, with topics, stance, sentiment and evidence.

    What cannot be read goes to OUTPUT.rejects.jsonl with file, row and reason. Exit code 1 if nothing could be read.
    """
    from data.columns import Columns
    from data.readers import find_files
    from serving.batch import score_files
    from serving.scorer import Scorer
    from serving.writers import check_output

    check_output(output)
    for name in inputs:
        if name != "-":
            find_files(name)
    columns = Columns(text_column, title_column, outlet_column, date_column, url_column, id_column)
    scorer = Scorer.load(bundle)
    with _progress() as advance:
        summary = score_files(scorer, inputs, output, columns=columns, clean=clean, advance=advance)
    if as_json:
        typer.echo(json.dumps(summary.to_dict(), ensure_ascii=False))
    _print_summary(summary)
    if summary.rejects and not summary.articles:
        raise typer.Exit(1)


@app.command()
def clean(
    inputs: Inputs,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, in the order of the files.")] = False,
) -> None:
    """Show the article that is found in each input, its fields, and what was taken away."""
    from data.article import Reject
    from serving.batch import cleaned_articles

    failed = False
    for item in cleaned_articles(inputs):
        if isinstance(item, Reject):
            failed = True
            place = item.file if item.row is None else f"{item.file}:{item.row}"
            typer.echo(f"{place}: {item.reason}; nothing was cleaned there", err=True)
        if as_json:
            typer.echo(json.dumps(_clean_record(item), ensure_ascii=False))
        elif not isinstance(item, Reject):
            _print_article(item)
    if failed:
        raise typer.Exit(1)


@app.command()
def validate(
    files: Annotated[list[Path], typer.Argument(help="Labelled JSONL files, .gz or not.")],
    taxonomy: Annotated[Path | None, typer.Option(help="Taxonomy file; the one of the package by default.")] = None,
    texts: Annotated[Path | None, typer.Option(help="JSONL of the articles that records without a text belong to.")] = None,
) -> None:
    """Check labelled records; every mistake is one line naming file, line and cure. Exit code 1 if there is any."""
    from data.labels import read_labelled, validate_labelled
    from data.taxonomy import load_taxonomy

    known = load_taxonomy(taxonomy)
    mistakes = [mistake for path in files for mistake in validate_labelled(path, known, texts)]
    for mistake in mistakes:
        typer.echo(mistake, err=True)
    if mistakes:
        raise typer.Exit(1)
    for path in files:
        typer.echo(f"{path}: {len(read_labelled(path, known, texts))} records, no mistake")


@app.command()
def demo(
    host: Annotated[str, typer.Option(help="Address to listen on; only this machine by default.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes any free one.")] = 7860,
    bundle: BundleOption = None,
) -> None:
    """Open the page: paste an article, see its labels and the sentences that show them."""
    from serving.page.app import launch_page
    from serving.scorer import Scorer

    launch_page(Scorer.load(bundle), host=host, port=port)


def main() -> None:
    """Run the command line; what goes wrong is one sentence on standard error, and exit code 2."""
    from data.errors import SorotError

    for entry in entry_points(group=ENTRY_POINTS):
        app.command(entry.name)(entry.load())
    try:
        app()
    except SorotError as error:
        typer.echo(f"sorot: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(141)
    except KeyboardInterrupt:
        typer.echo("sorot: stopped", err=True)
        sys.exit(130)
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        typer.echo(f"sorot: {name}{error.strerror or error}; check the path, its permissions and free space", err=True)
        sys.exit(2)


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """A bar on standard error, if that is a terminal; yields what is told of rows done."""
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    bar = Progress(
        SpinnerColumn(), TextColumn("scoring"), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeElapsedColumn(),
        console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip
    with bar:
        task = bar.add_task("score", total=None, rate="")

        def advance(rows: int) -> None:
            bar.advance(task, rows)
            speed = bar.tasks[0].finished_speed or bar.tasks[0].speed
            bar.update(task, rate=f"{speed:.1f} rows/s" if speed else "")

        yield advance


def _print_summary(summary: Summary) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{summary.articles} articles in {summary.seconds:.1f} s ({summary.articles_per_second:.1f}/s)")
    table.add_column("task")
    table.add_column("label")
    table.add_column("articles", justify="right")
    for task, counts in (("topics", summary.topics), ("stance", summary.stance), ("sentiment", summary.sentiment)):
        for label, count in counts.most_common():
            table.add_row(task, label, str(count))
    if summary.withheld:
        table.add_row("-", "no label: not Indonesian, or empty", str(summary.withheld))
    console = Console(stderr=True)
    console.print(table)
    typer.echo(f"written to {summary.output}", err=True)
    if summary.rejects:
        typer.echo(f"{summary.rejects} rows or files could not be read; reasons are in {summary.rejects_file}", err=True)


def _clean_record(item: Article | Reject) -> dict[str, object]:
    from data.article import Reject

    if isinstance(item, Reject):
        return {"source": item.file, "row": item.row, "error": item.reason}
    return {
        "id": item.id,
        "title": item.title,
        "body": item.body,
        "outlet": item.outlet,
        "published": item.published.isoformat() if item.published else None,
        "place": item.place,
        "url": item.url,
        "source": item.source.file if item.source else None,
        "row": item.source.row if item.source else None,
        "removed": [{"kind": r.kind, "text": r.text} for r in item.removed],
    }


def _print_article(article: Article) -> None:
    fields = {
        "title": article.title,
        "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else None,
        "place": article.place,
        "removed": f"{len(article.removed)} lines or stretches" if article.removed else None,
    }
    for name, value in fields.items():
        if value:
            typer.echo(f"{name}: {value}")
    typer.echo(f"\n{article.body}\n")
