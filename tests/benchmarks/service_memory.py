"""Whether the memory of the service and its workers stays flat while 32 callers send headlines and articles mixed.

Run with: python -m tests.benchmarks.service_memory [--requests 20000 | --minutes 30]
The slope is that of a straight line through the second half, when caches have filled. Exit code 1 if a request was lost.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import tempfile
import time
from pathlib import Path

import httpx
import numpy as np

from sorot.serving.model.scorer import Scorer
from tests.benchmarks.service_load import HEAD, SERVE, print_load
from tests.benchmarks.serving import begin_load, read_load, read_texts, served, with_wanted

ROWS = 20
# Headlines to one article, so that it takes minutes.
MIX = 9


def main() -> None:
    """Print a row for each twentieth of the requests."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--minutes", type=float, help="how long, instead of how many requests")
    parser.add_argument("--callers", type=int, default=32)
    options = parser.parse_args()
    articles, headlines = read_texts(100, headlines=False), itertools.cycle(read_texts(400, headlines=True))
    texts = with_wanted(Scorer.load(), [text for article in articles for text in (article, *itertools.islice(headlines, MIX))])
    seen: list[tuple[int, float]] = []
    with tempfile.TemporaryDirectory() as place, served(Path(place), *SERVE) as service:
        before = service.mib()
        seconds, requests = (60 * options.minutes, 0) if options.minutes else (0, options.requests)
        process = begin_load(Path(place), service.url, texts, callers=options.callers, seconds=seconds, requests=requests)
        begun = time.monotonic()
        while process.poll() is None:
            time.sleep(0.5)
            done = answered(service.url)
            share = (time.monotonic() - begun) / seconds if options.minutes else done / options.requests
            if done and share >= len(seen) / ROWS:
                seen.append((done, service.mib()))
                print(f"{done:8} {seen[-1][1]:8.1f} MiB  {'#' * round(seen[-1][1] / 20)}", flush=True)
            if share >= 1 and not options.minutes:
                break
        load = read_load(Path(place), process)
        seen.append((answered(service.url), service.mib()))
    half = seen[len(seen) // 2 :]
    slope = float(np.polyfit([n for n, _ in half], [mib for _, mib in half], 1)[0]) * 1000 if len(half) > 2 else float("nan")
    print(f"{HEAD}")
    print_load(f"service, {options.callers} callers", load)
    most = max(mib for _, mib in seen)
    print(f"before {before:.1f} MiB, at most {most:.1f}, at the end {seen[-1][1]:.1f}; {slope:+.3f} MiB a thousand requests")
    print(json.dumps({"before": before, "most": most, "end": seen[-1][1], "slope": slope, "seen": seen}))
    sys.exit(1 if load.lost or load.statuses[-1] else 0)


def answered(url: str) -> int:
    """Articles that the service says it has analysed."""
    counts = httpx.get(f"{url}/metrics", trust_env=False, timeout=60).text
    return int(float(next(line.split()[1] for line in counts.splitlines() if line.startswith("sorot_articles_total"))))


if __name__ == "__main__":
    main()
