"""The commands `sorot feedback ...`. Heavy modules are imported when a command needs them."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sorot.data.messages import print_message
from sorot.serving.options import (
    BundleOption,
    DateColumn,
    IdColumn,
    Inputs,
    OutletColumn,
    Sheet,
    TextColumn,
    TitleColumn,
    UrlColumn,
)

feedback = typer.Typer(
    help="Review of articles by people: fill the queue, show progress, export the labels.", no_args_is_help=True
)
Folder = Annotated[Path, typer.Argument(help="Folder of articles and reviews.")]


class ExportFormat(StrEnum):
    """Formats of exported records."""

    jsonl = "jsonl"
    datasets = "datasets"


@feedback.command()
def add(
    folder: Folder,
    inputs: Inputs,
    text_column: TextColumn = None,
    title_column: TitleColumn = None,
    outlet_column: OutletColumn = None,
    date_column: DateColumn = None,
    url_column: UrlColumn = None,
    id_column: IdColumn = None,
    sheet: Sheet = None,
    people: Annotated[int, typer.Option(min=1, max=20, help="Number of people who review each article, in turn.")] = 1,
    blind: Annotated[
        bool, typer.Option("--blind", help="Show these first, without the model's labels, as sorot audit-sample --review does.")
    ] = False,
    bundle: BundleOption = None,
) -> None:
    """Clean and score the articles of INPUTS and queue them for review, most doubtful first.

    Articles whose text is queued already are skipped, so the same command continues
    a run that was stopped. Exit code 1 if no article could be read.
    """
    from sorot.data.reading.columns import Columns
    from sorot.data.reading.files import find_files
    from sorot.serving.batch.progress import open_progress
    from sorot.serving.batch.units import ScoreOptions
    from sorot.serving.console import describe_reject
    from sorot.serving.model.scorer import Scorer
    from sorot.serving.review.add import add_articles
    from sorot.serving.review.store import create_store

    # Report wrong inputs before loading a model.
    files = [file for name in inputs for file in ([None] if name == "-" else find_files(name))]
    scorer = Scorer.load(bundle)
    store = create_store(folder, scorer.taxonomy)
    columns = Columns(text_column, title_column, outlet_column, date_column, url_column, id_column, sheet=sheet)
    with open_progress(files, ScoreOptions(columns)) as advance:
        added = add_articles(store, scorer, inputs, columns, people=people, audit=blind, advance=advance)
    for reject in added.first_rejects:
        print_message(describe_reject(reject))
    if added.rejects > len(added.first_rejects):
        print_message(f"... and {added.rejects - len(added.first_rejects)} more")
    print_message(f"{added.queued} queued, {added.repeats} queued before, {added.rejects} not queued")
    if not added.queued and not added.repeats:
        raise typer.Exit(1)
    print_message(f"review them with: sorot demo --review {folder}")


@feedback.command()
def status(
    folder: Folder, as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")] = False
) -> None:
    """Show how many articles are reviewed, by whom, and how many are left."""
    from dataclasses import asdict

    from sorot.serving.review.store import open_store

    progress = open_store(folder).status()
    if as_json:
        typer.echo(json.dumps(asdict(progress), ensure_ascii=False))
        return
    typer.echo(
        f"{progress.articles} articles, {progress.articles - progress.left} reviewed, {progress.left} left "
        f"({progress.held} open at a reviewer)"
    )
    for person, count in progress.people.items():
        typer.echo(f"{count:6d} by {person}")


@feedback.command()
def export(
    folder: Folder,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File or folder to write; standard output by default.")
    ] = None,
    output_format: Annotated[
        ExportFormat,
        typer.Option(
            "--format", help="jsonl: JSON lines; datasets: a folder of Hugging Face datasets, needs -o and the extra train."
        ),
    ] = ExportFormat.jsonl,
) -> None:
    """Write the reviews as labelled records for training: one per article and person."""
    from sorot.serving.review.errors import ReviewError
    from sorot.serving.review.export import export_records, json_line, write_dataset, write_records
    from sorot.serving.review.store import open_store

    if output is None and output_format is ExportFormat.datasets:
        raise ReviewError("--format datasets writes a folder; name it with --output")
    store = open_store(folder)
    if output is not None:
        write = write_dataset if output_format is ExportFormat.datasets else write_records
        print_message(f"{write(store, output)} records in {output}")
        return
    for record in export_records(store):
        sys.stdout.write(json_line(record) + "\n")
