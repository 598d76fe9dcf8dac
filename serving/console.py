"""What the command line shows: the progress bar, the summary of a run, rejects, cleaned articles."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from data.article import Article, Reject
from data.encodings import valid_name
from data.files import CSV_SUFFIXES, JSON_SUFFIXES, PARQUET_SUFFIXES, AnyFile, suffix_of
from data.remote import RemoteFile
from serving.rows import Row, writable

if TYPE_CHECKING:
    from rich.console import Console

    from serving.summary import Summary


@contextmanager
def open_progress(
    files: Sequence[AnyFile | None], console: Console | None = None
) -> Iterator[Callable[[Article | Reject], None]]:
    """A bar on standard error, if that is a terminal; yields what is told of each article and reject that is done.

    The bar fills by rows where all files are Parquet, which say how many they have, else by files; one table or stream
    alone has no known end, so there it only moves.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    rows = _count_rows(files)
    total = rows if rows is not None else len(files) if len(files) > 1 or _is_one_article(files[0]) else None
    unit = "files" if rows is None and total is not None else "rows"
    # How many files are done with an article of each: a table is done when the next file begins, a text with its article.
    done_with = {valid_name(str(file)) if file else "-": n + int(_is_one_article(file)) for n, file in enumerate(files)}
    remaining = (TextColumn("elapsed,"), TimeRemainingColumn(), TextColumn("left")) if total is not None else ()
    bar = Progress(
        SpinnerColumn(), TextColumn("scoring"), BarColumn(), TextColumn("{task.fields[done]}"),
        TextColumn("{task.fields[rate]}"), TimeElapsedColumn(), *remaining, console=console, transient=True,
    )  # fmt: skip
    begun, seen, done = time.perf_counter(), 0, 0
    with bar:
        task = bar.add_task("score", total=total, done="", rate="")

        def advance(item: Article | Reject) -> None:
            nonlocal seen, done
            seen += 1
            name = item.file if isinstance(item, Reject) else item.source.file if item.source else "-"
            # A file that is not among them is one of a type that cannot be read: a reject, and no step.
            done = done_with.get(name, done) if unit == "files" else seen
            of = f"/{total}" if total is not None else ""
            rate = seen / max(time.perf_counter() - begun, 1e-9)
            bar.update(task, completed=done, done=f"{done}{of} {unit}", rate=f"{rate:.1f} rows/s")

        yield advance


def _is_one_article(file: AnyFile | None) -> bool:
    if file is None:
        return False
    return suffix_of(file) not in CSV_SUFFIXES + JSON_SUFFIXES + PARQUET_SUFFIXES


def _count_rows(files: Sequence[AnyFile | None]) -> int | None:
    """How many rows there are, where every file says so itself."""
    if not all(file and Path(file.name).suffix.lower() in PARQUET_SUFFIXES for file in files):
        return None
    if len(files) > 1 and any(isinstance(file, RemoteFile) for file in files):
        # Each would have to be asked, over the network, before the first row is scored.
        return None
    import pyarrow as pa

    try:
        return sum(_rows_of(file) for file in files if file)
    except (pa.ArrowException, OSError):
        # A broken file is named among the rejects; here it only hides the total.
        return None


def _rows_of(file: AnyFile) -> int:
    import pyarrow.parquet as pq

    with file.open("rb") as opened:
        return int(pq.read_metadata(opened).num_rows)


def print_summary(summary: Summary, output: Path) -> None:
    """Counts by label, where they were written, and what could not be read."""
    from rich.console import Console
    from rich.table import Table

    if summary.articles:
        if summary.repeated:
            _say(f"{output} is done already, with the same model, options and input; delete it to score again")
        elif summary.resumed:
            _say(f"{_count(summary.resumed, 'row')} of these had been scored before the run was stopped")
        per_second = f"{summary.articles_per_second:.1f}/s"
        table = Table(title=f"{_count(summary.articles, 'article')} in {summary.seconds:.1f} s ({per_second})")
        table.add_column("task")
        table.add_column("label")
        table.add_column("articles", justify="right")
        for task, counts in (("topics", summary.topics), ("stance", summary.stance), ("sentiment", summary.sentiment)):
            for label, count in counts.most_common():
                table.add_row(task, label, str(count))
        if summary.withheld:
            table.add_row("-", "no label: not Indonesian, or empty", str(summary.withheld))
        Console(stderr=True).print(table)
        _say(f"written to {output}")
    for reject in summary.first_rejects:
        _say(describe_reject(reject))
    if summary.rejects > len(summary.first_rejects):
        _say(f"... and {summary.rejects - len(summary.first_rejects)} more")
    if summary.rejects:
        reason = "the reason is" if summary.rejects == 1 else "all reasons are"
        these = _count(summary.rejects, "row or file", "rows or files")
        _say(f"{these} could not be read or scored; {reason} in {summary.rejects_file}")
    if not summary.articles:
        _say(f"sorot: nothing could be read, so {output} was not written; check the input")


def describe_reject(reject: Reject) -> str:
    """'file:row: reason'."""
    place = reject.file if reject.row is None else f"{reject.file}:{reject.row}"
    return f"{place}: {reject.reason}"


def clean_record(item: Article | Reject) -> Row:
    """The JSON-ready form of a cleaned article or a reject."""
    if isinstance(item, Reject):
        return writable({"source": item.file, "row": item.row, "error": item.reason})
    return writable(
        {
            "id": item.id,
            "title": item.title,
            "body": item.body,
            "outlet": item.outlet,
            "published": item.published.isoformat() if item.published else None,
            "place": item.place,
            "url": item.url,
            "language": item.language,
            "source": item.source.file if item.source else None,
            "row": item.source.row if item.source else None,
            "removed": [{"kind": r.kind, "text": r.text} for r in item.removed],
        }
    )


def print_article(article: Article, *, heading: bool) -> None:
    """A cleaned article for people: its source where there are several, fields, what was taken away by kind, body."""
    record = clean_record(article)
    if heading:
        typer.echo(f"==> {record['source']}:{record['row']} <==")
    for name in ("title", "outlet", "published", "place", "language"):
        if record[name]:
            typer.echo(f"{name}: {record[name]}")
    # Kinds in the order in which each was met first.
    kinds: dict[str, list[str]] = {}
    for stretch in record["removed"]:
        kinds.setdefault(stretch["kind"], []).append(" ".join(stretch["text"].split()))
    for kind, texts in kinds.items():
        typer.echo("\n  ".join([f"removed, {kind}:", *texts]))
    typer.echo(f"\n{record['body']}\n")


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _say(text: str) -> None:
    typer.echo(text, err=True)
