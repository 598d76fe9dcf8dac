"""The command `sorot quotes`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer

from sorot.data.messages import print_lines, print_message
from sorot.serving.options import DateColumn, IdColumn, Inputs, OutletColumn, Sheet, TextColumn, TitleColumn, UrlColumn

PROGRESS_EVERY = 5_000


def quotes_command(
    inputs: Inputs,
    output: Annotated[
        str, typer.Option("--output", "-o", help="JSONL file to write; standard output by default, or with -.")
    ] = "-",
    text_column: TextColumn = None,
    title_column: TitleColumn = None,
    outlet_column: OutletColumn = None,
    date_column: DateColumn = None,
    url_column: UrlColumn = None,
    id_column: IdColumn = None,
    sheet: Sheet = None,
) -> None:
    """Find who says what: direct and reported speech with speakers, one JSON object per article.

    Offsets count characters of `body`, the cleaned text. Rejects are listed on standard
    error. Exit code 1 if nothing could be read.
    """
    from sorot.data.article import Reject
    from sorot.data.reading.columns import Columns
    from sorot.data.reading.notes import ReadingNotes
    from sorot.data.reading.readers import read_articles
    from sorot.serving.console import describe_reject
    from sorot.serving.quotes.corpus import quote_corpus

    columns = Columns(text_column, title_column, outlet_column, date_column, url_column, id_column, sheet=sheet)
    notes = ReadingNotes()
    articles = quotes = 0
    with _opened(output, inputs) as file:
        for item in quote_corpus(read_articles(inputs, columns=columns, notes=notes)):
            if isinstance(item, Reject):
                print_message(f"{describe_reject(item)}; no quotes were looked for there")
                continue
            file.write(item.line + "\n")
            articles += 1
            quotes += item.quotes
            if articles % PROGRESS_EVERY == 0:
                print_message(f"{articles} articles, {quotes} quotes")
        file.flush()
    print_lines(notes.lines())
    if not articles:
        raise typer.Exit(1)
    if output != "-":
        print_message(f"{output}: {quotes} quotes of {articles} articles")


@contextmanager
def _opened(output: str, inputs: list[str]) -> Iterator[TextIO]:
    """The file to write, under its own name only once it is complete."""
    from sorot.data.atomic_files import flush_to_disk
    from sorot.serving.output.target import OutputError

    if output == "-":
        yield sys.stdout
        return
    path = Path(output)
    if path.suffix.lower() not in (".jsonl", ".json"):
        raise OutputError(f"{output}: quotes are written as JSON lines; end the name in .jsonl, or leave -o out")
    if any(Path(name).exists() and path.exists() and path.samefile(name) for name in inputs):
        raise OutputError(f"{output}: is an input and would be overwritten; name another output with -o")
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        flush_to_disk(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
