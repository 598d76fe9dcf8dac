"""Counts of a run, and the record of the run beside its output."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from sorot.data.article import Reject
from sorot.data.taxonomy import held
from sorot.serving.batch.fingerprint import RunFingerprint
from sorot.serving.output.rows import Row, writable
from sorot.serving.output.target import Target, record_path, rejects_path, written_bytes
from sorot.serving.output.writers import write_whole

FIRST_REJECTS = 5


@dataclass(slots=True, repr=False)
class Summary:
    """Counts of articles, rejects and, by task, of labels.

    `output` is None if nothing was read. `rejects_file` is None without rejects, and if nothing was read and an earlier output
    stays with its own. `withheld` articles have no label; the gate kept `gated` of them from the encoder. `repeats` have the
    text of an earlier article and were not scored again. `gate_recall` is the gate's measured recall with its interval.

    `resumed` items were scored by an earlier call that was stopped. `seconds` is the time of this call, or, if `repeated` says
    that the run was finished already, of the call that finished it.
    """

    output: str | None = None
    rejects_file: str | None = None
    articles: int = 0
    rejects: int = 0
    withheld: int = 0
    gated: int = 0
    repeats: int = 0
    gate_recall: list[float] | None = None
    labels: dict[str, Counter[str]] = field(default_factory=dict)
    seconds: float = 0.0
    resumed: int = 0
    repeated: bool = False
    first_rejects: list[Reject] = field(default_factory=list)

    @property
    def articles_per_second(self) -> float:
        """Articles per second that this call scored."""
        return max(0, self.articles + self.rejects - self.resumed) / self.seconds if self.seconds else 0.0

    def __repr__(self) -> str:
        return f"Summary({self.articles} articles, {self.rejects} rejects, {self.seconds:.1f} s, output={self.output!r})"

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready form: counts and files; each task's label counts under its key."""
        plain: dict[str, Any] = {}
        for each in fields(self):
            if each.name == "labels":
                plain |= {task: dict(counts) for task, counts in self.labels.items()}
            elif each.name != "first_rejects":
                plain[each.name] = getattr(self, each.name)
        return plain | {"articles_per_second": round(self.articles_per_second, 2)}

    def count(self, row: Row) -> None:
        """Add the row of one article."""
        self.articles += 1
        if row["withheld"] is not None:
            self.withheld += 1
            self.gated += row["withheld"] == "gate"
        for task, counts in self.labels.items():
            value = row[task]
            counts.update(value if isinstance(value, list) else held(value))

    def count_reject(self, reject: Reject) -> None:
        """Add a row or file that could not be read or scored; the first few are kept for display."""
        self.rejects += 1
        if len(self.first_rejects) < FIRST_REJECTS:
            self.first_rejects.append(reject)


def write_record(target: Target, fingerprint: RunFingerprint, summary: Summary, staging: Path) -> None:
    """Write OUTPUT.run.json, the record of the run that made the output, through the folder `staging`."""
    rejects = [[r.file, r.row, r.reason] for r in summary.first_rejects]
    record = {"run": fingerprint.model_dump(), "bytes": written_bytes(target), "summary": summary.to_dict(), "rejects": rejects}
    write_whole(record_path(target.path), json.dumps(writable(record), ensure_ascii=False, indent=1) + "\n", staging)


def read_record(target: Target, fingerprint: RunFingerprint, tasks: Sequence[str]) -> Summary | None:
    """The summary of the run with this fingerprint if its output is unchanged, else None. `tasks` are the model's."""
    output = target.path
    try:
        record = json.loads(record_path(output).read_bytes())
        same = record["run"] == fingerprint.model_dump() and record["bytes"] == written_bytes(target)
        counts: dict[str, Any] = record["summary"]
        del counts["articles_per_second"]
        labels = {task: Counter(counts.pop(task)) for task in tasks}
        rejects = [dict(zip(("file", "row", "reason"), parts, strict=True)) for parts in record["rejects"]]
        # Checks the types of all fields, since whatever it holds is counted and printed.
        summary = TypeAdapter(Summary).validate_python(counts | {"labels": labels, "first_rejects": rejects})
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    summary.repeated = True
    summary.output = str(output)
    summary.rejects_file = str(rejects_path(output)) if summary.rejects else None
    return summary if same and (not summary.rejects or rejects_path(output).is_file()) else None
