"""The command `sorot stories`. Slow imports stand in the function."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from sorot.data.messages import print_lines, print_message
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

FIRST_SHOWN = 20


def stories_command(
    inputs: Inputs,
    output: Annotated[
        str, typer.Option("--output", "-o", help="JSON lines, one object an article in input order; - for standard output.")
    ],
    details: Annotated[
        Path | None, typer.Option(help="Also write each copy beside its source: headline, sentences dropped and added.")
    ] = None,
    scored: Annotated[
        Path | None, typer.Option(help="Output of sorot score for the same articles: --details then says which labels moved.")
    ] = None,
    bundle: BundleOption = None,
    text_column: TextColumn = None,
    title_column: TitleColumn = None,
    outlet_column: OutletColumn = None,
    date_column: DateColumn = None,
    url_column: UrlColumn = None,
    id_column: IdColumn = None,
    sheet: Sheet = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Number of processes; one per core by default.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON on standard output.")] = False,
) -> None:
    """Find copies and stories among the articles of INPUTS.

    Each article becomes {"id", "copy", "story"}: the names of its groups, null where
    it is alone. Articles of one copy group have one text, edited, or come from
    one agency text or press release; articles of one story report one event.
    A group is named by the id of its first article.

    Rejects are listed on standard error. Exit code 1 if nothing could be read.
    """
    from sorot.data.reading.columns import Columns
    from sorot.data.reading.notes import ReadingNotes
    from sorot.data.reading.readers import read_articles
    from sorot.serving.console import describe_reject
    from sorot.serving.findings.stories.corpus import read_corpus
    from sorot.serving.findings.stories.details import describe_copies
    from sorot.serving.findings.stories.groups import find_groups
    from sorot.serving.findings.stories.labels import read_labels
    from sorot.serving.findings.stories.output import check_outputs, count_groups, write_lines
    from sorot.serving.model.bundle import load_bundle
    from sorot.serving.output.rows import writable
    from sorot.serving.output.target import OutputError

    written = check_outputs(inputs, output, details, as_json=as_json)
    columns = Columns(text_column, title_column, outlet_column, date_column, url_column, id_column, sheet=sheet)
    labels = None
    if scored is not None:
        if details is None:
            raise OutputError("--scored: says which labels a copy moved; name a file for that with --details")
        labels = read_labels(scored, load_bundle(bundle).taxonomy)
    notes = ReadingNotes()
    started = time.perf_counter()
    with _progress() as stage:
        items = read_articles(inputs, columns=columns, leave_out=written, notes=notes)
        corpus = read_corpus(items, keep_texts=details is not None, workers=workers, advance=stage("reading"))
        groups = find_groups(corpus.digests, advance=stage("comparing", len(corpus.digests)))
    print_lines(notes.lines())
    for reject in corpus.rejects[:FIRST_SHOWN]:
        print_message(describe_reject(reject))
    if len(corpus.rejects) > FIRST_SHOWN:
        print_message(f"... and {len(corpus.rejects) - FIRST_SHOWN} more")
    if not groups:
        print_message(f"sorot: nothing could be read, so {output} was not written; check the input")
        raise typer.Exit(1)
    write_lines(output, ({"id": group.id, "copy": group.copy, "story": group.story} for group in groups))
    if details is not None:
        write_lines(str(details), (found.to_dict() for found in describe_copies(corpus, groups, labels)))
    summary = count_groups(corpus, groups, time.perf_counter() - started)
    if as_json:
        typer.echo(json.dumps(writable(summary.to_dict()), ensure_ascii=False))
    for line in summary.lines("standard output" if output == "-" else output):
        print_message(line)


@contextmanager
def _progress() -> Iterator[Callable[..., Callable[[int], None]]]:
    """Yields a function that begins a stage and returns the one that counts its articles; shown only on a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    bar = Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip

    def stage(name: str, total: int | None = None) -> Callable[[int], None]:
        task = bar.add_task(name, total=total)
        return lambda number: bar.advance(task, number)

    with bar:
        yield stage
