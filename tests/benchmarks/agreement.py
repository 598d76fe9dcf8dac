"""Agreement of two annotators over train_extra: the labels that came with the articles, and ours. Run with: make bench

Exit code 1 if a question's kappa is certainly below LEAST: then its labels are not fit to learn from.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import sorot.data as data
from sorot.data.labels.records import read_labelled
from sorot.data.taxonomy import load_taxonomy
from sorot.training.labelling.agreement import AgreementValue, measure_agreement
from sorot.training.labelling.article_groups import article_units, near_groups

SHARED = Path(os.environ.get("SOROT_SHARED", "../shared/data"))
# Below it, agreement is no more than fair (Landis and Koch 1977).
LEAST = 0.4
OURS = Path(data.__file__).parent / "annotations" / "train_extra.jsonl"


def main() -> None:
    """Print alpha and kappa of every question with their 95 % bootstrap intervals."""
    texts = SHARED / "news" / "train_extra.jsonl"
    if not texts.is_file():
        print(f"skipped: {texts} is absent; set SOROT_SHARED to the folder that holds news/train_extra.jsonl")
        return
    taxonomy = load_taxonomy()
    rows = [*read_labelled(texts, taxonomy), *read_labelled(OURS, taxonomy, texts)]
    low = []
    for found in measure_agreement(rows, article_units(rows, near_groups(rows)), taxonomy):
        for pair in (p for p in found.pairs if p.by == "file"):
            print(f"{found.question:30} equal {pair.equal:.3f}  kappa {shown(pair.kappa)}  alpha {shown(found.alpha)}")
            if pair.kappa.interval is not None and pair.kappa.interval[1] < LEAST:
                low.append(found.question)
    sys.exit(f"kappa is below {LEAST} for {', '.join(low)}" if low else 0)


def shown(measure: AgreementValue) -> str:
    """A value with its interval and number of articles."""
    if measure.value is None or measure.interval is None:
        return f"not defined ({measure.units} articles)"
    return f"{measure.value:.3f} [{measure.interval[0]:.3f}, {measure.interval[1]:.3f}] ({measure.units} articles)"


if __name__ == "__main__":
    main()
