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
from serving.fingerprint import has_changed, run_fingerprint
from serving.inputs import list_inputs, outputs
from serving.parts import Line, open_parts
from serving.rows import make_schema
from serving.scorer import Scorer
from serving.summary import Summary, read_record, write_record
from serving.target import Target, as_target
from serving.units import ScoreOptions, choose_items, cut_units, score_unit
from serving.writers import Output, OutputError, open_output, rejects_path


def score_files(
    scorer: Scorer,
    inputs: Sequence[str],
    output: Path | Target,
    options: ScoreOptions | None = None,
    *,
    advance: Callable[[Article | Reject], None] = lambda _: None,
) -> Summary:
    """Score every article of `inputs` into `output`; rejects go to OUTPUT.rejects.jsonl, which is absent if there are none.

    A run that was stopped goes on where it was when it is called again with the same arguments, and one that is done does
    nothing. Where no article could be read, an earlier output stays as it is. `advance` is told of each article and reject
    when it is done. Raises data.columns.InputError and serving.writers.OutputError.
    """
    chosen = options or ScoreOptions()
    target = as_target(output)
    output = target.path
    files = list_inputs(inputs, target)
    fingerprint = run_fingerprint(scorer.bundle, files, asdict(chosen))
    if (finished := read_record(target, fingerprint)) is not None:
        return finished
    summary = Summary()
    begun = time.perf_counter()
    units = 0
    with open_parts(output, fingerprint) as parts:
        items = read_articles(inputs, columns=chosen.columns, leave_out=outputs(target))
        for unit in cut_units(choose_items(items, chosen)):
            units += 1
            digest = unit.digest()
            if parts.has(unit.number, digest):
                summary.resumed += len(unit.items)
                for item in unit.items:
                    advance(item)
            else:
                parts.write(unit.number, digest, score_unit(scorer, unit, chosen, advance))
        if fingerprint.repeatable and has_changed(fingerprint, files):
            raise OutputError(
                f"{output}: the input changed while it was read, so it was not written; what was scored is kept in "
                f"{parts.folder}: put the input back and run the command again, or delete that folder to begin anew"
            )
        with open_output(target, make_schema(scorer.taxonomy, with_body=chosen.with_body), parts.folder) as out:
            for lines in parts.read(units):
                _write_unit(lines, out, summary)
        summary.seconds = time.perf_counter() - begun
        summary.output = str(output) if summary.articles else None
        summary.rejects_file = str(rejects_path(output)) if summary.rejects else None
        if summary.articles and fingerprint.repeatable:
            write_record(target, fingerprint, summary, parts.folder)
    return summary


def _write_unit(lines: Sequence[Line], out: Output, summary: Summary) -> None:
    """Add a unit to the output and to the counts."""
    rows = [line["row"] for line in lines if "row" in line]
    for row in rows:
        summary.count(row)
    out.write(rows)
    for found in (line["reject"] for line in lines if "reject" in line):
        summary.count_reject(Reject(found["source"], found["row"], found["reason"]))
        out.reject(found)


def cleaned_articles(inputs: Sequence[str], *, columns: Columns | None = None) -> Iterator[Article | Reject]:
    """Articles of `inputs`, cleaned and with their language, and rejects, in order."""
    for item in read_articles(inputs, columns=columns):
        if isinstance(item, Article):
            article = clean_article(item)
            yield replace(article, language=article.language or detect_language(article.body))
        else:
            yield item
