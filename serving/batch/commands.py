"""The commands for whole corpora: score, and estimate what that takes. Heavy parts are imported when they are needed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from sorot.data.messages import print_message
from sorot.serving.options import (
    BundleOption,
    DateColumn,
    EngineName,
    IdColumn,
    Inputs,
    OutletColumn,
    TextColumn,
    TitleColumn,
    UrlColumn,
)
from sorot.serving.output.target import Format, parse_target


def score_command(
    inputs: Inputs,
    output: Annotated[
        str, typer.Option("--output", "-o", help="Result: a .jsonl, .csv, .parquet or .duckdb file, or a folder/ of parts.")
    ],
    text_column: TextColumn = None,
    title_column: TitleColumn = None,
    outlet_column: OutletColumn = None,
    date_column: DateColumn = None,
    url_column: UrlColumn = None,
    id_column: IdColumn = None,
    folder_format: Annotated[
        Format | None, typer.Option("--format", help="Format of a folder's parts; Parquet by default.")
    ] = None,
    bundle: BundleOption = None,
    clean: Annotated[bool, typer.Option(help="Take menus, related links and the like out of the text.")] = True,
    with_body: Annotated[bool, typer.Option("--with-body", help="Add a last column, body: the cleaned text.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Score the first so many rows alone.")] = None,
    sample: Annotated[
        float | None, typer.Option(min=1e-9, max=1, help="Score a share of the rows, such as 0.01, chosen by chance.")
    ] = None,
    gate: Annotated[
        bool, typer.Option("--gate", help="Read with the encoder only what may be on a topic; the rest get no labels.")
    ] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes to score in; one a core by default.")] = None,
    engine: Annotated[EngineName, typer.Option(help="Where to score: this machine, or Ray Data.")] = EngineName.LOCAL,
    address: Annotated[str | None, typer.Option(help="Of a Ray cluster, such as auto; one is started here by default.")] = None,
    log: Annotated[Path | None, typer.Option(help="File to add progress to, a line twice a minute.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print progress, every few seconds, and at last the summary as JSON lines.")
    ] = False,
) -> None:
    """Label every article of INPUTS: one row each, with topics, stance, sentiment and evidence.

    What cannot be read goes to OUTPUT.rejects.jsonl with file, row and reason.
    Exit code 1 if nothing could be read; an earlier output then stays,
    with its own rejects.
    A run that was stopped goes on with the same command.

    Start and end of evidence count characters of the cleaned body, from 0;
    both are null for the title. --with-body adds that body as last column.

    All formats hold the same values. In CSV null is an empty field, topics are
    joined by ';', evidence is JSON, and an id, source, title, outlet or body
    that a spreadsheet would run as a formula gets a leading apostrophe.
    No other column is altered.
    """
    from sorot.data.reading.columns import Columns
    from sorot.serving.batch.console import print_summary
    from sorot.serving.batch.engines.processes import ProcessEngine
    from sorot.serving.batch.engines.ray_data import RayEngine
    from sorot.serving.batch.inputs import check_log, list_inputs
    from sorot.serving.batch.parts import PARTS, parts_folder
    from sorot.serving.batch.progress import open_progress
    from sorot.serving.batch.run import score_files
    from sorot.serving.batch.units import ScoreOptions
    from sorot.serving.model.runtime import usable_cores
    from sorot.serving.model.scorer import Scorer
    from sorot.serving.output.rows import writable

    # What is wrong with the paths is told at once, before a model is loaded.
    target = parse_target(output, folder_format)
    files = list_inputs(inputs, target)
    if log:
        check_log(log, inputs, files, target)
    columns = Columns(text_column, title_column, outlet_column, date_column, url_column, id_column)
    options = ScoreOptions(columns, clean, with_body, limit, sample, gate)
    scorer = Scorer.load(bundle)
    workers = workers or usable_cores()
    where = ProcessEngine(scorer, workers) if engine is EngineName.LOCAL else RayEngine(scorer, workers, address)
    try:
        with open_progress(files, options, log=log, events=sys.stdout if as_json else None) as advance:
            summary = score_files(scorer, inputs, target, options, engine=where, advance=advance)
    except (KeyboardInterrupt, SystemExit):
        if any((kept := parts_folder(target.path)).glob(PARTS)):
            print_message(f"sorot: what was scored is kept in {kept}; the same command goes on from there")
        raise
    if as_json:
        told = {"event": "done", **summary.to_dict()}
        typer.echo(json.dumps(writable(told), ensure_ascii=False, allow_nan=False))
    print_summary(summary, target.path)
    if not summary.articles:
        raise typer.Exit(1)


def estimate_command(
    inputs: Inputs,
    workers: Annotated[list[int] | None, typer.Option(min=1, help="Numbers of one-core workers to tell the time for.")] = None,
    price: Annotated[float | None, typer.Option(min=0, help="Of a core for an hour, in any currency.")] = None,
    text_column: TextColumn = None,
    bundle: BundleOption = None,
    clean: Annotated[bool, typer.Option(help="As for score.")] = True,
    gate: Annotated[bool, typer.Option("--gate", help="As for score.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the estimate as JSON on standard output.")] = False,
) -> None:
    """Say what scoring INPUTS will take, on this machine and on others, from a short measurement."""
    from sorot.data.reading.columns import Columns
    from sorot.serving.batch.console import print_estimate
    from sorot.serving.batch.estimate import estimate_scoring
    from sorot.serving.batch.units import ScoreOptions
    from sorot.serving.model.runtime import usable_cores
    from sorot.serving.model.scorer import Scorer

    options = ScoreOptions(Columns(text_column), clean=clean, gate=gate)
    found = estimate_scoring(Scorer.load(bundle, threads=1), inputs, options)
    print_estimate(found, usable_cores(), workers or [1, 4, 16, 64], price, as_json=as_json)
