"""The command `sorot actors`."""

from __future__ import annotations

import json

import typer

from sorot.data.messages import print_lines, print_message
from sorot.serving.json_lines import OutputFile, opened_output
from sorot.serving.options import DateColumn, IdColumn, Inputs, OutletColumn, Sheet, TextColumn, TitleColumn, UrlColumn

PROGRESS_EVERY = 5_000


def actors_command(
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
    """Find who is named: institutions, parties, platforms, media and people, one JSON object per article.

    Offsets count characters of `body`, the cleaned text; they are null in the title.
    Short names are joined to the full name, first within an article, then over the input.
    Rejects are listed on standard error. Exit code 1 if nothing could be read.
    """
    from tempfile import TemporaryFile

    from sorot.data.article import Reject
    from sorot.data.reading.columns import Columns
    from sorot.data.reading.notes import ReadingNotes
    from sorot.serving.actors.corpus import CorpusNames
    from sorot.serving.actors.find import find_actors
    from sorot.serving.actors.record import actors_record, rename_people
    from sorot.serving.batch.run import cleaned_articles
    from sorot.serving.console import describe_reject
    from sorot.serving.output.rows import writable

    columns = Columns(text_column, title_column, outlet_column, date_column, url_column, id_column, sheet=sheet)
    notes, names, articles = ReadingNotes(), CorpusNames(), 0
    # Names are joined once all are known, so records wait on disk, not in memory.
    with opened_output(output, inputs) as file, TemporaryFile("w+", encoding="utf-8", newline="\n") as waiting:
        for item in cleaned_articles(inputs, columns=columns, notes=notes):
            if isinstance(item, Reject):
                print_message(f"{describe_reject(item)}; no actors were looked for there")
                continue
            mentions = find_actors(item.title, item.body, item.published)
            names.add(mentions)
            waiting.write(json.dumps(writable(actors_record(item, mentions)), ensure_ascii=False, allow_nan=False) + "\n")
            articles += 1
            if articles % PROGRESS_EVERY == 0:
                print_message(f"{articles} articles")
        waiting.seek(0)
        joined = names.joined()
        for line in waiting:
            file.write(json.dumps(rename_people(json.loads(line), joined), ensure_ascii=False, allow_nan=False) + "\n")
        file.flush()
    print_lines(notes.lines())
    if not articles:
        raise typer.Exit(1)
    if output != "-":
        print_message(f"{output}: {articles} articles")
