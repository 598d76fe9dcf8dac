"""`kill -9` at twenty random moments, then the same command: the bytes of an undisturbed run.

Run with: python -m tests.benchmarks.resume [--kills 20] [--times 6]
The input is our own corpus, so many times over. Exit code 1 if the bytes differ.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

CORPUS = Path("data/corpus/articles.jsonl").resolve()
SEED = 1


def main() -> None:
    """Score undisturbed, then with kills, and compare."""
    parser = argparse.ArgumentParser(description="Kill and resume.")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--times", type=int, default=6)
    options = parser.parse_args()
    with TemporaryDirectory() as place:
        folder = Path(place)
        rows = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
        with (folder / "in.jsonl").open("w", encoding="utf-8") as file:
            for number in range(options.times):
                file.writelines(
                    json.dumps({"id": f"{r['id']}-{number}", "title": r["title"], "text": f"{r['text']}\n\nNomor {number}."})
                    + "\n"
                    for r in rows
                )
        begun = time.monotonic()
        first = score(folder, "whole.jsonl")
        first.communicate()
        if first.returncode:
            sys.exit(f"the undisturbed run ended with {first.returncode}")
        whole = time.monotonic() - begun
        print(f"{options.times * len(rows)} articles, undisturbed: {whole:.0f} s")
        rng = random.Random(SEED)
        begun, kills = time.monotonic(), 0
        # What is left grows less, so the moments are drawn within a few units of each start.
        while kills < options.kills:
            process = score(folder, "out.jsonl")
            try:
                process.communicate(timeout=rng.uniform(0.2, 2.5 * whole / options.kills + 2))
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                kills += 1
        parts = len(list(folder.glob(".out.jsonl.parts/*.jsonl")))
        said = score(folder, "out.jsonl", "--json").communicate()[0]
        took = time.monotonic() - begun
        summary = json.loads(said.splitlines()[-1])
        print(
            f"killed {kills} times, {parts} units kept by then, {summary['resumed']} articles not scored again: {took:.0f} s in all"
        )
        same = (folder / "out.jsonl").read_bytes() == (folder / "whole.jsonl").read_bytes()
        print("the same bytes" if same else "other bytes")
        if kills < options.kills:
            print(f"it was done after {kills} kills; give more --times for {options.kills}")
    sys.exit(0 if same and kills == options.kills else 1)


def score(folder: Path, output: str, *options: str) -> subprocess.Popen[bytes]:
    """A run of the command."""
    program = str(Path(sys.executable).with_name("sorot"))
    command = [program, "score", "in.jsonl", "-o", output, *options]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
