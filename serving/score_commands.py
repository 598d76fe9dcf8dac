"""The commands for whole corpora: `sorot score` and `sorot estimate`. Slow imports stand in the functions."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from sorot.data.budget import BUDGET
from sorot.data.messages import print_lines, print_message
from sorot.serving.options import (
    BundleOption,
    DateColumn,
    EngineName,
    IdColumn,
    Inputs,
    MaxCharacters,
    OutletColumn,
    Sheet,
    TextColumn,
    TitleColumn,
    UrlColumn,
)
from sorot.serving.output.target import Format


def score_command(
    inputs: Inputs,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            help="Result: a .jsonl, .csv, .parquet or .duckdb file, a folder/ of parts, or - for JSON lines on standard output.",
        ),
    ],
    text_column: TextColumn = None,
    title_column: TitleColumn = None,
    outlet_column: OutletColumn = None,
    date_column: DateColumn = None,
    url_column: UrlColumn = None,
    id_column: IdColumn = None,
    sheet: Sheet = None,
    max_characters: MaxCharacters = BUDGET.characters,
    keep_columns: Annotated[
        bool, typer.Option("--keep-columns", help="Add the other columns of the input after those of the output.")
    ] = False,
    folder_format: Annotated[
        Format | None, typer.Option("--format", help="Format of the parts in a folder; Parquet by default.")
    ] = None,
    bundle: BundleOption = None,
    clean: Annotated[bool, typer.Option(help="Remove menus, related links and the like from the text.")] = True,
    with_body: Annotated[bool, typer.Option("--with-body", help="Add a column, body: the cleaned text.")] = False,
    quotes: Annotated[
        bool, typer.Option("--quotes", help="Add a column, quotes: who says what, with the labels of each statement.")
    ] = False,
    stories: Annotated[
        bool,
        typer.Option("--stories", help="Add columns, copy and story: groups of one text and of one event; reads INPUTS twice."),
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Score only the first N rows.")] = None,
    sample: Annotated[float | None, typer.Option(min=1e-9, max=1, help="Score a random share of the rows, such as 0.01.")] = None,
    gate: Annotated[
        bool, typer.Option("--gate", help="Let the encoder read only articles that may be on a topic; others get no labels.")
    ] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Number of scoring processes; one per core by default.")] = None,
    engine: Annotated[EngineName, typer.Option(help="Score on this machine or with Ray Data.")] = EngineName.LOCAL,
    address: Annotated[
        str | None, typer.Option(help="Address of a Ray cluster, such as auto; by default Ray starts on this machine.")
    ] = None,
    log: Annotated[Path | None, typer.Option(help="Append progress to this file, a line twice a minute.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print progress every few seconds, and the summary at the end, as JSON lines.")
    ] = False,
) -> None:
    """Label every article of INPUTS: one row each, with labels, probabilities and the evidence for them.

    Rows and files that cannot be read go to OUTPUT.rejects.jsonl with file,
    row and reason. Exit code 1 if nothing could be read; an earlier output
    then stays, with its own rejects.
    A stopped run resumes with the same command. With -o - rows are printed
    when the run is complete, rejects are messages on standard error, and a
    stopped run starts over.

    Start and end of evidence count characters of the cleaned body, from 0;
    both are null for the title. --with-body adds that body as a column,
    --quotes who says what in it, in the same count of characters.
    --stories finds copies and stories as sorot stories does.

    All formats hold the same values. In CSV null is an empty field, lists of
    labels are joined by ';', evidence is JSON, and free text (id, source,
    title, outlet, url, body) that a spreadsheet would run as a formula gets a
    leading apostrophe. No other column is altered.

    --keep-columns adds the input's columns that Sorot does not read as text,
    title, outlet, date, url or id. A name that the output has already gets
    the suffix _input. Values of different types in one column become text.
    """
    from sorot.data.reading.columns import Columns
    from sorot.data.reading.notes import ReadingNotes
    from sorot.serving.batch.console import print_summary
    from sorot.serving.batch.engines.processes import ProcessEngine
    from sorot.serving.batch.engines.ray_data import RayEngine
    from sorot.serving.batch.inputs import check_log, list_inputs
    from sorot.serving.batch.parts import PARTS, parts_folder
    from sorot.serving.batch.progress import open_progress
    from sorot.serving.batch.run import score_files
    from sorot.serving.batch.standard_output import open_target, print_rows
    from sorot.serving.batch.units import ScoreOptions
    from sorot.serving.findings.stories.columns import find_group_columns
    from sorot.serving.model.runtime import usable_cores
    from sorot.serving.model.scorer import Scorer
    from sorot.serving.output.rows import writable

    with open_target(output, folder_format, events=as_json) as (target, printed):
        # Wrong paths are reported before the model is loaded.
        files = list_inputs(inputs, target)
        if log:
            check_log(log, inputs, files, target)
        columns = Columns(
            text_column, title_column, outlet_column, date_column, url_column, id_column, keep_columns, sheet, max_characters
        )
        options = ScoreOptions(columns, clean, with_body, limit, sample, gate, quotes)
        notes = ReadingNotes()
        scorer = Scorer.load(bundle)
        workers = workers or usable_cores()
        chosen = ProcessEngine(scorer, workers) if engine is EngineName.LOCAL else RayEngine(scorer, workers, address)
        grouping = partial(find_group_columns, clean=clean, workers=workers) if stories else None
        try:
            with open_progress(files, options, log=log, events=sys.stdout if as_json else None) as advance:
                summary = score_files(
                    scorer, inputs, target, options, engine=chosen, grouping=grouping, advance=advance, notes=notes
                )
        except (KeyboardInterrupt, SystemExit):
            if not printed and any((kept := parts_folder(target.path)).glob(PARTS)):
                print_message(f"sorot: what was scored is kept in {kept}; the same command resumes from there")
            raise
        print_lines(notes.lines())
        if printed:
            print_rows(target, summary)
    if as_json:
        event = {"event": "done", **summary.to_dict()}
        typer.echo(json.dumps(writable(event), ensure_ascii=False, allow_nan=False))
    print_summary(summary, Path("standard output") if printed else target.path, rejects_shown=printed)
    if not summary.articles:
        raise typer.Exit(1)


def estimate_command(
    inputs: Inputs,
    workers: Annotated[list[int] | None, typer.Option(min=1, help="Numbers of one-core workers to estimate for.")] = None,
    price: Annotated[float | None, typer.Option(min=0, help="Price of one core for an hour, in any currency.")] = None,
    text_column: TextColumn = None,
    sheet: Sheet = None,
    bundle: BundleOption = None,
    clean: Annotated[bool, typer.Option(help="As for score.")] = True,
    gate: Annotated[bool, typer.Option("--gate", help="As for score.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the estimate as JSON on standard output.")] = False,
) -> None:
    """Estimate time and cost of scoring INPUTS, on this machine and on others, from a short measurement."""
    from sorot.data.reading.columns import Columns
    from sorot.data.reading.notes import ReadingNotes
    from sorot.serving.batch.console import print_estimate
    from sorot.serving.batch.estimate import estimate_scoring
    from sorot.serving.batch.units import ScoreOptions
    from sorot.serving.model.runtime import usable_cores
    from sorot.serving.model.scorer import Scorer

    options = ScoreOptions(Columns(text_column, sheet=sheet), clean=clean, gate=gate)
    notes = ReadingNotes()
    estimate = estimate_scoring(Scorer.load(bundle, threads=1), inputs, options, notes)
    print_lines(notes.lines())
    print_estimate(estimate, usable_cores(), workers or [1, 4, 16, 64], price, as_json=as_json)
