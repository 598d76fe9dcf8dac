"""Tries random cases for some minutes and keeps the seeds of those that fail. Run with: python -m tests.fuzz.run

The seeds in seeds.txt, a target and a number a line, are tried first; `make test` tries them as well.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

from tests.fuzz.cases import TARGETS, run_case
from tests.tiny_bundle import build_bundle

SEEDS = Path(__file__).with_name("seeds.txt")


def kept_seeds() -> list[tuple[str, int]]:
    """Target and seed of every case that failed once."""
    lines = SEEDS.read_text(encoding="utf-8").splitlines()
    return [(target, int(seed)) for target, seed in map(str.split, filter(None, lines))]


def main() -> None:
    """Print each failure with its seed, and the number of cases; exit code 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=None, help="Seed of the first case; a random one by default.")
    options = parser.parse_args()
    first = secrets.randbelow(2**32) if options.seed is None else options.seed
    print(f"first seed {first}", flush=True)
    kept = kept_seeds()
    targets = [*TARGETS, "bundles"]
    end = time.monotonic() + 60 * options.minutes
    tried = failed = 0
    with tempfile.TemporaryDirectory() as place:
        bundle = build_bundle(Path(place) / "tiny")
        fresh = ((targets[n % len(targets)], first + n) for n in count())
        for target, seed in (case for cases in (kept, fresh) for case in cases):
            if time.monotonic() > end:
                break
            tried += 1
            if fault := run_case(target, seed, bundle):
                failed += 1
                print(f"{target} {seed}: {fault}", flush=True)
                if (target, seed) not in kept:
                    kept.append((target, seed))
                    with SEEDS.open("a", encoding="utf-8") as file:
                        file.write(f"{target} {seed}\n")
    print(f"{tried} cases, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
