"""Time and memory of `sorot report` on a million scored articles, made of our own scored corpus.

    python -m tests.benchmarks.report [--articles N]

Each article of data/corpus is scored once, then repeated with other identities, days, outlets, stories and quotes; each copy keeps its
body and evidence. Bodies repeat, so the file is smaller than a real one, but every row is unpacked and read.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

ROOT = Path(__file__).parents[2]
MOST_SECONDS, MOST_MB = 30, 2_000


def make_corpus(scored: Path, path: Path, articles: int) -> None:
    """Write `articles` rows to a Parquet file, from the rows of a scored one."""
    with duckdb.connect(config={"memory_limit": "1GB", "temp_directory": str(path.parent / "spilled")}) as connection:
        connection.execute(
            f"""
            COPY (
                SELECT a.* EXCLUDE (place) REPLACE (
                    'artikel-' || n AS id, n AS "row", 'Media ' || (hash(n) % 40) AS outlet,
                    strftime(DATE '2023-01-01' + (hash(n, 1) % 700)::INT, '%Y-%m-%d') AS published,
                    'https://example.org/' || n AS url
                ),
                CASE WHEN n % 10 = 0 THEN 'copy-' || n // 30 END AS copy, 'story-' || n // 7 AS story,
                [{{'type': 'direct', 'start': 0, 'end': 9, 'text': a.body[1:100], 'speaker': 'Pembicara ' || hash(n, 2) % 5000,
                   'cue': 'kata', 'stance': a.stance, 'sentiment': a.sentiment}}] AS quotes
                FROM range({articles}) AS r(n)
                JOIN (SELECT *, row_number() OVER () - 1 AS place FROM read_parquet('{scored}')) AS a ON n % (SELECT count(*)
                FROM read_parquet('{scored}')) = a.place
            ) TO '{path}' (FORMAT parquet, COMPRESSION zstd)
            """
        )


def main() -> None:
    """Print seconds and peak memory; exit code 1 if either is more than it may be at a million articles."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=1_000_000)
    articles = parser.parse_args().articles
    sorot = str(Path(sys.executable).with_name("sorot"))
    with tempfile.TemporaryDirectory(prefix="sorot-report-") as folder:
        scored, many, report = (Path(folder) / name for name in ("scored.parquet", "many.parquet", "report.html"))
        command = [sorot, "score", "data/corpus/articles.jsonl", "-o", str(scored), "--with-body"]
        subprocess.run(command, check=True, cwd=ROOT, stderr=subprocess.DEVNULL)
        make_corpus(scored, many, articles)
        started = time.perf_counter()
        process = subprocess.Popen([sorot, "report", str(many), "-o", str(report)], cwd=ROOT, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        seconds, peak = time.perf_counter() - started, used.ru_maxrss / 1024
        processor = used.ru_utime + used.ru_stime
        print(f"{articles:,} articles in {many.stat().st_size / 1e6:,.0f} MB, report of {report.stat().st_size / 1e6:.2f} MB")
        print(f"{seconds:.1f} s, of them {processor:.1f} s of processor time; {peak:,.0f} MB at most")
    if status or seconds > MOST_SECONDS or peak > MOST_MB:
        print(f"more than {MOST_SECONDS} s or {MOST_MB:,} MB")
        sys.exit(1)


if __name__ == "__main__":
    main()
