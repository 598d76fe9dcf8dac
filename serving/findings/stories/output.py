"""What `sorot stories` writes: JSON lines, and a summary."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sorot.serving.batch.inputs import list_inputs, outputs
from sorot.serving.findings.stories.corpus import Corpus
from sorot.serving.findings.stories.groups import ArticleGroups
from sorot.serving.output.rows import writable
from sorot.serving.output.target import STANDARD_OUTPUT, Format, OutputError, Target
from sorot.serving.output.writers import write_whole


@dataclass(frozen=True, slots=True)
class StoriesSummary:
    """Counts of a run; `undated` articles have no day, neither given nor named in the text. `seconds` is the time it took."""

    articles: int
    rejects: int
    undated: int
    copy_groups: int
    in_copy_groups: int
    stories: int
    in_stories: int
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready form."""
        return asdict(self) | {"seconds": round(self.seconds, 1)}

    def lines(self, output: str) -> list[str]:
        """Sentences for people."""
        found = [
            f"{self.articles} articles in {output}, in {self.seconds:.1f} s",
            f"copies: {self.in_copy_groups} articles in {self.copy_groups} groups",
            f"stories: {self.in_stories} articles in {self.stories} groups",
        ]
        if self.rejects:
            found.append(f"could not be read: {self.rejects}")
        if self.undated:
            found.append(f"without a day, so compared with articles of all days: {self.undated}")
        return found


def check_outputs(inputs: Sequence[str], output: str, details: Path | None, *, as_json: bool) -> tuple[Path, ...]:
    """The files that a run writes. Raises OutputError if one cannot be written or is an input, or if standard output would mix.

    Raises sorot.data.errors.InputError for a missing input.
    """
    if output == STANDARD_OUTPUT and as_json:
        raise OutputError("-: --json prints the summary where the groups go; leave it out, or name a file")
    named = [Path(name) for name in (output, details) if name is not None and str(name) != STANDARD_OUTPUT]
    if details is not None and str(details) == STANDARD_OUTPUT:
        raise OutputError("-: --details needs a file; name one")
    if len(named) == 2 and named[0].resolve() == named[1].resolve():
        raise OutputError(f"{details}: is the output as well; name another file for --details")
    for path in named:
        list_inputs(inputs, Target(path, Format.JSONL))
    return tuple(file for path in named for file in outputs(Target(path, Format.JSONL)))


def write_lines(output: str, records: Iterable[dict[str, Any]]) -> None:
    """Write JSON lines to a file, which appears complete or not at all, or to standard output. Raises OutputError."""
    text = "".join(json.dumps(writable(record), ensure_ascii=False) + "\n" for record in records)
    if output == STANDARD_OUTPUT:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    path = Path(output)
    write_whole(path, text, path.parent)


def count_groups(corpus: Corpus, groups: Sequence[ArticleGroups], seconds: float) -> StoriesSummary:
    """The summary of a run."""
    copies = [group.copy for group in groups if group.copy is not None]
    stories = [group.story for group in groups if group.story is not None]
    undated = sum(digest.day is None for digest in corpus.digests)
    return StoriesSummary(
        len(groups), len(corpus.rejects), undated, len(set(copies)), len(copies), len(set(stories)), len(stories), seconds
    )
