"""Rows on standard output, for `-o -`: JSON lines, printed when the run is complete; rejects are messages on standard error."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sorot.data.article import Reject
from sorot.data.messages import print_message
from sorot.serving.batch.summary import Summary
from sorot.serving.console import describe_reject
from sorot.serving.output.target import Format, OutputError, Target, parse_target, rejects_path


@contextmanager
def open_target(name: str, chosen: Format | None, *, events: bool) -> Iterator[tuple[Target, bool]]:
    """The output that a name means, and whether it stands for standard output: then it is a temporary file of JSON lines.

    `events`: whether standard output gets progress as well. Raises OutputError if the two would mix, or another format is chosen.
    """
    if name != "-":
        yield parse_target(name, chosen), False
        return
    if chosen not in (None, Format.JSONL):
        raise OutputError(f"-: standard output gets JSON lines; leave --format {chosen} out, or name a file")
    if events:
        raise OutputError("-: --json prints progress where the rows go; leave it out, or name a file")
    with TemporaryDirectory(prefix="sorot-") as folder:
        yield Target(Path(folder) / "rows.jsonl", Format.JSONL), True


def print_rows(target: Target, summary: Summary) -> None:
    """Print rows on standard output and all rejects on standard error."""
    if summary.rejects_file:
        with rejects_path(target.path).open(encoding="utf-8") as file:
            for reject in map(json.loads, file):
                print_message(describe_reject(Reject(reject["source"], reject["row"], reject["reason"])))
    if summary.articles:
        with target.path.open(encoding="utf-8", newline="") as file:
            shutil.copyfileobj(file, sys.stdout)
        # A reader that has gone is noticed here rather than when the program ends.
        sys.stdout.flush()
