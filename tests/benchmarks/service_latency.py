"""What an article takes in the service of this checkout and in that of another, asked in turns, so that a busy machine is fair.

Run with: git worktree add ../before COMMIT && python -m tests.benchmarks.service_latency ../before [--requests 300]
Exit code 1 if the median here is more than MORE milliseconds above the other's.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import httpx

from tests.benchmarks.serving import Served, read_texts, served

MORE = 5.0
WARM = 20


def main() -> None:
    """Print a row a checkout for each kind of text, and one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("other", type=Path)
    parser.add_argument("--requests", type=int, default=300, help="of each kind, to each of the two")
    options = parser.parse_args()
    rows: dict[str, dict[str, float]] = {}
    with ExitStack() as stack:
        clients: dict[str, httpx.Client] = {}
        services: dict[str, Served] = {}
        for name, checkout in (("here", Path.cwd()), ("other", options.other.resolve())):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            service = stack.enter_context(served(folder, "--no-page", "--rate", "1000000", checkout=checkout))
            services[name] = service
            clients[name] = stack.enter_context(httpx.Client(base_url=service.url, trust_env=False, timeout=120))
        for kind in ("articles", "headlines"):
            texts = read_texts(options.requests + WARM, headlines=kind == "headlines")
            took: dict[str, list[float]] = {name: [] for name in clients}
            begun: dict[str, float] = {}
            for number in range(options.requests + WARM):
                if number == WARM:
                    begun = {name: service.cpu_seconds() for name, service in services.items()}
                # Each is asked first as often as the other.
                for name in sorted(clients, reverse=bool(number % 2)):
                    begin = time.perf_counter()
                    clients[name].post("/v1/analyze", json={"text": texts[number % len(texts)]}).raise_for_status()
                    took[name].append(1000 * (time.perf_counter() - begin))
            for name, all_of_it in took.items():
                times = sorted(all_of_it[WARM:])
                cpu = 1000 * (services[name].cpu_seconds() - begun[name]) / options.requests
                row = {"p50": statistics.median(times), "p99": times[int(0.99 * len(times))], "cpu": cpu}
                rows[f"{kind}, {name}"] = row
                print(
                    f"{kind:10} {name:6} p50 {row['p50']:6.1f} ms  p99 {row['p99']:6.1f} ms  CPU {row['cpu']:6.1f} ms",
                    flush=True,
                )
    print(json.dumps(rows))
    sys.exit(any(rows[f"{kind}, here"]["p50"] > rows[f"{kind}, other"]["p50"] + MORE for kind in ("articles", "headlines")))


if __name__ == "__main__":
    main()
