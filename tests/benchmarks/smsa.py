"""SmSA test (IndoNLU) with the shipped bundle, through `sorot score` as a user would run it. Run with: make bench

The peer is the most frequent label of the test file itself. Exit code 1 if the bundle is not twice as good by macro-F1.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from sorot.data.taxonomy import load_taxonomy
from sorot.training.measure.metrics import interval, macro_f1, one_hot

SHARED = Path(os.environ.get("SOROT_SHARED", "../shared/data"))


def main() -> None:
    """Score the test file and print macro-F1 and accuracy with the 95 % bootstrap interval."""
    source = SHARED / "smsa" / "test.tsv"
    if not source.is_file():
        print(f"skipped: {source} is absent; set SOROT_SHARED to the folder that holds smsa/test.tsv")
        return
    pairs = [line.split("\t") for line in source.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        table, out = Path(folder) / "smsa.csv", Path(folder) / "out.jsonl"
        with table.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["teks"], *([text] for text, _ in pairs)])
        command = [sys.executable, "-c", "from sorot.serving.cli import main; main()", "score", str(table), "-o", str(out)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    labels = load_taxonomy().task("sentiment").keys
    # A text from which labels were withheld counts as wrong: no label fits it.
    truth = np.array([labels.index(label) for _, label in pairs])
    found = np.array([[row["sentiment"] == label for label in labels] for row in rows])
    indicators = one_hot(truth, len(labels))
    low, high = interval(lambda i: macro_f1(indicators[i], found[i]), len(truth))
    withheld = sum(row["sentiment"] is None for row in rows)
    accuracy = float(found[np.arange(len(truth)), truth].mean())
    usual = np.bincount(truth, minlength=len(labels)).argmax()
    peer = macro_f1(indicators, one_hot(np.full(len(truth), usual), len(labels)))
    ratio = macro_f1(indicators, found) / peer
    print(
        f"SmSA test, {len(rows)} texts ({withheld} withheld): macro-F1 {macro_f1(indicators, found):.4f} [{low:.4f}, {high:.4f}], accuracy {accuracy:.4f}"
    )
    print(f"{ratio:.2f} times the macro-F1 of the most frequent label ({peer:.4f})")
    sys.exit(0 if ratio >= 2 else 1)


if __name__ == "__main__":
    main()
