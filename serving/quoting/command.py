"""The command `sorot quotes`."""

from __future__ import annotations

from typing import Annotated

import typer

from sorot.data.messages import print_lines, print_message
from sorot.serving.json_lines import OutputFile, opened_output
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
    bundle: BundleOption = None,
    model: Annotated[
        bool, typer.Option(help="Let the model label each quote; without it only the rules read, which is fast.")
    ] = True,
) -> None:
    """Find who says what: direct and reported speech with speakers, one JSON object per article.

    The model gives each quote a label for every task that has exactly one,
    null where it is not sure. Offsets count characters of `body`, the cleaned
    text. Rejects are listed on standard error. Exit code 1 if nothing could be
    read.
    """
    from sorot.data.article import Reject
    from sorot.data.reading.columns import Columns
    from sorot.data.reading.notes import ReadingNotes
    from sorot.data.reading.readers import read_articles
    from sorot.serving.batch.run import cleaned_articles
    from sorot.serving.console import describe_reject
    from sorot.serving.model.scorer import Scorer
    from sorot.serving.output.target import OutputError
    from sorot.serving.quoting.corpus import label_corpus, quote_corpus

    if bundle is not None and not model:
        raise OutputError("--bundle names a model that --no-model leaves out; give one of the two")
    columns = Columns(text_column, title_column, outlet_column, date_column, url_column, id_column, sheet=sheet)
    notes = ReadingNotes()
    articles = quotes = 0
    with opened_output(output, inputs) as file:
        if model:
            found = label_corpus(cleaned_articles(inputs, columns=columns, notes=notes), Scorer.load(bundle))
        else:
            found = quote_corpus(read_articles(inputs, columns=columns, notes=notes))
        for item in found:
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
