"""Three kinds of work, each with a place and a budget of its own, so that heavy work keeps no light work waiting."""

from __future__ import annotations

from dataclasses import dataclass

from sorot.serving.limits import Limits
from sorot.serving.model.runtime import usable_cores
from sorot.serving.workers.bounds import WorkerBounds
from sorot.serving.workers.pool import InThisProcess, Runner, WorkerPool

# Texts up to this length, three times the usual article's, are cleaned in the service's own process: cleaning takes time in
# proportion to length, milliseconds here, and to wait for another process can take longer. The rest goes to workers.
QUICK_CHARACTERS = 10_000
# Scoring goes first: heavy work gets about a quarter of a core that scoring wants whole.
HEAVY_NICENESS = 6


@dataclass(frozen=True, slots=True)
class Lanes:
    """Where to run work: on short texts, on long texts and HTML, on whole files."""

    texts: Runner
    pages: Runner
    files: Runner

    def for_article(self, text: str, *, html: bool) -> Runner:
        """The lane for preparing one article."""
        return self.pages if html or len(text) > QUICK_CHARACTERS else self.texts

    def close(self) -> None:
        """End all work."""
        for lane in (self.texts, self.pages, self.files):
            lane.close()


IN_THIS_PROCESS = Lanes(InThisProcess(), InThisProcess(), InThisProcess())


def start_lanes(limits: Limits) -> Lanes:
    """Lanes with worker processes, within the budget of the limits, for all but short texts."""
    return Lanes(
        # Cleaning is pure Python: more threads than cores would only wait for each other.
        texts=InThisProcess(usable_cores()),
        pages=WorkerPool(max(2, usable_cores() // 2), WorkerBounds.of_article(limits.budget), niceness=HEAVY_NICENESS),
        files=WorkerPool(1, WorkerBounds.of_file(limits.budget), niceness=HEAVY_NICENESS),
    )
