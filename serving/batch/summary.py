"""What a run did, and the record of it beside its output."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from sorot.data.article import Reject
from sorot.serving.batch.fingerprint import RunFingerprint
from sorot.serving.output.rows import Row, writable
from sorot.serving.output.target import Target, record_path, rejects_path, written_bytes
from sorot.serving.output.writers import write_whole

FIRST_REJECTS = 5


@dataclass(slots=True, repr=False)
class Summary:
    """Counts of articles, rejects and labels; `output` is None where nothing was read, `rejects_file` where there are no
    rejects, or where nothing was read and an earlier output stays with its own.

    `withheld` articles have no label; `gated` of them were kept from the encoder by the gate. `repeats` have the text of an
    earlier article and were not scored again. `gate_recall` is the gate's measured one, with the ends of its interval.

    `resumed` items were scored by an earlier call that was stopped. `seconds` are those of this call, or, where `repeated`
    says that all was done already, of the one that did it.
    """

    output: str | None = None
    rejects_file: str | None = None
    articles: int = 0
    rejects: int = 0
    withheld: int = 0
    gated: int = 0
    repeats: int = 0
    gate_recall: list[float] | None = None
    topics: Counter[str] = field(default_factory=Counter)
    stance: Counter[str] = field(default_factory=Counter)
    sentiment: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    resumed: int = 0
    repeated: bool = False
    first_rejects: list[Reject] = field(default_factory=list)

    @property
    def articles_per_second(self) -> float:
        """Of what this call scored."""
        return max(0, self.articles + self.rejects - self.resumed) / self.seconds if self.seconds else 0.0

    def __repr__(self) -> str:
        return f"Summary({self.articles} articles, {self.rejects} rejects, {self.seconds:.1f} s, output={self.output!r})"

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready form: counts and files."""
        plain: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "first_rejects"}
        labels = {name: dict(getattr(self, name)) for name in ("topics", "stance", "sentiment")}
        return plain | labels | {"articles_per_second": round(self.articles_per_second, 2)}

    def count(self, row: Row) -> None:
        """Add the row of one article."""
        self.articles += 1
        self.topics.update(row["topics"])
        if row["sentiment"] is None:
            self.withheld += 1
            self.gated += row["withheld"] == "gate"
        else:
            self.stance[row["stance"]] += 1
            self.sentiment[row["sentiment"]] += 1

    def count_reject(self, reject: Reject) -> None:
        """Add one row or file that could not be read; the first few are kept, to be shown."""
        self.rejects += 1
        if len(self.first_rejects) < FIRST_REJECTS:
            self.first_rejects.append(reject)


def write_record(target: Target, fingerprint: RunFingerprint, summary: Summary, place: Path) -> None:
    """Keep beside the output what made it: OUTPUT.run.json, whole or not at all, by way of the folder `place`."""
    rejects = [[r.file, r.row, r.reason] for r in summary.first_rejects]
    record = {"run": fingerprint.model_dump(), "bytes": written_bytes(target), "summary": summary.to_dict(), "rejects": rejects}
    write_whole(record_path(target.path), json.dumps(writable(record), ensure_ascii=False, indent=1) + "\n", place)


def read_record(target: Target, fingerprint: RunFingerprint) -> Summary | None:
    """The summary of the run with this fingerprint if the output is as it left it, else None."""
    output = target.path
    try:
        record = json.loads(record_path(output).read_bytes())
        same = record["run"] == fingerprint.model_dump() and record["bytes"] == written_bytes(target)
        found: dict[str, Any] = record["summary"]
        del found["articles_per_second"]
        found |= {name: Counter(found[name]) for name in ("topics", "stance", "sentiment")}
        summary = Summary(**found, first_rejects=[Reject(*parts) for parts in record["rejects"]])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    summary.repeated = True
    summary.output = str(output)
    summary.rejects_file = str(rejects_path(output)) if summary.rejects else None
    return summary if same and (not summary.rejects or rejects_path(output).is_file()) else None
