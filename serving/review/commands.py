"""The commands `sorot feedback ...`. Heavy parts are imported when they are needed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from sorot.serving.options import BundleOption, DateColumn, IdColumn, Inputs, OutletColumn, TextColumn, TitleColumn, UrlColumn

feedback = typer.Typer(
    help="Articles that people review: queue them, see how far they are, export the labels.", no_args_is_help=True
)
Folder = Annotated[Path, typer.Argument(help="Folder in which articles and reviews are kept.")]


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
    people: Annotated[int, typer.Option(min=1, max=20, help="How many people are to review each article, one by one.")] = 1,
    bundle: BundleOption = None,
) -> None:
    """Clean and score the articles of INPUTS and queue them for review, those that the model doubts first.

    An article whose text is queued already is passed over, so a run that was stopped
    goes on with the same command. Exit code 1 if nothing could be read.
    """
    from sorot.data.reading.columns import Columns
    from sorot.data.reading.files import find_files
    from sorot.serving.batch.progress import open_progress
    from sorot.serving.batch.units import ScoreOptions
    from sorot.serving.console import describe_reject
    from sorot.serving.model.scorer import Scorer
    from sorot.serving.review.add import add_articles
    from sorot.serving.review.store import create_store

    # What is wrong with the inputs is told at once, before a model is loaded.
    files = [file for name in inputs for file in ([None] if name == "-" else find_files(name))]
    scorer = Scorer.load(bundle)
    store = create_store(folder, scorer.taxonomy)
    columns = Columns(text_column, title_column, outlet_column, date_column, url_column, id_column)
    with open_progress(files, ScoreOptions(columns)) as advance:
        added = add_articles(store, scorer, inputs, columns, people=people, advance=advance)
    for reject in added.first_rejects:
        _say(describe_reject(reject))
    if added.rejects > len(added.first_rejects):
        _say(f"... and {added.rejects - len(added.first_rejects)} more")
    _say(f"{added.queued} queued, {added.repeats} queued before, {added.rejects} not queued")
    if not added.queued and not added.repeats:
        raise typer.Exit(1)
    _say(f"review them with: sorot demo --review {folder}")


@feedback.command()
def status(
    folder: Folder, as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")] = False
) -> None:
    """Say how many articles are reviewed, by whom, and how many are left."""
    from dataclasses import asdict

    from sorot.serving.review.store import open_store

    found = open_store(folder).status()
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False))
        return
    typer.echo(
        f"{found.articles} articles, {found.articles - found.left} reviewed, {found.left} left ({found.held} before a reviewer)"
    )
    for person, count in found.people.items():
        typer.echo(f"{count:6d} by {person}")


@feedback.command()
def export(
    folder: Folder,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="JSONL file to write; standard output by default.")
    ] = None,
) -> None:
    """Write what was reviewed as labelled records, ready for a recipe: one for each article and person."""
    from sorot.serving.review.export import export_records, json_line, write_records
    from sorot.serving.review.store import open_store

    store = open_store(folder)
    if output is not None:
        _say(f"{write_records(store, output)} records in {output}")
        return
    for record in export_records(store):
        sys.stdout.write(json_line(record) + "\n")


def _say(text: str) -> None:
    typer.echo(text, err=True)
