"""Score whole inputs: read, clean and score in units, keep each as a part, write all rows in input order; rejects beside them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from data.article import Article, Reject
from data.cleaning import clean_article
from data.columns import Columns
from data.language import detect_language
from data.readers import read_articles
from serving.fingerprint import run_fingerprint
from serving.inputs import list_inputs, outputs
from serving.parts import open_parts
from serving.rows import make_schema
from serving.scorer import Scorer
from serving.summary import Summary, read_record, write_record
from serving.units import cut_units, score_unit
from serving.writers import OutputError, open_output, rejects_path


def score_files(
    scorer: Scorer,
    inputs: Sequence[str],
    output: Path,
    *,
    columns: Columns | None = None,
    clean: bool = True,
    with_body: bool = False,
    advance: Callable[[Article | Reject], None] = lambda _: None,
) -> Summary:
    """Score every article of `inputs` into `output`; rejects go to OUTPUT.rejects.jsonl, which is absent if there are none.

    A run that was stopped goes on where it was when it is called again with the same arguments, and one that is done does
    nothing. Where no article could be read, an earlier output stays as it is. `with_body` adds the text that evidence offsets
    count in. `advance` is told of each article and reject when it is done. Raises data.columns.InputError and
    serving.writers.OutputError.
    """
    files = list_inputs(inputs, output)
    options = {"columns": asdict(columns or Columns()), "clean": clean, "with_body": with_body}
    fingerprint = run_fingerprint(scorer.bundle, files, options)
    if (finished := read_record(output, fingerprint)) is not None:
        return finished
    summary = Summary()
    begun = time.perf_counter()
    units = 0
    with open_parts(output, fingerprint) as parts:
        for unit in cut_units(read_articles(inputs, columns=columns, leave_out=outputs(output))):
            units += 1
            if unit.number in parts:
                summary.resumed += len(unit.items)
                for item in unit.items:
                    advance(item)
            else:
                parts.write(unit.number, score_unit(scorer, unit, clean=clean, with_body=with_body, advance=advance))
        if fingerprint.repeatable and run_fingerprint(scorer.bundle, files, options) != fingerprint:
            raise OutputError(
                f"{output}: the input changed while it was read, so it was not written; what was scored is kept in "
                f"{parts.folder}: delete that to begin anew"
            )
        with open_output(output, make_schema(scorer.taxonomy, with_body=with_body)) as out:
            for lines in parts.read(units):
                for line in lines:
                    if "reject" in line:
                        found = line["reject"]
                        reject = Reject(found["source"], found["row"], found["reason"])
                        summary.count_reject(reject)
                        out.reject(reject)
                rows = [line["row"] for line in lines if "row" in line]
                for row in rows:
                    summary.count(row)
                out.write(rows)
        summary.seconds = time.perf_counter() - begun
        summary.output = str(output) if summary.articles else None
        summary.rejects_file = str(rejects_path(output)) if summary.rejects else None
        if summary.articles and fingerprint.repeatable:
            write_record(output, fingerprint, summary)
    return summary


def cleaned_articles(inputs: Sequence[str], *, columns: Columns | None = None) -> Iterator[Article | Reject]:
    """Articles of `inputs`, cleaned and with their language, and rejects, in order."""
    for item in read_articles(inputs, columns=columns):
        if isinstance(item, Article):
            article = clean_article(item)
            yield replace(article, language=article.language or detect_language(article.body))
        else:
            yield item
