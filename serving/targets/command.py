"""The command `sorot target`."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import islice
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

BATCH = 32


def target_command(
    inputs: Inputs,
    targets: Annotated[
        list[str], typer.Option("--target", metavar="NAME", help="Person, institution, company, law or measure; may be repeated.")
    ],
    aliases: Annotated[
        list[str] | None, typer.Option("--alias", metavar="NAME=OTHER", help="Another name of a target; may be repeated.")
    ] = None,
    output: OutputFile = "-",
    bundle: BundleOption = None,
    text_column: TextColumn = None,
    title_column: TitleColumn = None,
    outlet_column: OutletColumn = None,
    date_column: DateColumn = None,
    url_column: UrlColumn = None,
    id_column: IdColumn = None,
    sheet: Sheet = None,
) -> None:
    """Judge the stance of articles toward a target: favour, against or neutral, with sentences that show it.

    One JSON object for each target that an article names; other articles give none. Method:
    the model's sentence contributions, words of praise and blame near the name, and how
    central it is, mapped by two logistic regressions that were fitted on few articles. Read
    single verdicts with care; how often they are right is printed at the end.
    """
    from sorot.data.article import Article
    from sorot.data.reading.columns import Columns
    from sorot.data.reading.notes import ReadingNotes
    from sorot.serving.actors.find import find_actors
    from sorot.serving.batch.run import cleaned_articles
    from sorot.serving.console import describe_reject
    from sorot.serving.model.scorer import Scorer
    from sorot.serving.names.table import shipped_actors
    from sorot.serving.output.rows import writable
    from sorot.serving.quotes.find import find_quotes
    from sorot.serving.targets.naming import chosen_targets, is_named, make_target
    from sorot.serving.targets.stance import shipped_mapping, target_stance

    wanted = chosen_targets(targets, aliases or [])
    mapping, table = shipped_mapping(), shipped_actors()
    made = [make_target(name, others, table) for name, others in wanted.items()]
    scorer = Scorer.load(bundle)
    columns = Columns(text_column, title_column, outlet_column, date_column, url_column, id_column, sheet=sheet)
    notes, articles, found = ReadingNotes(), 0, 0
    with opened_output(output, inputs) as file:
        items = cleaned_articles(inputs, columns=columns, notes=notes)
        while batch := list(islice(items, BATCH)):
            naming = []
            for item in batch:
                if not isinstance(item, Article):
                    print_message(f"{describe_reject(item)}; left out")
                    continue
                articles += 1
                mentions = find_actors(item.title, item.body, item.published, table=table)
                if any(is_named(target, item.title, item.body, mentions) for target in made):
                    naming.append((item, mentions))
            for (item, mentions), analysis in zip(naming, scorer.score([item for item, _ in naming]), strict=True):
                if analysis.withheld:
                    print_message(f"{item.id}: no stance ({analysis.withheld})")
                    continue
                quotes = find_quotes(item.title, item.body)
                for target in made:
                    if stance := target_stance(target, analysis, mentions, quotes, mapping):
                        file.write(json.dumps(writable({"id": item.id, **asdict(stance)}), ensure_ascii=False) + "\n")
                        found += 1
        file.flush()
    print_lines(notes.lines())
    if not articles:
        raise typer.Exit(1)
    (f1, low, high), (blind, _, _) = mapping.macro_f1, mapping.blind_macro_f1
    print_message(
        f"{found} stances of {articles} articles; macro-F1 of the method {f1:.2f} [{low:.2f}, {high:.2f}], cross-validated on "
        f"{mapping.targets} targets of {mapping.articles} articles; {blind:.2f} without knowing the target"
    )
