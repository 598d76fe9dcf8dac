"""Progress of a run: counted once, shown on a terminal, in a log file and as JSON events."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, TextIO

from sorot.data.errors import InputError
from sorot.data.reading.columns import Columns
from sorot.data.reading.files import CSV_SUFFIXES, JSON_SUFFIXES, PARQUET_SUFFIXES, AnyFile, suffix_of
from sorot.data.reading.readers import read_file
from sorot.serving.batch.run import ProgressUpdate
from sorot.serving.batch.units import ScoreOptions

if TYPE_CHECKING:
    from rich.console import Console

Listener = Callable[["Progress"], None]
EVENT_SECONDS = 5.0
LOG_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress: rows finished, of `total` if known; rows rejected; and rows resumed from an earlier call."""

    rows: int
    rejects: int
    resumed: int
    total: int | None
    seconds: float

    @property
    def per_second(self) -> float:
        """Rows per second that this call scored."""
        return (self.rows - self.resumed) / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Remaining time at this call's pace; None if it cannot be estimated."""
        if self.total is None or self.rows <= self.resumed:
            return None
        return max(0, self.total - self.rows) / self.per_second

    def to_dict(self) -> dict[str, object]:
        """A JSON-ready form."""
        left = self.seconds_left
        return {
            "event": "progress", **asdict(self), "seconds": round(self.seconds, 1),
            "rows_per_second": round(self.per_second, 2), "seconds_left": None if left is None else round(left),
        }  # fmt: skip


@dataclass(slots=True)
class ProgressCounter:
    """Counts finished rows and calls each listener, at most once per its interval in seconds."""

    listeners: list[tuple[float, Listener]]
    rows: int = 0
    rejects: int = 0
    resumed: int = 0
    total: int | None = None
    started: float = field(default_factory=time.monotonic)
    last_call: dict[int, float] = field(default_factory=dict)

    def advance(self, step: ProgressUpdate) -> None:
        """Add finished rows."""
        self.rows += step.rows
        self.rejects += step.rejects
        self.resumed += step.rows if step.resumed else 0
        now = time.monotonic()
        progress = self.progress_at(now)
        for number, (interval, listener) in enumerate(self.listeners):
            if now - self.last_call.get(number, self.started) >= interval:
                self.last_call[number] = now
                listener(progress)

    def progress_at(self, now: float) -> Progress:
        """The progress at a time of the monotonic clock."""
        return Progress(self.rows, self.rejects, self.resumed, self.total, now - self.started)


@contextmanager
def open_progress(
    files: Sequence[AnyFile | None],
    options: ScoreOptions,
    *,
    console: Console | None = None,
    log: Path | None = None,
    events: TextIO | None = None,
) -> Iterator[Callable[[ProgressUpdate], None]]:
    """Yields the function that takes progress updates.

    If standard error is a terminal it shows a bar. A line is appended to `log` twice a minute and at the end, and a JSON object
    is written to `events` every few seconds. If anyone listens, a thread counts the total number of rows meanwhile.
    """
    from rich.console import Console

    console = console or Console(stderr=True)
    with ExitStack() as stack:
        listeners: list[tuple[float, Listener]] = []
        if console.is_terminal:
            listeners.append((0.0, stack.enter_context(_bar(console))))
        if log:
            file = stack.enter_context(log.open("a", encoding="utf-8"))
            listeners.append((LOG_SECONDS, lambda progress: _log(file, progress)))
        if events:
            listeners.append((EVENT_SECONDS, lambda progress: print(json.dumps(progress.to_dict()), file=events, flush=True)))
        counter = ProgressCounter(listeners)
        if log:
            stack.callback(lambda: _log(file, counter.progress_at(time.monotonic())))
        if listeners:
            stack.enter_context(_counting(files, options, counter))
        yield counter.advance


def _log(file: TextIO, progress: Progress) -> None:
    left = progress.seconds_left
    of = "" if progress.total is None else f" of {progress.total}"
    more = "" if left is None else f", {_clock(left)} left"
    before = f", {progress.resumed} of them before" if progress.resumed else ""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    print(
        f"{now} {progress.rows}{of} rows{before}, {progress.rejects} rejects, {progress.per_second:.1f} rows/s{more}",
        file=file, flush=True,
    )  # fmt: skip


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


@contextmanager
def _bar(console: Console) -> Iterator[Listener]:
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as ProgressBar

    bar = ProgressBar(
        SpinnerColumn(), TextColumn("scoring"), BarColumn(), TextColumn("{task.fields[status]}"), TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"), console=console, transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task("score", total=None, status="", left="")

        def show(progress: Progress) -> None:
            of = "" if progress.total is None else f"/{progress.total}"
            rejects = f", {progress.rejects} rejects" if progress.rejects else ""
            left = progress.seconds_left
            bar.update(
                task, total=progress.total, completed=progress.rows,
                status=f"{progress.rows}{of} rows{rejects}, {progress.per_second:.1f} rows/s",
                left="" if left is None else f"elapsed, {_clock(left)} left",
            )  # fmt: skip

        yield show


@contextmanager
def _counting(files: Sequence[AnyFile | None], options: ScoreOptions, counter: ProgressCounter) -> Iterator[None]:
    """Counts rows in a thread; reading takes a hundredth of the time of scoring."""
    stop = Event()

    def count() -> None:
        counter.total = count_rows(files, options, stop)

    thread = Thread(target=count, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def count_rows(files: Sequence[AnyFile | None], options: ScoreOptions, stop: Event) -> int | None:
    """The number of rows to score, approximate for a sample; None if it cannot be counted."""
    rows = 0
    for file in files:
        count = None if file is None else _rows_of(file, options.columns, stop)
        if count is None:
            return None
        rows += count
    if options.sample is not None:
        rows = round(options.sample * rows)
    return rows if options.limit is None else min(rows, options.limit)


def _rows_of(file: AnyFile, columns: Columns, stop: Event) -> int | None:
    suffix = suffix_of(file)
    if suffix not in CSV_SUFFIXES + JSON_SUFFIXES + PARQUET_SUFFIXES:
        return 1
    if not isinstance(file, Path):
        # Counting would fetch it twice.
        return None
    try:
        if file.suffix.lower() in PARQUET_SUFFIXES:
            import pyarrow.parquet as pq

            return int(pq.read_metadata(file).num_rows)
        rows = 0
        for _ in read_file(file, replace(columns, keep=False)):
            rows += 1
            if stop.is_set():
                return None
        return rows
    except (ValueError, OSError, InputError):
        # Reported when the file is scored; here it only hides the total.
        return None
