"""How many requests a second `sorot serve` answers to 32 callers, beside one caller, and beside the same model without a service.

All in one run and with the same texts: articles of our own corpus, of all lengths, and headlines alone. Every answer is compared
with the scorer's. The callers (locust) share the machine with the service. At last a short queue is overrun.
Run with: python -m tests.benchmarks.service_load [--seconds 30] [--texts 200] [--callers 32]
Exit code 1 if a request was lost or answered wrongly.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from sorot.data.prepare import prepare_text
from sorot.serving.model.runtime import usable_cores
from sorot.serving.model.scorer import Scorer
from tests.benchmarks.serving import Load, begin_load, read_load, read_texts, served, with_wanted

SERVE = ("--no-page", "--rate", "100000000")
SHORT_QUEUE = 16
HEAD = f"{'':34} {'req/s':>8} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'429':>6} {'other':>6} {'wrong':>6} {'lost':>5}"


def main() -> None:
    """Print a table a workload, and one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30, help="of each measurement")
    parser.add_argument("--texts", type=int, default=200, help="different ones")
    parser.add_argument("--callers", type=int, default=32)
    options = parser.parse_args()
    scorer, alone = Scorer.load(), Scorer.load(threads=1)
    print(f"{scorer.model}, {usable_cores()} cores, {options.seconds:g} s each, {options.texts} different texts of each kind")
    result: dict[str, dict[str, float]] = {}
    faults = 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name in ("articles", "headlines"):
            texts = with_wanted(scorer, read_texts(options.texts, headlines=name == "headlines"))
            bodies = [given["text"] for given in texts]
            print(f"\n{name}\n{HEAD}")
            rates = {
                "Scorer.score, one thread": by_itself(alone, bodies, options.seconds),
                "Scorer.score, a thread a core": by_itself(scorer, bodies, options.seconds),
            }
            for what, rate in rates.items():
                print(f"{what:34} {rate:8.1f}")
            with served(folder, *SERVE) as service:
                for callers in (1, options.callers):
                    load = read_load(folder, begin_load(folder, service.url, texts, callers=callers, seconds=options.seconds))
                    rates[f"service, {callers} callers"] = load.rate
                    print_load(f"service, {callers} callers", load)
                    faults += load.lost + load.statuses[-1]
            most = rates[f"service, {options.callers} callers"]
            print(*(f"{most / rate:.2f} times {what}" for what, rate in rates.items() if rate != most), sep="; ")
            result[name] = rates
        print(f"\na queue of {SHORT_QUEUE}, articles\n{HEAD}")
        texts = with_wanted(scorer, read_texts(options.texts, headlines=False))
        with served(folder, *SERVE, "--queue", str(SHORT_QUEUE), "--batch-articles", "8") as service:
            load = read_load(folder, begin_load(folder, service.url, texts, callers=4 * SHORT_QUEUE, seconds=options.seconds))
        print_load(f"service, {4 * SHORT_QUEUE} callers", load)
        faults += load.lost + load.statuses[-1]
    print(json.dumps(result))
    sys.exit(1 if faults else 0)


def by_itself(scorer: Scorer, texts: Sequence[str], seconds: float) -> float:
    """Texts a second, read and scored one after the other."""
    begun = time.perf_counter()
    for n, text in enumerate(itertools.cycle(texts)):
        scorer.score([prepare_text(text)])
        if (took := time.perf_counter() - begun) > seconds:
            return (n + 1) / took
    raise ValueError("no texts")


def print_load(what: str, load: Load) -> None:
    """One row."""
    other = sum(n for status, n in load.statuses.items() if status not in (200, 429, 0, -1))
    times = " ".join(f"{load.milliseconds(share):8.0f}" for share in (0.5, 0.95, 0.99))
    print(f"{what:34} {load.rate:8.1f} {times} {load.statuses[429]:6} {other:6} {load.statuses[-1]:6} {load.lost:5}", flush=True)


if __name__ == "__main__":
    main()
