"""Time and memory of `sorot score` by the number of articles: memory is to stay, time to grow in proportion.

Texts of the pool of SHARED, each made another one by a number, are scored with the gate, which is how an archive is scored. Memory is
the proportional share (PSS) of all processes of the command together, asked for four times a second. Run with:
python -m tests.benchmarks.scale
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import numpy as np

from sorot.data.article import Article
from sorot.data.reading.columns import Columns
from sorot.data.reading.readers import read_file
from sorot.serving.model.scorer import Scorer
from tests.benchmarks.corpus import has_gate

SIZES = (1_000, 10_000, 20_000, 100_000, 200_000)
TEXTS = 20_000


def main() -> None:
    """Print one table, the slope of time over articles (both logarithms), and one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data/news"))
    options = parser.parse_args()
    pool = options.shared / "pool.jsonl.gz"
    if not pool.is_file():
        print(f"{pool}: no such file, so nothing is measured; name the folder with --shared")
        return
    if not has_gate(Scorer.load()):
        return
    bodies = [a.body for a in islice(read_file(pool, Columns()), TEXTS) if isinstance(a, Article)]
    found: dict[int, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as place:
        for size in options.sizes:
            with (Path(place) / "in.jsonl").open("w", encoding="utf-8") as file:
                for number in range(size):
                    body = f"{bodies[number % len(bodies)]}\n\nNomor {number}."
                    file.write(json.dumps({"text": body}, ensure_ascii=False) + "\n")
            found[size] = measure(Path(place), "in.jsonl", "-o", f"out{size}.parquet", "--gate")
            seconds, megabytes = found[size]
            print(
                f"{size:8} articles  {seconds:8.1f} s  {size / seconds:7.1f} articles/s  {megabytes:6.0f} MB at most", flush=True
            )
    sizes = np.array(list(found), dtype=float)
    slope = np.polyfit(np.log(sizes), np.log([s for s, _ in found.values()]), 1)[0] if len(found) > 1 else float("nan")
    most = max(m for _, m in found.values())
    for size, (_, megabytes) in found.items():
        print(f"memory {size:8}  {'#' * round(50 * megabytes / most)}")
    print(f"time grows as the number of articles to the power of {slope:.2f}, the seconds of the start included")
    print(json.dumps({"slope": slope, "sizes": {n: {"seconds": s, "megabytes": m} for n, (s, m) in found.items()}}))


def measure(folder: Path, *arguments: str) -> tuple[float, float]:
    """Seconds of `sorot score` with these arguments, and MB (10**6 bytes) at most."""
    program = str(Path(sys.executable).with_name("sorot"))
    begun = time.perf_counter()
    process = subprocess.Popen([program, "score", *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most = 0
    while process.poll() is None:
        most = max(most, sum(share_of(pid) for pid in family(process.pid)))
        time.sleep(0.25)
    # 1: nothing could be read.
    if process.returncode not in (0, 1):
        sys.exit(f"sorot score ended with {process.returncode}")
    return time.perf_counter() - begun, most / 1e6


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(each for child in children for each in family(int(child)))]


def share_of(pid: int) -> int:
    """Bytes of memory that a process takes, what it shares with others divided among them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    main()
