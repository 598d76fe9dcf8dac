"""A service in a process of its own, and locust that calls it: what the benchmarks of the service share."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sorot.data.prepare import prepare_text
from sorot.serving.model.scorer import Scorer

CORPUS = Path("data/corpus/articles.jsonl")
LOCUSTFILE = Path(__file__).with_name("service_locustfile.py")
START_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Served:
    """A service that runs."""

    url: str
    pid: int

    def mib(self) -> float:
        """Memory of the service and its workers, pages that n of them share counted as an nth (proportional set size)."""
        return sum(map(_proportional_mib, _family(self.pid)))

    def cpu_seconds(self) -> float:
        """CPU time that they have taken."""
        return sum(map(_cpu_seconds, _family(self.pid)))


@dataclass(frozen=True, slots=True)
class Load:
    """What callers got: seconds of each answer by status (0: none came, -1: another one than the scorer's), in `seconds` in all."""

    sent: int
    seconds: float
    took: tuple[float, ...]
    statuses: Counter[int]

    @property
    def rate(self) -> float:
        """Requests answered with an analysis a second."""
        return self.statuses[200] / self.seconds

    @property
    def lost(self) -> int:
        """Requests without an answer."""
        return self.sent - sum(self.statuses.values()) + self.statuses[0]

    def milliseconds(self, share: float) -> float:
        """The time within which this share of the analyses came."""
        return 1000 * self.took[min(len(self.took) - 1, int(share * len(self.took)))] if self.took else float("nan")


def read_texts(n: int, *, headlines: bool) -> list[str]:
    """Texts of our own corpus: articles of all lengths as they are, or headlines alone."""
    rows = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    return [row["title"] if headlines else row["text"] for row in rows if row["title"]][:n]


def with_wanted(scorer: Scorer, texts: Sequence[str]) -> list[dict[str, Any]]:
    """Each text with the scorer's own labels, in the form of the service's answers."""
    found = []
    for text in texts:
        [analysis] = scorer.score([prepare_text(text)])
        answer = analysis.to_dict()
        found.append({"text": text, "wanted": {name: answer[name] for name in (*scorer.taxonomy.keys, "n_tokens")}})
    return found


@contextmanager
def served(folder: Path, *options: str, checkout: Path | None = None) -> Iterator[Served]:
    """Run `sorot serve` until the block ends; that of another checkout if one is given."""
    errors = folder / "service.log"
    command = [sys.executable, "-c", "from sorot.serving.cli import main; main()", "serve", "--port", "0", *options]
    with errors.open("w") as sink:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=sink, cwd=checkout)
    try:
        until = time.monotonic() + START_SECONDS
        while "(Ctrl-C stops it)" not in (said := errors.read_text(encoding="utf-8")):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"the service did not start: {said}")
            time.sleep(0.1)
        yield Served(said.split()[4], process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def begin_load(
    folder: Path, url: str, texts: Sequence[dict[str, Any]], *, callers: int, seconds: float = 0, requests: int = 0
) -> subprocess.Popen[str]:
    """Have callers ask, for some seconds or until they sent so many requests; `read_load` tells what they got."""
    (folder / "texts.json").write_text(json.dumps(list(texts)), encoding="utf-8")
    (folder / "found.json").unlink(missing_ok=True)
    environment = {
        **os.environ,
        "SOROT_LOAD_TEXTS": str(folder / "texts.json"),
        "SOROT_LOAD_FOUND": str(folder / "found.json"),
        "SOROT_LOAD_REQUESTS": str(requests),
    }
    command = [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--headless", "--only-summary", "--host", url]
    command += ["--users", str(callers), "--spawn-rate", str(callers), "--stop-timeout", "120", "--exit-code-on-error", "0"]
    command += ["--run-time", f"{round(seconds) if seconds else 86_400}s"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def read_load(folder: Path, process: subprocess.Popen[str]) -> Load:
    """What became of it, once it has ended."""
    _, said = process.communicate()
    if not (folder / "found.json").is_file():
        raise SystemExit(f"locust ended with {process.returncode}: {said[-2_000:]}")
    found = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    answered = found["answered"]
    return Load(
        found["sent"],
        max((at for at, _, _ in answered), default=0.0) or float("nan"),
        tuple(sorted(took for _, took, status in answered if status == 200)),
        Counter(status for _, _, status in answered),
    )


def _family(pid: int) -> list[int]:
    """A process and all that it has started, and so on."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name may hold spaces and brackets.
            parents[int(stat.parent.name)] = int(stat.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def _proportional_mib(pid: int) -> float:
    """Memory of a process, pages shared by n processes counted as an nth."""
    with suppress(OSError):
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
        return int(next(line for line in rollup.splitlines() if line.startswith("Pss:")).split()[1]) / 1024
    return 0.0


def _cpu_seconds(pid: int) -> float:
    """User and system time of a process."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0
