"""The command `sorot`. Slow imports stand in the sub-commands that need them."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import entry_points, version
from itertools import chain, islice
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from sorot.data.errors import TRACEBACK, SorotError
from sorot.data.messages import print_lines, print_message
from sorot.serving.actors.command import actors_command
from sorot.serving.convert import convert_command
from sorot.serving.findings.commands.audit_sample import audit_sample_command
from sorot.serving.findings.commands.drift import drift_command
from sorot.serving.findings.commands.prevalence import prevalence_command
from sorot.serving.findings.query.command import query_command
from sorot.serving.findings.report.command import report_command
from sorot.serving.findings.stories.command import stories_command
from sorot.serving.host.command import demo, serve
from sorot.serving.host.token_commands import tokens_app
from sorot.serving.options import DateColumn, IdColumn, Inputs, OutletColumn, Sheet, TextColumn, TitleColumn, UrlColumn
from sorot.serving.quoting.command import quotes_command
from sorot.serving.review.commands import feedback
from sorot.serving.score_commands import estimate_command, score_command
from sorot.serving.targets.command import target_command

# Exit codes of a program error (sysexits.h) and of an end by SIGTERM (as shells write it).
INTERNAL_ERROR, TERMINATED = 70, 128 + signal.SIGTERM
MESSAGE_CHARACTERS = 300
ENTRY_POINTS = "sorot.commands"


class PlainHelp(TyperCommand):
    """A command whose help has no boxes: their columns cut the names of options at 80 characters."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **(options | {"rich_markup_mode": None}))


app = typer.Typer(
    name="sorot",
    help="Topics, stance, sentiment and the sentences that show them, for scraped Indonesian news.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("score", cls=PlainHelp)(score_command)
app.command("estimate", cls=PlainHelp)(estimate_command)
app.command("convert", cls=PlainHelp)(convert_command)
app.command("quotes", cls=PlainHelp)(quotes_command)
app.command("report", cls=PlainHelp)(report_command)
app.command("query", cls=PlainHelp)(query_command)
app.command("prevalence", cls=PlainHelp)(prevalence_command)
app.command("audit-sample", cls=PlainHelp)(audit_sample_command)
app.command("drift", cls=PlainHelp)(drift_command)
app.command("stories", cls=PlainHelp)(stories_command)
app.command("actors", cls=PlainHelp)(actors_command)
app.command("target", cls=PlainHelp)(target_command)
app.command(cls=PlainHelp)(demo)
app.command(cls=PlainHelp)(serve)
app.add_typer(feedback, name="feedback")
app.add_typer(tokens_app, name="tokens")


@app.callback()
def _options(
    show_version: Annotated[
        bool,
        typer.Option(
            "--version",
            is_eager=True,
            callback=lambda wanted: _print_version() if wanted else None,
            help="Print the versions of sorot and of the shipped model, and exit.",
        ),
    ] = False,
) -> None:
    """Options before any command; the help text is the application's."""


@app.command("clean", cls=PlainHelp)
def clean_command(
    inputs: Inputs,
    text_column: TextColumn = None,
    title_column: TitleColumn = None,
    outlet_column: OutletColumn = None,
    date_column: DateColumn = None,
    url_column: UrlColumn = None,
    id_column: IdColumn = None,
    sheet: Sheet = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line, in input order.")] = False,
) -> None:
    """Show the article found in each input, its fields, and the text that cleaning removed.

    Rejects are listed on standard error. Exit code 1 if nothing could be read.
    """
    from sorot.data.article import Reject
    from sorot.data.reading.columns import Columns
    from sorot.data.reading.notes import ReadingNotes
    from sorot.serving.batch.run import cleaned_articles
    from sorot.serving.console import clean_record, describe_reject, print_article

    columns = Columns(text_column, title_column, outlet_column, date_column, url_column, id_column, sheet=sheet)
    notes = ReadingNotes()
    items = cleaned_articles(inputs, columns=columns, notes=notes)
    head = list(islice(items, 2))
    cleaned = 0
    for item in chain(head, items):
        if isinstance(item, Reject):
            print_message(f"{describe_reject(item)}; nothing was cleaned there")
        else:
            cleaned += 1
        if as_json:
            typer.echo(json.dumps(clean_record(item), ensure_ascii=False, allow_nan=False))
        elif not isinstance(item, Reject):
            print_article(item, heading=len(head) > 1)
    print_lines(notes.lines())
    if not cleaned:
        raise typer.Exit(1)


@app.command("validate", cls=PlainHelp)
def validate_command(
    files: Annotated[list[Path], typer.Argument(help="Labelled JSONL files, plain or .gz.")],
    taxonomy: Annotated[Path | None, typer.Option(help="Taxonomy file; the shipped one by default.")] = None,
    texts: Annotated[Path | None, typer.Option(help="JSONL of the articles for records without a text.")] = None,
) -> None:
    """Check labelled records; every mistake is one line with file, line and what to do. Exit code 1 if there is any."""
    from sorot.data.labels.records import read_labelled, validate_labelled
    from sorot.data.taxonomy import load_taxonomy

    known = load_taxonomy(taxonomy)
    mistakes = [mistake for path in files for mistake in validate_labelled(path, known, texts)]
    for mistake in mistakes:
        print_message(mistake)
    if mistakes:
        raise typer.Exit(1)
    for path in files:
        typer.echo(f"{path}: {len(read_labelled(path, known, texts))} records, no mistake")


def main() -> None:
    """Run the command line. An error is one sentence on standard error and exit code 2, an internal error exit code 70."""
    _escape_characters()
    try:
        _add_commands()
        with _exit_on_sigterm():
            app()
    except SorotError as error:
        print_message(f"sorot: {error}")
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(141)
    except KeyboardInterrupt:
        print_message("sorot: stopped")
        sys.exit(130)
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        print_message(f"sorot: {name}{error.strerror or error}; check the path, its permissions and free space")
        sys.exit(2)
    except Exception as error:
        if os.environ.get(TRACEBACK):
            traceback.print_exc()
        kind, message = type(error).__name__, " ".join(str(error).split())[:MESSAGE_CHARACTERS]
        print_message(f"sorot: internal error: {kind}: {message}; run again with {TRACEBACK}=1 to see where, and report it")
        sys.exit(INTERNAL_ERROR)


@cache
def _add_commands() -> None:
    """Add the commands of other rooms, once in a process that runs several."""
    for entry in entry_points(group=ENTRY_POINTS):
        app.command(entry.name, cls=PlainHelp)(entry.load())


def _escape_characters() -> None:
    """Keep characters that the machine's encoding lacks from ending a command.

    Files and other programs get UTF-8 everywhere; a terminal shows such a character as an escape.
    """
    for stream in (sys.stdout, sys.stderr):
        # A calling program may have replaced them.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="backslashreplace")


@contextmanager
def _exit_on_sigterm() -> Iterator[None]:
    """SIGTERM raises SystemExit, so that unfinished files are removed."""

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        sys.exit(TERMINATED)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _print_version() -> None:
    from sorot.serving.model.bundle import BundleError, shipped_model

    try:
        model = shipped_model()
    except BundleError as error:
        typer.echo(f"sorot {version('sorot')}, without a model: {error}")
    else:
        typer.echo(f"sorot {version('sorot')}, model {model}")
    raise typer.Exit()
