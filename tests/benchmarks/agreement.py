"""Agreement of two annotators over train_extra: the labels that came with the articles, and ours. Run with: make bench"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from sklearn.metrics import cohen_kappa_score

import data
from data.labels import read_labelled
from data.taxonomy import load_taxonomy
from training.metrics import interval

SHARED = Path(os.environ.get("SOROT_SHARED", "../shared/data"))
OURS = Path(data.__file__).parent / "annotations" / "train_extra.jsonl"


def main() -> None:
    """Print Cohen's kappa of each topic, stance and sentiment with its 95 % bootstrap interval."""
    texts = SHARED / "news" / "train_extra.jsonl"
    if not texts.is_file():
        print(f"skipped: {texts} is absent; set SOROT_SHARED to the folder that holds news/train_extra.jsonl")
        return
    taxonomy = load_taxonomy()
    ours = {row.article.id: row for row in read_labelled(OURS, taxonomy, texts)}
    pairs = [(row, ours[row.article.id]) for row in read_labelled(texts, taxonomy) if row.article.id in ours]
    answers = {topic: [[topic in (row.topics or ()) for row in pair] for pair in pairs] for topic in taxonomy.labels("topics")}
    answers |= {task: [[getattr(row, task) for row in pair] for pair in pairs] for task in ("stance", "sentiment")}
    print(f"train_extra, {len(pairs)} articles, two annotators")
    for name, given in answers.items():
        first, second = np.array(given).T
        low, high = interval(lambda i, a=first, b=second: float(cohen_kappa_score(a[i], b[i])), len(pairs))
        print(
            f"{name:20} equal {np.mean(first == second):.3f}  kappa {cohen_kappa_score(first, second):.3f} [{low:.3f}, {high:.3f}]"
        )


if __name__ == "__main__":
    main()
