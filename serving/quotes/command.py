"""The command `sorot quotes`."""

from __future__ import annotations

import json

import typer

from sorot.data.messages import print_lines, print_message
from sorot.serving.json_lines import OutputFile, opened_output
from sorot.serving.options import DateColumn, IdColumn, Inputs, OutletColumn, Sheet, TextColumn, TitleColumn, UrlColumn

PROGRESS_EVERY = 5_000


def quotes_command(
    inputs: Inputs,
    output: OutputFile = "-",
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
    from sorot.serving.batch.run import cleaned_articles
    from sorot.serving.console import describe_reject
    from sorot.serving.output.rows import writable
    from sorot.serving.quotes.record import quotes_record

    columns = Columns(text_column, title_column, outlet_column, date_column, url_column, id_column, sheet=sheet)
    notes = ReadingNotes()
    articles = quotes = 0
    with opened_output(output, inputs) as file:
        for item in cleaned_articles(inputs, columns=columns, notes=notes):
            if isinstance(item, Reject):
                print_message(f"{describe_reject(item)}; no quotes were looked for there")
                continue
            record = writable(quotes_record(item))
            file.write(json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n")
            articles += 1
            quotes += len(record["quotes"])
            if articles % PROGRESS_EVERY == 0:
                print_message(f"{articles} articles, {quotes} quotes")
        file.flush()
    print_lines(notes.lines())
    if not articles:
        raise typer.Exit(1)
    if output != "-":
        print_message(f"{output}: {quotes} quotes of {articles} articles")
