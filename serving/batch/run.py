"""Score whole inputs: an engine scores units, each is kept as a part, and all rows are written in input order."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

from sorot.data.article import Article, Reject
from sorot.data.budget import BudgetError
from sorot.data.errors import InputError
from sorot.data.prepare import prepare
from sorot.data.reading.columns import Columns
from sorot.data.reading.notes import ReadingNotes
from sorot.data.reading.readers import read_articles
from sorot.serving.batch.engines.engine import ChunkResult, Engine, HereEngine
from sorot.serving.batch.fingerprint import has_changed, run_fingerprint
from sorot.serving.batch.grouping import Grouping, Groups, group_rows
from sorot.serving.batch.inputs import list_inputs, outputs
from sorot.serving.batch.parts import Line, Parts, open_parts
from sorot.serving.batch.scoring import Outcome, Scored, join, make_line, reject_article
from sorot.serving.batch.summary import Summary, read_record, write_record
from sorot.serving.batch.units import BatchInput, Failure, ScoreOptions, plan_item
from sorot.serving.model.scorer import Scorer
from sorot.serving.output.columns import GROUP_COLUMNS, OutputColumns, output_columns
from sorot.serving.output.kept_columns import KeptColumn, KeptColumns
from sorot.serving.output.rows import make_reject_row, make_repeat_row
from sorot.serving.output.target import OutputError, Target, as_target
from sorot.serving.output.writers import Output, open_output

# Articles of a unit that must all fail before the run stops.
MANY_FAILED = 8


@dataclass(frozen=True, slots=True)
class ProgressUpdate:
    """Rows finished since the last update: their number, how many were rejected, and whether an earlier call scored them."""

    rows: int
    rejects: int
    resumed: bool


def score_files(
    scorer: Scorer,
    inputs: Sequence[str],
    output: Path | Target,
    options: ScoreOptions | None = None,
    *,
    engine: Engine | None = None,
    grouping: Grouping | None = None,
    advance: Callable[[ProgressUpdate], None] = lambda _: None,
    notes: ReadingNotes | None = None,
) -> Summary:
    """Score every article of `inputs` into `output`; rejects go to OUTPUT.rejects.jsonl, which is absent if there are none.

    Called again with the same arguments, on any `engine` (this process by default), it resumes a stopped run, and does nothing
    if the run is finished. If no article could be read, an earlier output stays with its rejects. `advance` gets progress
    updates, `notes` what the columns were taken for. `grouping` adds GROUP_COLUMNS; for it the input is read twice.
    Raises sorot.data.errors.InputError and sorot.serving.output.target.OutputError.
    """
    options = options or ScoreOptions()
    target = as_target(output)
    output = target.path
    files = list_inputs(inputs, target)
    fingerprint = run_fingerprint(scorer.bundle, files, asdict(options) | {"stories": grouping is not None})
    if grouping and not fingerprint.repeatable:
        raise InputError("-: --stories reads the input twice, which standard input does not allow; save it to a file")
    if (finished := read_record(target, fingerprint, scorer.taxonomy.keys)) is not None:
        return finished
    columns = output_columns(scorer.taxonomy, with_body=options.with_body, quotes=options.quotes)
    # Absolute paths, as an engine may plan the input in another working folder.
    source = BatchInput(tuple(inputs), options, tuple(path.absolute() for path in outputs(target)), notes)
    gate = scorer.gate() if options.gate else None
    summary = Summary(
        gate_recall=[round(share, 4) for share in (gate.recall, *gate.recall_interval)] if gate else None,
        labels={task: Counter() for task in scorer.taxonomy.keys},
    )
    started = time.perf_counter()
    with open_parts(output, fingerprint) as parts:
        # Closed at once on errors: the engine holds processes, and files in the parts' folder.
        with closing((engine or HereEngine(scorer)).run(source, parts)) as results:
            units, kept = _keep_units(results, parts, columns, summary, advance)
        if fingerprint.repeatable and has_changed(fingerprint, files):
            raise OutputError(
                f"{output}: the input changed while it was read, so it was not written; what was scored is kept in "
                f"{parts.folder}: restore the input and run the command again, or delete that folder to start over"
            )
        groups = group_rows(source, chain.from_iterable(parts.read(units)), grouping) if grouping else None
        added = GROUP_COLUMNS if grouping else ()
        extra = kept.columns((*output_columns(scorer.taxonomy, with_body=True, quotes=True), *added))
        with open_output(target, (*columns, *added, *extra), parts.folder) as out:
            for lines in parts.read(units):
                _write_unit(lines, extra, groups, out, summary)
        summary.seconds = time.perf_counter() - started
        summary.output = str(output) if summary.articles else None
        summary.rejects_file = str(out.rejects_file) if out.rejects_file else None
        if summary.articles and fingerprint.repeatable:
            write_record(target, fingerprint, summary, parts.folder)
    return summary


def _keep_units(
    results: Iterator[ChunkResult],
    parts: Parts,
    columns: OutputColumns,
    summary: Summary,
    advance: Callable[[ProgressUpdate], None],
) -> tuple[int, KeptColumns]:
    """Write the part of each unit after its last chunk; returns the number of units and the user's columns in them.

    If all articles of a unit fail, MANY_FAILED or more, the articles are not the cause, and the last error is raised.
    """
    units, kept = 0, KeptColumns()
    scored: list[Scored] = []
    for result in results:
        plan = result.plan
        if result.scored is None:
            summary.resumed += len(plan.texts)
            advance(ProgressUpdate(len(plan.texts), 0, resumed=True))
        else:
            scored.append(result.scored)
            rejects = sum(isinstance(o, dict) and "reject" in o for o in result.scored.outcomes)
            advance(ProgressUpdate(len(result.scored.outcomes), rejects, resumed=False))
        if not result.last:
            continue
        units += 1
        summary.repeats += plan.repeats
        if scored:
            whole = join(scored)
            # Articles that take more than their budget are at fault themselves, however many they are.
            errors = [error for error in whole.errors if not isinstance(error, BudgetError)]
            if len(errors) == whole.articles >= MANY_FAILED:
                raise errors[-1]
            parts.write(plan.number, plan.digest, plan.texts, _resolve_repeats(whole.outcomes, plan.number, parts, columns))
            scored = []
        kept.add(parts.kept_kinds(plan.number))
    return units, kept


def _resolve_repeats(outcomes: Sequence[Outcome], unit: int, parts: Parts, columns: OutputColumns) -> list[Line]:
    """The lines of a unit; a repeat takes its labels, or its reject's reason, from the first article with that text."""
    lines: list[Line] = []
    for outcome in outcomes:
        if isinstance(outcome, dict):
            lines.append(outcome)
            continue
        first = lines[outcome.at] if outcome.unit == unit else parts.line(outcome.unit, outcome.at)
        article = outcome.article
        if "row" in first:
            lines.append(make_line(article, make_repeat_row(article, first["row"], columns)))
        else:
            lines.append({"reject": make_reject_row(reject_article(article, first["reject"]["reason"]))})
    return lines


def _write_unit(
    lines: Sequence[Line], extra: Sequence[KeptColumn], groups: Iterator[Groups] | None, out: Output, summary: Summary
) -> None:
    """Add a unit to the output and to the counts; each row takes the next of `groups`."""
    rows = []
    for line in lines:
        if "row" in line:
            rows.append(
                line["row"] | dict(next(groups) if groups else {}) | {c.name: c.value(line.get("kept", {})) for c in extra}
            )
    for row in rows:
        summary.count(row)
    out.write(rows)
    for reject in (line["reject"] for line in lines if "reject" in line):
        summary.count_reject(Reject(reject["source"], reject["row"], reject["reason"]))
        out.reject(reject)


def cleaned_articles(
    inputs: Sequence[str], *, columns: Columns | None = None, notes: ReadingNotes | None = None
) -> Generator[Article | Reject]:
    """Articles of `inputs`, cleaned and with their language, and rejects, in order."""
    for item in read_articles(inputs, columns=columns, notes=notes):
        planned = plan_item(item, clean=True)
        if isinstance(planned, Failure):
            yield reject_article(planned.article, str(planned.error))
        elif isinstance(planned, Article):
            yield prepare(planned, clean=False)
        else:
            yield planned
