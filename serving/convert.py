"""The command `sorot convert`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sorot.data.labels.exchange.tools import Tool
from sorot.data.messages import print_message

REJECTS_SHOWN = 20


def convert_command(
    file: Annotated[Path, typer.Argument(metavar="INPUT", help="File of labels, plain or .gz.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write, which must not exist; - for standard output.")],
    source: Annotated[Tool | None, typer.Option("--from", help="Format of INPUT; guessed from its content by default.")] = None,
    target: Annotated[Tool | None, typer.Option("--to", help="Format to write; sorot by default.")] = None,
    pairs: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="THEIRS=TASK/LABEL", help="What a label of theirs stands for; may be repeated."),
    ] = None,
    taxonomy: Annotated[Path | None, typer.Option(help="Taxonomy file; the shipped one by default.")] = None,
) -> None:
    """Convert labels from doccano, Label Studio, Argilla, Prodigy or CSV to labelled records, or back.

    Labels are found by the taxonomy's keys and names; --map names others, 'THEIRS=' leaves
    one out, 'QUESTION=TASK' renames a question. Rows that cannot be converted are listed on
    standard error and left out; exit code 1 if nothing could be converted.
    """
    from sorot.data.atomic_files import write_atomically
    from sorot.data.labels.convert import choose_tools, convert_labels
    from sorot.data.labels.exchange.found import ExchangeError
    from sorot.data.taxonomy import load_taxonomy
    from sorot.serving.console import describe_reject

    printed = str(output) == "-"
    if output.exists() and not printed:
        raise ExchangeError(f"{output}: exists already and may hold labels; name another file, or move that one away")
    known = load_taxonomy(taxonomy)
    source, target = choose_tools(file, str(output), known, source, target)
    done = convert_labels(file, source, target, known, pairs or ())
    for reject in done.rejects[:REJECTS_SHOWN]:
        print_message(describe_reject(reject))
    if len(done.rejects) > REJECTS_SHOWN:
        print_message(f"... and {len(done.rejects) - REJECTS_SHOWN} more")
    if not done.records:
        print_message(f"sorot: nothing could be converted, so {output} was not written; check the input")
        raise typer.Exit(1)
    if printed:
        sys.stdout.write(done.text)
        sys.stdout.flush()
    else:
        write_atomically(output, done.text)
    print_message(f"{done.records} records in {'standard output' if printed else output}, from {source} to {target}")
    if done.unlabelled:
        print_message(f"without a label: {done.unlabelled}")
